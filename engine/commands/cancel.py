"""Cancel: a request that has ended is taken out of force by another one, itself approved (W1)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import Command
from engine.flow import ending, messages
from engine.ids import RequestId
from engine.refusals import NotRequester

STATUSES = ("cancelled", "void")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Command):
    """An ended request is cancelled or void from now on."""

    verb: ClassVar[str] = "cancel"
    request: RequestId
    status: str = "cancelled"
    """`cancelled` or `void`."""
    because: str = ""
    cited: str = ""
    """The number of the request that cancels it."""

    def kept(self) -> dict[str, Any]:
        """The status, the reason, and the number that is cited."""
        return {"status": self.status, "comment": self.because, "cited": self.cited}


def act(command: Cancel, case: Case) -> str | None:
    """It keeps its outcome and its history; those who depend on it hear of it.

    Returns:
        None if it is cancelled now, otherwise the status that it has: it has not ended, or is
        cancelled or void already, and nothing is changed.

    Raises:
        NotRequester: no other request's process has asked for it.
    """
    if case.cause is None or case.cause.request == case.request.id:
        raise NotRequester()
    request = case.request
    if request.status != "completed":
        return request.status
    case.inputs.update(command.kept())
    request.status = command.status  # type: ignore[assignment]
    case.say("revoked", command.status, command.cited)
    people = case.facts.act(["told"], lambda: list(case.uow.involved(request.id)))
    zh, because = ending.STATUS_ZH[command.status], command.because
    case.notify(
        [request.requester, *people],
        "ended",
        f"“{case.label}”已{zh}({command.cited or '另一申请'})" + (f":{because}" if because else ""),
        f"“{case.label}” is {command.status} by {command.cited or 'another request'}"
        + (f": {because}" if because else ""),
    )
    messages.tell_dependants(case, because)
    return None
