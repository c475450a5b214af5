"""The scheduler: a process of its own, in which APScheduler is the heartbeat that asks what is due.

Any number of these may run: a timer is fired by a command that finds it still armed under the
request's lock, so it fires once (X3).
"""

import signal
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from engine.ids import TIMER
from storage import Database, finding, journal, time_spent
from storage.following import Take
from storage.keys import Keys
from storage.sweeping import sweep
from web import calling
from web.beginning import begin_due
from web.door import Door, wall_clock
from web.posting import Send, post
from web.sealing import Sealing
from web.staffing import follow
from web.witnessing import Witness

EVERY_SECONDS = 2
SEAL_SECONDS = 3
"""A request's end is under a signed head within five seconds."""
WITNESS_SECONDS = 20
POST_SECONDS = 10
SWEEP_MINUTES = 30
FOLLOW_SECONDS = 10
"""How soon open tasks follow a change of the organisation (P1 allows five minutes)."""
BATCH = 200
FOLLOWERS: list[tuple[str, Take]] = [(finding.NAME, finding.take)]
"""What reads entries in sealed order, by name (storage.following): each part adds its own here."""
log = structlog.get_logger("scheduler")


def followers(database: Database) -> list[tuple[str, Take]]:
    """What follows the sealed order of this database."""
    return [*FOLLOWERS, (time_spent.NAME, time_spent.take_into(database))]


def fire_everything(database: Database, *, as_of: datetime | None = None) -> int:
    """Fire all that is due, batch by batch, in order of due time; how many fired."""
    now = as_of or wall_clock()
    if as_of is not None:
        with database.write() as transaction:
            journal.record(
                transaction,
                at=wall_clock(),
                body={
                    "verb": "scheduler",
                    "outcome": "done",
                    "actor": TIMER,
                    "via": "command line",
                    "as_of": as_of.isoformat(),
                },
                particulars={},
            )
    door = Door(database, lambda: now)
    fired = 0
    while count := door.fire_due(limit=BATCH, until=now) + begin_due(door):
        fired += count
    if as_of is not None:
        follow(door)
    return fired


def run_scheduler(
    database: Database,
    send: Send | None = None,
    *,
    keys: Keys | None = None,
    witnesses: Sequence[tuple[str, Witness]] = (),
) -> None:
    """Ask every two seconds until told to stop; entries are sealed (with a key at hand), notices
    and heads leave, and what is old is swept out."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    heart = BackgroundScheduler(timezone="UTC")
    heart.add_job(
        _beat,
        "interval",
        seconds=EVERY_SECONDS,
        args=(database,),
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
        next_run_time=wall_clock(),
    )
    heart.add_job(
        _follow,
        "interval",
        seconds=FOLLOW_SECONDS,
        args=(database,),
        coalesce=True,
        next_run_time=wall_clock(),
    )
    if keys is not None:
        sealing = Sealing(database, keys, followers=followers(database))
        for job in (sealing.seal, sealing.follow):
            heart.add_job(
                job,
                "interval",
                seconds=SEAL_SECONDS,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
                next_run_time=wall_clock(),
            )
    for called, witness in witnesses:
        heart.add_job(
            _witness, "interval", seconds=WITNESS_SECONDS, args=(witness,), id=called, coalesce=True
        )
    heart.add_job(_post, "interval", seconds=POST_SECONDS, args=(database, send), coalesce=True)
    heart.add_job(_sweep, "interval", minutes=SWEEP_MINUTES, args=(database,), coalesce=True)
    heart.start()
    stop.wait()
    heart.shutdown(wait=True)
    database.close()


def _witness(witness: Witness) -> None:
    try:
        witness(wall_clock())
    except Exception:
        log.exception("a head could not be sent; it is tried again")


def _post(database: Database, send: Send | None) -> None:
    try:
        post(database, wall_clock(), send)
    except Exception:
        log.exception("notices could not be sent; they are tried again")
    try:
        calling.post(database, wall_clock())
    except Exception:
        log.exception("calls could not be made; they are tried again")


def _follow(database: Database) -> None:
    try:
        changed = follow(Door(database))
    except Exception:
        log.exception("open tasks could not follow the organisation; it is tried again")
        return
    if changed:
        log.info("open tasks followed the organisation", requests=changed)


def _sweep(database: Database) -> None:
    try:
        sweep(database, wall_clock())
    except Exception:
        log.exception("sweeping failed; it is tried again")


def _beat(database: Database) -> Any:
    try:
        fired = fire_everything(database)
    except Exception:
        log.exception("the heartbeat failed; it beats on")
        return
    if fired:
        log.info("timers fired", count=fired)
