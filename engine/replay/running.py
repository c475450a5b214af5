"""Replay: the recorded commands run again, and what follows is compared, entry by entry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.calendars import WorkCalendar
from engine.diagrams.definition import Definition, Undeployable
from engine.facts import Facts, Unrecorded
from engine.flow.failures import FAILURES
from engine.flow.others import Following
from engine.handle import carry_out
from engine.journal import Entry
from engine.journal.entry import ANSWERS, ERASED
from engine.refusals import Refused
from engine.replay.memory import MemoryUnitOfWork
from engine.replay.restore import Unreadable, cause_of, restore
from engine.unit_of_work import UnitOfWork

Definitions = Callable[[str], Definition]
"""A definition by (the beginning of) its digest."""


CONSEQUENCES = frozenset({"did", "reached", "undone", "shown"})
"""What stands in entries of commands that took effect, and in no others."""


BROKEN = (
    LookupError,
    AssertionError,
    AttributeError,
    TypeError,
    ValueError,
    RecursionError,
    Undeployable,
)
"""What entries and versions that were altered can make the engine stumble over: a difference too,
so that the other chains are still looked at."""


GONE = {ERASED: True}
"""What stands where the law had a value erased: there is nothing left to compare it with."""


OVER_VALUES = frozenset({"state", "shown"})
"""Digests over the values that a request has, or that somebody was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first entry that does not follow from those before it."""

    chain: str
    seq: int
    what: str
    recorded: Any = None
    replayed: Any = None
    erased: bool = False
    """Something of this entry or of one before it was erased: from here on there is nothing to
    compare with, which says nothing against the record."""

    def __str__(self) -> str:
        if self.erased:
            return f"entry {self.seq} of {self.chain}: compared up to here; what follows was erased"
        return (
            f"entry {self.seq} of {self.chain}: {self.what}: "
            f"recorded {self.recorded!r}, replayed {self.replayed!r}"
        )


def apply(entry: Entry, uow: UnitOfWork, definitions: Definitions) -> None:
    """Run an entry's command again on a unit of work, with the recorded facts.

    Raises:
        Unreadable, Unrecorded, Refused: it does not run as it did.
    """
    definition = definitions(entry.body["process"])
    command = restore(entry, definition.digest, definition.key)
    facts = Facts(entry.particulars.get("facts") or ())
    carry_out(command, uow, entry.at, cause_of(entry), Following(), facts)


def replay(
    entries: Sequence[Entry], definitions: Definitions, calendar: WorkCalendar
) -> Difference | None:
    """The first difference between a chain and what its commands do now; None: equal throughout."""
    uow, lost = MemoryUnitOfWork(definitions, calendar), False
    for number, entry in enumerate(entries, 1):
        lost = lost or bool(erased_of(entry))
        difference = ran(entry, number, uow, definitions, lost=lost)
        if difference is not None:
            return replace(difference, erased=lost)
    return None


def erased_of(entry: Entry) -> tuple[str, ...]:
    """The paths of what the law had erased of an entry, answers each by their own."""
    found = [path for path, value in entry.particulars.items() if value == GONE]
    answers = entry.particulars.get(ANSWERS)
    if isinstance(answers, Mapping) and answers != GONE:
        found.extend(f"{ANSWERS}.{name}" for name, value in answers.items() if value == GONE)
    return tuple(sorted(found))


def ran(
    entry: Entry,
    number: int,
    uow: MemoryUnitOfWork,
    definitions: Definitions,
    *,
    lost: bool = False,
) -> Difference | None:
    """Run the entry that should be the n-th of its chain on what those before it have left; the
    first thing in which it differs from what its command does now. `lost`: something of the chain
    was erased, so that variables may hold a tombstone and their digest says nothing any more."""
    if entry.seq != number:
        return _different(entry, "its number", entry.seq, number)
    if entry.body.get("outcome") != "done":
        if "refusal" not in entry.body or not CONSEQUENCES.isdisjoint(entry.body):
            return _different(entry, "outcome", entry.body.get("outcome"), "done")
        uow.skip(entry)
        return None
    try:
        apply(entry, uow, definitions)
    except Unrecorded as error:
        return _different(entry, "the engine asked something else", None, str(error))
    except Unreadable as error:
        return _different(entry, "the entry can't be run again", None, str(error))
    except Refused as error:
        return _different(entry, "the command is refused", "done", error.sentence("en"))
    except FAILURES as error:
        return _different(entry, "the command fails", "done", str(error))
    except BROKEN as error:
        return _different(entry, "the command can't be carried out", "done", repr(error))
    return compared(entry, uow.last, lost=lost)


def compared(recorded: Entry, replayed: Entry, *, lost: bool = False) -> Difference | None:
    """The first thing in which an entry differs from what its command leaves now, if any. `lost`:
    something was erased, so that digests over values say nothing any more."""
    left_out = OVER_VALUES if lost else frozenset()
    if replayed.seq != recorded.seq:
        return _different(recorded, "its number", recorded.seq, replayed.seq)
    for name in sorted({*recorded.body, *replayed.body} - left_out):
        if recorded.body.get(name) != replayed.body.get(name):
            return _different(recorded, name, recorded.body.get(name), replayed.body.get(name))
    for name in sorted({*recorded.particulars, *replayed.particulars} - left_out):
        if name in ("facts", "input.files"):
            continue
        before, now = recorded.particulars.get(name), replayed.particulars.get(name)
        if before != now and not _alike(before, now):
            return _different(recorded, name, before, now)
    return None


def _alike(recorded: Any, replayed: Any) -> bool:
    """Whether two values differ only in what was erased."""
    if recorded == GONE or replayed == GONE:
        return True
    if isinstance(recorded, Mapping) and isinstance(replayed, Mapping):
        return recorded.keys() == replayed.keys() and all(
            _alike(value, replayed[name]) for name, value in recorded.items()
        )
    if isinstance(recorded, list) and isinstance(replayed, list):
        return len(recorded) == len(replayed) and all(map(_alike, recorded, replayed))
    return bool(recorded == replayed)


def _different(entry: Entry, what: str, recorded: Any, replayed: Any) -> Difference:
    return Difference(
        chain=entry.chain, seq=entry.seq, what=what, recorded=recorded, replayed=replayed
    )
