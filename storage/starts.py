"""What starts the latest version of a process beside people: messages and signals, by name, and
times (engine.flow.beginning)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from engine.flow.beginning import Beginning
from storage.moments import micros, moment
from storage.transaction import Transaction

_FORGET = "DELETE FROM starts WHERE process = ?"
_ADD = "INSERT INTO starts (process, kind, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_UNPLAN = "DELETE FROM beginnings WHERE process = ?"
_PLAN = "INSERT INTO beginnings (process, node, due, remaining, every) VALUES (?, ?, ?, ?, ?)"
_UNPLANNED = "SELECT process FROM beginnings WHERE due = 0 ORDER BY process LIMIT ?"
_DUE = (
    "SELECT process, node, due, remaining, every FROM beginnings WHERE due <= ? AND due > 0"
    " ORDER BY due, process, node LIMIT ?"
)
_OVER = "DELETE FROM beginnings WHERE process = ? AND node = ? AND due = ?"


def keep_starts(transaction: Transaction, process: str, starts: Iterable[tuple[str, str]]) -> None:
    """Keep (kind, name) of the start events of a version that now is the latest. Its times are
    worked out by the scheduler."""
    transaction.execute(_FORGET, (process,))
    transaction.execute(_UNPLAN, (process,))
    found = list(starts)
    rows = [(process, kind, name) for kind, name in found if kind in ("message", "signal")]
    if rows:
        transaction.many(_ADD, rows)
    if any(kind == "timer" for kind, _ in found):
        transaction.execute(_PLAN, (process, "", 0, 0, ""))


def unplanned(transaction: Transaction, limit: int) -> list[str]:
    """Processes whose times have yet to be worked out."""
    return [row[0] for row in transaction.all(_UNPLANNED, (limit,))]


def plan(transaction: Transaction, process: str, beginnings: Sequence[Beginning]) -> None:
    """These are its times."""
    transaction.execute(_UNPLAN, (process,))
    if beginnings:
        transaction.many(
            _PLAN, [(b.process, b.node, micros(b.due), b.left, b.every) for b in beginnings]
        )


def due(transaction: Transaction, now: datetime, limit: int) -> list[Beginning]:
    """What begins by now, in order of time."""
    return [
        Beginning(process=process, node=node, due=moment(at), left=left, every=every)
        for process, node, at, left, every in transaction.all(_DUE, (micros(now), limit))
    ]


def goes_on(transaction: Transaction, begun: Beginning, then: Beginning | None) -> None:
    """One has begun: when it does so the next time, if it does."""
    transaction.execute(_OVER, (begun.process, begun.node, micros(begun.due)))
    if then is not None:
        row = (then.process, then.node, micros(then.due), then.left, then.every)
        transaction.execute(_PLAN + " ON CONFLICT DO NOTHING", row)
