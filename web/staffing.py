"""Open tasks follow the organisation: when substitutes come and go, when people leave (T4, T7, P1).

What has changed is found by looking, so a sweep that was missed is made up by the next one, and
one that finds nothing writes nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from engine.actor import Actor
from engine.commands.restaff import Restaff
from engine.handle import handle_together
from engine.ids import RequestId, task_id
from engine.refusals import Refused
from storage import handing_over, journal, standing_in
from storage.handing_over import Handover
from storage.reader import Reader
from storage.transaction import Transaction
from storage.unit_of_work import DatabaseUnitOfWork
from web.door import Door
from web.naming import new_request_id
from web.once import Once

BATCH = 200
MOST_DUE = 100
log = structlog.get_logger("staffing")


def follow(door: Door, *, only: str = "") -> int:
    """Bring open tasks to what holds now, as the organisation; how many requests changed.

    `only`: the substitution that was just made or cancelled, and at most `BATCH` requests of it:
    the rest is the scheduler's.
    """
    now = door.clock()
    with door.database.read() as reader:
        due = standing_in.due(reader, now, MOST_DUE)
    changed = 0
    for each in due:
        if only and each.id != only:
            continue
        more, after = True, ""
        while more:
            with door.database.read() as reader:
                found = standing_in.held_by(reader, each.people, after=after, limit=BATCH)
            changed += sum(_restaff(door, request) for request in found)
            more = len(found) == BATCH
            after = found[-1] if found else ""
            if more and only:
                return changed
        with door.database.write() as transaction:
            standing_in.followed(transaction, each)
    return changed if only else changed + sum(_restaff(door, id) for id in _of_leavers(door))


def _of_leavers(door: Door) -> Iterator[RequestId]:
    after = ""
    while True:
        with door.database.read() as reader:
            found = standing_in.held_by_leavers(reader, after=after, limit=BATCH)
        yield from found
        if len(found) < BATCH:
            return
        after = found[-1]


def _restaff(door: Door, request: RequestId) -> bool:
    try:
        door.handle(Restaff(request=request))
    except Refused:
        return False
    except Exception:
        log.exception("a request could not follow the organisation", request=request)
        return False
    return True


def follow_at_once(door: Door, people: Sequence[str]) -> int:
    """Have open tasks follow a change that was just made (P1): those of the people that it is
    about, and of others who have left, at most `BATCH` requests of each; how many changed. The
    rest is the scheduler's."""
    with door.database.read() as reader:
        held = {id for person in people for id, _ in standing_in.held_tasks(reader, person)}
        left = standing_in.held_by_leavers(reader, limit=BATCH)
    first = sorted(held)[:BATCH]
    return sum(_restaff(door, id) for id in dict.fromkeys([*first, *left]))


def hand_over(
    door: Door,
    new: Handover,
    by: Actor,
    once: Once,
    *,
    also: Callable[[Transaction, datetime], None] = lambda transaction, at: None,
) -> Handover:
    """Everything of a leaver's passes to the named person in one act: all of it, or nothing.

    The same call again changes nothing. `also`: what is done in the same act, and when.

    Raises:
        Failed: nothing has moved. KeyReused: the key was another call's.
    """
    moved: dict[str, Any] = {"tasks": [], "substitutions": []}

    def work(uow: DatabaseUnitOfWork) -> Handover:
        transaction = uow.transaction
        standing_in.lock(transaction)
        known = once.before(uow)
        if known is not None:
            made = handing_over.one(transaction, known["id"])
            assert made is not None, "what was remembered was made with it"
            return made
        at = journal.system_time(transaction, new.made_at)
        act = replace(new, made_at=at)
        handing_over.begin(transaction, act, at)
        also(transaction, at)
        moved["substitutions"] = handing_over.move_substitutions(transaction, act, by, at, _ids())
        held = {request for request, _ in standing_in.held_tasks(transaction, new.person)}
        commands = [
            Restaff(actor=by, request=request, comment=new.comment) for request in sorted(held)
        ]

        def finish(results: Sequence[dict[str, Any]]) -> None:
            moved["tasks"] = _moved(results, new.person)
            handing_over.finish(transaction, act, moved, by, at)
            once.remember(uow, {"id": new.id}, door)

        handle_together(commands, uow, at, finish)
        return replace(act, moved=moved)

    return door.database.run(work)


def _moved(results: Sequence[dict[str, Any]], leaver: str) -> list[dict[str, str]]:
    """Which of his tasks went to whom."""
    return [
        {"task": task_id(each["id"], ordinal), "request": each["id"], "to": to}
        for each in results
        for ordinal, person, to in each["moved"]
        if person == leaver
    ]


def would_move(reader: Reader, person: str, door: Door) -> tuple[list[str], list[str]]:
    """What a handover of his would move now: the ids of tasks and of substitutions."""
    tasks = [task_id(request, n) for request, n in standing_in.held_tasks(reader, person)]
    found = [each.id for each in standing_in.in_force(reader, person, door.clock())]
    return [str(id) for id in tasks], found


def _ids() -> Iterator[str]:
    while True:
        yield str(new_request_id())
