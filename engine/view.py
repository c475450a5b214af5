"""What one person may see and do at a task or a request: `can` and `why_not` (K2).

Computed with the same checks that commands use, over a unit of work that is never committed; the
pages and the API only mirror it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.case import Actor, Case
from engine.commands.base import named, over, task_version
from engine.desk import Desk, context_of, desk_of, evaluator, lookup
from engine.diagrams.definition import Definition
from engine.diagrams.words import NodeId, NodeWords
from engine.expressions import ExpressionError
from engine.facts import Facts
from engine.flow import ending, returning, shown
from engine.flow.messages import root_variables
from engine.ids import PersonId, RequestId
from engine.refusals import (
    AlreadyClaimed,
    GuardUnmet,
    NotClaimable,
    NotHolder,
    NotPlain,
    NotRequester,
    NotYours,
    OwnRequest,
    Refused,
    RequestOver,
    Suspended,
    WithdrawTooLate,
)
from engine.requests import AMEND_NODE, ROUNDS_NODE, Node, Request, Slot, is_virtual
from engine.unit_of_work import UnitOfWork
from engine.world import World

Can = dict[str, Any]


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
    variables = _variables(case, node)
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


def task_abilities(
    case: Case, slot: Slot, node: Node, words: NodeWords | None, *, administers: bool = False
) -> tuple[Can, dict[str, Refused]]:
    """Which verbs this viewer may use on a task, and why not the others."""
    viewer = case.actor.id
    no = _obstacle(case, slot)
    deciding = words.approval is not None if words is not None else node.node == "rounds"
    holds = viewer in slot.holders or (not slot.holders and viewer in slot.candidates)
    yours: Refused | None = no
    if not holds:
        yours = NotHolder(holders=named(case, slot.holders or slot.candidates))
    decide = yours
    if decide is None and deciding and words is not None and viewer == case.request.requester:
        decide = OwnRequest()
    guard = _guard(case, words, node) if decide is None else None
    why: dict[str, Refused] = {}
    can: Can = {}

    def allow(verb: str, refused: Refused | None, value: Any = True) -> None:
        can[verb] = value if refused is None else ([] if verb == "return" else False)
        if refused is not None:
            why[verb] = refused

    allow("approve", (NotPlain(verb="同意") if not deciding else None) or decide or guard)
    allow("reject", (NotPlain(verb="不同意") if not deciding else None) or decide)
    allow("complete", (NotPlain(verb="完成") if deciding else None) or decide or guard)
    targets = _targets(case, node, words) if decide is None else []
    allow("return", decide or (None if targets else NotPlain(verb="退回")), targets)
    _claiming(slot, viewer, no, allow, case)
    allow("assign", None if administers and slot.status == "open" else NotYours())
    return can, why


def _claiming(slot: Slot, viewer: PersonId, no: Refused | None, allow: Any, case: Case) -> None:
    claim = no
    if viewer in slot.holders and not slot.candidates:
        claim = NotClaimable()
    elif viewer not in slot.candidates:
        claim = NotHolder(holders=named(case, slot.holders or slot.candidates))
    elif slot.holders:
        claim = AlreadyClaimed(holders=named(case, slot.holders))
    allow("claim", claim)
    release = no
    if viewer not in slot.holders:
        release = NotHolder(holders=named(case, slot.holders or slot.candidates))
    elif not slot.candidates:
        release = NotClaimable()
    allow("release", release)


def _obstacle(case: Case, slot: Slot) -> Refused | None:
    status = case.request.status
    if slot.status != "open":
        return over(case, slot)
    if status == "suspended":
        return Suspended()
    if status not in ("running", "returned"):
        return RequestOver(status=status, status_zh=ending.STATUS_ZH.get(status, status))
    return None


def _guard(case: Case, words: NodeWords | None, node: Node) -> Refused | None:
    from engine.commands.base import check_guards

    if words is None or not words.guards:
        return None
    try:
        check_guards(words.guards, _variables(case, node), case.world(node))
    except GuardUnmet as unmet:
        return unmet
    except ExpressionError:
        return None
    return None


def _targets(case: Case, node: Node, words: NodeWords | None) -> list[dict[str, str]]:
    if words is None:
        return []
    found = []
    for target in returning.possible(case, node):
        zh, en = "申请人", "the requester"
        if target != AMEND_NODE:
            there = case.definition_of(node).nodes[NodeId(target)]
            zh, en = there.name, there.name_en or there.name
        found.append({"id": target, "name": zh, "name_en": en})
    return found


def _variables(case: Case, node: Node) -> dict[str, Any]:
    if case.flow.marking is None or is_virtual(node) or node.status != "open":
        return root_variables(case)
    return dict(case.run.variables(node.scope))


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


def request_abilities(case: Case, *, sees: bool) -> tuple[Can, dict[str, Refused]]:
    """Which verbs this viewer may use on a request."""
    request, viewer = case.request, case.actor.id
    can: Can = {}
    why: dict[str, Refused] = {}
    mine = viewer == request.requester
    going = request.status in ("running", "returned")
    over_now = RequestOver(
        status=request.status, status_zh=ending.STATUS_ZH.get(request.status, request.status)
    )
    answers: dict[str, Refused | None] = {
        "withdraw": _withdrawal(case, mine, going, over_now),
        "submit": None
        if mine and request.status in ("draft", "withdrawn")
        else (over_now if mine else NotRequester()),
        "urge": _urging(case, sees),
        "comment": None if sees else NotRequester(),
        "copy": None if sees and request.status != "draft" else over_now,
    }
    for verb, refused in answers.items():
        can[verb] = refused is None
        if refused is not None:
            why[verb] = refused
    return can, why


def _urging(case: Case, sees: bool) -> Refused | None:
    from engine.commands.talk import to_urge

    if not sees:
        return NotRequester()
    try:
        to_urge(case)
    except Refused as refused:
        return refused
    return None


def _withdrawal(case: Case, mine: bool, going: bool, over_now: Refused) -> Refused | None:
    from engine.commands.withdraw import Withdraw, check

    if not mine:
        return NotRequester()
    if not going:
        return over_now
    try:
        check(Withdraw(request=case.request.id, actor=case.actor, comment="-"), case)
    except WithdrawTooLate as late:
        return late
    except (Refused, ExpressionError) as refused:
        return refused if isinstance(refused, Refused) else None
    return None
