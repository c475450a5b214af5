"""A scratch database with as many open tasks as one likes: one real request, multiplied straight in
the tables.

Of every ten tasks eight are held, one waits for the eight people of a group, one for the forty of a
crowd. One person holds a twentieth of all; the others share the rest evenly.
"""

from collections.abc import Mapping, Sequence
from random import Random

from sqlalchemy import Table

from engine.ids import PersonId, RequestId
from storage.moments import NEVER
from storage.packing import pack
from storage.tables.requests import NODES, REQUESTS, SLOTS
from storage.transaction import Transaction
from storage.unit_of_work.inbox import crowd
from web.bench.ours import Ours

A_REQUEST = 5
"""Open tasks of a request."""
PEOPLE, GROUP, CROWD = 1_000, 8, 40
BUSY = PersonId("bench.busy")
"""Who holds 5 % of all tasks."""
_SECOND = 1_000_000

_TASK = f"(c.n * {A_REQUEST} + t.ordinal)"
_SIGNER = (
    f"CASE WHEN {_TASK} % 10 >= 8 THEN NULL WHEN {_TASK} % 20 = 0 THEN '{BUSY}'"
    f" ELSE printf('bench.person.%03d', {_TASK} * 7919 / 20 % {PEOPLE}) END"
)
_REST = (
    f"CASE {_TASK} % 10"  # noqa: S608 - our own numbers
    f" WHEN 8 THEN (SELECT rest FROM places WHERE number = {_TASK} / 10 % {PEOPLE // GROUP})"
    f" WHEN 9 THEN (SELECT rest FROM places WHERE number = 1000 + {_TASK} / 10 %"
    f" {PEOPLE // CROWD}) ELSE t.rest END"
)
_INBOX = (
    "INSERT INTO inbox (person, opened_at, request, ordinal, due, optional)"  # noqa: S608
    f" SELECT signer, opened_at, request, ordinal, {NEVER}, 0 FROM slots"
    " WHERE status = 'open' AND signer IS NOT NULL ORDER BY 1, 2, 3, 4"
)
_QUEUE = (
    "INSERT INTO queue (member, opened_at, request, ordinal, due, optional)"  # noqa: S608
    f" SELECT m.member, s.opened_at, s.request, s.ordinal, {NEVER}, 0 FROM slots s"
    " JOIN places p ON p.rest = s.rest JOIN members m ON m.number = p.number"
    " WHERE s.status = 'open' AND s.signer IS NULL ORDER BY 1, 2, 3, 4"
)


def person(number: int) -> PersonId:
    """One of the many."""
    return PersonId(f"bench.person.{number:03}")


def fill(ours: Ours, tasks: int) -> None:
    """Give an empty database this many open tasks."""
    template = _template(ours)
    with ours.database.write() as transaction:
        _groups(transaction)
        _ids(transaction, tasks // A_REQUEST)
        _copy(transaction, REQUESTS, template, {"id": "c.id", "number": "'(26)业字' || c.n"})
        _copy(transaction, NODES, template, {"request": "c.id", "opened_at": "c.at"})
        slots = {"request": "c.id", "opened_at": "c.at", "signer": _SIGNER, "rest": _REST}
        _copy(transaction, SLOTS, template, slots)
        # The template's own tasks are not among those that are counted.
        transaction.execute("UPDATE slots SET status = 'cancelled' WHERE request = ?", (template,))
        for table in ("inbox", "queue"):
            transaction.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        transaction.execute(_INBOX)
        transaction.execute(_QUEUE)


def _template(ours: Ours) -> RequestId:
    """A request whose countersigning is open."""
    submit = ours.submit(A_REQUEST, 1)
    ours.handle(submit)
    ours.handle(ours.approve(ours.tasks(submit.request)[0]))
    return submit.request


def _groups(transaction: Transaction) -> None:
    """The groups and crowds that tasks wait for: their members, and what a slot says of them."""
    transaction.execute("CREATE TEMP TABLE places (number INTEGER PRIMARY KEY, rest BLOB UNIQUE)")
    transaction.execute("CREATE TEMP TABLE members (number INTEGER, member TEXT)")
    for first, size in ((0, GROUP), (1000, CROWD)):
        for number in range(PEOPLE // size):
            among = [person(number * size + each) for each in range(size)]
            if size == CROWD and number == 0:
                among.append(BUSY)
            _place(transaction, first + number, among)


def _place(transaction: Transaction, number: int, among: Sequence[PersonId]) -> None:
    rest = pack({"node": "sign", "candidates": among, "groups": [f"post:bench-{number}"]})
    transaction.execute("INSERT INTO places VALUES (?, ?)", (number, rest))
    members: Sequence[str] = among
    if len(among) > CROWD // 2:
        members = [crowd(among)]
        rows = [(each, members[0]) for each in among]
        transaction.many("INSERT INTO crowds (person, crowd) VALUES (?, ?)", rows)
    transaction.many("INSERT INTO members VALUES (?, ?)", [(number, each) for each in members])


def _ids(transaction: Transaction, requests: int) -> None:
    """The copies' ids, spread over the keys as random ones are, and when they were opened."""
    random = Random(5)  # noqa: S311 - nothing is secret here
    transaction.execute("CREATE TEMP TABLE copies_made (id TEXT, n INTEGER, at INTEGER)")
    ids = sorted(f"{random.getrandbits(128):032x}" for _ in range(requests))
    order = random.sample(range(requests), requests)
    first = 1_767_225_600 * _SECOND
    rows = ((id, n, first + n * _SECOND) for id, n in zip(ids, order, strict=True))
    transaction.many("INSERT INTO copies_made VALUES (?, ?, ?)", rows)


def _copy(
    transaction: Transaction, table: Table, template: RequestId, instead: Mapping[str, str]
) -> None:
    """The template's rows of a table, once for each id."""
    names = [column.name for column in table.columns if column.name != "place"]
    values = ", ".join(instead.get(name, f"t.{name}") for name in names)
    which = "t.id = ?" if table is REQUESTS else "t.request = ?"
    if table is not REQUESTS:
        which += " AND t.status = 'open'"
    transaction.execute(
        f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values}"  # noqa: S608
        f" FROM copies_made c CROSS JOIN {table.name} t WHERE {which} ORDER BY c.id",
        (template,),
    )
