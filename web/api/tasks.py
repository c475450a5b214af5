"""Tasks: my lists, one of them with its form, and every verb on it."""

from collections.abc import Mapping
from typing import Any

from flask import Response, g

from engine.ids import split_task_id
from engine.refusals import NotNow, NotYours, Refused, Unknown
from storage import queries
from web.api import bodies, documents, problems, shapes, verbs, who
from web.api.batches import NotInBatch, protected
from web.api.calls import answer, call
from web.api.documents import Document
from web.api.doing import done, record
from web.api.reasons import look_into
from web.api.schemas import Batch, Escalating, TasksQuery, Throwing
from web.api.state import known_task, may, request_document, task_document
from web.api.wrong import Wrong
from web.pages import here


@call("GET", "/tasks", query=TasksQuery, answer=shapes.Tasks)
def list_tasks(asked: dict[str, Any]) -> Document:
    """What I hold (`todo`), may claim (`group`), have decided (`done`), was copied on."""
    with here.reading() as reader:
        found = queries.tasks(reader, who.viewer(), now=here.now(), **asked)
    return documents.page(found, [documents.task_row(row) for row in found.items])


@call("GET", "/tasks/<id>", answer=shapes.Task, reason=True)
def one_task(id: str) -> Response:
    """One task, with its form as I get it and what I may do."""
    look_into(id.rpartition("-")[0])
    with here.reading() as reader:
        found = task_document(reader, id)
    response = answer(found, 200)
    response.headers["ETag"] = f'"{found["version"]}"'
    return response


def _verb(verb: str) -> None:
    """A call for one verb."""

    def act(id: str, given: dict[str, Any]) -> Document:
        g.about = ("task", id)
        _act(verb, id, given, bodies.version(), bodies.key())
        return _now(id)

    act.__name__ = f"{verb.replace('-', '_')}_task"
    act.__doc__ = verbs.SAYS[verb]
    call(
        "POST",
        f"/tasks/<id>/{verb}",
        body=verbs.BODIES[verb],
        answer=shapes.Done,
        verb=True,
        first=lambda id: _first(verb, id),
    )(act)


def _act(
    verb: str,
    id: str,
    given: Mapping[str, Any],
    version: str | None,
    key: str | None,
    *,
    of: str = "",
) -> None:
    """Carry out one verb on one task.

    Raises:
        Refused, Wrong: nothing has changed.
    """
    with here.reading() as reader:
        request, ordinal, _ = known_task(reader, id)
    on: dict[str, Any] = {
        "actor": who.actor(override=verb in verbs.OVERRIDES and who.administers()),
        "request": request,
        "ordinal": ordinal,
        "version": version,
        "key": key,
    }
    try:
        command = verbs.COMMANDS[verb](on, given)
    except Wrong:
        _first(verb, id)
        raise
    try:
        done(command, given, of=of)
    except Unknown as unknown:
        if not who.administers():
            raise
        no = NotYours()  # he may know of it: `known_task` has let him in
        record(command, no)
        raise no from unknown


def _first(verb: str, id: str) -> None:
    """Raise, and record, what comes before anything that is wrong with the call."""
    try:
        may(verb, id)
    except (NotYours, NotNow) as no:
        place = split_task_id(id)
        assert place is not None
        record(verbs.KINDS[verb](actor=who.actor(), request=place[0], ordinal=place[1]), no)
        raise


for _each in verbs.BODIES:
    _verb(_each)


@call("POST", "/tasks/<id>/error", body=Throwing, answer=shapes.Done, verb=True,
      first=lambda id: _first("error", id))  # fmt: skip
def error_task(id: str, given: dict[str, Any]) -> Document:
    """The work came to an error whose code the diagram catches there (`can.error`, `*`: any)."""
    return _thrown("error", id, given)


@call("POST", "/tasks/<id>/escalate", body=Escalating, answer=shapes.Done, verb=True,
      first=lambda id: _first("escalate", id))  # fmt: skip
def escalate_task(id: str, given: dict[str, Any]) -> Document:
    """Somebody further up has to know; the work goes on, unless what catches it ends it."""
    return _thrown("escalate", id, given)


def _thrown(verb: str, id: str, given: dict[str, Any]) -> Document:
    g.about = ("task", id)
    _act(verb, id, given, bodies.version(), bodies.key())
    return _now(id)


def _now(id: str) -> Document:
    """A task and its request as they are now."""
    with here.reading() as reader:
        request, _, _ = known_task(reader, id)
        return {
            "task": task_document(reader, id),
            "request": request_document(reader, request),
        }


@call("POST", "/tasks/batch", body=Batch, answer=shapes.BatchResults, verb=True)
def batch(given: dict[str, Any]) -> Document:
    """One verb on several tasks, each in a transaction of its own (K4); a result for each."""
    key = bodies.key()
    return {"results": [_one_of(given, id, key) for id in given["tasks"]]}


def _one_of(given: Mapping[str, Any], id: str, key: str | None) -> Document:
    """What became of one task of a batch."""
    version = given["versions"].get(id)
    act = {"answers": {}, "comment": given["comment"], "to": given["to"]}
    g.about = ("task", id)
    try:
        if protected(id):
            raise NotInBatch()
        named = version if isinstance(version, str) else None
        _act(given["verb"], id, act, named, f"{key} {id}" if key else None, of=id)
    except (Refused, Wrong) as no:
        return {"task": id, **_failed(no)}
    return {"task": id, "status": 200, "problem": None}


def _failed(no: Refused | Wrong) -> Document:
    if isinstance(no, Wrong):
        status = no.status
        contents: Document = {
            "detail": no.message.said(here.locale()),
            "errors": problems.said(no.errors),
        }
    else:
        status, contents = problems.status_of(no), problems.contents(no)
    return {"status": status, "problem": problems.document(status, contents)}
