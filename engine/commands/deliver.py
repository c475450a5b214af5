"""Deliver: a message or signal arrives, from another request or from outside (docs/coupling.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import Command, go_on
from engine.flow import receiving
from engine.flow.cancelling import cancel_everything
from engine.flow.receiving import Kind
from engine.given import variables_of
from engine.ids import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver(Command):
    """A message with its payload, for one request."""

    verb: ClassVar[str] = "message"
    kind: ClassVar[Kind] = "message"
    request: RequestId
    message: str
    """Its name."""
    payload: Mapping[str, Any] = field(default_factory=dict)
    keys: tuple[str, ...] | None = None
    """The tokens that it is for; None: every one that waits for it."""
    raw: bool = False
    """It comes from outside, with variables that were checked: where the catching event has no
    outputs, they are written as they are."""

    def kept(self) -> dict[str, Any]:
        """The payload, and for whom; the name stands in the body."""
        found: dict[str, Any] = {"payload": dict(self.payload)}
        if self.keys is not None:
            found["keys"] = list(self.keys)
        if self.raw:
            found["raw"] = True
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(Deliver):
    """A signal with its payload, as one request hears it."""

    verb: ClassVar[str] = "signal"
    kind: ClassVar[Kind] = "signal"


def act(command: Deliver, case: Case) -> bool:
    """Hand it to whatever waits for it; False if nothing does, then no entry is left.

    While the request is returned to its requester its tokens are set aside; what one of them waits
    for takes them up again, and the requester's desk closes.
    """
    flow, status = case.flow, case.request.status
    if status not in ("running", "returned", "suspended"):
        return False
    meant = [key for key, row in flow.waits.items() if _fits(command, key, row)]
    if not meant:
        return False
    if status == "returned":
        assert flow.aside is not None
        marking = flow.aside["marking"]
        cancel_everything(case, f"{command.kind} {command.message}")
        flow.marking, flow.aside = marking, None
        case.request.status = "running"
    _check(command, case, meant)
    case.inputs.update(command.kept())
    case.body["message"] = command.message
    tokens = receiving.deliver(
        case, command.kind, command.message, command.payload, keys=command.keys, raw=command.raw
    )
    go_on(case)
    return bool(tokens)


def _check(command: Deliver, case: Case, meant: list[str]) -> None:
    """What comes from outside has ordinary names, and sets no verdict."""
    if command.raw and not case.facts.replaying:
        for token in receiving.waits_of(case):
            if token.key in meant:
                mapped = bool(receiving.event_of(case, token).outputs)
                variables_of(case, case.definition_of(token), command.payload, mapped=mapped)


def _fits(command: Deliver, key: str, row: list[str]) -> bool:
    meant = command.keys is None or key in command.keys
    return meant and (row[0], row[1]) == (command.kind, command.message)
