"""Return: back to the requester or to an earlier node, with a reason (B1-B7)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import Decision, check_comment, decide, given, go_on, hold
from engine.desk import answer, desk_of
from engine.flow import returning, windows
from engine.refusals import NotPlain, TargetNeeded, TargetNotOnPath
from engine.voting import uncount


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Decision):
    """The holder of a task sends the request back."""

    verb: ClassVar[str] = "return"
    to: str | None = None
    """`initiator` or a node's id; None where only one is possible."""

    def kept(self) -> dict[str, Any]:
        """The comment, the window and the target."""
        window = {"window": self.window} if self.window else {}
        return {"comment": self.comment, **window, **({"to": self.to} if self.to else {})}


def act(command: Return, case: Case) -> None:
    """End the node with this return; the first return of a countersign wins (B3)."""
    held = hold(case, command, deciding=True)
    if held.words is None or not held.slot.counted:
        raise NotPlain(verb="退回")  # a delegate advises, the owner decides (T3)
    possible = returning.possible(case, held.node)
    if not possible:
        raise NotPlain(verb="退回")
    check_comment(command.comment)
    target = command.to or (possible[0] if len(possible) == 1 else None)
    if target is None:
        raise TargetNeeded({"to": _choose()})
    if target not in possible:
        zh, en = f"可以退回到 {'、'.join(possible)}", f"it can go to {', '.join(possible)}"
        raise TargetNotOnPath(target=target, message=zh, message_en=en)
    desk = desk_of(case.definition_of(held.node), held.words.id)
    answers = answer(
        case,
        desk,
        command.answers,
        variables=case.run.variables(held.node.scope),
        slot=held.slot,
        require=False,
    )
    if command.window or case.taking_effect:
        returning.check_way(case, held.node, target)  # before anything has changed
    if windows.opens(case, held, command, answers, target):
        case.body["to"] = target
        return
    case.inputs.update(answers=answers, **command.kept())
    case.body["to"] = target
    decide(case, held, "returned", command)
    if desk.own:
        held.slot.answers = given(answers)
    uncount(held.node, held.slot.weight)
    held.node.verdict = "returned"
    case.say("returned", held.slot.ordinal, target)
    returning.go_back(case, held.node, target)
    go_on(case)


def _choose() -> Any:
    from forms import Message

    return Message("请选择退回到哪里。", "Please choose where it is to go back to.")
