"""Error and escalate: who does a piece of work says that it came to something the diagram knows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from engine.case import Case
from engine.commands.base import Decision, Held, TaskCommand, decide, go_on, hold
from engine.flow import changing, timing
from engine.flow.cancelling import SETTLED, cancel_slots
from engine.given import variables_of
from engine.refusals import Invalid, NotPlain
from engine.requests import Node, is_virtual
from forms import Message

Kind = Literal["error", "escalation"]
EVERY = "*"
"""Stands for any code, where the diagram catches every one."""
VERBS: dict[Kind, str] = {"error": "报错", "escalation": "上报"}
MOST_CODE = 200
MOST_MESSAGE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrowError(TaskCommand):
    """The work came to an error; what catches its code goes on, the task is over."""

    verb: ClassVar[str] = "error"
    code: str
    message: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """Code, message and variables."""
        found: dict[str, Any] = {"code": self.code, "variables": dict(self.variables)}
        return {**found, "comment": self.message} if self.message else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate(TaskCommand):
    """Somebody further up has to know; the task goes on unless what catches it interrupts it."""

    verb: ClassVar[str] = "escalate"
    code: str
    variables: Mapping[str, Any] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """Code and variables."""
        return {"code": self.code, "variables": dict(self.variables)}


def codes(case: Case, node: Node, kind: Kind) -> list[str]:
    """The codes that the diagram catches where this open node stands, `*` for any."""
    if is_virtual(node) or node.status != "open" or not _may_catch(case, node, kind):
        return []
    return [code or EVERY for code in case.run.catchable(node.key, kind)]


def _may_catch(case: Case, node: Node, kind: Kind) -> bool:
    """Whether anything can: most diagrams catch nothing, and tokens need not be looked at."""
    own = case.definition.events.values()
    return bool(node.definition) or any(event.kind == kind for event in own)


def throw(command: ThrowError, case: Case) -> None:
    """The node is over; its token goes on where the error is caught."""
    message = command.message[:MOST_MESSAGE]
    held, given = _checked(case, command, command.code, command.variables, "error")
    case.inputs.update({**command.kept(), "variables": given})
    before = changing.held_variables(case)
    case.say("threw", held.slot.ordinal, command.code)
    _over(case, held, command, message)
    case.run.throw_error(held.node.key, command.code, message, given)
    changing.changed_variables(case, before)
    go_on(case)


def escalate(command: Escalate, case: Case) -> None:
    """What catches it goes on; the node too, unless it was interrupted."""
    held, given = _checked(case, command, command.code, command.variables, "escalation")
    case.inputs.update({**command.kept(), "variables": given})
    before = changing.held_variables(case)
    case.say("raised", held.slot.ordinal, command.code)
    case.run.escalate(held.node.key, command.code, given)
    if all(token.key != held.node.key for token in case.run.open()):
        _over(case, held, command, "")
    changing.changed_variables(case, before)
    go_on(case)


def _checked(
    case: Case,
    command: TaskCommand,
    code: str,
    variables: Mapping[str, Any],
    kind: Kind,
) -> tuple[Held, dict[str, Any]]:
    """A piece of work that the actor holds, where the diagram catches this code."""
    held = hold(case, command, deciding=False)
    if held.words is None or held.words.approval is not None:
        raise NotPlain(verb=VERBS[kind])
    known = codes(case, held.node, kind)
    if not known:
        raise NotPlain(verb=VERBS[kind])
    if not 0 < len(code) <= MOST_CODE or (code not in known and EVERY not in known):
        named = "、".join(known)
        zh, en = f"流程在这里只处理:{named}", f"The diagram catches here: {', '.join(known)}"
        raise Invalid({"code": Message(zh, en)})
    definition = case.definition_of(held.node)
    return held, variables_of(case, definition, variables, mapped=False)


def _over(case: Case, held: Held, command: TaskCommand, comment: str) -> None:
    """The task is done by this; its siblings are not needed any more."""
    node, slot = held.node, held.slot
    said = Decision(
        actor=command.actor, request=command.request, ordinal=command.ordinal, comment=comment
    )
    decide(case, held, "completed", said)
    node.done += 1
    node.pending -= 1
    others = [s for s in case.slots_of(node.key) if s is not slot]
    cancel_slots(case, node, others, SETTLED)
    node.status, node.settled_at = "settled", case.now
    case.touch(node)
    case.remove_timers([key for key in case.open_timers() if timing.node_of(key) == node.key])
