"""Making and ending substitutions and handovers, for the API and the pages alike."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from engine.actor import Actor
from engine.ids import PersonId
from engine.people.directory import Person
from engine.refusals import Invalid, NamesHimself, NotYours, OnlyReads, Refused, Unknown
from forms import Message
from storage import handing_over, standing_in
from storage.handing_over import Handover
from storage.organisation import Snapshot
from storage.reader import Reader
from storage.standing_in import Kept
from web import staffing
from web.door import Door
from web.naming import new_request_id
from web.once import Once, over

MOST_COMMENT = 1_000
A_MINUTE = timedelta(minutes=1)
NEEDED = Message("此项必填", "This field is required")
NO_MOMENT = Message(
    "应为日期或时间，例如 2026-11-03 或 2026-11-03T09:00:00+08:00",
    "A date or a moment is expected, such as 2026-11-03 or 2026-11-03T09:00:00+08:00",
)
NOT_AFTER = Message("结束时间要晚于开始时间", "The end has to be after the beginning")
PAST = Message("结束时间已过", "The end is past")
NOBODY = Message("没有这个在职人员", "There is no active person of this id")
HIMSELF = Message("不能由本人代理或接收", "Nobody stands in for, or takes over from, himself")
NO_PROCESS = Message("没有这个流程", "There is no such process")
OVERLAPS = Message(
    "与已有的代理时间重叠，请先取消", "It overlaps another one of his; please cancel that first"
)
REASON = Message("请填写理由。", "A reason is needed.")


def _may_substitute(door: Door, me: Person, by: Actor, absent: PersonId, to: str) -> None:
    """Raise what keeps this person from it, whatever else he asks for; it is an entry (R2)."""
    if me.role == "auditor":
        raise refused(door, OnlyReads(), by, "substitution.made", subject=absent)
    if absent != me.id:
        may_administer(door, me, by, "substitution.made", subject=absent)
        if to == me.id:
            raise refused(door, NamesHimself(), by, "substitution.made", subject=absent)


def substitute(
    door: Door,
    me: Person,
    by: Actor,
    *,
    person: str,
    to: str,
    since: str,
    until: str,
    processes: Sequence[str],
    once: Once | None = None,
) -> Kept:
    """Make a substitution for oneself, or as an administrator for another, and have open tasks
    follow it where it has begun. The same call `once` more changes nothing.

    Raises:
        KeyReused: the key was another call's.
        OnlyReads: an auditor holds nothing that another could do for him.
        NotYours: it is for another, and whoever asks is no administrator.
        NamesHimself: an administrator would stand in for whom he does it for.
        Invalid: what is wrong, by field.
    """
    now, zone = door.clock(), door.database.calendar.zone
    call = once or Once(person=me.id)
    absent = PersonId(person or me.id)
    _may_substitute(door, me, by, absent, to)
    with door.database.read() as reader:
        errors = _people(reader.organisation.current(reader), {"person": absent, "substitute": to})
        if not all(_deployed(reader, key) for key in processes):
            errors["processes"] = NO_PROCESS
    if to == absent:
        errors["substitute"] = HIMSELF
    start = moment_of(since, zone) if since else now
    end = moment_of(until, zone)
    if start is None:
        errors["from"] = NO_MOMENT
    if end is None:
        errors["until"] = NO_MOMENT if until else NEEDED
    elif start is not None and end <= start:
        errors["until"] = NOT_AFTER
    elif end <= now:
        errors["until"] = PAST
    if errors or start is None or end is None:
        raise Invalid(errors)
    new = Kept(
        id=str(new_request_id()), person=absent, substitute=PersonId(to), since=start, until=end,
        processes=tuple(dict.fromkeys(processes)), made_by=me.id, made_at=now,
    )  # fmt: skip
    with door.database.write() as transaction:
        standing_in.lock(transaction)
        uow = over(transaction, door)
        known = call.before(uow)
        if known is not None:
            made = standing_in.one(transaction, known["id"])
            assert made is not None, "what was remembered was made with it"
            return made
        if standing_in.overlapping(transaction, new) is not None:
            raise Invalid({"from": OVERLAPS})
        standing_in.begin(transaction, new, by, now)
        call.remember(uow, {"id": new.id}, door)
    staffing.follow(door, only=new.id)
    return new


def end(door: Door, me: Person, by: Actor, id: str) -> Kept:
    """Cancel a substitution: the absent person or an administrator may; again changes nothing.

    Raises:
        Unknown, NotYours.
    """
    with door.database.read() as reader:
        found = standing_in.one(reader, id)
    if found is None or not _concerns(found, me):
        raise Unknown()
    if found.person != me.id:
        may_administer(door, me, by, "substitution.cancelled", id=id)
    with door.database.write() as transaction:
        standing_in.lock(transaction)
        standing_in.cancel(transaction, id, by, door.clock())
        found = standing_in.one(transaction, id)
    staffing.follow(door, only=id)
    assert found is not None
    return found


def hand_over(
    door: Door,
    me: Person,
    by: Actor,
    *,
    person: str,
    to: str,
    comment: str,
    once: Once | None = None,
) -> Handover:
    """Hand a leaver's tasks, substitutions and future assignments over, as an administrator.

    Raises:
        NotYours: he is none. NamesHimself: the named person is himself.
        Invalid: what is wrong, by field. Failed: nothing has moved.
    """
    may_administer(door, me, by, "handover.made", subject=person)
    errors: dict[str, Message] = {}
    with door.database.read() as reader:
        people = reader.organisation.current(reader)
    if person not in people.people:
        errors["person"] = NOBODY if person else NEEDED
    errors |= _people(people, {"to": to})
    if to and to == person:
        errors["to"] = HIMSELF
    if not comment.strip():
        errors["comment"] = REASON
    if errors:
        raise Invalid(errors)
    if to == me.id:
        raise refused(door, NamesHimself(), by, "handover.made", subject=person)
    new = Handover(
        id=str(new_request_id()), person=PersonId(person), heir=PersonId(to),
        comment=comment.strip()[:MOST_COMMENT], moved={}, made_by=me.id, made_at=door.clock(),
    )  # fmt: skip
    return staffing.hand_over(door, new, by, once or Once(person=me.id))


def take_back(door: Door, me: Person, by: Actor, id: str) -> Handover:
    """End a handover: what would come to him comes to him again; what has moved stays.

    Raises:
        NotYours, Unknown.
    """
    may_administer(door, me, by, "handover.cancelled", id=id)
    with door.database.write() as transaction:
        if handing_over.one(transaction, id) is None:
            raise Unknown()
        standing_in.lock(transaction)
        handing_over.take_back(transaction, id, by, door.clock())
        found = handing_over.one(transaction, id)
    assert found is not None
    return found


def may_administer(door: Door, me: Person, by: Actor, verb: str, **about: str) -> None:
    """Raise `NotYours` for whoever is no administrator; that he has tried is an entry (R2)."""
    if me.role != "administrator":
        raise refused(door, NotYours(), by, verb, **about)


def refused(
    door: Door,
    no: Refused,
    by: Actor,
    verb: str,
    body: Mapping[str, str] | None = None,
    /,
    **about: str,
) -> Refused:
    """A refusal, once it is written down: one a minute per person and verb (R2). `body`: what of it
    says nothing of a person."""
    at = door.clock()
    with door.database.write() as transaction:
        uow = over(transaction, door)
        known = uow.answered(by.id, f"refused {verb}")
        if known is None or at - datetime.fromisoformat(known[1]["at"]) >= A_MINUTE:
            standing_in.record(transaction, verb, by, at, body or {}, given=about, refused=no)
            uow.remember(by.id, f"refused {verb}", "", {"at": at.isoformat()}, at)
    return no


def _concerns(found: Kept, me: Person) -> bool:
    return me.id in (found.person, found.substitute) or me.role == "administrator"


def _people(people: Snapshot, named: Mapping[str, str]) -> dict[str, Message]:
    """Who is nobody, or not active any more, by field."""
    found = {}
    for name, id in named.items():
        person = people.person(id)
        if person is None or not person.active:
            found[name] = NOBODY if id else NEEDED
    return found


def _deployed(reader: Reader, key: str) -> bool:
    return reader.definitions.latest(reader, key) is not None


def moment_of(text: str, zone: tzinfo) -> datetime | None:
    """A moment; what has no offset is in the organisation's zone, a date begins at midnight."""
    try:
        if len(text) == len("2026-11-03"):
            at = datetime.combine(date.fromisoformat(text), time())
        else:
            at = datetime.fromisoformat(text)
        at = at.replace(tzinfo=zone) if at.tzinfo is None else at
        return at.astimezone(UTC) if 2000 <= at.year <= 2200 else None
    except (ValueError, OverflowError):
        return None
