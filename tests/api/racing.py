"""Two operating-system processes that do something to the same request at the same moment."""

import multiprocessing
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.commands.base import Command
from engine.refusals import NotNow, Refused
from storage import Database
from web.door import Door

LONGEST = 60
"""Seconds that one waits for the other before it is a failure."""
APART = 0.004
"""Seconds by which one may be ahead of the other; a command takes about as long."""


@dataclass(frozen=True, slots=True)
class Came:
    """What one of two calls has come to."""

    done: bool
    again: bool = False
    seq: int = 0
    reason: str = ""
    not_now: bool = False


def race(
    database: Database, now: datetime, rounds: Sequence[tuple[Command, Command]]
) -> list[tuple[Came, Came]]:
    """Each pair of commands carried out at once, by two processes that meet before each."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    ends, runners = [], []
    for side in (0, 1):
        mine, theirs = context.Pipe()
        commands = [pair[side] for pair in rounds]
        where = (database.url, database.home, now, commands, barrier, side, theirs)
        runners.append(context.Process(target=_runner, args=where))
        ends.append(mine)
    for runner in runners:
        runner.start()
    came = [end.recv() for end in ends]
    for runner in runners:
        runner.join(LONGEST)
        assert runner.exitcode == 0
    return list(zip(*came, strict=True))


def _runner(
    url: str,
    home: Path,
    now: datetime,
    commands: Sequence[Command],
    barrier: Any,
    side: int,
    end: Any,
) -> None:
    database = Database(url, home)
    door = Door(database, lambda: now)
    ahead = random.Random(side)
    came = []
    for command in commands:
        barrier.wait(LONGEST)
        time.sleep(ahead.uniform(0, APART))
        came.append(_carried_out(door, command))
    end.send(came)
    database.close()


def _carried_out(door: Door, command: Command) -> Came:
    try:
        outcome = door.handle(command)
    except Refused as refused:
        return Came(done=False, reason=refused.reason, not_now=isinstance(refused, NotNow))
    return Came(done=True, again=outcome.again, seq=outcome.seq)
