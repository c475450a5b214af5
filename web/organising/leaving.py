"""A leaver: what he has passes to another and he is no longer active, in one act (T7, P1)."""

from dataclasses import dataclass
from datetime import datetime

from engine.ids import PersonId
from engine.refusals import Invalid, NamesHimself, Unknown
from forms import Message
from storage import accounts, organisation
from storage.handing_over import Handover
from storage.organisation import Snapshot
from storage.organising import administrators_after, difference, record, rows_of
from storage.reader import Reader
from storage.transaction import Transaction
from web import absences, staffing
from web.absences import HIMSELF, MOST_COMMENT, NEEDED, NOBODY, REASON
from web.naming import new_request_id
from web.once import Once
from web.organising.doing import Desk, stay_administered


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What moves and what is left behind when somebody leaves, looked up before."""

    tasks: tuple[str, ...]
    substitutions: int
    heads: tuple[str, ...]
    """Departments whose head or deputy he is."""
    below: tuple[str, ...]
    """Active people whose superior he is."""
    requests: int
    """Requests of his own that still run."""

    @classmethod
    def of(cls, reader: Reader, desk: Desk, person: str) -> "Leaving":
        """Of this person, now."""
        snapshot = reader.organisation.current(reader)
        tasks, substitutions = staffing.would_move(reader, person, desk.door)
        running = reader.value(
            "SELECT COUNT(*) FROM requests WHERE requester = ?"
            " AND status IN ('running', 'returned', 'suspended')",
            (person,),
        )
        return cls(
            tasks=tuple(tasks),
            substitutions=len(substitutions),
            heads=tuple(
                sorted(u.name for u in snapshot.units.values() if person in (u.head, u.deputy))
            ),
            below=tuple(
                sorted(p.id for p in snapshot.people.values() if p.active and person in p.superiors)
            ),
            requests=int(running),
        )


def leave(desk: Desk, person: str, *, to: str, comment: str, once: Once | None = None) -> Handover:
    """Hand over everything of a leaver's to the named person, have him inactive and his account
    disabled: all of it, or nothing.

    Raises:
        NotYours, Unknown, LastAdministrator. NamesHimself: the named person is whoever asks, or he
            has himself leave. Invalid: by field. Failed: nothing has moved.
    """
    desk.administers("handover.made", subject=person)
    with desk.door.database.read() as reader:
        snapshot = reader.organisation.current(reader)
    _check(snapshot, person, to, comment)
    if desk.me.id in (to, person):
        about = {"subject": person}
        raise absences.refused(desk.door, NamesHimself(), desk.by, "handover.made", **about)
    new = Handover(
        id=str(new_request_id()), person=PersonId(person), heir=PersonId(to),
        comment=comment.strip()[:MOST_COMMENT], moved={}, made_by=desk.me.id,
        made_at=desk.door.clock(),
    )  # fmt: skip
    return staffing.hand_over(
        desk.door, new, desk.by, once or Once(person=desk.me.id),
        also=lambda transaction, at: _go(transaction, desk, person, at),
    )  # fmt: skip


def _check(snapshot: Snapshot, person: str, to: str, comment: str) -> None:
    heir = snapshot.people.get(to)
    if person not in snapshot.people:
        raise Unknown()
    errors: dict[str, Message] = {}
    if heir is None or not heir.active:
        errors["to"] = NOBODY if to else NEEDED
    elif to == person:
        errors["to"] = HIMSELF
    if not comment.strip():
        errors["comment"] = REASON
    if errors:
        raise Invalid(errors)


def _go(transaction: Transaction, desk: Desk, person: str, at: datetime) -> None:
    """He is no longer active, and nobody signs in as him."""
    snapshot = organisation.read(transaction)
    change = difference("people", person, rows_of(snapshot)["people"][person], {"active": False})
    if change is None:
        return
    stay_administered(transaction, snapshot, administrators_after(snapshot, [change]))
    record(transaction, change, desk.by, at)
    accounts.disable(transaction, PersonId(person), at)
    organisation.touch(transaction)
