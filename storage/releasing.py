"""Releasing by two people: what one owner proposes takes effect when another has read it.

A process whose owners want that (`release_rules`) gets new versions, other owners, and the end of
that very rule only through a proposal that a second owner releases. Each step is an entry of the
system chain.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from json import loads
from typing import Any, Literal

from engine.actor import Actor
from engine.ids import PersonId
from engine.journal import Entry
from engine.journal.canonical import decode, encode
from storage import journal
from storage.moments import micros, moment, optional_moment
from storage.packing import text_of
from storage.transaction import Row, Transaction

Kind = Literal["version", "owners", "rule"]
State = Literal["open", "released", "refused", "withdrawn"]
TWO = 2
_COLUMNS = "id, kind, what, comment, made_by, made_at, state, decided_by, decided_at, said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What one owner wants and another has to release."""

    id: str
    kind: Kind
    what: Mapping[str, Any]
    """`version`: `processes` (key, name, digest, files, starts, base: the digest that was the
    latest) and `files` (name -> SHA-256); `owners`: `owners`; `rule`: `people`."""
    processes: tuple[str, ...]
    comment: str
    made_by: PersonId
    made_at: datetime
    state: State = "open"
    decided_by: PersonId | None = None
    decided_at: datetime | None = None
    said: str = ""


def wants_two(transaction: Transaction, processes: Iterable[str]) -> tuple[str, ...]:
    """Those of these processes that two people release."""
    among, argument = transaction.among("process", list(processes))
    rows = transaction.all(
        f"SELECT process FROM release_rules WHERE people = ? AND {among} ORDER BY process",  # noqa: S608
        (TWO, argument),
    )
    return tuple(row[0] for row in rows)


def set_rule(
    transaction: Transaction, process: str, people: int, by: Actor, at: datetime, **more: Any
) -> None:
    """How many people release this process from now on, with its entry."""
    _put_rule(transaction, process, people)
    _record(transaction, "release.rule", by, at, {"process": process, "people": people, **more})


def set_owners(
    transaction: Transaction,
    process: str,
    owners: Sequence[str],
    by: Actor,
    at: datetime,
    *,
    comment: str = "",
    **more: Any,
) -> None:
    """Whose process it is from now on, with its entry."""
    old = owners_of(transaction, process)
    _put_owners(transaction, process, owners)
    body = {"process": process, "owners": sorted(owners), "before": old, **more}
    _record(transaction, "owners.changed", by, at, body, comment=comment)


def propose(transaction: Transaction, new: Proposal, by: Actor) -> None:
    """Keep a proposal, with its entry."""
    at = journal.system_time(transaction, new.made_at)
    _put(transaction, replace(new, made_at=at))
    body = {
        "id": new.id,
        "kind": new.kind,
        "processes": list(new.processes),
        "what": dict(new.what),
    }
    _record(transaction, "release.proposed", by, at, body, comment=new.comment)


def decide(
    transaction: Transaction, proposal: Proposal, state: State, by: Actor, at: datetime, said: str
) -> None:
    """Say what came of an open proposal, with its entry."""
    at = journal.system_time(transaction, at)
    _decided(transaction, proposal.id, state, by.id, at, said)
    body = {"id": proposal.id, "kind": proposal.kind, "processes": list(proposal.processes)}
    _record(transaction, f"release.{state}", by, at, body, comment=said)


def one(reader: Transaction, id: str) -> Proposal | None:
    """A proposal by its id."""
    row = reader.one(f"SELECT {_COLUMNS} FROM proposals WHERE id = ?", (id,))  # noqa: S608
    return None if row is None else _proposal(reader, row)


def of(
    reader: Transaction,
    *,
    owner: str | None,
    state: str = "",
    after: Sequence[Any] = (),
    limit: int = 200,
) -> list[Proposal]:
    """Proposals, the latest first: those about processes of this owner's; of everybody's: None.
    `after`: (made_at, id) of the last one that was had before."""
    where, arguments = ["1 = 1"], []
    if owner is not None:
        where.append(
            "id IN (SELECT proposal FROM proposed p JOIN owners o ON o.process = p.process"
            " WHERE o.person = ?)"
        )
        arguments.append(owner)
    if state:
        where.append("state = ?")
        arguments.append(state)
    if after:
        where.append("(made_at, id) < (?, ?)")
    rows = reader.all(
        f"SELECT {_COLUMNS} FROM proposals WHERE {' AND '.join(where)}"  # noqa: S608 - our own text
        " ORDER BY made_at DESC, id DESC LIMIT ?",
        (*arguments, *after, limit),
    )
    return [_proposal(reader, row) for row in rows]


def waiting(reader: Transaction, owner: str) -> int:
    """How many open proposals of others wait for this owner."""
    return int(
        reader.value(
            "SELECT COUNT(DISTINCT p.proposal) FROM owners o JOIN proposed p"
            " ON p.process = o.process AND p.open = 1 JOIN proposals q ON q.id = p.proposal"
            " WHERE o.person = ? AND q.made_by <> ?",
            (owner, owner),
        )
    )


