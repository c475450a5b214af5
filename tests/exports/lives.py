"""Lives of requests to export: from an engine in memory, or from a database."""

from types import SimpleNamespace
from typing import Any, cast

from engine.ids import PersonId, RequestId
from engine.people.directory import Person
from storage import queries
from storage.queries import RequestRow
from storage.reader import Reader
from storage.visibility import Viewer
from tests.engine.live import Engine
from web.exports.documents import Exporter, Seen
from web.exports.tracing import Life

AUDITOR = Exporter(
    viewer=Viewer(person=PersonId("auditor"), role="auditor"),
    person=Person(id=PersonId("auditor"), name="", role="auditor"),
    via="test",
)


def life_in(engine: Engine, request: RequestId) -> Life:
    """What an engine in memory has kept of a request."""
    row, uow = engine.row(request), engine.uow
    return Life(
        id=row.id,
        status=row.status,
        definition=uow.definition(row.definition),
        entries=list(uow.entries(request)),
        nodes=list(uow.nodes(request)),
        slots=list(uow.slots(request)),
        flow=uow.flow(request),
    )


def row_in(engine: Engine, request: RequestId) -> RequestRow:
    """The row that a list would have of it."""
    row = engine.row(request)
    known: Any = {
        name: getattr(row, name, None)
        for name in ("id", "number", "process", "definition", "title", "requester", "department",
                     "status", "outcome", "round", "submitted_at", "ended_at")
    }  # fmt: skip
    more = {"process_name": row.process, "definition_version": 1, "requester_name": ""}
    return cast(RequestRow, SimpleNamespace(**known, **more))


def names_in(engine: Engine) -> queries.Names:
    """Names of people, as an event log asks for them."""
    people = cast(Any, engine.uow.directory).people
    found = SimpleNamespace(organisation=SimpleNamespace(person=people.get))
    return cast(queries.Names, found)


def lives(reader: Reader) -> list[Life]:
    """Every request of a database that was submitted."""
    rows = queries.every_request(reader, AUDITOR.viewer)
    return [Seen.of(reader, AUDITOR, row).life() for row in rows]
