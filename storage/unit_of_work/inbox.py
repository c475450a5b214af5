"""The inbox (who holds what) and the queue (who may claim what): written with the slots, only here.

A row for each holder or candidate, in the order in which lists show them, so that a page of
anybody's list is one range of an index. More than `CROWD` candidates get one row under a name
made of who they are; who is in which crowd stands once, however many tasks it has.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from engine.ids import PersonId
from engine.requests import Slot
from storage.moments import NEVER, micros
from storage.unit_of_work.base import InboxRow
from storage.unit_of_work.involvement import Involvement

CROWD = 20
"""Up to so many candidates, a row each."""
NOBODY = PersonId("/")
"""Under this name stand the slots that have neither holder nor candidate (V7: blocked)."""

_Rows = tuple[frozenset[InboxRow], frozenset[InboxRow]]
_NONE: frozenset[InboxRow] = frozenset()
_ADD = {
    "inbox": "INSERT INTO inbox (person, opened_at, request, ordinal, due, optional)"
    " VALUES (?, ?, ?, ?, ?, ?)",
    "queue": "INSERT INTO queue (member, opened_at, request, ordinal, due, optional)"
    " VALUES (?, ?, ?, ?, ?, ?)",
}
_REMOVE = {
    "inbox": (
        "DELETE FROM inbox WHERE person = ? AND opened_at = ? AND request = ? AND ordinal = ?"
    ),
    "queue": (
        "DELETE FROM queue WHERE member = ? AND opened_at = ? AND request = ? AND ordinal = ?"
    ),
}
_IN_CROWD = "INSERT INTO crowds (person, crowd) VALUES (?, ?) ON CONFLICT DO NOTHING"
_CROWD_KNOWN = "SELECT 1 FROM crowds WHERE person = ? AND crowd = ?"


class Inbox(Involvement):
    """Brings both lists to what slots say."""

    def _know(self, slot: Slot) -> None:
        """Remember what the lists say of a slot that was just loaded."""
        self._shown[slot.request, slot.ordinal] = rows_of(slot)
        self._held.update((slot.request, person) for person in slot.holders)

    def _show(self, slots: Sequence[Slot]) -> None:
        """Write the difference between what the lists say of these slots and what is so now."""
        gone: tuple[list[InboxRow], list[InboxRow]] = ([], [])
        new: tuple[list[InboxRow], list[InboxRow]] = ([], [])
        for slot in slots:
            now = rows_of(slot)
            before = self._shown.get((slot.request, slot.ordinal), (_NONE, _NONE))
            self._shown[slot.request, slot.ordinal] = now
            for which in (0, 1):
                if before[which] != now[which]:
                    gone[which].extend(before[which] - now[which])
                    new[which].extend(now[which] - before[which])
            if now[1] - before[1] and len(slot.candidates) > CROWD:
                self._gather(slot.candidates)
        for which, table in enumerate(("inbox", "queue")):
            if gone[which]:
                self._transaction.many(_REMOVE[table], [row[:4] for row in gone[which]])
            if new[which]:
                self._transaction.many(_ADD[table], sorted(new[which]))
        self._hold((slot.request, person) for slot in slots for person in slot.holders)

    def _gather(self, candidates: Sequence[str]) -> None:
        name = crowd(candidates)
        if self._transaction.one(_CROWD_KNOWN, (max(candidates), name)) is None:
            people = sorted(set(candidates))
            self._transaction.many(_IN_CROWD, [(person, name) for person in people])


def rows_of(slot: Slot) -> _Rows:
    """The rows of the inbox and of the queue that this slot should have."""
    if slot.status != "open" or slot.opened_at is None:
        return _NONE, _NONE
    key = (micros(slot.opened_at), slot.request, slot.ordinal)
    tail = (NEVER if slot.due is None else micros(slot.due), int(slot.optional))
    if slot.holders:
        return frozenset([(person, *key, *tail) for person in slot.holders]), _NONE
    if len(slot.candidates) > CROWD:
        return _NONE, frozenset([(crowd(slot.candidates), *key, *tail)])
    members = slot.candidates or [NOBODY]
    return _NONE, frozenset([(member, *key, *tail) for member in members])


def crowd(candidates: Iterable[str]) -> str:
    """The name of a set of candidates. No person's id has a `/`."""
    members = "\n".join(sorted(set(candidates)))
    return "/" + sha256(members.encode()).hexdigest()[:24]
