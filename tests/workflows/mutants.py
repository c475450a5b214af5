"""Mutants of a diagram: one flow dropped, one condition negated, or one assignment given to
somebody else. A word of a diagram that no story misses is a word that nobody has tried."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
OUTSIDER = "market.manager"
"""Somebody who has nothing to do with any of the processes."""
OTHERS = {
    f"{CAMUNDA}assignee": OUTSIDER,
    f"{CAMUNDA}candidateUsers": OUTSIDER,
    f"{CAMUNDA}candidateGroups": "dept:市场部",
    f"{CAMUNDA}candidateStarterUsers": OUTSIDER,
    f"{CAMUNDA}candidateStarterGroups": "dept:市场部",
    f"{CAMUNDA}collection": "${list('market.manager', 'sales.manager')}",
}
CONDITIONS = re.compile(r"(withdraw\.)?guard(\.\d+)?|copy(\.\d+)?\.if|comment\.required")
"""Names of properties whose value is a condition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change of a diagram."""

    name: str
    at: str
    """The element whose passing shows it: the flow's source, the node, or the process."""
    content: bytes


def mutants(content: bytes) -> list[Mutant]:
    """Every mutant of a diagram, in the order of its elements."""
    return [*_dropped(content), *_negated(content), *_swapped(content)]


def _dropped(content: bytes) -> Iterator[Mutant]:
    for at, flow in enumerate(_parsed(content).iter(f"{BPMN}sequenceFlow")):
        yield Mutant(
            name=f"drop {flow.get('id')}",
            at=flow.get("sourceRef", ""),
            content=_changed(content, f"{BPMN}sequenceFlow", at, _drop),
        )


def _drop(flow: Any) -> None:
    id = flow.get("id")
    root = flow.getroottree().getroot()
    flow.getparent().remove(flow)
    for element in list(root.iter(f"{BPMN}incoming", f"{BPMN}outgoing")):
        if element.text == id:
            element.getparent().remove(element)
    for element in root.iter():
        if element.get("default") == id:
            del element.attrib["default"]
        if element.get("bpmnElement") == id:
            element.getparent().remove(element)


def _negated(content: bytes) -> Iterator[Mutant]:
    tag = f"{BPMN}conditionExpression"
    for at, condition in enumerate(_parsed(content).iter(tag)):
        yield Mutant(
            name=f"negate {condition.getparent().get('id')}",
            at=condition.getparent().get("sourceRef", ""),
            content=_changed(content, tag, at, _negate_text),
        )
    tag = f"{CAMUNDA}property"
    for at, row in enumerate(_parsed(content).iter(tag)):
        if CONDITIONS.fullmatch(row.get("name", "")):
            owner = _owner(row)
            yield Mutant(
                name=f"negate {row.get('name')} of {owner}",
                at=owner,
                content=_changed(content, tag, at, _negate_value),
            )


def _negate_text(condition: Any) -> None:
    condition.text = _not(condition.text)


def _negate_value(row: Any) -> None:
    row.set("value", _not(row.get("value")))


def _not(condition: str) -> str:
    inner = condition.strip().removeprefix("${").removesuffix("}")
    return f"${{!({inner})}}"


def _swapped(content: bytes) -> Iterator[Mutant]:
    for at, element in enumerate(_parsed(content).iter()):
        for name, other in OTHERS.items():
            if element.get(name):
                owner = element.get("id") if name != f"{CAMUNDA}collection" else _owner(element)
                yield Mutant(
                    name=f"swap {name.removeprefix(CAMUNDA)} of {owner}",
                    at=owner,
                    content=_changed(content, None, at, partial(_give, name=name, to=other)),
                )


def _give(element: Any, *, name: str, to: str) -> None:
    element.set(name, to)


def _owner(element: Any) -> str:
    """The id of the node or process that an extension belongs to."""
    while element is not None and not element.get("id"):
        element = element.getparent()
    return "" if element is None else str(element.get("id"))


def _changed(content: bytes, tag: str | None, at: int, change: Callable[[Any], object]) -> bytes:
    root = _parsed(content)
    change(list(root.iter(tag) if tag else root.iter())[at])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _parsed(content: bytes) -> Any:
    return etree.fromstring(content)