def keep_files(transaction: Transaction, files: Mapping[str, bytes]) -> dict[str, str]:
    """Keep the contents of what is proposed; name -> SHA-256."""
    kept = {name: sha256(content).hexdigest() for name, content in files.items()}
    transaction.many(
        "INSERT INTO files (digest, content) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(kept[name], content) for name, content in files.items()],
    )
    return kept


def files_of(reader: Transaction, proposal: Proposal) -> dict[str, bytes]:
    """The files of a proposed version."""
    found = {}
    for name, digest in proposal.what.get("files", {}).items():
        content = reader.value("SELECT content FROM files WHERE digest = ?", (digest,))
        found[name] = bytes(content or b"")
    return found


def latest(reader: Transaction, process: str) -> str:
    """The digest of the latest version of a process; "" without one."""
    found = reader.value(
        "SELECT digest FROM definitions WHERE process = ? ORDER BY version DESC LIMIT 1",
        (process,),
    )
    return str(found or "")


def restore(transaction: Transaction, entry: Entry) -> None:
    """Do again what an entry of the system chain tells, where it is about releasing."""
    body = entry.body
    if body.get("outcome") != "done":
        return
    match body.get("verb"):
        case "release.rule":
            _put_rule(transaction, body["process"], body["people"])
        case "owners.changed":
            _put_owners(transaction, body["process"], body["owners"])
        case "release.proposed":
            _put(
                transaction,
                Proposal(
                    id=body["id"], kind=body["kind"], what=body["what"],
                    processes=tuple(body["processes"]), comment=_said(entry),
                    made_by=PersonId(body["actor"]), made_at=entry.at,
                ),
            )  # fmt: skip
        case "release.released" | "release.refused" | "release.withdrawn" as verb:
            state: Any = verb.partition(".")[2]
            _decided(transaction, body["id"], state, body["actor"], entry.at, _said(entry))


def _said(entry: Entry) -> str:
    said = entry.particulars.get("input.comment", "")
    return said if isinstance(said, str) else ""


def _put(transaction: Transaction, new: Proposal) -> None:
    transaction.execute(
        f"INSERT INTO proposals ({_COLUMNS})"  # noqa: S608
        " VALUES (?, ?, ?, ?, ?, ?, 'open', NULL, NULL, '')",
        (
            new.id, new.kind, _as_entries_say(new.what), new.comment, new.made_by,
            micros(new.made_at),
        ),
    )  # fmt: skip
    transaction.many(
        "INSERT INTO proposed (proposal, process, open) VALUES (?, ?, 1)",
        [(new.id, process) for process in new.processes],
    )


def _as_entries_say(what: Mapping[str, Any]) -> str:
    """The text of it, with names in the order that they have in an entry."""
    return text_of(decode(encode(dict(what))))


def _decided(
    transaction: Transaction, id: str, state: State, by: str, at: datetime, said: str
) -> None:
    transaction.execute(
        "UPDATE proposals SET state = ?, decided_by = ?, decided_at = ?, said = ? WHERE id = ?",
        (state, by, micros(at), said, id),
    )
    transaction.execute("UPDATE proposed SET open = 0 WHERE proposal = ?", (id,))


def _put_rule(transaction: Transaction, process: str, people: int) -> None:
    transaction.execute(
        "INSERT INTO release_rules (process, people) VALUES (?, ?)"
        " ON CONFLICT (process) DO UPDATE SET people = excluded.people",
        (process, people),
    )


def _put_owners(transaction: Transaction, process: str, owners: Sequence[str]) -> None:
    transaction.execute("DELETE FROM owners WHERE process = ?", (process,))
    transaction.many(
        "INSERT INTO owners (process, person) VALUES (?, ?)",
        [(process, person) for person in sorted(set(owners))],
    )


def owners_of(reader: Transaction, process: str) -> list[PersonId]:
    """Whose process it is, sorted."""
    rows = reader.all("SELECT person FROM owners WHERE process = ? ORDER BY person", (process,))
    return [PersonId(row[0]) for row in rows]


def _record(
    transaction: Transaction,
    verb: str,
    by: Actor,
    at: datetime,
    body: Mapping[str, Any],
    *,
    comment: str = "",
) -> None:
    given = {"actor.name": by.name, "actor.origin": by.origin, "input.comment": comment}
    journal.record(
        transaction,
        at=at,
        body={
            "verb": verb,
            "outcome": "done",
            "actor": by.id,
            "via": by.via,
            **({"override": True} if by.override else {}),
            **body,
        },
        particulars={name: value for name, value in given.items() if value},
    )


def _proposal(reader: Transaction, row: Row) -> Proposal:
    processes = reader.all(
        "SELECT process FROM proposed WHERE proposal = ? ORDER BY process", (row[0],)
    )
    return Proposal(
        id=row[0], kind=row[1], what=loads(row[2]), processes=tuple(each[0] for each in processes),
        comment=row[3], made_by=PersonId(row[4]), made_at=moment(row[5]), state=row[6],
        decided_by=None if row[7] is None else PersonId(row[7]),
        decided_at=optional_moment(row[8]), said=row[9],
    )  # fmt: skip
