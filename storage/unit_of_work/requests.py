"""Requests and their flow."""

import json
from typing import Any

from engine.ids import PersonId, RequestId
from engine.requests import ENDED, Flow, Request
from storage.moments import micros, moment, optional_micros, optional_moment
from storage.packing import pack_text, text_of, unpack, unpack_text
from storage.unit_of_work.base import Base

COLUMNS = (
    "place, id, process, definition, requester, department, status, number, title, round,"
    " created_at, submitted_at, ended_at, decided, slots, passages, version, seq, head, last_at,"
    " rest"
)
_GET = f"SELECT {COLUMNS} FROM requests WHERE id = ?"  # noqa: S608 - constants only
_LOCK = {"sqlite": _GET, "postgresql": _GET + " FOR UPDATE"}
_ADDED = COLUMNS.removeprefix("place, ")
_ADD = f"INSERT INTO requests ({_ADDED}) VALUES ({'?, ' * 19}?) RETURNING place"  # noqa: S608
_SAVE_ALL = (
    "UPDATE requests SET process = ?, definition = ?, requester = ?, department = ?, status = ?,"
    " number = ?, title = ?, round = ?, created_at = ?, submitted_at = ?, ended_at = ?,"
    " decided = ?, slots = ?, passages = ?, version = ?, seq = ?, head = ?, last_at = ?, rest = ?"
    " WHERE id = ?"
)
_SAVE_VOTE = (
    "UPDATE requests SET decided = ?, slots = ?, passages = ?, version = ?, seq = ?, head = ?,"
    " last_at = ? WHERE id = ?"
)
_GET_FLOW = "SELECT flow FROM flows WHERE request = ?"
_PUT_FLOW = (
    "INSERT INTO flows (request, flow) VALUES (?, ?)"
    " ON CONFLICT (request) DO UPDATE SET flow = excluded.flow"
)
_FIND_NUMBER = "SELECT id FROM requests WHERE number = ? ORDER BY place LIMIT 1"
_LEFT_BEHIND = (
    "DELETE FROM notices WHERE request = ? AND kind IN ('held', 'reminder')",
    "DELETE FROM drafts WHERE request = ?",
    "DELETE FROM timers WHERE request = ?",
)
_REST = ("summary", "outcome", "rounds_allowed", "ends", "undoable")
_FLOW = (
    "marking",
    "scopes",
    "passes",
    "aside",
    "answers",
    "extra",
    "undone",
    "first_passage",
    "incidents",
    "last_incident",
    "waits",
    "undelivered",
    "paused",
    "straight",
    "instead",
)


