"""What one person may see and do at a task or a request: `can` and `why_not` (K2).

Computed with the same checks that commands use, over a unit of work that is never committed; the
pages and the API only mirror it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.abilities import Can, task_abilities, variables_at
from engine.case import Actor, Case
from engine.commands.base import task_version
from engine.desk import Desk, context_of, desk_of, evaluator, lookup
from engine.diagrams.definition import Definition
from engine.diagrams.words import NodeWords
from engine.expressions import ExpressionError
from engine.facts import Facts
from engine.flow import shown
from engine.ids import PersonId, RequestId
from engine.refusals import (
    Refused,
)
from engine.requests import AMEND_NODE, ROUNDS_NODE, Node, Request, Slot, is_virtual
from engine.unit_of_work import UnitOfWork
from engine.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """A task as its viewer gets it."""

    request: Request
    slot: Slot
    node: Node
    words: NodeWords | None
    name: str
    name_en: str
    version: str
    desk: Desk | None
    """None where the viewer does not hold it, or it is over."""
    kept: Mapping[str, Any] = field(default_factory=dict)
    """The form's values as they are now."""
    context: Mapping[str, Any] = field(default_factory=dict)
    evaluate: Any = None
    lookup: Any = None
    shown: Mapping[str, Any] = field(default_factory=dict)
    """What is signed: the values that the node shows."""
    banner: tuple[str, str] = ("", "")
    can: Can = field(default_factory=dict)
    why_not: Mapping[str, Refused] = field(default_factory=dict)
    votes: tuple[int, int, int] = (0, 0, 0)
    """Approved, rejected, of how many (V5)."""


def open_case(uow: UnitOfWork, id: RequestId, actor: PersonId, now: datetime) -> Case | None:
    """A case to look at, never to save."""
    request = uow.request(id, lock=False)
    if request is None:
        return None
    return Case(
        uow=uow,
        facts=Facts(),
        now=now,
        actor=Actor(id=actor),
        request=request,
        definition=uow.definition(request.definition),
        verb="look",
    )


def task_view(
    uow: UnitOfWork,
    id: RequestId,
    ordinal: int,
    viewer: PersonId,
    now: datetime,
    *,
    administers: bool = False,
) -> TaskView | None:
    """A task with what the viewer may do; None where there is no such task."""
    case = open_case(uow, id, viewer, now)
    slot = uow.slot(id, ordinal) if case is not None else None
    if case is None or slot is None:
        return None
    case.slots[slot.ordinal] = slot
    node = case.node(slot.node_key)
    words = None if is_virtual(node) else case.words(node)
    can, why_not = task_abilities(case, slot, node, words, administers=administers)
    actionable = slot.status == "open" and (
        viewer in slot.holders or (not slot.holders and viewer in slot.candidates)
    )
    variables = variables_at(case, node)
    today = now.astimezone(uow.calendar.zone).date()
    definition = case.definition_of(node)
    desk = desk_of(definition, node.node) if actionable else None
    kept: dict[str, Any] = {}
    if desk is not None:
        kept = dict(case.flow.answers) if words is None else desk.kept(variables)
    name, name_en = names_of(case, node)
    return TaskView(
        request=case.request,
        slot=slot,
        node=node,
        words=words,
        name=name,
        name_en=name_en,
        version=task_version(slot, node),
        desk=desk,
        kept=kept,
        context=context_of(variables, slot, viewer),
        evaluate=evaluator(uow.calendar, today),
        lookup=lookup(case, definition),
        shown=shown.values_shown(definition, words, variables),
        banner=_banner(case, definition, words, variables),
        can=can,
        why_not=why_not,
        votes=(node.approved, node.rejected, node.total),
    )


def names_of(case: Case, row: Node | Slot) -> tuple[str, str]:
    """A desk's name in both languages."""
    if row.node == AMEND_NODE:
        return "修改申请", "Amend the request"
    if row.node == ROUNDS_NODE:
        return "决定是否再来一轮", "Allow one more round"
    words = case.words(row)
    return words.name, words.name_en or words.name


def _banner(
    case: Case, definition: Definition, words: NodeWords | None, variables: Mapping[str, Any]
) -> tuple[str, str]:
    if words is None or not words.properties.get("banner"):
        return "", ""
    world = World(case, definition)
    try:
        zh = str(world.evaluate(words.banner, variables) or "")
        en = str(world.evaluate(words.banner_en, variables) or "") if words.banner_en else zh
    except ExpressionError:
        return "", ""
    return zh, en
