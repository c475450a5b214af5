"""Withdraw: the requester takes his request back (W1)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import Command, check_comment, guard_sentence, sees
from engine.flow import ending, messages
from engine.flow.cancelling import cancel_everything
from engine.flow.returning import supersede
from engine.ids import RequestId
from engine.refusals import NotRequester, RequestOver, Unknown, WithdrawTooLate
from engine.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Command):
    """The requester withdraws his request; an administrator may, with a reason (K3)."""

    verb: ClassVar[str] = "withdraw"
    request: RequestId
    comment: str = ""

    def kept(self) -> dict[str, Any]:
        """The reason."""
        return {"comment": self.comment} if self.comment else {}


def act(command: Withdraw, case: Case) -> None:
    """What is pending is cancelled; the request can be edited and submitted again."""
    check(command, case)
    case.inputs.update(command.kept())
    cancel_everything(case, "the request was withdrawn")
    if case.flow.marking is not None or case.running:
        marking, case.flow.scopes = case.run.save()
        case.flow.aside = {"marking": marking}
        case.set_run(None)
        case.flow.marking = None
    supersede(case, None)
    case.request.status = "withdrawn"
    case.request.ended_at = case.now
    messages.tell_dependants(case, command.comment)
    people = case.facts.act(["told"], lambda: list(case.uow.involved(case.request.id)))
    case.notify(
        people,
        "ended",
        f"“{case.label}”已撤回" + (f":{command.comment}" if command.comment else ""),
        f"“{case.label}” was withdrawn" + (f": {command.comment}" if command.comment else ""),
    )


def check(command: Withdraw, case: Case) -> None:
    """Raise Refused where it can't be withdrawn by this actor now."""
    request = case.request
    if case.actor.id != request.requester and not case.actor.override:
        raise NotRequester() if sees(case) else Unknown()
    if request.status not in ("running", "returned"):
        status = ending.STATUS_ZH.get(request.status, request.status)
        raise RequestOver(status=request.status, status_zh=status)
    words = case.definition.process
    if words.withdraw == "never":
        raise WithdrawTooLate(message="流程不允许撤回", message_en="the process does not allow it")
    if words.withdraw == "until-decision" and request.decided:
        raise WithdrawTooLate(message="已有人作出决定", message_en="somebody has decided already")
    if words.withdraw_guard:
        variables = messages.root_variables(case)
        world = World(case)
        for guard in words.withdraw_guard:
            if not world.holds(guard.condition, variables):
                zh, en = guard_sentence(guard, variables, world)
                raise WithdrawTooLate(message=zh, message_en=en)
    if request.decided or case.actor.override:
        check_comment(command.comment)
