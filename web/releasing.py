"""What an owner decides about a process: its versions, its owners, and whether two people release.

Where two people release, each of these is a proposal that another owner reads and releases.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from engine.actor import Actor
from engine.diagrams.difference import Difference, differences
from engine.ids import PersonId
from engine.people.directory import Person
from engine.refusals import Changed, Invalid, NotNow, NotYours, Refused, Unknown
from forms import Message
from storage import journal, releasing
from storage.definitions import Version, deploy_together, files_of
from storage.packing import text_of
from storage.reader import Reader
from storage.releasing import TWO, Kind, Proposal, State
from storage.transaction import Transaction
from web.absences import refused
from web.door import Door
from web.naming import new_request_id

MOST_COMMENT = 4_000
REASON = Message("请填写理由。", "A reason is needed.")
NOBODY = Message(
    "所有者必须是在职且角色为流程所有者的人员:{id}",
    "An owner is an active person with the role owner: {id}",
)
SOMEBODY = Message("至少要有一位所有者。", "A process has at least one owner.")


class NotOwner(NotYours):
    """Only an owner of this process may do that."""

    zh = "只有流程所有者可以这样做。"


class Alone(NotYours):
    """Whoever proposed it does not release it: a second owner does."""

    zh = "提出人不能自己放行，须由另一位流程所有者放行。"


class Over(NotNow):
    """This proposal has been decided already."""

    zh = "这项提议已经有了结果。"


class Overtaken(NotNow):
    """The process has changed since it was proposed; please propose it anew."""

    zh = "提出之后流程已有变化，请重新提出。"


class NoSecond(NotNow):
    """Two people release only where there are two owners; please name another owner first."""

    zh = "双人放行需要至少两位所有者，请先增加所有者。"


class Gone(NotNow):
    """Whoever proposed it is no owner of the process any more; please propose it anew."""

    zh = "提出人已不是流程所有者，请重新提出。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a proposal changes of one process: what was the latest, and what differs from it."""

    process: str
    name: str
    name_en: str
    base: str
    """Digest of the version that it is compared with; "" for a new process."""
    digest: str
    differences: tuple[Difference, ...]


# ---- versions


def proposed(
    transaction: Transaction,
    versions: Sequence[Version],
    by: Actor,
    at: datetime,
    *,
    owners: Sequence[PersonId] = (),
    comment: str = "",
) -> Proposal:
    """Propose versions that one owner alone may not deploy."""
    files = {name: content for each in versions for name, content in each.files.items()}
    what = {
        "files": releasing.keep_files(transaction, files),
        "owners": list(owners),
        "processes": [
            {
                "key": each.key,
                "name": each.name,
                "name_en": each.name_en,
                "digest": each.digest,
                "files": list(each.files),
                "starts": [list(start) for start in each.starts],
                "base": releasing.latest(transaction, each.key),
            }
            for each in versions
        ],
    }
    return _propose(transaction, "version", [v.key for v in versions], what, by, at, comment)


def compared(reader: Reader, proposal: Proposal) -> tuple[Compared, ...]:
    """What a proposed version changes, process by process."""
    contents = releasing.files_of(reader, proposal)
    return tuple(
        Compared(
            process=each["key"],
            name=each["name"],
            name_en=each["name_en"],
            base=each["base"],
            digest=each["digest"],
            differences=differences(
                files_of(reader, each["base"]), {name: contents[name] for name in each["files"]}
            ),
        )
        for each in proposal.what.get("processes", ())
    )


# ---- owners, and the rule itself


def change_owners(
    door: Door, me: Person, by: Actor, process: str, owners: Sequence[str], comment: str
) -> Proposal | None:
    """Name the owners of a process. An owner may, through a proposal where two people release; an
    administrator at once, with a reason.

    Raises:
        Unknown, NotOwner. Invalid: what is wrong, by field.
    """
    at, named = door.clock(), sorted(set(owners))
    with (
        _attempt(door, by, "owners.changed", {"process": process}),
        door.database.write() as transaction,
    ):
        journal.lock_system(transaction)
        check_owner(transaction, process, me, administrators=True)
        people = door.database.organisation.current(transaction).people
        errors = dict(_wrong_owners(people, named))
        if by.override and not comment.strip():
            errors["comment"] = REASON
        two = bool(releasing.wants_two(transaction, [process]))
        if two and len(named) < TWO:
            raise NoSecond()
        if errors:
            raise Invalid(errors)
        if two and not by.override:
            what = {"owners": named, "base": releasing.owners_of(transaction, process)}
            return _propose(transaction, "owners", [process], what, by, at, comment)
        if named != releasing.owners_of(transaction, process):
            releasing.set_owners(transaction, process, named, by, at, comment=comment)
        return None


