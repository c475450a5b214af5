"""Delegate: another gives an opinion, the owner still decides (T3)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import Decision, Held, decide, given, hold
from engine.commands.transfer import successor
from engine.desk import answer, desk_of
from engine.flow import signing, windows
from engine.people import newcomers
from engine.refusals import NotPlain
from engine.requests import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegate(Decision):
    """The holder of a task asks somebody for his opinion, and waits for it."""

    verb: ClassVar[str] = "delegate"
    to: str = ""

    def kept(self) -> dict[str, Any]:
        """To whom, and what is asked."""
        return {"to": self.to, **({"comment": self.comment} if self.comment else {})}


def act(command: Delegate, case: Case) -> None:
    """The owner's place waits; a delegate's own delegate takes the delegate's place."""
    held = hold(case, command, deciding=True)
    words, node, owner = held.words, held.node, held.slot
    if words is None:
        raise NotPlain(verb="委派")
    slots = case.slots_of(node.key)
    people = [command.to] if command.to else []
    [person] = newcomers.check(case, slots, people, votes=words.approval is not None)
    case.inputs.update(command.kept())
    if owner.origin == "delegated":
        successor(case, held, person, command.comment)
        return
    if not owner.holders:
        owner.signer, owner.holders = case.actor.id, [case.actor.id]
        case.involve.append(case.actor.id)
    name = newcomers.active_name(case, str(case.actor.id))
    said = f":{command.comment}" if command.comment else ""
    slot = signing.placed(
        case, node, owner, person, (f"{name}委派{said}", f"delegated by {name}{said}")
    )
    slot.origin = "delegated"
    owner.status, owner.waits = "waiting", "delegate"
    owner.version += 1
    case.touch(owner, node)
    case.say("delegated", owner.ordinal, slot.ordinal, person)
    signing.enter(case, slot, words, now=True)


def advise(command: Decision, case: Case, held: Held, opinion: str) -> None:
    """A delegate's opinion goes back to the owner, whose task opens again."""
    words, node, slot = held.words, held.node, held.slot
    assert words is not None
    desk = desk_of(case.definition_of(node), words.id)
    variables = case.run.variables(node.scope)
    answers = answer(case, desk, command.answers, variables=variables, slot=slot, require=False)
    if windows.opens(case, held, command, answers):
        return
    case.inputs.update(answers=answers, **command.kept())
    decide(case, held, "advised", command)
    slot.advice = opinion
    slot.answers = given(answers) if desk.own else {}
    case.say("advised", slot.ordinal, opinion)
    owner = _owner(case, slot)
    if owner is not None:
        owner.version += 1
        signing.announce(case, owner, words)
        case.touch(owner)


def _owner(case: Case, slot: Slot) -> Slot | None:
    for other in case.slots_of(slot.node_key):
        if other.ordinal == slot.parent and other.waits == "delegate":
            return other
    return None
