"""The one door: every command, from a page, the API, the command line, the scheduler or another
request's process, comes in here. Load, check, act, save, one commit."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import roles
from engine.case import Case, Cause
from engine.commands import (
    amend,
    cancel,
    deliver,
    fire,
    publish,
    restaff,
    retry,
    start,
    submit,
    suspend,
    undo,
)
from engine.commands.base import Command, TaskCommand
from engine.commands.dispatching import dispatch
from engine.facts import Facts
from engine.flow import windows
from engine.flow.failures import FAILURES, Interrupted
from engine.flow.others import Following
from engine.ids import RequestId
from engine.journal.canonical import digest
from engine.refusals import (
    Failed,
    KeyReused,
    NobodyWaits,
    NothingToMove,
    Refused,
    Unknown,
)
from engine.refused import record
from engine.requests import Flow, Request
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command has come to."""

    request: RequestId
    seq: int
    again: bool = False
    """The same call had taken effect before; nothing was done now (K1)."""
    result: Mapping[str, Any] = field(default_factory=dict)


def handle(command: Command, uow: UnitOfWork, now: datetime, *, body: str = "") -> Outcome:
    """Carry out a command and what follows from it in other requests, in one commit.

    `now` is the command's time (aware); `body` digests the call for its idempotency key.

    Raises:
        Refused: the command is not allowed, not now, or not valid; nothing was written.
    """
    if command.key is not None:
        body = body or _digest(command)
        known = uow.answered(command.actor.id, command.key)
        if known is not None:
            if known[0] != body:
                raise KeyReused()
            first = known[1]
            return Outcome(request=first["request"], seq=first["seq"], again=True, result=first)
    roles.check(command, uow)
    after = Following()
    try:
        result = _carried_out(command, uow, now, after)
        _follow(after, uow, now)
    except (*FAILURES, Interrupted) as failure:
        raise Failed(message=str(failure)) from failure
    outcome = Outcome(request=result["id"], seq=result["seq"], result=result)
    if command.key is not None:
        stored = {"request": outcome.request, "seq": outcome.seq}
        stored |= {name: result[name] for name in ("requests", "started") if name in result}
        uow.remember(command.actor.id, command.key, body, stored, now)
    uow.commit()
    return outcome


def handle_together(
    commands: Sequence[Command],
    uow: UnitOfWork,
    now: datetime,
    finish: Callable[[Sequence[dict[str, Any]]], None],
) -> None:
    """Carry out commands on several requests and what follows, in one commit: all, or nothing.
    Where nothing is to be moved, nothing is. `finish` gets the results before the commit.

    Raises:
        Refused: nothing was written.
    """
    after = Following()
    results = []
    try:
        for command in commands:
            try:
                results.append(carry_out(command, uow, now, None, after))
            except NothingToMove:
                continue
        _follow(after, uow, now)
    except (*FAILURES, Interrupted) as failure:
        raise Failed(message=str(failure)) from failure
    finish(results)
    uow.commit()


def _carried_out(
    command: Command, uow: UnitOfWork, now: datetime, after: Following
) -> dict[str, Any]:
    """One command; or those that a message or signal from outside comes to."""
    if isinstance(command, publish.Publish):
        return _all(publish.published(command, uow), command.message, uow, now, after)
    if isinstance(command, publish.Broadcast):
        return _all(publish.broadcast(command, uow), "", uow, now, after)
    return carry_out(command, uow, now, None, after)


def _all(
    commands: Sequence[Command], name: str, uow: UnitOfWork, now: datetime, after: Following
) -> dict[str, Any]:
    """Each of them in turn; `name`: of a message, which has to arrive."""
    results = [(each, carry_out(each, uow, now, None, after)) for each in commands]
    taken = [(each, result) for each, result in results if result.get("caught", True)]
    if name and not taken:
        raise NobodyWaits(name=name)
    first = taken[0][1] if taken else {"id": RequestId(""), "seq": 0}
    return {
        "id": first["id"],
        "seq": first["seq"],
        "requests": [r["id"] for each, r in taken if not isinstance(each, start.Start)],
        "started": [r["id"] for each, r in taken if isinstance(each, start.Start)],
    }


def carry_out(
    command: Command,
    uow: UnitOfWork,
    now: datetime,
    cause: Cause | None,
    after: Following,
    facts: Facts | None = None,
    make: Callable[..., Case] = Case,
) -> dict[str, Any]:
    """Carry out one command on its request, without committing. `make`: what makes its case, where
    it is only tried out.

    Raises:
        Refused: nothing was written; so it is where a new request is none.
    """
    facts = facts or Facts()
    case = _open(command, uow, now, cause, facts, make)
    if case.request.undoable and not facts.replaying:
        if isinstance(command, suspend.Terminate):
            pass  # whatever may be wrong with a decision, a request can be ended
        elif seq := _take_effect(case.request, uow, now, after, make):
            if isinstance(command, fire.FireTimer) and command.timer == windows.TIMER:
                return {"id": case.request.id, "seq": seq, "number": case.request.number}
            case = _open(command, uow, now, cause, facts, make)
    case.after = after
    try:
        returned = dispatch(command, case)
    except FAILURES as failure:
        if case.fresh:
            raise Failed(message=str(failure)) from failure
        raise
    if isinstance(command, amend.Amend) and returned is not None:
        return {
            "id": case.request.id,
            "seq": case.request.seq,
            "amended": False,
            "current": returned,
        }
    if isinstance(command, cancel.Cancel) and returned is not None:
        return {"id": case.request.id, "seq": case.request.seq, "status": returned}
    if isinstance(command, deliver.Deliver) and not returned:
        return {"id": case.request.id, "seq": case.request.seq, "caught": False}
    seq = case.save()
    if case.request.undoable and not facts.replaying:
        _take_effect(case.request, uow, now, after, make)
    return {
        "id": case.request.id,
        "seq": seq,
        "number": case.request.number,
        "amended": True,
        **({"resolved": returned} if isinstance(command, retry.Retry) else {}),
        **({"moved": returned} if isinstance(command, restaff.Restaff) else {}),
    }


