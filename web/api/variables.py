"""Which variables a request shows: its forms' fields, verdicts, answers and numbers; none of the
process's own inner ones."""

from collections.abc import Iterable
from typing import Any

from engine.case import Case
from engine.desk import desk_of
from engine.diagrams.definition import Definition
from engine.flow.messages import root_variables
from engine.requests import Slot


def public(case: Case, slots: Iterable[Slot]) -> dict[str, Any]:
    """The variables as data; a draft's are what was filled in so far."""
    current, filled = root_variables(case), case.flow.answers
    being_written = case.request.status in ("draft", "withdrawn")
    values = {**current, **filled} if being_written else {**filled, **current}
    names = named(case.definition)
    for slot in slots:
        if _generated(case.definition, slot.node):
            names |= set(slot.answers)
    if desk_of(case.definition, None).form.generated:
        names |= set(filled)
    return {name: value for name, value in values.items() if name in names}


def named(definition: Definition) -> set[str]:
    """The names of fields, verdicts, answers and numbers of a version."""
    names = {field.key for form in definition.forms.values() for field in form.fields}
    for id, words in definition.nodes.items():
        if words.approval is not None:
            names.add(words.verdict or f"{id}_verdict")
        names.update((f"{id}_answers", f"{id}_number"))
    return names


def _generated(definition: Definition, node: str) -> bool:
    known = node in definition.nodes
    return known and desk_of(definition, node).form.generated
