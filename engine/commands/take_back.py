"""Take back: an approver takes his decision back while nothing has come of it (W2)."""

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import TaskCommand, about, check_running, check_unchanged, go_on, sees
from engine.diagrams.words import NodeWords
from engine.flow import reentering, returning, signing, standing
from engine.refusals import NotTakenBack, NotYours, Refused, Unknown
from engine.requests import Node, Slot, is_virtual
from engine.tokens import ReturnRefused, Rewound, TokensError, take_back
from engine.voting import groups, recount
from engine.voting.undoing import Hanging, hanging_on

VOTES = ("approved", "rejected")
EFFECTS = frozenset({"acted", "sent", "called", "external", "broadcast", "published"})
"""What an entry says of things that have left the request."""
DECIDED = ("其后已有人办理", "somebody has acted on it since")
EFFECT = ("其后流程已产生外部影响", "the process has had an effect elsewhere since")
STANDS = ("本环节的结论不取决于这个决定", "the node is decided without it")
EDITED = ("其后已有人开始填写", "somebody has begun to fill in what follows")


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(TaskCommand):
    """Whoever decided wants to decide again."""

    verb: ClassVar[str] = "take-back"
    comment: str = ""

    def kept(self) -> dict[str, Any]:
        """Why."""
        return {"comment": self.comment} if self.comment else {}


def act(command: TakeBack, case: Case) -> None:
    """His task is open again, as if he had not decided; the history says that he had."""
    slot = case.slots.get(command.ordinal) or case.uow.slot(command.request, command.ordinal)
    if slot is None:
        raise Unknown()
    case.slots[slot.ordinal] = slot
    node = case.node(slot.node_key)
    about(case, slot)
    refused = obstacle(case, slot, node)
    if refused is not None:
        raise refused
    check_running(case)
    check_unchanged(case, command, slot, node)
    case.inputs.update(command.kept())
    words = case.words(node)
    if node.status == "open":
        _in_open_node(case, node, words, slot)
    else:
        _in_settled_node(case, node, words, slot)


def obstacle(case: Case, slot: Slot, node: Node) -> Refused | None:
    """Why the actor can't take this decision back; None: as far as can be seen at once he can."""
    if slot.decided_by != case.actor.id or slot.status not in VOTES or slot.kept_from is not None:
        return NotYours() if sees(case, slot) else Unknown()
    if is_virtual(node) or node.status not in ("open", "settled"):
        return _no(DECIDED)
    if node.status == "settled" and case.request.status != "running":
        return _no(DECIDED)
    return None


def refusal(case: Case, slot: Slot, node: Node) -> Refused | None:
    """The same with everything that has come of it since looked at: what a command would say."""
    refused = obstacle(case, slot, node)
    if refused is not None:
        return refused
    try:
        check_running(case)
        words, slots = case.words(node), case.slots_of(node.key)
        _hanging(case, words, slot, slots)
        if node.status != "open":
            _check_settled(case, node, slot, slots)
            _back(case, node)
    except Refused as no:
        return no
    return None


def _no(why: tuple[str, str]) -> NotTakenBack:
    return NotTakenBack(message=why[0], message_en=why[1])


def _in_open_node(case: Case, node: Node, words: NodeWords, slot: Slot) -> None:
    slots = case.slots_of(node.key)
    hanging = _hanging(case, words, slot, slots)
    for other in groups.asked_by(slots, slot):
        signing.drop(case, node, other, "removed", "the decision was taken back")
    for other in [*hanging.holds, *([] if slot.held else [slot])]:
        recount(node, other.status, other.weight)
    case.say("taken-back", slot.ordinal, slot.status)
    for other in hanging.holds:
        other.held = True
        case.touch(other)
    for other in hanging.revives:
        _revive(case, node, words, other)
    for other, why in hanging.waits:
        other.status, other.waits = "waiting", why  # type: ignore[assignment]
        other.version += 1
        case.touch(other)
    _reopen(slot)
    standing.refresh(case, slot, node, words)
    case.touch(slot, node)
    if signing.settle_if_decided(case, node, words):
        go_on(case)


def _hanging(case: Case, words: NodeWords, slot: Slot, slots: list[Slot]) -> Hanging:
    """What hangs on it within its node. Raises where somebody has acted on it."""
    found = hanging_on(slots, slot, sequential=words.approval == "sequential")
    if found.acted:
        raise _no(DECIDED)
    for other, _ in found.waits:
        if case.facts.ask(["drafted", other.ordinal], partial(_drafted, case, other)):
            raise _no(EDITED)
    return found


def _revive(case: Case, node: Node, words: NodeWords, slot: Slot) -> None:
    """Who need not have decided any more has to again."""
    _reopen(slot)
    node.total += 1
    node.pending += 1
    node.weight_open += slot.weight
    signing.announce(case, slot, words)
    case.touch(slot)


def _reopen(slot: Slot) -> None:
    slot.status = "open"
    slot.held = False
    slot.decided_at = slot.decided_by = slot.on_behalf_of = None
    slot.comment = ""
    slot.answers = {}
    slot.version += 1


def _in_settled_node(case: Case, node: Node, words: NodeWords, slot: Slot) -> None:
    """The node is entered anew with the places as they stood, his own open again."""
    slots = case.slots_of(node.key)
    _hanging(case, words, slot, slots)
    _check_settled(case, node, slot, slots)
    opened = {each.key for each in case.open_nodes()}
    back = _back(case, node)
    undone = {p.key for p in case.passages() if p.id in back.undone and p.key}
    case.set_run(back.run)
    case.undo(sorted(back.undone))
    returning.supersede(case, undone)
    node.cause = "the decision was taken back"
    key = next(t.key for t in back.run.open() if t.node == node.node and t.key not in opened)
    reentering.enter(case, node, words, slots, slot, key)
    case.say("taken-back", slot.ordinal, slot.status)
    go_on(case)


def _check_settled(case: Case, node: Node, slot: Slot, slots: list[Slot]) -> None:
    _check_no_effect(case, slot)
    if reentering.settles_without(case.words(node), node, slots, slot):
        raise _no(STANDS)


def _back(case: Case, node: Node) -> Rewound:
    """The tokens as they stand once the node has not been left. Raises what keeps it from that."""
    opened = {each.key: each for each in case.open_nodes()}
    marking, scopes = case.run.save()
    try:
        back = take_back(
            case.definition.net, marking, scopes, case.passages(), node.key, case.tokens_world()
        )
    except (ReturnRefused, TokensError) as refused:
        raise _no(DECIDED) from refused
    remaining = {token.key for token in back.run.open()}
    for key, other in opened.items():
        if key not in remaining:
            _check_untouched(case, other)
    return back


def _check_no_effect(case: Case, slot: Slot) -> None:
    for entry in case.uow.entries(case.request.id):
        if slot.decided_at is not None and entry.at < slot.decided_at:
            continue
        if any(fact[0] in EFFECTS for fact in entry.body.get("did", ())):
            raise _no(EFFECT)


def _check_untouched(case: Case, node: Node) -> None:
    for other in case.slots_of(node.key):
        if other.decided_by is not None or other.undo:
            raise _no(DECIDED)
        if case.facts.ask(["drafted", other.ordinal], partial(_drafted, case, other)):
            raise _no(EDITED)


def _drafted(case: Case, slot: Slot) -> bool:
    return case.uow.task_draft(case.request.id, slot.ordinal) is not None
