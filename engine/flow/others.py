"""What a request does to another one now, within its own command; what fails in it is told."""

from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.actor import Cause
from engine.flow.failures import FAILURES, ActionFailed, Interrupted
from engine.refusals import Refused

if TYPE_CHECKING:
    from engine.case import Case


MOST_FOLLOWING = 600
"""The most commands that one command may bring about in other requests."""
MOST_DEEP = 20
"""So many requests may start or change one another within one another."""


@dataclass(slots=True)
class Following:
    """Commands for other requests that wait for their turn in the same commit, each with its
    cause; how many there have been, and how deep those that are not put off lie now."""

    waiting: deque[tuple[Any, Cause]] = field(default_factory=deque)
    count: int = 0
    depth: int = 0

    @property
    def is_full(self) -> bool:
        """Whether nothing more may be brought about."""
        return self.count >= MOST_FOLLOWING

    def put(self, command: Any, cause: Cause) -> None:
        """One more, after the others."""
        self.count += 1
        self.waiting.append((command, cause))


def do(case: "Case", question: list[Any], command: Any) -> dict[str, Any]:
    """Carry out a command on another request. What came of it is a fact, for a replay to find in
    the record; also that it could not be.

    Raises:
        ActionFailed: it was refused, why in words; nothing of it has happened.
        Interrupted: it failed half-way; nothing of the whole command may be kept.
    """
    result: dict[str, Any] = case.facts.act(question, partial(_carried_out, case, command))
    case.facts.forget("linked", "request")
    if "failed" in result:
        raise ActionFailed(str(result["failed"]))
    return result


def _carried_out(case: "Case", command: Any) -> dict[str, Any]:
    from engine.handle import carry_out

    cause, after = Cause(request=case.request.id, seq=case.request.seq + 1), case.after
    if after.is_full or after.depth >= MOST_DEEP:
        return {"failed": "requests keep starting or changing one another"}
    after.count += 1
    after.depth += 1
    try:
        return carry_out(command, case.uow, case.now, cause, after)
    except Refused as refused:
        return {"failed": _sentence(refused)}
    except FAILURES as failure:
        raise Interrupted(str(failure)) from failure
    finally:
        after.depth -= 1


def _sentence(refused: Refused) -> str:
    """A refusal, and what it says of each field."""
    fields = [f"{name}: {said.said('en')}" for name, said in getattr(refused, "errors", {}).items()]
    return "; ".join([refused.sentence("en"), *fields])
