"""What a worker says came of an external task: done, failed, or an error of the diagram's.

Fetching one and keeping it locked are the work of the moment, and no commands (storage.fetching).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import Command, check_running, go_on
from engine.flow import external
from engine.flow.changing import changed_variables, held_variables
from engine.given import variables_of
from engine.ids import RequestId
from engine.people.workers import works_for
from engine.refusals import Changed, LockLost, NotWorker, Unknown
from engine.requests import External
from engine.tokens import Open

MOST_DETAILS = 4_000
"""So many characters of a failure's details are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalCommand(Command):
    """Something that a worker says of an external task that he has locked."""

    request: RequestId
    task: str
    """The part of the task's id after the request's."""
    worker: str
    """The name under which it was fetched."""
    version: str | None = None
    """As it was handed out; None: whichever of that worker's it is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteExternal(ExternalCommand):
    """The work is done; the diagram's outputs are made of the variables."""

    verb: ClassVar[str] = "external-complete"
    variables: Mapping[str, Any] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """The variables."""
        return {"variables": dict(self.variables)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FailExternal(ExternalCommand):
    """The work could not be done; it is handed out again, while attempts are left."""

    verb: ClassVar[str] = "external-fail"
    message: str
    details: str = ""
    retries: int | None = None
    """How many attempts are left; None: one less than before."""
    retry_after: int = 0
    """Seconds until it is handed out again."""

    def kept(self) -> dict[str, Any]:
        """What the worker said, cut to what is kept."""
        found: dict[str, Any] = {"comment": self.message[: external.MOST_ERROR]}
        if self.details:
            found["details"] = self.details[:MOST_DETAILS]
        if self.retries is not None:
            found["retries"] = self.retries
        if self.retry_after:
            found["retry_after"] = self.retry_after
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrowExternal(ExternalCommand):
    """The work came to an error that the diagram knows: it is thrown where the token stands."""

    verb: ClassVar[str] = "external-error"
    code: str
    message: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """Code, message and variables."""
        found: dict[str, Any] = {"code": self.code, "variables": dict(self.variables)}
        if self.message:
            found["comment"] = self.message[: external.MOST_ERROR]
        return found


def complete(command: CompleteExternal, case: Case) -> None:
    """Take over what the worker gives; the process goes on."""
    row = _held(command, case)
    mapped = bool(external.words_of(case, row).outputs)
    given = variables_of(case, case.definition_of(row), command.variables, mapped=mapped)
    case.inputs.update({**command.kept(), "variables": given})
    case.say("worked", row.key, command.worker)
    external.finish(case, _token(case, row), row, given)
    go_on(case)


def fail(command: FailExternal, case: Case) -> None:
    """One attempt less; when none is left, administrators are told and can have it tried again."""
    row = _held(command, case)
    case.inputs.update(command.kept())
    if command.retries is not None:
        left = command.retries
    elif row.retries is None:
        left = external.attempts(external.words_of(case, row)) - 1
    else:
        left = row.retries - 1
    row.retries = max(0, left)
    row.error = command.message[: external.MOST_ERROR]
    case.say("unworked", row.key, row.retries)
    if row.retries == 0:
        row.not_before = None
        external.give_up(case, row, row.error)
        go_on(case)
        return
    wait = timedelta(seconds=command.retry_after)
    row.not_before = case.now + wait if wait else None
    case.put_external(row)


def throw(command: ThrowExternal, case: Case) -> None:
    """Whatever catches the error's code, nearest first, goes on; nothing does: an incident."""
    row = _held(command, case)
    given = variables_of(case, case.definition_of(row), command.variables, mapped=False)
    case.inputs.update({**command.kept(), "variables": given})
    before = held_variables(case)
    message = command.message[: external.MOST_ERROR]
    caught = case.run.throw_error(row.key, command.code, message, given)
    case.say("threw", row.key, command.code, caught)
    if not caught:
        row.retries, row.error = 0, message or command.code
        case.put_external(row)
    changed_variables(case, before)
    go_on(case)


def _held(command: ExternalCommand, case: Case) -> External:
    """Check, in this order: it is there, yours, now, locked by this worker, as it was fetched."""
    row = case.uow.external(command.request, command.task)
    if row is None:
        raise Unknown()
    case.open_externals()[row.key] = row
    case.body.update(external=row.id, node=row.node, topic=row.topic, worker=command.worker)
    if row.definition:
        case.body["called"] = row.definition[:16]
    check_worker(case, row.topic)
    check_running(case)
    question = ["lock", row.id]
    lock = case.facts.ask(question, lambda: list(case.uow.external_lock(row.request, row.task)))
    check_lock(row, command.worker, command.version, (lock[0], lock[1]))
    return row


def check_worker(case: Case, topic: str) -> None:
    """Refuse who does not work for a topic."""
    actor = case.actor.id

    def live() -> bool:
        return works_for(case.uow.directory.person(actor), topic)

    if not case.facts.ask(["works", actor, topic], live):
        raise NotWorker(topic=topic)


def check_lock(row: External, worker: str, version: str | None, lock: tuple[str, int]) -> None:
    """Refuse a worker who never had the task, or has lost it to another.

    A lock that has run out is still his until somebody else fetches the task: work that was done
    is not thrown away.
    """
    holder, handed = lock
    if row.retries == 0:
        zh, en = "它正等待管理员处理", "it waits for an administrator"
    elif not holder:
        zh, en = "它未被领取,或者已归还", "nobody has fetched it, or it was given back"
    else:
        zh, en = f"已由 {holder} 领取", f"{holder} has fetched it"
    if holder != worker or row.retries == 0:
        raise LockLost(worker=worker, message=zh, message_en=en)
    if version is not None and version != str(handed):
        raise Changed(version=str(handed), changed=[])


def _token(case: Case, row: External) -> Open:
    found = next((token for token in case.run.open() if token.key == row.key), None)
    assert found is not None, f"no token at {row.key}"
    return found
