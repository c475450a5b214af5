"""Call activities: which process, in which version, and what is handed over."""

from collections.abc import Iterator
from typing import Literal, cast

from engine.diagrams import source
from engine.diagrams.diagram import Diagram
from engine.diagrams.source import Element
from engine.diagrams.texts import literally
from engine.tokens import Call, Mapped

Binding = Literal["latest", "deployment", "version"]
BINDINGS = frozenset({"latest", "deployment", "version"})


def read_call(element: Element, diagram: Diagram) -> Call | None:
    """What a call activity calls; None after saying why it cannot be one. A process of its own id
    is called where it names none."""
    node, findings = source.identity(element), diagram.findings
    called = element.get("calledElement", "").strip()
    if not called:
        what = source.attribute(element, "calledElementExpression")
        if source.attribute(element, "caseRef"):
            message = "calls a case (CMMN), which is not run here: call a process"
            findings.refuse(node, "unsupported", message)
            return None
        called = what
    if not called:
        called = literally(node)
        message = f"names no process (calledElement): one with the key {node} is called"
        findings.warn(node, "call", message)
    findings.template(node, "calledElement", called)
    for name in ("variableMappingClass", "variableMappingDelegateExpression"):
        if source.attribute(element, name):
            message = f"camunda:{name} is not run: map the variables with camunda:in and out"
            findings.warn(node, "unread", message)
    binding, version = _binding(element, diagram)
    return Call(
        process=called,
        binding=binding,
        version=version,
        ins=tuple(_mapped(element, "in", diagram)),
        outs=tuple(_mapped(element, "out", diagram)),
    )


def _binding(element: Element, diagram: Diagram) -> tuple[Binding, str]:
    node, findings = source.identity(element), diagram.findings
    said = source.attribute(element, "calledElementBinding") or "latest"
    if source.attribute(element, "sameDeployment") == "true":
        said = "deployment"
    if said == "versionTag":
        message = "names a version by its tag, which is not kept here: the latest is called"
        findings.warn(node, "call", message)
        said = "latest"
    if said not in BINDINGS:
        message = f"calledElementBinding {said!r}: one of latest, deployment, version"
        findings.refuse(node, "call", message)
        return "latest", ""
    version = source.attribute(element, "calledElementVersion")
    findings.templates(node, "calledElementVersion", version)
    if said == "version" and not version:
        findings.refuse(node, "call", "calledElementBinding version needs calledElementVersion")
    return cast(Binding, said), version if said == "version" else ""


def _mapped(element: Element, way: str, diagram: Diagram) -> Iterator[Mapped]:
    """`camunda:in` or `camunda:out`. A business key is no variable, and has no place here."""
    node = source.identity(element)
    inherits = source.attribute(element, "inheritVariables") == "true"
    everything = inherits and way == "in"
    for each in source.extensions(element, way):
        if each.get("businessKey") is not None:
            continue
        if each.get("variables"):
            everything = True
            continue
        target = each.get("target", "").strip()
        text = each.get("sourceExpression", "").strip() or source.variable(each.get("source", ""))
        if not target or not text:
            message = f"camunda:{way} needs a target, and a source or sourceExpression"
            diagram.findings.refuse(node, "call", message)
            continue
        if diagram.findings.template(node, f"camunda:{way}", text) is not None:
            yield Mapped(target=target, expression=text)
    if everything:
        yield Mapped(everything=True)
