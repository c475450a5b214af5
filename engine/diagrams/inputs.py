"""Inputs and outputs of activities that people or other processes do.

A worker's task has them among its own words. Elsewhere they become variables of the request, set
by a step before and a step after.
"""

from collections.abc import Sequence

from engine.diagrams import source
from engine.diagrams.diagram import Diagram
from engine.diagrams.events import definitions
from engine.diagrams.sheet import Sheet
from engine.diagrams.source import Element
from engine.diagrams.tasks import signers
from engine.diagrams.texts import quoted
from engine.diagrams.words import ActionWords, NodeId
from engine.expressions import ExpressionError, compile_template
from engine.tokens import Step

IN, OUT, DATA = ":in", ":out", ":data"
"""Suffixes of the steps that set the inputs, the outputs and the data objects' values."""
HOLDERS = frozenset({"userTask", "task", "manualTask", "subProcess", "callActivity"})
"""Activities whose inputs and outputs are set so."""
NEITHER = frozenset({"startEvent", "endEvent", "intermediateThrowEvent"})
"""Where they mean something only if the event throws or catches something."""


def read_inputs(element: Element, sheet: Sheet, diagram: Diagram) -> None:
    """Set an activity's inputs before it, and its outputs after it."""
    node = source.identity(element)
    ins, outs = source.inputs_outputs(element)
    if source.local(element) not in HOLDERS:
        if (ins or outs) and source.local(element) in NEITHER and not definitions(element):
            diagram.findings.warn(node, "unread", "its inputs and outputs are not read")
        return
    inputs = _texts(element, ins, diagram)
    if inputs:
        names = ", ".join(inputs)
        message = f"{names}: set for the whole request, not for this alone; use names of its own"
        diagram.findings.warn(node, "input", message)
        sheet.before(node, _set(node + IN, inputs, diagram))
    if outs:
        diagram.findings.templates(node, "outputParameter", outs)
        sheet.after(node, _set(node + OUT, outs, diagram))


def read_data(place: Element, starts: Sequence[str], sheet: Sheet, diagram: Diagram) -> None:
    """Data objects that Activiti and Flowable give a value are variables from the start on."""
    values: dict[str, str] = {}
    for each in source.children(place, "dataObject"):
        name = each.get("name", "").strip()
        for holder in source.extensions(each, "value"):
            if name.isidentifier():
                other = quoted(source.text(holder))
                values[name] = f"${{execution.hasVariable('{name}') ? {name} : {other}}}"
                diagram.findings.template(source.identity(each) or name, "value", values[name])
    for start in starts if values else ():
        sheet.after(start, _set(start + DATA, values, diagram))


def _set(id: str, values: dict[str, str], diagram: Diagram) -> Step:
    words = ActionWords(id=NodeId(id), name="", topic="countersign.set", outputs=values)
    diagram.words.actions[words.id] = words
    return Step(id=id, kind="action")


def _texts(element: Element, ins: dict[str, object], diagram: Diagram) -> dict[str, str]:
    """The inputs that can be set before the activity begins."""
    node, loop = source.identity(element), signers(element)
    own = {loop.variable, "loopCounter"} if loop is not None else set()
    found: dict[str, str] = {}
    for name, value in ins.items():
        if not isinstance(value, str):
            message = f"the input {name} is a list or map, which is not read here"
            diagram.findings.warn(node, "unread", message)
        elif own & _reads(value):
            message = f"the input {name} differs between instances, which is not read here"
            diagram.findings.warn(node, "unread", message)
        elif diagram.findings.template(node, "inputParameter", value) is not None:
            found[name] = value
    return found


def _reads(text: str) -> frozenset[str]:
    try:
        return compile_template(text).reads
    except ExpressionError:
        return frozenset()