def _take_effect(
    request: Request, uow: UnitOfWork, now: datetime, after: Following, make: Callable[..., Case]
) -> int:
    """Recorded decisions whose windows are over take effect, each in a command of its own, in the
    order of recording (U); the number of the last one's entry, 0 if there is none."""
    seq = 0
    while (ordinal := windows.due(request, now)) is not None:
        slot = uow.slot(request.id, ordinal)
        assert slot is not None
        command = undo.effect_of(slot)
        case = _open(command, uow, now, None, Facts(), make)
        case.after = after
        dispatch(command, case)
        seq = case.save()
        request = case.request
    return seq


def _follow(after: Following, uow: UnitOfWork, now: datetime) -> None:
    """Carry out what was queued for other requests, and what that queues."""
    while after.waiting:
        command, cause = after.waiting.popleft()
        carry_out(command, uow, now, cause, after)


def _open(
    command: Command,
    uow: UnitOfWork,
    now: datetime,
    cause: Cause | None,
    facts: Facts,
    make: Callable[..., Case],
) -> Case:
    """Load the request under its lock, or make a new one."""
    new = isinstance(command, submit.Submit | submit.SaveDraft | start.Start)
    request = uow.request(command.chain) if command.chain is not None else None
    made = False
    if request is None:
        if not new:
            raise Unknown()
        request, made = _new(command, uow, now, cause, facts), True
    case = make(
        uow=uow,
        facts=facts,
        now=_not_before(request, now),
        actor=command.actor,
        request=request,
        definition=uow.definition(request.definition),
        verb=command.verb,
        cause=cause,
    )
    if made:
        case.fresh = True
        case._flow = Flow()
    elif isinstance(command, submit.Submit | submit.SaveDraft) and request.status == "draft":
        _latest(command, case)
    return case


def _not_before(request: Request, now: datetime) -> datetime:
    """The time of a command, however the clocks of two machines stand: never before the request's
    last entry (H1), and the one that its entry says, since a replay has no other."""
    return now if request.last_at is None else max(now, request.last_at)


def _new(
    command: Any, uow: UnitOfWork, now: datetime, cause: Cause | None, facts: Facts
) -> Request:
    requester = command.requester if isinstance(command, start.Start) else command.actor.id
    definition = command.definition
    if definition is None:
        latest = uow.latest(command.process)
        if latest is None:
            raise Unknown()
        definition = latest.digest
    loaded = uow.definition(definition)
    id = command.request
    if id is None:
        assert cause is not None
        id = start.new_id(cause, command.number_in_cause)

    def department() -> str:
        person = uow.directory.person(requester)
        return person.department if person is not None else ""

    return Request(
        id=id,
        process=loaded.key,
        definition=definition,
        requester=requester,
        department=facts.ask(["department of", requester], department),
        created_at=now,
        title=loaded.name,
        rounds_allowed=loaded.process.rounds_max,
    )


def _latest(command: Any, case: Case) -> None:
    """A draft starts with the version that is deployed when it is submitted."""
    if command.definition is not None:
        digest_now = command.definition
    else:
        latest = case.uow.latest(case.request.process)
        digest_now = latest.digest if latest is not None else case.request.definition
    if digest_now != case.request.definition:
        case.request.definition = digest_now
        case.definition = case.uow.definition(digest_now)


def refuse(command: Command, refused: Refused, uow: UnitOfWork, now: datetime) -> None:
    """Record a refused attempt, in a transaction of its own after the roll-back (R2)."""
    if record(command, refused, uow, now):
        uow.commit()


_ASKED = (
    "answers", "comment", "to", "process", "message", "signal", "correlation", "variables", "code",
    "incident",
)  # fmt: skip
"""What of a call its digest is made of."""


def _digest(command: Command) -> str:
    """What a call asks for, for its idempotency key."""
    parts: dict[str, Any] = {"verb": command.verb, "on": str(command.chain or "")}
    if isinstance(command, TaskCommand):
        parts["task"] = command.ordinal
    for name in _ASKED:
        value = getattr(command, name, None)
        if value is None and name not in ("answers", "comment", "to", "process"):
            continue
        parts[name] = (
            list(value)
            if isinstance(value, tuple)
            else (dict(value) if isinstance(value, Mapping) else value)
        )
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return digest(text.encode("utf-8", "surrogatepass")).hex()
