"""Who may see a request: the one predicate, in its two forms (of one request, and of lists).

interface.md, "Who may see and do what": its requester, everyone who held or was copied on it (and
who may claim a task of it now), the head of the requester's department, the process's owners,
auditors. An administrator sees that it exists and its state: he names heads and gives roles, so
that as head or owner he sees no more without a reason. A draft is its maker's alone.
"""

from dataclasses import dataclass
from typing import Literal

from engine.ids import PersonId, RequestId
from engine.people.directory import Person, Role
from storage.organisation import Snapshot
from storage.packing import unpack
from storage.transaction import Transaction

CHOICES = 500
"""How many requests a field that refers to one offers."""
Sight = Literal["no", "state", "all"]

_REQUEST = "SELECT requester, department, process, status FROM requests WHERE id = ?"
_INVOLVED = "SELECT 1 FROM involved WHERE request = ? AND person = ?"
_UNCLAIMED = "SELECT rest FROM slots WHERE request = ? AND status = 'open' AND signer IS NULL"
_OWNER = "SELECT 1 FROM owners WHERE process = ? AND person = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks, with what the predicate needs of the organisation."""

    person: PersonId
    role: Role = ""
    departments_headed: tuple[str, ...] = ()

    @classmethod
    def of(cls, organisation: Snapshot, person: Person) -> "Viewer":
        """The viewer that a person is, as of this snapshot."""
        headed = () if person.role == "administrator" else organisation.headed_by(person.id)
        return cls(person=person.id, role=person.role, departments_headed=headed)

    @property
    def may_own(self) -> bool:
        """Whether what is said of a process's owners holds for him (the roles are exclusive)."""
        return self.role != "administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One way to requests: FROM `source` (requests as `r`) WHERE `where`, in order of `place`."""

    source: str
    where: str
    arguments: tuple[str, ...] = ()
    place: str = "r.place"


def sight(transaction: Transaction, viewer: Viewer, request: str) -> Sight:
    """What the viewer may see of a request; `no` also where there is none."""
    row = transaction.one(_REQUEST, (request,))
    if row is None:
        return "no"
    requester, department, process, status = row
    if requester == viewer.person:
        return "all"
    if status == "draft":
        return "no"
    if (
        viewer.role == "auditor"
        or department in viewer.departments_headed
        or transaction.one(_INVOLVED, (request, viewer.person))
        or (viewer.may_own and transaction.one(_OWNER, (process, viewer.person)))
        or may_claim(transaction, viewer.person, request)
    ):
        return "all"
    return "state" if viewer.role == "administrator" else "no"


def may_claim(transaction: Transaction, person: str, request: str) -> bool:
    """Whether a task of the request waits for someone to claim it, this person among others."""
    rows = transaction.all(_UNCLAIMED, (request,))
    return any(person in unpack(rest).get("candidates", ()) for (rest,) in rows)


def visible(viewer: Viewer, *, content: bool = True) -> list[Branch]:
    """The requests that the viewer may see, as branches that each are one range of an index.

    What waits to be claimed by him is not among them: the queue lists it. With `content` false an
    administrator's list has every request, since he may know that it exists and its state.
    """
    if viewer.role == "auditor" or (viewer.role == "administrator" and not content):
        return [Branch(source="requests r", where="1 = 1")]
    branches = [
        Branch(source="requests r", where="r.requester = ?", arguments=(viewer.person,)),
        involved_in(viewer),
    ]
    if viewer.may_own:
        owned = "owners o JOIN requests r ON r.process = o.process"
        branches.append(Branch(source=owned, where="o.person = ?", arguments=(viewer.person,)))
    branches.extend(
        Branch(source="requests r", where="r.department = ?", arguments=(department,))
        for department in viewer.departments_headed
    )
    return branches


def referable(
    transaction: Transaction, viewer: Viewer, process: str
) -> list[tuple[RequestId, str, str]]:
    """(id, number, title) of the submitted requests of a process that the viewer may see, the
    newest first, to choose from; at most `CHOICES`."""
    rows: dict[int, tuple[RequestId, str, str]] = {}
    for branch in visible(viewer):
        sql = (
            "SELECT r.place, r.id, r.number, r.title"  # noqa: S608 - our own text
            f" FROM {branch.source} WHERE {branch.where} AND r.process = ?"
            " AND r.status <> 'draft' AND r.number IS NOT NULL"
            f" ORDER BY {branch.place} DESC LIMIT ?"
        )
        for row in transaction.all(sql, (*branch.arguments, process, CHOICES)):
            rows[row[0]] = (RequestId(row[1]), row[2], row[3])
    return [rows[place] for place in sorted(rows, reverse=True)[:CHOICES]]


def involved_in(viewer: Viewer) -> Branch:
    """The requests of which the viewer holds or held a task, or was copied."""
    return Branch(
        source="involved i JOIN requests r ON r.place = i.place",
        where="i.person = ?",
        arguments=(viewer.person,),
        place="i.place",
    )
