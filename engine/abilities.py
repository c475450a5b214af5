"""What one person may do at a task or with a request: `can` and `why_not` (K2).

Worked out with the same checks that commands use, over a case that is never saved.
"""

from collections.abc import Callable
from typing import Any

from engine.case import Case
from engine.commands import remove_signer, take_back, throw, undo
from engine.commands.base import check_guards, check_one_place, named, over
from engine.commands.talk import to_urge
from engine.commands.withdraw import Withdraw, check
from engine.diagrams.words import NodeId, NodeWords
from engine.expressions import ExpressionError
from engine.flow import ending, returning, standing
from engine.flow.messages import root_variables
from engine.ids import PersonId
from engine.refusals import (
    AlreadyClaimed,
    GuardUnmet,
    NotClaimable,
    NotHolder,
    NotPlain,
    NotRemovable,
    NotRequester,
    NotSuspended,
    NotYours,
    OnePlace,
    OwnInStead,
    OwnRequest,
    Refused,
    RequestOver,
    Suspended,
    TooManyLevels,
    Unknown,
    WithdrawTooLate,
)
from engine.requests import AMEND_NODE, Node, Slot, is_virtual
from engine.voting.groups import LEVELS_MAX

Can = dict[str, Any]
Allow = Callable[..., None]


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
    elif yours is None and standing.no_longer(case, slot, viewer):
        own = [p for p in slot.holders if p not in slot.standing]
        yours = NotHolder(holders=named(case, own))
    decide = yours
    if decide is None and deciding and words is not None and viewer == case.request.requester:
        decide = OwnRequest()
    if decide is None and deciding and not slot.holders:
        decide = _one_place(case, slot)
    if decide is None and standing.votes(node, words) and standing.on_his_own(case, slot, viewer):
        decide = OwnInStead()
    guard = _guard(case, words, node) if decide is None else None
    why: dict[str, Refused] = {}
    can: Can = {}

    def allow(verb: str, refused: Refused | None, value: Any = True) -> None:
        can[verb] = value if refused is None else ([] if isinstance(value, list) else False)
        if refused is not None:
            why[verb] = refused

    allow("approve", (NotPlain(verb="同意") if not deciding else None) or decide or guard)
    allow("reject", (NotPlain(verb="不同意") if not deciding else None) or decide)
    allow("complete", (NotPlain(verb="完成") if deciding else None) or decide or guard)
    targets = _targets(case, node, words) if decide is None and slot.counted else []
    allow("return", decide or (None if targets else NotPlain(verb="退回")), targets)
    mine = viewer in slot.holders
    allow("snooze", yours if mine else NotHolder(holders=named(case, slot.holders)))
    _claiming(slot, viewer, no, deciding, allow, case)
    _moving(slot, words, decide, allow)
    _removing(case, node, allow, administers)
    _throwing(case, node, words, decide, allow)
    undone = undo.refusal(case, slot)
    for verb in ("undo", "waive"):
        allow(verb, NotYours() if isinstance(undone, Unknown) else undone)
    back = take_back.refusal(case, slot, node)
    allow("take_back", NotYours() if isinstance(back, Unknown) else back)
    allow("assign", None if administers and slot.status == "open" else NotYours())
    return can, why


def _one_place(case: Case, slot: Slot) -> Refused | None:
    try:
        check_one_place(case, slot)
    except OnePlace as taken:
        return taken
    return None


def _moving(slot: Slot, words: NodeWords | None, yours: Refused | None, allow: Allow) -> None:
    """Putting others beside or in the place of the holder (A1, T1, T3)."""
    own = NotPlain(verb="转办") if words is None else None
    allow("transfer", own or yours)
    allow("delegate", own or yours)
    votes = words is not None and words.approval is not None and slot.counted
    add = None if votes else NotPlain(verb="加签")
    levels = TooManyLevels() if slot.level >= LEVELS_MAX else None
    allow("add_signer", add or yours or levels)


def _throwing(
    case: Case, node: Node, words: NodeWords | None, yours: Refused | None, allow: Allow
) -> None:
    """What the work may come to that the diagram catches: the codes."""
    plain = words is not None and words.approval is None
    kinds: tuple[tuple[str, throw.Kind], ...] = (("error", "error"), ("escalate", "escalation"))
    for verb, kind in kinds:
        known = throw.codes(case, node, kind) if plain and yours is None else []
        allow(verb, yours or (None if known else NotPlain(verb=throw.VERBS[kind])), known)


def _removing(case: Case, node: Node, allow: Allow, administers: bool) -> None:
    """Whom of the added signers the viewer may take out (A5)."""
    added = [] if is_virtual(node) else [s for s in case.slots_of(node.key) if s.origin == "added"]
    mine = [s for s in added if administers or remove_signer.may_remove(case, s)]
    no: Refused | None = None
    if added and not mine:
        no = NotYours()
    elif case.request.status == "suspended":
        no = Suspended()
    elif node.status != "open" or case.request.status != "running":
        no = NotRemovable()
    found = [s for s in mine if no is None and remove_signer.removable(node, s)]
    targets = [{"id": str(s.signer), "name": named(case, [s.signer])} for s in found]
    allow("remove_signer", no or (None if found else NotRemovable()), targets)


def _claiming(
    slot: Slot, viewer: PersonId, no: Refused | None, deciding: bool, allow: Allow, case: Case
) -> None:
    claim = no
    if viewer in slot.holders and not slot.candidates:
        claim = NotClaimable()
    elif viewer not in slot.candidates:
        claim = NotHolder(holders=named(case, slot.holders or slot.candidates))
    elif slot.holders:
        claim = AlreadyClaimed(holders=named(case, slot.holders))
    elif deciding and claim is None:
        claim = _one_place(case, slot)
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
    if words is None or not words.guards:
        return None
    try:
        check_guards(words.guards, variables_at(case, node), case.world(node))
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


def variables_at(case: Case, node: Node) -> dict[str, Any]:
    """What expressions at a desk read."""
    if case.flow.marking is None or is_virtual(node) or node.status != "open":
        return root_variables(case)
    return dict(case.run.variables(node.scope))


def request_abilities(
    case: Case, *, sees: bool, administers: bool = False
) -> tuple[Can, dict[str, Refused]]:
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
        **_administering(case, going, over_now, administers),
    }
    for verb, refused in answers.items():
        can[verb] = refused is None
        if refused is not None:
            why[verb] = refused
    return can, why


def _urging(case: Case, sees: bool) -> Refused | None:
    if not sees:
        return NotRequester()
    try:
        to_urge(case)
    except Refused as refused:
        return refused
    return None


def _withdrawal(case: Case, mine: bool, going: bool, over_now: Refused) -> Refused | None:
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


def _administering(
    case: Case, going: bool, over_now: Refused, administers: bool
) -> dict[str, Refused | None]:
    """Suspend, resume, terminate: an administrator's (K3)."""
    if not administers:
        no: Refused = NotYours()
        return {"suspend": no, "resume": no, "terminate": no}
    suspended = case.request.status == "suspended"
    return {
        "suspend": Suspended() if suspended else (None if going else over_now),
        "resume": None if suspended else NotSuspended(),
        "terminate": None if going or suspended else over_now,
    }
