"""Add signers: before me, after me, or beside me (A1-A4, A6, V4)."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from engine.case import Case
from engine.commands.approve import record
from engine.commands.base import Decision, Held, go_on, hold
from engine.flow import changing, signing
from engine.ids import PersonId
from engine.people import newcomers
from engine.refusals import Invalid, Mixed, NotPlain, TooManyLevels
from engine.requests import Slot
from engine.voting.groups import LEVELS_MAX
from forms import Message

MOST_ADDED = 100
"""The most people that one call may add."""
MODES = {"before": ("前", "before"), "after": ("后", "after"), "parallel": ("并", "beside")}


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSigner(Decision):
    """The holder of a decision asks others to decide as well.

    With mode `after` it is also his approval: answers and comment are those of the decision.
    """

    verb: ClassVar[str] = "add-signer"
    to: tuple[str, ...] = ()
    mode: Literal["before", "after", "parallel"] = "before"
    group: Literal["all", "any", "sequential"] = "all"

    def kept(self) -> dict[str, Any]:
        """Whom, how, and what was said."""
        said = {"comment": self.comment} if self.comment else {}
        return {"to": list(self.to), "mode": self.mode, "group": self.group, **said}


def act(command: AddSigner, case: Case) -> None:
    """The places are made, N and M follow at once."""
    held = hold(case, command, deciding=True)
    words, node, owner = held.words, held.node, held.slot
    if words is None or words.approval is None or not owner.counted:
        raise NotPlain(verb="加签")
    if len(command.to) > MOST_ADDED:
        raise Invalid({"to": Message("人数太多。", "Too many people.")})
    if owner.level >= LEVELS_MAX:
        raise TooManyLevels()
    _check_not_mixed(case, held, command.mode)
    slots = case.slots_of(node.key)
    people = newcomers.check(case, slots, command.to, votes=True)
    before = [node.approved, node.rejected, node.total]
    edited = None
    if command.mode == "after":
        edited = record(case, held, words, command, "approved")
        owner.held = True
    else:
        case.inputs.update(command.kept())
        _take(case, held)
    _place(command, case, held, people)
    if command.mode == "before":
        owner.status, owner.waits = "waiting", "added"
    owner.version += 1
    case.touch(owner, node)
    case.body["tally"] = [before, [node.approved, node.rejected, node.total]]
    settled = signing.settle_if_decided(case, node, words)
    if edited is not None:
        changing.changed_variables(case, edited)
    if settled or edited is not None:
        go_on(case)


def _check_not_mixed(case: Case, held: Held, mode: str) -> None:
    other = {"before": "after", "after": "before"}.get(mode)
    for slot in case.slots_of(held.node.key):
        if other and slot.parent == held.slot.ordinal and slot.mode == other:
            raise Mixed(before=MODES[other][1], before_zh=MODES[other][0])


def _take(case: Case, held: Held) -> None:
    """Whoever adds to a place that was still to be claimed has claimed it."""
    slot = held.slot
    if not slot.holders:
        slot.signer, slot.holders = case.actor.id, [case.actor.id]
        slot.department = case.world().department(case.actor.id) or ""
        case.involve.append(case.actor.id)


def _place(command: AddSigner, case: Case, held: Held, people: list[PersonId]) -> None:
    words, node, owner = held.words, held.node, held.slot
    assert words is not None
    zh, en = MODES[command.mode]
    name = newcomers.active_name(case, str(owner.signer or case.actor.id))
    said = f":{command.comment}" if command.comment and command.mode != "after" else ""
    why = (f"{name}加签({zh}加签){said}", f"added {en} {name}{said}")
    first: Slot | None = None
    for person in people:
        slot = signing.placed(case, node, owner, person, why)
        first = first or slot
        slot.origin, slot.mode, slot.group_mode = "added", command.mode, command.group
        slot.group, slot.level = first.ordinal, owner.level + 1
        slot.weight = words.weights.get(person, 1)
        node.total += 1
        node.pending += 1
        node.weight_open += slot.weight
        turn = command.group != "sequential" or slot is first
        signing.enter(case, slot, words, now=turn)
    case.say("added", owner.ordinal, command.mode, command.group, list(people))
