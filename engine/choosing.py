"""Whom one can choose to sign a node, and whether those who were chosen are among them."""

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import forms
from engine.diagrams.definition import Definition
from engine.diagrams.words import NodeId, NodeWords
from engine.facts import Facts
from engine.flow.failures import FAILURES
from engine.people.signers import people_of
from engine.refusals import Invalid
from engine.world import World
from forms import Message

if TYPE_CHECKING:
    from engine.case import Case
    from engine.desk import Desk


def options(case: "Case", definition: Definition, node: str) -> list[forms.Option]:
    """The people whom one can choose for a node, by what is known before they are chosen."""
    words = definition.nodes.get(NodeId(node))
    if words is None or words.chosen is None:
        return []
    names = {id: case.uow.directory.person(id) for id in _set(case, definition, words)}
    return [forms.Option(id, row.name, row.name) for id, row in names.items() if row is not None]


def _set(case: "Case", definition: Definition, words: NodeWords) -> list[str]:
    """The ids: what the diagram names, without who is not active, and without oneself (T6)."""
    assert words.chosen is not None
    looking = copy.copy(case)
    looking.facts = Facts()  # what one could choose is no fact that a decision rests on
    world = World(looking, definition if definition is not case.definition else None)
    known = _known(case, definition)
    try:
        found = [p for text in words.chosen.source for p in people_of(text, known, world)]
    except FAILURES:
        return []
    never = {case.request.requester, case.actor.id} if words.approval is not None else set()
    return [person for person in dict.fromkeys(found) if person not in never]


def _known(case: "Case", definition: Definition) -> Mapping[str, Any]:
    """The variables at the desk that chooses, before it does."""
    flow, own = case.flow, {"department": case.request.department}
    if flow.marking is None and not case.running:
        return {**flow.root, **flow.extra, **own}
    digest = "" if definition is case.definition else definition.digest
    open_at = (each.scope for each in case.open_nodes() if each.definition == digest)
    return case.run.variables(next(open_at, ""))


def check(case: "Case", desk: "Desk", values: Mapping[str, Any], *, require: bool) -> None:
    """Refuse who is not among those to choose from, too few and too many.

    Raises:
        Invalid: at the variable's name.
    """
    by = "initiator" if desk.words is None else desk.words.id
    errors: dict[str, Message] = {}
    for words in desk.definition.nodes.values():
        if words.chosen is not None and words.chosen.by == by:
            wrong = _wrong(case, desk.definition, words, values, require=require)
            if wrong is not None:
                errors[words.chosen.variable] = wrong
    if errors:
        raise Invalid(errors)


def _wrong(
    case: "Case",
    definition: Definition,
    words: NodeWords,
    values: Mapping[str, Any],
    *,
    require: bool,
) -> Message | None:
    chosen = words.chosen
    assert chosen is not None
    value = values.get(chosen.variable)
    people = value if isinstance(value, list) else [value] if value not in (None, "") else []
    if people:
        allowed = set(_set(case, definition, words))
        if any(not isinstance(each, str) or each not in allowed for each in people):
            return Message("只能从给出的范围中选择。", "Choose from those that are offered.")
    if require and len(set(people)) < chosen.least:
        n = chosen.least
        return Message(f"请至少选择{n}人。", f"Choose at least {n}.")
    if chosen.most and len(set(people)) > chosen.most:
        return Message(f"最多选择{chosen.most}人。", f"Choose at most {chosen.most}.")
    return None
