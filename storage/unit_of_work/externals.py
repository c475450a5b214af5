"""External tasks as commands write them; storage.fetching locks them for workers."""

from collections.abc import Sequence
from typing import Any

from engine.ids import RequestId, external_name
from engine.requests import External
from storage.moments import micros, moment, optional_moment
from storage.packing import pack, unpack
from storage.unit_of_work.base import Base

COLUMNS = "request, key, topic, rank, created_at, retries, rest"
_GET = f"SELECT {COLUMNS} FROM externals WHERE request = ? AND task = ?"  # noqa: S608 - constants
_LOCK = {"sqlite": _GET, "postgresql": f"{_GET} FOR UPDATE"}
_OF = f"SELECT {COLUMNS} FROM externals WHERE request = ? ORDER BY created_at, key"  # noqa: S608
_PUT = (
    "INSERT INTO externals (request, task, key, topic, rank, created_at, retries, free_at, worker,"
    " handed, rest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', 0, ?)"
    " ON CONFLICT (request, task) DO UPDATE SET topic = excluded.topic, rank = excluded.rank,"
    " created_at = excluded.created_at, retries = excluded.retries, free_at = excluded.free_at,"
    " worker = '', handed = externals.handed + 1, rest = excluded.rest"
)
_REMOVE = "DELETE FROM externals WHERE request = ? AND task = ?"
_HOLDER = "SELECT worker, handed FROM externals WHERE request = ? AND task = ?"
_REST: tuple[tuple[str, Any], ...] = (
    ("node", ""),
    ("scope", ""),
    ("definition", ""),
    ("inputs", {}),
    ("error", ""),
    ("given", None),
)


class Externals(Base):
    """Loads and saves external tasks."""

    def externals(self, request: RequestId) -> list[External]:
        """The oldest first."""
        return [external_of(row) for row in self._transaction.all(_OF, (request,))]

    def external(self, request: RequestId, task: str) -> External | None:
        """By its id's part after the request's. On PostgreSQL its row is held: whoever fetches
        meanwhile passes it over."""
        row = self._transaction.one(_LOCK[self._dialect], (request, task))
        return None if row is None else external_of(row)

    def put_external(self, external: External) -> None:
        """Adds, or replaces the one of the same key, which is then locked by nobody."""
        rest = {n: getattr(external, n) for n, usual in _REST if getattr(external, n) != usual}
        free_at = 0 if external.not_before is None else micros(external.not_before)
        if free_at:
            rest["not_before"] = free_at
        self._transaction.execute(
            _PUT,
            (
                external.request,
                external.task,
                external.key,
                external.topic,
                -external.priority,
                micros(external.created_at),
                -1 if external.retries is None else external.retries,
                free_at,
                pack(rest),
            ),
        )

    def remove_externals(self, request: RequestId, keys: Sequence[str]) -> None:
        """They are done, or no longer wanted."""
        self._transaction.many(_REMOVE, [(request, external_name(key)) for key in keys])

    def external_lock(self, request: RequestId, task: str) -> tuple[str, int]:
        """Which worker had it last ("": none has it), and how often it changed hands."""
        row = self._transaction.one(_HOLDER, (request, task))
        return ("", 0) if row is None else (row[0], row[1])


def external_of(row: tuple[Any, ...]) -> External:
    """The external task of a row of `COLUMNS`."""
    rest = unpack(row[6])
    not_before = optional_moment(rest.pop("not_before", None))
    return External(
        request=RequestId(row[0]),
        key=row[1],
        topic=row[2],
        priority=-row[3],
        created_at=moment(row[4]),
        retries=None if row[5] < 0 else row[5],
        not_before=not_before,
        node=rest.pop("node", ""),
        scope=rest.pop("scope", ""),
        **rest,
    )
