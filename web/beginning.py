"""Processes that begin by themselves, at a time: the scheduler's part."""

import structlog

from engine.actor import Actor
from engine.commands.start import Start
from engine.diagrams.words import NodeId
from engine.flow import beginning
from engine.flow.beginning import Beginning
from engine.ids import TIMER
from engine.refusals import Refused
from storage import starts
from web.door import Door

BATCH = 50
log = structlog.get_logger("scheduler")
CLOCK = Actor(id=TIMER, via="scheduler")


def begin_due(door: Door) -> int:
    """Work out the times of what was deployed lately, and begin what is due; how many began."""
    _plan(door)
    now = door.clock()
    with door.database.write() as transaction:
        due = starts.due(transaction, now, BATCH)
    return sum(_begin(door, each) for each in due)


def _plan(door: Door) -> None:
    database = door.database
    with database.write() as transaction:
        for process in starts.unplanned(transaction, BATCH):
            latest = database.definitions.latest(transaction, process)
            times = (
                beginning.planned(latest, database.calendar, door.clock())
                if latest is not None
                else []
            )
            starts.plan(transaction, process, times)


def _begin(door: Door, each: Beginning) -> bool:
    """Begin a request, once; when the next one does is written down after it, so that nothing is
    lost in between."""
    database = door.database
    with database.unit_of_work() as work:
        latest = work.latest(each.process)
        there = work.taken(each.request)
    event = latest.process.starts.get(NodeId(each.node)) if latest is not None else None
    who = beginning.requester(event) if event is not None else None
    begun = False
    if who is not None and not there:
        command = Start(
            actor=CLOCK,
            request=each.request,
            process=each.process,
            requester=who,
            submit=True,
            by=("timer", each.node),
        )
        try:
            door.handle(command)
            begun = True
        except Refused as refused:
            why = refused.sentence("en")
            log.warning("a process did not begin by itself", process=each.process, why=why)
    then = (
        beginning.after(each, latest, database.calendar, door.clock())
        if latest is not None
        else None
    )
    with database.write() as transaction:
        starts.goes_on(transaction, each, then)
    return begun
