"""Comment, copy and urge: said about a request without moving it (C1-C3)."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import Command, check_comment, sees
from engine.flow import copying
from engine.flow.ending import STATUS_ZH
from engine.ids import PersonId, RequestId
from engine.refusals import (
    NobodyToUrge,
    NotYours,
    PersonUnknown,
    RequestOver,
    Unknown,
    UrgedTooOften,
)
from engine.requests import Slot

URGE_EVERY = timedelta(hours=4)
_MENTION = re.compile(r"@([^\s@,,。;;::]{1,100})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(Command):
    """Somebody who sees a request says something about it."""

    verb: ClassVar[str] = "comment"
    request: RequestId
    comment: str

    def kept(self) -> dict[str, Any]:
        """What was said."""
        return {"comment": self.comment}


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCopy(Command):
    """Somebody who sees a request lets others read it."""

    verb: ClassVar[str] = "copy"
    request: RequestId
    to: tuple[str, ...] = field(default_factory=tuple)
    comment: str = ""

    def kept(self) -> dict[str, Any]:
        """Whom, and why."""
        return {"to": list(self.to), **({"comment": self.comment} if self.comment else {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Urge(Command):
    """The requester, or a signer who waits, urges those who hold the request."""

    verb: ClassVar[str] = "urge"
    request: RequestId
    comment: str = ""

    def kept(self) -> dict[str, Any]:
        """What was said with it."""
        return {"comment": self.comment} if self.comment else {}


def comment(command: Comment, case: Case) -> None:
    """At any time, without moving the process; the mentioned are told, if they may see it."""
    _check_sees(case)
    check_comment(command.comment)
    case.inputs.update(command.kept())
    mentioned = [
        PersonId(name)
        for name in dict.fromkeys(_MENTION.findall(command.comment))
        if case.uow.directory.person(name) is not None
        and case.uow.may_see(case.request.id, PersonId(name))
    ]
    case.notify(
        mentioned,
        "mentioned",
        f"您在“{case.label}”中被提到:{command.comment[:120]}",
        f"You were mentioned in “{case.label}”: {command.comment[:120]}",
    )


def copy(command: SendCopy, case: Case) -> None:
    """A reader sees what the sender may show, and cannot decide."""
    _check_sees(case)
    if case.request.status == "draft":
        raise RequestOver(status="draft", status_zh=STATUS_ZH["draft"])
    people = []
    for name in command.to:
        person = case.uow.directory.person(name)
        if person is None or not person.active:
            raise PersonUnknown({"to": _nobody(name)}, person=name)
        people.append(name)
    if not people:
        raise PersonUnknown({"to": _nobody("")}, person="")
    case.inputs.update(command.kept())
    copying.send_to(case, people)


def urge(command: Urge, case: Case) -> None:
    """At most one per four hours and target (C2)."""
    fresh = to_urge(case)
    case.inputs.update(command.kept())
    case.body["task_urged"] = [slot.ordinal for slot in fresh]
    for slot in fresh:
        said = f":{command.comment}" if command.comment else ""
        case.notify(
            slot.holders or slot.candidates,
            "reminder",
            f"催办:“{case.label}”等您处理{said}",
            f"Urged: “{case.label}” waits for you{said}",
            slot.id,
        )


def to_urge(case: Case) -> list[Slot]:
    """The slots whose holders the actor may urge now; raises Refused if there are none."""
    _check_sees(case)
    status = case.request.status
    if status not in ("running", "returned"):
        raise RequestOver(status=status, status_zh=STATUS_ZH.get(status, status))
    slots = case.uow.slots(case.request.id)
    pending = [slot for slot in slots if slot.status == "open"]
    waits = pending + [slot for slot in slots if slot.status == "waiting"]
    actor = case.actor.id
    if actor != case.request.requester and not any(actor in slot.holders for slot in waits):
        raise NotYours()
    targets = [slot for slot in pending if actor not in slot.holders and not slot.optional]
    if not targets:
        raise NobodyToUrge()
    urged = {
        ordinal
        for entry in case.uow.entries(case.request.id)
        if entry.body.get("verb") == "urge"
        and entry.body.get("outcome") == "done"
        and entry.at > case.now - URGE_EVERY
        for ordinal in entry.body.get("task_urged", ())
    }
    fresh = [slot for slot in targets if slot.ordinal not in urged]
    if not fresh:
        raise UrgedTooOften()
    return fresh


def _check_sees(case: Case) -> None:
    if not sees(case):
        raise Unknown()


def _nobody(name: str) -> Any:
    from forms import Message

    return Message(f"没有这个在职人员:{name}", f"There is no active person of this name: {name}")
