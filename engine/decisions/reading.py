"""Reading a file of decisions (DMN): its tables and expressions, and what requires what."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.decisions import hits
from engine.decisions.boxed import boxed, function, logic_of
from engine.decisions.decision import Decision, Decisions, Knowledge, names_of
from engine.decisions.formulas import Formulas
from engine.decisions.problems import UnreadableDecisions
from engine.decisions.requiring import ordered
from engine.decisions.services import service
from engine.decisions.source import (
    ID_MAX,
    Element,
    child,
    children,
    local,
    parse,
    referenced,
    title,
)
from engine.decisions.tables import Table, read_table
from engine.expressions.compiling import Run

DECISIONS_MAX = 500
"""Decisions and business knowledge models of one file together."""


def read_decisions(name: str, content: bytes) -> Decisions:
    """The decisions of the file `name`, every expression in them checked.

    Raises:
        UnreadableDecisions: with a problem for each element that keeps the file from being used.
    """
    root = parse(name, content)
    formulas = Formulas(name, root)
    decisions = _File(root, formulas).read()
    if formulas.problems:
        raise UnreadableDecisions(tuple(formulas.problems))
    return Decisions(name=name, by_id=decisions, warnings=tuple(formulas.warnings))


@dataclass(frozen=True, slots=True)
class _Part:
    """A decision by itself, before what it requires is joined to it."""

    element: Element
    variable: str
    table: Table | None
    value: Run
    reads: frozenset[str]
    calls: frozenset[str]


class _File:
    def __init__(self, root: Element, formulas: Formulas) -> None:
        self._root = root
        self._formulas = formulas
        self._elements: dict[str, Element] = {}
        self._knowledge: tuple[Knowledge, ...] = ()
        self._parts: dict[str, _Part] = {}
        self._made: dict[str, Decision] = {}
        self._requirements: dict[str, list[str]] = {}
        self._reads: set[str] = set()
        self._calls: set[str] = set()

    def read(self) -> Mapping[str, Decision]:
        self._note_ids()
        for each in children(self._root, "import"):
            named = each.get("name") or each.get("namespace") or ""
            self._formulas.refuse(each, "import", f"another file ({named[:80]}) can't be imported")
        self._read_knowledge()
        for id, element in self._elements.items():
            if local(element) == "decision":
                self._read_decision(id, element)
        for id in self._order():
            self._made[id] = self._joined(id, self._made)
        return self._made

    def _note_ids(self) -> None:
        kinds = ("decision", "inputData", "businessKnowledgeModel", "decisionService")
        for each in self._root:
            id = each.get("id", "")
            if local(each) not in kinds:
                continue
            if not id or len(id) > ID_MAX:
                self._formulas.refuse(each, "id", f"an id has 1 to {ID_MAX} characters")
            elif id in self._elements:
                self._formulas.refuse(each, "id", f"several elements have the id “{id}”")
            else:
                self._elements[id] = each
        if len(self._elements) > DECISIONS_MAX:
            message = f"a file has at most {DECISIONS_MAX} decisions, inputs and functions"
            self._formulas.refuse(self._root, "size", message)
            self._elements.clear()

    def _read_knowledge(self) -> None:
        """What a function reads and calls counts for every decision of the file."""
        self._formulas.fresh()
        found: list[Knowledge] = []
        for element in self._elements.values():
            name = _result_name(element) or title(element)
            if local(element) == "decisionService":
                found.append(service(element, name, self._elements, self._made))
            if local(element) != "businessKnowledgeModel":
                continue
            logic = child(element, "encapsulatedLogic")
            if logic is None:
                self._formulas.warn(element, "logic", f"“{name}” has no expression")
            else:
                found.append(Knowledge(name=name, make=function(logic, self._formulas, name)))
        self._knowledge = tuple(found)
        known = {each.name for each in found}
        self._reads = self._formulas.unbound() - known
        self._calls = self._formulas.calls - self._formulas.bound - known

    def _read_decision(self, id: str, element: Element) -> None:
        formulas = self._formulas
        formulas.fresh()
        logic = logic_of(element)
        if logic is None:
            others = [local(each) for each in element if local(each) in ("expression",)]
            said = "of an unknown kind" if others else "neither a table nor an expression"
            formulas.warn(element, "logic", f"the decision “{title(element) or id}” has {said}")
            return
        variable = _result_name(element)
        fallback = variable or id
        table: Table | None = None
        if local(logic) == "decisionTable":
            table = read_table(logic, formulas, fallback)
            value = _table_value(table)
        else:
            value = boxed(logic, formulas, title(element) or id)
        known = {each.name for each in self._knowledge}
        self._parts[id] = _Part(
            element=element,
            variable=variable,
            table=table,
            value=value,
            reads=frozenset(formulas.unbound() - known),
            calls=frozenset((formulas.calls - formulas.bound) - known),
        )

    def _required(self, id: str) -> list[str]:
        """The ids of the decisions that one requires; what can't be followed is a problem."""
        found: list[str] = []
        for requirement in children(self._parts[id].element, "informationRequirement"):
            for tag in ("requiredDecision", "requiredInput"):
                target = referenced(child(requirement, tag))
                kind = local(self._elements[target]) if target in self._elements else ""
                if target and not self._usable(target):
                    has = "has nothing to run" if kind else "is not in the file"
                    message = f"it requires “{target[:80]}”, which {has}"
                    # an input is only drawn: what is read is asked for by name
                    note = (
                        self._formulas.refuse if tag == "requiredDecision" else self._formulas.warn
                    )
                    note(requirement, "requirement", message)
                elif kind == "decision":
                    found.append(target)
        for requirement in children(self._parts[id].element, "knowledgeRequirement"):
            target = referenced(child(requirement, "requiredKnowledge"))
            kind = local(self._elements[target]) if target in self._elements else ""
            if target and kind not in ("businessKnowledgeModel", "decisionService"):
                message = f"it requires “{target[:80]}”, which the file does not have"
                self._formulas.refuse(requirement, "requirement", message)
        return found

    def _usable(self, id: str) -> bool:
        element = self._elements.get(id)
        if element is None:
            return False
        return local(element) == "inputData" or id in self._parts

    def _order(self) -> list[str]:
        """The ids, each after those that it requires; circles are problems."""
        self._requirements = {id: self._required(id) for id in self._parts}
        order, circles = ordered(self._requirements)
        for id, other in circles:
            message = f"it requires “{other}”, which requires it in turn"
            self._formulas.refuse(self._parts[id].element, "requirement", message)
        return order

    def _joined(self, id: str, made: Mapping[str, Decision]) -> Decision:
        part = self._parts[id]
        requires: dict[str, Decision] = {}
        for each in (made[other] for other in self._requirements[id] if other in made):
            requires.update({one.id: one for one in each.requires})
            requires[each.id] = each
        provided = {name for each in requires.values() for name in names_of(each)}
        reads, calls = set(part.reads) | self._reads, set(part.calls) | self._calls
        for each in requires.values():
            reads |= each.reads
            calls |= each.calls
        fallback = part.variable or id
        table = part.table
        return Decision(
            id=id,
            name=title(part.element) or id,
            variable=part.variable,
            outputs=tuple(each.name for each in table.outputs) if table else (fallback,),
            requires=tuple(requires.values()),
            knowledge=self._knowledge,
            table=table,
            value=part.value,
            convert=self._formulas.convert(_result_type(part.element)),
            reads=frozenset(reads - provided),
            calls=frozenset(calls - provided),
        )


def _table_value(table: Table) -> Run:
    return lambda frame: hits.value(table, frame)


def _result_name(element: Element) -> str:
    variable = child(element, "variable")
    return title(variable) if variable is not None else ""


def _result_type(element: Element) -> str:
    variable = child(element, "variable")
    return variable.get("typeRef", "") if variable is not None else ""
