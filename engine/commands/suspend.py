"""Suspend, resume, terminate: an administrator holds a request up, lets it go on, or ends it; with
a reason, under his own name, marked as an override (K3, X6)."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import Command, check_comment, go_on, sees
from engine.flow import ending, windows
from engine.ids import RequestId
from engine.refusals import NotSuspended, NotYours, RequestOver, Suspended, Unknown
from engine.requests import Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend(Command):
    """Nothing is decided and no deadline runs until it is resumed."""

    verb: ClassVar[str] = "suspend"
    request: RequestId
    comment: str = ""

    def kept(self) -> dict[str, Any]:
        """Why."""
        return {"comment": self.comment}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    """It goes on; what was due is due later by as long as it was held up (X6)."""

    verb: ClassVar[str] = "resume"
    request: RequestId
    comment: str = ""

    def kept(self) -> dict[str, Any]:
        """Why."""
        return {"comment": self.comment}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminate(Command):
    """It ends as cancelled, whatever was open."""

    verb: ClassVar[str] = "terminate"
    request: RequestId
    comment: str = ""

    def kept(self) -> dict[str, Any]:
        """Why."""
        return {"comment": self.comment}


def suspend(command: Suspend, case: Case) -> None:
    """Timers are put away, what is open stays and waits."""
    check_may(case)
    if case.request.status == "suspended":
        raise Suspended()
    if case.request.status not in ("running", "returned"):
        raise over(case)
    check_comment(command.comment)
    case.inputs.update(command.kept())
    timers = list(case.open_timers().values())
    case.flow.paused = {
        "status": case.request.status,
        "at": case.now.isoformat(),
        "timers": [_kept(timer) for timer in timers],
    }
    case.remove_timers([timer.key for timer in timers])
    case.request.status = "suspended"
    _tell(case, "已被暂停", "is suspended", command.comment)


def resume(command: Resume, case: Case) -> None:
    """Deadlines move by as long as it was held up."""
    check_may(case)
    if case.request.status != "suspended":
        raise NotSuspended()
    check_comment(command.comment)
    case.inputs.update(command.kept())
    paused = case.flow.paused or {}
    case.flow.paused = None
    case.request.status = paused["status"]
    pause = case.now - datetime.fromisoformat(paused["at"])
    for kept in paused["timers"]:
        case.put_timer(_timer(kept, pause))
    windows.shift(case, pause)
    for node in case.open_nodes():
        if node.due is not None:
            node.due += pause
            case.touch(node)
        for slot in case.slots_of(node.key):
            if slot.due is not None and slot.status in ("open", "waiting"):
                slot.due += pause
                case.touch(slot)
    _tell(case, "已恢复", "goes on", command.comment)
    if case.flow.marking is not None:
        _ = case.run
        go_on(case)


def terminate(command: Terminate, case: Case) -> None:
    """Everything open is cancelled with the cause; those who depend on it hear of it."""
    check_may(case)
    if case.request.status not in ("running", "returned", "suspended"):
        raise over(case)
    check_comment(command.comment)
    case.inputs.update(command.kept())
    case.flow.paused = None
    case.flow.aside = None
    ending.set_aside_tokens(case)
    ending.close(case, "cancelled", "terminated")


def check_may(case: Case) -> None:
    """Only an administrator, by his right (K3)."""
    if not case.actor.override:
        raise NotYours() if sees(case) else Unknown()


def over(case: Case) -> RequestOver:
    """It is over, or not even begun."""
    status = case.request.status
    return RequestOver(status=status, status_zh=ending.STATUS_ZH.get(status, status))


def _tell(case: Case, zh: str, en: str, why: str) -> None:
    people = [case.request.requester]
    for node in case.open_nodes():
        for slot in case.slots_of(node.key):
            if slot.status == "open":
                people.extend(slot.holders)
    case.notify(people, "process", f"“{case.label}”{zh}:{why}", f"“{case.label}” {en}: {why}")


def _kept(timer: Timer) -> dict[str, Any]:
    row = asdict(timer)
    return {**row, "due": timer.due.isoformat()}


def _timer(kept: dict[str, Any], pause: timedelta) -> Timer:
    return Timer(**{**kept, "due": datetime.fromisoformat(kept["due"]) + pause})
