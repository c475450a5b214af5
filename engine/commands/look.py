"""Look: an administrator reads a request's content, with a reason (K3); nothing else changes."""

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import Command, check_comment, sees
from engine.ids import RequestId
from engine.refusals import NotYours, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Look(Command):
    """An administrator says why he has to read what he may otherwise not."""

    verb: ClassVar[str] = "look"
    request: RequestId
    comment: str

    def kept(self) -> dict[str, Any]:
        """The reason."""
        return {"comment": self.comment}


def act(command: Look, case: Case) -> None:
    """Leave the entry; the caller then shows the content once."""
    if not case.actor.override:
        raise NotYours() if sees(case) else Unknown()
    check_comment(command.comment)
    case.inputs.update(command.kept())