class Requests(Base):
    """Loads and saves a request; a save writes only what a vote changes when nothing else did."""

    def request(self, id: RequestId, *, lock: bool = True) -> Request | None:
        """The request; with `lock` no other command touches it until the end."""
        row = self._transaction.one(_LOCK[self._dialect] if lock else _GET, (id,))
        if row is None:
            return None
        rest = unpack_text(row[20])
        request = self._opened(row, rest)
        self._places[id] = row[0]
        self._cold[id] = _cold(request, rest)
        return request

    def _opened(self, row: tuple[Any, ...], rest: str) -> Request:
        return request_of(row, rest, self._definitions.digest(self._transaction, row[3]))

    def add_request(self, request: Request) -> None:
        """A request that is not there yet."""
        rest = rest_of(request)
        row = self._transaction.one(
            _ADD,
            (
                request.id,
                *self._slow(request),
                *_fast(request),
                pack_text(rest),
            ),
        )
        assert row is not None
        self._places[request.id] = row[0]
        self._cold[request.id] = _cold(request, rest)
        self._search.add(request.id)

    def save_request(self, request: Request) -> None:
        """What became of it."""
        rest = rest_of(request)
        cold = _cold(request, rest)
        known = self._cold.get(request.id)
        if known == cold:
            self._transaction.execute(_SAVE_VOTE, (*_fast(request), request.id))
            return
        if known is None or _searched(known) != _searched(cold):
            self._search.add(request.id)
        self._cold[request.id] = cold
        self._transaction.execute(
            _SAVE_ALL, (*self._slow(request), *_fast(request), pack_text(rest), request.id)
        )
        if request.status in ENDED:
            for statement in _LEFT_BEHIND:
                self._transaction.execute(statement, (request.id,))

    def flow(self, id: RequestId) -> Flow:
        """Where its tokens stand and what its variables are; empty before the first save."""
        kept = self._transaction.value(_GET_FLOW, (id,))
        if kept is None:
            return Flow()
        text = unpack_text(kept)
        flow = Flow(**json.loads(text))
        self._flows[id] = (text, text_of(flow.answers))
        return flow

    def save_flow(self, id: RequestId, flow: Flow) -> None:
        """The same, changed; one that is as it was is not written."""
        text = flow_text(flow)
        known, answers = self._flows.get(id, ("", ""))
        if known != text:
            self._flows[id] = (text, text_of(flow.answers))
            if self._flows[id][1] != answers:
                self._search.add(id)
            self._transaction.execute(_PUT_FLOW, (id, pack_text(text)))

    def find_number(self, number: str) -> RequestId | None:
        """The request that has this number."""
        found = self._transaction.value(_FIND_NUMBER, (number,))
        return None if found is None else RequestId(found)

    def _slow(self, request: Request) -> tuple[Any, ...]:
        """The columns that a vote leaves alone, in the order of the table."""
        return (
            request.process,
            self._definitions.place(self._transaction, request.definition),
            request.requester,
            request.department,
            request.status,
            request.number,
            request.title,
            request.round,
            micros(request.created_at),
            optional_micros(request.submitted_at),
            optional_micros(request.ended_at),
        )


def _fast(request: Request) -> tuple[Any, ...]:
    return (
        int(request.decided),
        request.slots,
        request.passages,
        request.version,
        request.seq,
        request.head,
        optional_micros(request.last_at),
    )


def _cold(request: Request, rest: str) -> tuple[Any, ...]:
    """What must be equal for the short update to be enough."""
    return (
        request.process,
        request.definition,
        request.requester,
        request.department,
        request.status,
        request.number,
        request.title,
        request.round,
        request.created_at,
        request.submitted_at,
        request.ended_at,
        rest,
    )


def _searched(cold: tuple[Any, ...]) -> tuple[Any, ...]:
    """What of it the search index has."""
    return (cold[2], cold[3], cold[5], cold[6], json.loads(cold[11]).get("summary"))


def rest_of(request: Request) -> str:
    """The columns that no list sorts or filters by, as JSON."""
    kept = {name: getattr(request, name) for name in _REST}
    if kept["rounds_allowed"] == 3:
        del kept["rounds_allowed"]
    return text_of({name: value for name, value in kept.items() if value not in (None, [], {})})


def request_of(row: tuple[Any, ...], rest: str, definition: str) -> Request:
    """The request of a row of `COLUMNS`."""
    request = Request(
        id=RequestId(row[1]),
        process=row[2],
        definition=definition,
        requester=PersonId(row[4]),
        department=row[5],
        status=row[6],
        number=row[7],
        title=row[8],
        round=row[9],
        created_at=moment(row[10]),
        submitted_at=optional_moment(row[11]),
        ended_at=optional_moment(row[12]),
        decided=bool(row[13]),
        slots=row[14],
        passages=row[15],
        version=row[16],
        seq=row[17],
        head=bytes(row[18]),
        last_at=optional_moment(row[19]),
    )
    for name, value in json.loads(rest).items():
        setattr(request, name, value)
    return request


def flow_text(flow: Flow) -> str:
    """A flow as its row keeps it: what is empty is left out."""
    kept = {name: getattr(flow, name) for name in _FLOW}
    return text_of({name: value for name, value in kept.items() if value not in (None, {}, [], 0)})


def flow_of(kept: bytes) -> Flow:
    """The flow of a row."""
    return Flow(**unpack(kept))
