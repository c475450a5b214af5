"""Activities that happen several times: multi-instances and standard loops."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.diagrams import source
from engine.diagrams.diagram import Diagram
from engine.diagrams.sheet import Sheet
from engine.diagrams.source import Element
from engine.diagrams.tasks import signers
from engine.diagrams.texts import inside, is_expression, is_feel, read_condition
from engine.tokens import Each, Flow, Graph, Step

AROUND = ":loop"
"""Suffix of the sub-process that stands around an activity of which there are several."""
AGAIN = ":again"
"""Suffix of the gateway at which a standard loop decides."""
ON = ":on"
"""Suffix of what follows a standard loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """A standard loop: `condition` says whether to go round (once more)."""

    condition: str = ""
    before: bool = False
    """It is asked before the first time too."""
    most: str = ""


def read_each(element: Element, diagram: Diagram) -> Each | None:
    """The multi-instance of an activity that is no user task; None: it has none."""
    loop = signers(element)
    check_loop(element, diagram)
    if loop is None or not (loop.collection or loop.cardinality):
        return None
    return Each(
        collection=loop.collection,
        cardinality=loop.cardinality,
        variable=loop.variable,
        sequential=loop.sequential,
        done_when=loop.done_when,
    )


def check_loop(element: Element, diagram: Diagram) -> None:
    """Say what is wrong with a multi-instance."""
    loop, node, findings = signers(element), source.identity(element), diagram.findings
    if loop is None:
        return
    if not loop.collection and not loop.cardinality:
        message = (
            "done once: a multi-instance needs a collection or a cardinality that says how many "
            "there are"
        )
        findings.warn(node, "multi-instance", message)
    for what in _collected(element):
        message = f"{what} is not read: what the instances bring is not collected in a variable"
        findings.warn(node, "multi-instance", message)
    findings.templates(node, "collection", loop.collection)
    findings.templates(node, "loopCardinality", loop.cardinality)
    findings.templates(node, "completionCondition", loop.done_when)
    done = loop.done_when
    if done and not is_expression(done) and done not in ("true", "false"):
        message = f"completionCondition {done!r} is no condition: write it as ${{…}} or = …"
        findings.refuse(node, "expression", message)


def _collected(element: Element) -> Iterator[str]:
    """What names a variable for the results of all instances."""
    loop = source.child(element, "multiInstanceLoopCharacteristics")
    for each in loop.iterdescendants("{*}*") if loop is not None else ():
        if source.local(each) in ("loopDataOutputRef", "outputCollection", "variableAggregation"):
            yield source.local(each)


def read_repeats(element: Element, diagram: Diagram) -> Repeats | None:
    """The standard loop of an activity; None: it has none, or none that says anything."""
    loop = source.child(element, "standardLoopCharacteristics")
    if loop is None:
        return None
    node = source.identity(element)
    condition = read_condition(source.child(loop, "loopCondition"), node, diagram.findings)
    most = loop.get("loopMaximum", "").strip()
    if not condition and not most:
        message = "done once: a loop needs a loopCondition that says when to go round again"
        diagram.findings.warn(node, "loop", message)
        return None
    return Repeats(condition=condition, before=loop.get("testBefore") == "true", most=most)


def wrap(sheet: Sheet, node: str, each: Each) -> None:
    """Put a sub-process of several instances around one step, which keeps its id."""
    outer, step = node + AROUND, sheet.steps[node]
    start, end = f"{outer}:start", f"{outer}:end"
    inner = Graph(
        id=outer,
        start=start,
        starts=(start,),
        steps=(
            Step(id=start, kind="start"),
            replace(step, ends=False),
            Step(id=end, kind="end", ends=True),
        ),
        flows=(
            Flow(id=f"{start}:flow", source=start, target=node),
            Flow(id=f"{end}:flow", source=node, target=end),
        ),
    )
    sheet.exchange(node, Step(id=outer, kind="sub-process", inner=inner, each=each))


def limited(repeats: Repeats) -> Each:
    """A standard loop that says how often at most, as instances one after the other."""
    done = _not(repeats.condition) if repeats.condition else ""
    return Each(cardinality=repeats.most, sequential=True, done_when=done)


def repeat(sheet: Sheet, node: str, repeats: Repeats) -> None:
    """Draw the way back of a standard loop: a gateway that leads round again or on."""
    gateway, on = node + AGAIN, node + ON
    leave = f"{on}:flow"
    first, last = sheet.first(node), sheet.last(node)
    sheet.put(Step(id=gateway, kind="exclusive", default=leave))
    sheet.put(Step(id=on, kind="pass"))
    sheet.inner += [
        Flow(id=f"{gateway}:in", source=last, target=gateway),
        Flow(id=f"{gateway}:flow", source=gateway, target=first, condition=repeats.condition),
        Flow(id=leave, source=gateway, target=on),
    ]
    sheet.lasts[node] = on
    if repeats.before:
        sheet.firsts[node] = gateway


def _not(condition: str) -> str:
    if is_feel(condition):
        return f"=not({inside(condition)})"
    return f"${{!({inside(condition)})}}"