def change_rule(
    door: Door, me: Person, by: Actor, process: str, people: int, comment: str
) -> Proposal | None:
    """Say how many people release a process: two from now on, at once; one again, by a proposal.

    Raises:
        Unknown, NotOwner, NoSecond.
    """
    at, about = door.clock(), {"process": process}
    with _attempt(door, by, "release.rule", about), door.database.write() as transaction:
        journal.lock_system(transaction)
        check_owner(transaction, process, me)
        two = bool(releasing.wants_two(transaction, [process]))
        if two == (people == TWO):
            return None
        if two:
            return _propose(transaction, "rule", [process], {"people": people}, by, at, comment)
        if len(releasing.owners_of(transaction, process)) < TWO:
            raise NoSecond()
        releasing.set_rule(transaction, process, people, by, at)
        return None


def check_owner(
    reader: Transaction, process: str, me: Person, *, administrators: bool = False
) -> None:
    """Raise what keeps this person from deciding about a process: `Unknown`, `NotOwner`."""
    if not releasing.latest(reader, process):
        raise Unknown()
    if administrators and me.role == "administrator":
        return
    if me.role != "owner" or me.id not in releasing.owners_of(reader, process):
        raise NotOwner()


# ---- deciding


def version_of(proposal: Proposal) -> str:
    """What a second owner has read: it says so when he releases it."""
    read = [proposal.state, proposal.kind, dict(proposal.what)]
    return sha256(text_of(read).encode()).hexdigest()[:16]


def decide(
    door: Door, me: Person, by: Actor, id: str, state: State, comment: str, *, seen: str = ""
) -> Proposal:
    """Release, refuse or withdraw a proposal. The same again changes nothing.

    Raises:
        Unknown: there is none, or it is nobody's whom it concerns. NotOwner, Alone.
        Over, Overtaken, Gone, Changed. Invalid: a refusal needs a reason.
    """
    at, about = door.clock(), {"id": id}
    with _attempt(door, by, f"release.{state}", about), door.database.write() as transaction:
        journal.lock_system(transaction)
        found = releasing.one(transaction, id)
        if found is None or not may_see(transaction, found, me):
            raise Unknown()
        about["process"] = found.processes[0]
        if (found.state, found.decided_by) == (state, me.id):
            return found
        people = door.database.organisation.current(transaction).people
        _check(transaction, people, found, me, state)
        if seen not in ("", version_of(found)):
            raise Changed(version=version_of(found), changed=[])
        if state == "refused" and not comment.strip():
            raise Invalid({"comment": REASON})
        if state == "released":
            _take_effect(transaction, found, by, at)
        releasing.decide(transaction, found, state, by, at, comment.strip()[:MOST_COMMENT])
        decided = releasing.one(transaction, id)
    assert decided is not None
    return decided


@contextmanager
def _attempt(door: Door, by: Actor, verb: str, about: Mapping[str, str]) -> Iterator[None]:
    """That somebody tried what was not his to do is an entry (H1); the transaction is over then."""
    try:
        yield
    except NotYours as no:
        raise refused(door, no, by, verb, about) from None


def refusal(reader: Reader, found: Proposal, me: Person, state: State) -> Refused | None:
    """Why this person may not decide so now; None: he may."""
    try:
        _check(reader, reader.organisation.current(reader).people, found, me, state)
    except Refused as no:
        return no
    return None


def may_see(reader: Transaction, found: Proposal, me: Person) -> bool:
    """Whether a proposal is any of this person's business."""
    return (
        me.role in ("auditor", "administrator")
        or me.id in (found.made_by, found.decided_by)
        or any(me.id in releasing.owners_of(reader, process) for process in found.processes)
    )


