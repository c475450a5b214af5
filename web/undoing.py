"""A decision that can be undone: for how long, and that only its author is told which it is until
it takes effect (U)."""

from collections.abc import Iterable
from datetime import datetime
from math import ceil
from typing import Any

from engine.journal import Entry
from engine.people.directory import Person
from engine.requests import Slot

DECIDED = "decide"
"""The verb of a decision whose reader is not told which it is."""
ANSWERS = ("input.answers", "input.comment", "input.to")


def left(slot: Slot, person: str, now: datetime) -> int:
    """How many seconds somebody can still undo what he has decided; 0: he can't."""
    kept = slot.undo
    if not kept or kept["by"] != person:
        return 0
    return max(0, ceil((datetime.fromisoformat(kept["until"]) - now).total_seconds()))


def veiled(entries: Iterable[Entry], reader: Person) -> frozenset[int]:
    """The numbers of the entries that record a decision which has not taken effect, or was undone:
    only whoever made it and auditors are told which it is."""
    if reader.role == "auditor":
        return frozenset()
    recorded: dict[Any, int] = {}
    found: set[int] = set()
    for entry in entries:
        body = entry.body
        task = body.get("task")
        if body.get("outcome") != "done":
            continue
        if "undo_until" in body and body.get("actor") != reader.id:
            recorded[task] = entry.seq
            found.add(entry.seq)
        elif body.get("verb") == "take-effect" and task in recorded:
            found.discard(recorded.pop(task))
    return frozenset(found)


def veil(entry: Entry) -> Entry:
    """The entry without what was decided."""
    body = {name: value for name, value in entry.body.items() if name not in ("to", "did")}
    kept = {name: each for name, each in entry.particulars.items() if name not in ANSWERS}
    return Entry(
        chain=entry.chain,
        seq=entry.seq,
        at=entry.at,
        body={**body, "verb": DECIDED},
        particulars=kept,
    )
