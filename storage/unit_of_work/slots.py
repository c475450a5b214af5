"""Slots, and with every write of them the inbox and the queue."""

from collections.abc import Sequence
from typing import Any

from engine.ids import PersonId, RequestId
from engine.requests import Slot
from storage.moments import micros, moment, optional_micros, optional_moment
from storage.packing import digest_of, keep_digest, pack, unpack
from storage.unit_of_work.inbox import Inbox

COLUMNS = (
    "request, ordinal, node_key, status, signer, opened_at, decided_by, decided_at, shown, rest"
)
_GET = f"SELECT {COLUMNS} FROM slots WHERE request = ? AND ordinal = ?"  # noqa: S608 - constants only
_ADD = f"INSERT INTO slots ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_SAVE = (
    "UPDATE slots SET node_key = ?, status = ?, signer = ?, opened_at = ?, decided_by = ?,"
    " decided_at = ?, shown = ?, rest = ? WHERE request = ? AND ordinal = ?"
)
_OF = f"SELECT {COLUMNS} FROM slots WHERE request = ?"  # noqa: S608
_REST: tuple[tuple[str, Any], ...] = (
    ("node", ""),
    ("round", 1),
    ("pass_", 1),
    ("candidates", []),
    ("groups", []),
    ("department", ""),
    ("position", 0),
    ("element", None),
    ("weight", 1),
    ("why", {}),
    ("version", 1),
    ("on_behalf_of", None),
    ("comment", ""),
    ("answers", {}),
    ("kept_from", None),
    ("number", None),
    ("optional", False),
    ("priority", ""),
    ("origin", ""),
    ("parent", None),
    ("made_by", None),
    ("group", None),
    ("mode", ""),
    ("group_mode", ""),
    ("level", 0),
    ("waits", ""),
    ("held", False),
    ("advice", ""),
    ("definition", ""),
    ("standing", {}),
    ("undo", {}),
)


class Slots(Inbox):
    """Loads and saves slots."""

    def slot(self, request: RequestId, ordinal: int) -> Slot | None:
        """The n-th slot of a request."""
        row = self._transaction.one(_GET, (request, ordinal))
        return None if row is None else self._loaded(row)

    def slots(
        self, request: RequestId, *, node_key: str | None = None, status: str | None = None
    ) -> list[Slot]:
        """Slots in order of ordinal; all filters given must hold."""
        sql, arguments = _OF, [request]
        if node_key is not None:
            sql += " AND node_key = ?"
            arguments.append(RequestId(node_key))
        if status is not None:
            sql += " AND status = ?"
            arguments.append(RequestId(status))
        rows = self._transaction.all(sql + " ORDER BY ordinal", arguments)
        return [self._loaded(row) for row in rows]

    def add_slots(self, slots: Sequence[Slot]) -> None:
        """Slots that are not there yet."""
        self._transaction.many(_ADD, [(s.request, s.ordinal, *kept_slot(s)) for s in slots])
        self._show(slots)

    def save_slots(self, slots: Sequence[Slot]) -> None:
        """What became of them; the inbox follows."""
        for slot in slots:
            if (slot.request, slot.ordinal) not in self._shown:
                self.slot(slot.request, slot.ordinal)
        self._transaction.many(_SAVE, [(*kept_slot(s), s.request, s.ordinal) for s in slots])
        self._show(slots)

    def _loaded(self, row: tuple[Any, ...]) -> Slot:
        slot = slot_of(row)
        self._know(slot)
        return slot


def kept_slot(slot: Slot) -> tuple[Any, ...]:
    """A slot's columns but its key."""
    rest = {}
    for name, usual in _REST:
        value = getattr(slot, name)
        if value != usual:
            rest[name] = value
    if slot.due is not None:
        rest["due"] = micros(slot.due)
    if slot.holders != _usual_holders(slot.signer):
        rest["holders"] = slot.holders
    return (
        slot.node_key,
        slot.status,
        slot.signer,
        optional_micros(slot.opened_at),
        slot.decided_by,
        optional_micros(slot.decided_at),
        keep_digest(slot.shown),
        pack(rest),
    )


def _usual_holders(signer: str | None) -> list[PersonId]:
    return [] if signer is None else [PersonId(signer)]


def slot_of(row: tuple[Any, ...]) -> Slot:
    """The slot of a row of `COLUMNS`."""
    rest = unpack(row[9])
    due = rest.pop("due", None)
    holders = rest.pop("holders", None)
    return Slot(
        request=RequestId(row[0]),
        ordinal=row[1],
        node_key=row[2],
        status=row[3],
        signer=None if row[4] is None else PersonId(row[4]),
        opened_at=optional_moment(row[5]),
        decided_by=None if row[6] is None else PersonId(row[6]),
        decided_at=optional_moment(row[7]),
        shown=digest_of(row[8]),
        due=None if due is None else moment(due),
        holders=_usual_holders(row[4]) if holders is None else holders,
        node=rest.pop("node", ""),
        round=rest.pop("round", 1),
        pass_=rest.pop("pass_", 1),
        **rest,
    )
