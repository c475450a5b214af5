"""Inputs and outputs of activities that people or other processes do.

A worker's task has them among its own words. Elsewhere they become variables of the request, set
by a step before and a step after.
"""

from engine.diagrams import source
from engine.diagrams.diagram import Diagram
from engine.diagrams.sheet import Sheet
from engine.diagrams.source import Element
from engine.diagrams.tasks import signers
from engine.diagrams.words import ActionWords, NodeId
from engine.expressions import ExpressionError, compile_template
from engine.tokens import Step

IN, OUT = ":in", ":out"
"""Suffixes of the steps that set the inputs and the outputs."""
HOLDERS = frozenset({"userTask", "task", "manualTask", "subProcess", "callActivity"})
"""Activities whose inputs and outputs are set so."""


def read_inputs(element: Element, sheet: Sheet, diagram: Diagram) -> None:
    """Set an activity's inputs before it, and its outputs after it."""
    if source.local(element) not in HOLDERS:
        return
    node = source.identity(element)
    ins, outs = source.inputs_outputs(element)
    inputs = _texts(element, ins, diagram)
    if inputs:
        sheet.before(node, _set(node + IN, inputs, diagram))
    if outs:
        diagram.findings.templates(node, "outputParameter", outs)
        sheet.after(node, _set(node + OUT, outs, diagram))


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
