"""Incidents: what stands still until an administrator has it tried again."""

from typing import Any

from flask import g

from engine.commands.retry import Retry
from engine.ids import split_incident_id
from engine.refusals import Unknown
from storage import queries
from storage.queries import IncidentRow
from web.api import bodies, documents, shapes, who
from web.api.calls import call
from web.api.documents import Document
from web.api.doing import done
from web.api.schemas import Paged, Retrying
from web.api.state import known_request, request_document
from web.pages import here


@call("GET", "/incidents", query=Paged, answer=shapes.Incidents)
def list_incidents(asked: dict[str, Any]) -> Document:
    """What stands still: everything to an administrator, to others that of processes they own."""
    with here.reading() as reader:
        found = queries.incidents(reader, who.viewer(), **asked)
    return documents.page(found, [_incident(row) for row in found.items])


@call("POST", "/incidents/<id>/retry", body=Retrying, answer=shapes.Retried, verb=True)
def retry_incident(id: str, given: dict[str, Any]) -> Document:
    """Try again what stands still, with other variables if need be (an administrator).

    Old and new values stand in the history. `incident` is null where it is over, else it says why
    it failed again.
    """
    place = split_incident_id(id)
    if place is None:
        raise Unknown()
    g.about = ("request", place[0])
    with here.reading() as reader:
        known_request(reader, place[0])
    command = Retry(
        actor=who.actor(override=who.administers()),
        request=place[0],
        incident=place[1],
        variables=given["variables"],
        comment=given["comment"],
        key=bodies.key(),
    )
    done(command, given)
    with here.reading() as reader:
        still = queries.incident(reader, who.viewer(), id)
        return {
            "incident": None if still is None else _incident(still),
            "request": request_document(reader, place[0]),
        }


def _incident(row: IncidentRow) -> Document:
    return {
        "id": row.id,
        "kind": row.kind,
        "request": {
            "id": row.request_id,
            "number": row.number,
            "title": row.title,
            "process": row.process,
        },
        "node": {"id": row.node, "name": here.said(row.node_name, row.node_name_en)},
        "message": row.message,
        "since": documents.moment(row.since),
        "attempts": row.attempts,
    }