def _check(
    reader: Transaction,
    people: Mapping[str, Person],
    found: Proposal,
    me: Person,
    state: State,
) -> None:
    if state == "withdrawn":
        if me.id != found.made_by:
            raise NotOwner()
    elif not _owns_all(reader, found, me.id) or me.role != "owner":
        raise NotOwner()
    elif me.id == found.made_by:
        raise Alone()
    if found.state != "open":
        raise Over()
    if state != "released":
        return
    if not (_may_own(people, found.made_by) and _owns_all(reader, found, found.made_by)):
        raise Gone()
    if not (_is_current(reader, found) and _are_there(people, found)):
        raise Overtaken()


def _may_own(people: Mapping[str, Person], id: str) -> bool:
    """Whether somebody is there, and an owner by his role."""
    person = people.get(id)
    return person is not None and person.active and person.role == "owner"


def _are_there(people: Mapping[str, Person], found: Proposal) -> bool:
    """Whether those whom it names as owners still may be."""
    named = [people.get(id) for id in found.what.get("owners", ())]
    if found.kind == "owners":
        return all(each is not None and _may_own(people, each.id) for each in named)
    return all(each is not None and each.active for each in named)


def _is_current(reader: Transaction, found: Proposal) -> bool:
    """Whether what it is compared with is still what there is."""
    if found.kind == "version":
        rows = found.what["processes"]
        return all(releasing.latest(reader, each["key"]) == each["base"] for each in rows)
    if found.kind == "owners":
        return bool(releasing.owners_of(reader, found.processes[0]) == found.what["base"])
    return bool(releasing.wants_two(reader, found.processes))


def _take_effect(transaction: Transaction, found: Proposal, by: Actor, at: datetime) -> None:
    process, more = found.processes[0], {"proposal": found.id, "proposed_by": found.made_by}
    if found.kind == "owners":
        releasing.set_owners(transaction, process, found.what["owners"], by, at, **more)
    elif found.kind == "rule":
        releasing.set_rule(transaction, process, found.what["people"], by, at, **more)
    else:
        deploy_together(
            transaction,
            list(_versions(transaction, found)),
            by=found.made_by,
            at=at,
            owners=tuple(PersonId(each) for each in found.what["owners"]),
            via=by.via,
            released=(by.id, found.id),
        )


def _versions(transaction: Transaction, found: Proposal) -> Iterator[Version]:
    contents = releasing.files_of(transaction, found)
    for each in found.what["processes"]:
        yield Version(
            key=each["key"],
            name=each["name"],
            name_en=each["name_en"],
            digest=each["digest"],
            files={name: contents[name] for name in each["files"]},
            starts=tuple((kind, name) for kind, name in each["starts"]),
        )


def _propose(
    transaction: Transaction,
    kind: Kind,
    processes: Sequence[str],
    what: Mapping[str, Any],
    by: Actor,
    at: datetime,
    comment: str,
) -> Proposal:
    new = Proposal(
        id=str(new_request_id()),
        kind=kind,
        what=what,
        processes=tuple(sorted(processes)),
        comment=comment.strip()[:MOST_COMMENT],
        made_by=by.id,
        made_at=at,
    )
    for each in releasing.of(transaction, owner=None, state="open"):
        if (each.kind, each.made_by, each.what) == (new.kind, new.made_by, new.what):
            return each  # the same again
    releasing.propose(transaction, new, by)
    return new


def _owns_all(reader: Transaction, found: Proposal, person: str) -> bool:
    """Whether he is an owner of each of its processes that has any."""
    owners = (releasing.owners_of(reader, process) for process in found.processes)
    return all(not theirs or person in theirs for theirs in owners)


def _wrong_owners(
    people: Mapping[str, Person], named: Sequence[str]
) -> Iterator[tuple[str, Message]]:
    if not named:
        yield "owners", SOMEBODY
    for id in named:
        if not _may_own(people, id):
            yield "owners", Message(NOBODY.zh.format(id=id), NOBODY.en.format(id=id))
            return
