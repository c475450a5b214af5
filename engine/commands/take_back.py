"""Take back: an approver takes his decision back while nothing has come of it (W2)."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import TaskCommand, about, check_running, go_on, sees
from engine.diagrams.words import NodeWords
from engine.flow import opening, returning, signing, timing
from engine.refusals import NotTakenBack, NotYours, Refused, Unknown
from engine.requests import Node, Slot, is_virtual
from engine.tokens import ReturnRefused, Rewound, TokensError, take_back
from engine.voting import recount

VOTES = ("approved", "rejected")
EFFECTS = frozenset({"acted", "sent", "called", "external", "broadcast", "published"})
"""What an entry says of things that have left the request."""
DECIDED = ("其后已有人办理", "somebody has acted on it since")
EFFECT = ("其后流程已产生外部影响", "the process has had an effect elsewhere since")
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
        if node.status == "open":
            slots = case.slots_of(node.key)
            _check_turns(_turns(case.words(node), slot, slots))
            _check_added(slot, slots)
        else:
            _check_no_effect(case, slot)
            _back(case, node)
    except Refused as no:
        return no
    return None


def _no(why: tuple[str, str]) -> NotTakenBack:
    return NotTakenBack(message=why[0], message_en=why[1])


def _in_open_node(case: Case, node: Node, words: NodeWords, slot: Slot) -> None:
    slots = case.slots_of(node.key)
    _undo_turns(case, words, slot, slots)
    _check_added(slot, slots)
    for other in _after(slot, slots):
        if other.status in ("open", "waiting"):
            signing.drop(case, node, other, "removed", "the decision was taken back")
    if not slot.held:
        recount(node, slot.status, slot.weight)
    case.say("taken-back", slot.ordinal, slot.status)
    _reopen(slot)
    case.touch(slot, node)


def _after(slot: Slot, slots: list[Slot]) -> list[Slot]:
    """Who was added after it."""
    return [s for s in slots if s.parent == slot.ordinal and s.mode == "after"]


def _check_added(slot: Slot, slots: list[Slot]) -> None:
    if any(other.status in VOTES for other in _after(slot, slots)):
        raise _no(DECIDED)


def _turns(words: NodeWords, slot: Slot, slots: list[Slot]) -> list[Slot]:
    """Whose turn came by this decision, or comes after those whose turn it was."""
    later: list[Slot] = []
    if slot.group is not None:
        first = next(s for s in slots if s.group == slot.group)
        later += [s for s in slots if s.ordinal == first.parent and s.status != "waiting"]
        if first.group_mode == "sequential":
            later += [s for s in slots if s.group == slot.group and s.ordinal > slot.ordinal]
    elif words.approval == "sequential":
        line = [s for s in slots if s.group is None and s.counted]
        later += [s for s in line if s.position > slot.position]
    return later


def _check_turns(later: list[Slot]) -> None:
    if any(other.status in VOTES and not other.held for other in later):
        raise _no(DECIDED)


def _undo_turns(case: Case, words: NodeWords, slot: Slot, slots: list[Slot]) -> None:
    """Whose turn came by this decision waits again; if he has acted, it stands."""
    later = _turns(words, slot, slots)
    _check_turns(later)
    for other in later:
        if other.status == "open":
            other.status = "waiting"
            other.waits = "added" if slot.group is not None and other.group != slot.group else ""
            other.version += 1
            case.touch(other)


def _reopen(slot: Slot) -> None:
    slot.status = "open"
    slot.held = False
    slot.decided_at = slot.decided_by = slot.on_behalf_of = None
    slot.comment = ""
    slot.answers = {}
    slot.version += 1


def _in_settled_node(case: Case, node: Node, words: NodeWords, slot: Slot) -> None:
    """The node is entered anew with the places as they stood, his own open again."""
    _check_no_effect(case, slot)
    slots = case.slots_of(node.key)
    opened = {each.key for each in case.open_nodes()}
    back = _back(case, node)
    undone = {p.key for p in case.passages() if p.id in back.undone and p.key}
    case.set_run(back.run)
    case.undo(sorted(back.undone))
    returning.supersede(case, undone)
    node.cause = "the decision was taken back"
    key = next(t.key for t in back.run.open() if t.node == node.node and t.key not in opened)
    _enter_again(case, node, words, slots, key, slot)
    case.say("taken-back", slot.ordinal, slot.status)
    go_on(case)


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
        if other.decided_by is not None:
            raise _no(DECIDED)
        if case.facts.ask(["drafted", other.ordinal], partial(_drafted, case, other)):
            raise _no(EDITED)


def _drafted(case: Case, slot: Slot) -> bool:
    return case.uow.task_draft(case.request.id, slot.ordinal) is not None


def _enter_again(
    case: Case, old: Node, words: NodeWords, slots: list[Slot], key: str, mine: Slot
) -> None:
    passes = case.flow.passes.get(old.node, [old.round, old.pass_])
    case.flow.passes[old.node] = [old.round, passes[1] + 1]
    node = Node(
        request=old.request,
        key=key,
        node=old.node,
        scope=old.scope,
        definition=old.definition,
        round=old.round,
        pass_=passes[1] + 1,
        opened_at=case.now,
        shown=old.shown,
    )
    case.add_node(node)
    case.say("opened", node.key, node.node, node.round, node.pass_)
    ordinals: dict[int | None, int | None] = {None: None}
    for slot in slots:
        if slot.status in ("transferred", "removed", "advised"):
            continue
        case.request.slots += 1
        ordinals[slot.ordinal] = case.request.slots
        copy = replace(
            slot,
            ordinal=case.request.slots,
            node_key=key,
            pass_=node.pass_,
            parent=ordinals.get(slot.parent),
            group=ordinals.get(slot.group),
            version=1,
            holders=list(slot.holders),
            candidates=list(slot.candidates),
        )
        node.total += copy.counted
        if slot is mine or slot.status == "cancelled":
            node.pending += copy.counted
            node.weight_open += copy.weight if copy.counted else 0
            _reopen(copy)
            case.add_slot(copy)
            _in_turn(case, words, copy, before_it=mine.parent == slot.ordinal)
        else:
            node.approved += slot.status == "approved"
            node.rejected += slot.status == "rejected"
            node.weight_approved += copy.weight if slot.status == "approved" else 0
            copy.kept_from = copy.kept_from or slot.round
            case.add_slot(copy)
            case.say("kept", copy.ordinal, slot.ordinal, slot.round)
    timing.arm_node(case, node, words)


def _in_turn(case: Case, words: NodeWords, slot: Slot, *, before_it: bool) -> None:
    """Open, or waiting: for whom it added before itself, or for those before it in its line."""
    line = [s for s in case.slots_of(slot.node_key) if s.group == slot.group and s is not slot]
    orderly = slot.group_mode == "sequential" or (
        slot.group is None and words.approval == "sequential"
    )
    if before_it:
        slot.status, slot.waits = "waiting", "added"
    elif orderly and any(other.status in ("open", "waiting") for other in line):
        slot.status = "waiting"
    else:
        opening.announce(case, slot, words)
