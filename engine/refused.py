"""The entry of a refused attempt: it names who tried what and why not, and changes nothing."""

from datetime import datetime
from typing import Any

from engine.commands.base import Command
from engine.ids import task_id
from engine.journal import Entry
from engine.refusals import Failed, NotNow, NotYours, Refused
from engine.requests import Request
from engine.unit_of_work import Notice, UnitOfWork


def record(command: Command, refused: Refused, uow: UnitOfWork, now: datetime) -> bool:
    """Write down a refused attempt (R2); whether anything was written.

    Recorded are "not yours" and "not now" on things that exist, at most one entry a minute per
    person, task and reason, with a count of those that were not recorded.
    """
    if not isinstance(refused, NotYours | NotNow) or command.chain is None:
        return False
    what = f"refused {command.verb} {getattr(command, 'ordinal', '')} {refused.reason}"
    key = f"{command.chain} {what}"
    known = uow.answered(command.actor.id, key)
    count = 1
    if known is not None:
        since = datetime.fromisoformat(known[1]["at"])
        count = int(known[1]["count"]) + 1
        if (now - since).total_seconds() < 60:
            uow.remember(command.actor.id, key, "", {"at": known[1]["at"], "count": count}, now)
            return True
    request = uow.request(command.chain)
    if request is None:
        return False
    _write(command, refused, request, uow, now, count)
    uow.remember(command.actor.id, key, "", {"at": now.isoformat(), "count": 0}, now)
    return True


def _write(
    command: Command,
    refused: Refused,
    request: Request,
    uow: UnitOfWork,
    now: datetime,
    count: int,
) -> None:
    """Append the entry; the request's version stays as it is (R2)."""
    request.seq += 1
    at = now if request.last_at is None else max(now, request.last_at)
    request.last_at = at
    body: dict[str, Any] = {
        "verb": command.verb,
        "outcome": "failed" if isinstance(refused, Failed) else "refused",
        "actor": command.actor.id,
        "via": command.actor.via,
        "process": request.definition[:16],
        "refusal": refused.reason,
    }
    if count > 1:
        body["count"] = count
    ordinal = getattr(command, "ordinal", None)
    slot = uow.slot(request.id, ordinal) if isinstance(ordinal, int) else None
    if slot is not None:
        body.update(
            task=task_id(request.id, slot.ordinal),
            node=slot.node,
            round=slot.round,
            **{"pass": slot.pass_},
        )
    particulars = {"refusal.zh": refused.sentence("zh"), "refusal.en": refused.sentence("en")}
    if command.actor.name:
        particulars["actor.name"] = command.actor.name
    entry = Entry(chain=request.id, seq=request.seq, at=at, body=body, particulars=particulars)
    request.head = uow.append(entry, request.head)
    uow.save_request(request)
    if isinstance(refused, Failed):
        tell(request, (refused.sentence("zh"), refused.sentence("en")), uow, now)


def tell(request: Request, said: tuple[str, str], uow: UnitOfWork, now: datetime) -> None:
    """Administrators hear that a request can't go on (also when it is rebuilt)."""
    for person in uow.directory.administrators():
        uow.notify(
            Notice(
                person=person,
                kind="administrator",
                request=request.id,
                task=None,
                text=f"“{request.number or ''} {request.title}”无法继续:{said[0]}",
                text_en=f"“{request.number or ''} {request.title}” can't go on: {said[1]}",
                at=now,
            )
        )
