"""Numbers of a process for its owners: as a document, or as a file whose taking leaves an entry."""

from typing import Any

from flask import Response, current_app, request
from marshmallow import fields

from engine.refusals import NotYours, Unknown
from storage.queries import statistics
from web.api import bodies, who
from web.api.calls import call
from web.api.schemas import Given, OneOf, Text
from web.api.shapes import Shape, _maybe, _text, _whole
from web.api.wrong import Wrong
from web.numbers import file, telling
from web.numbers.asking import Asked, NotAsked, asked
from web.numbers.reporting import report
from web.pages import here


class NotNumbered(NotYours):
    """Only owners of this process, auditors and administrators may read its numbers."""

    zh = "只有本流程的所有者、审计员和管理员可以查看它的统计。"


class StatisticsQuery(Given):
    """Which period (its days in the organisation's zone, both included), and by what."""

    since = Text(10, load_default="")
    until = Text(10, load_default="")
    by = OneOf(("day", "week", "month", "quarter"), load_default="")
    version = Text(7, load_default="")
    format = OneOf(("json", "csv"), load_default="json")


def _number() -> fields.Integer:
    return fields.Integer(required=True, strict=True, allow_none=True)


class Length(Shape):
    """A length of time in seconds: of how many, and what is told of them."""

    n = _whole()
    mean = _number()
    median = _number()
    p90 = _number()


def _length() -> fields.Nested:
    return fields.Nested(Length, required=True)


class OpenDesks(Shape):
    """What is open now."""

    open = _whole()
    overdue = _whole()
    oldest = _maybe()


class RequestNumbers(Shape):
    """A process's requests in some period."""

    started = _whole()
    finished = _whole()
    rejected = _whole()
    withdrawn = _whole()
    cancelled = _whole()
    again = _whole()
    rounds = _whole()
    refused = _whole()
    took = _length()
    took_working = _length()


class WholeNumbers(RequestNumbers):
    """The same with what was late at its desks."""

    promised = _whole()
    late = _whole()
    late_by = _length()


class PeriodNumbers(RequestNumbers):
    """The same of a part of the period."""

    since = _text()
    until = _text()


class DeskNumbers(OpenDesks):
    """One desk."""

    id = _text()
    name = _text()
    entered = _whole()
    again = _whole()
    approved = _whole()
    rejected = _whole()
    returned = _whole()
    done = _whole()
    skipped = _whole()
    cancelled = _whole()
    undone = _whole()
    refused = _whole()
    timed = _whole()
    promised = _whole()
    late = _whole()
    share = _number()
    wait = _length()
    wait_working = _length()
    took = _length()
    took_working = _length()
    late_by = _length()


class DepartmentNumbers(Shape):
    """How much came to a department's people, and how much of it they decided."""

    name = _text()
    given = _whole()
    decided = _whole()


class ProcessRef(Shape):
    """A process."""

    key = _text()
    name = _text()


class Statistics(Shape):
    """Numbers of a process; docs/statistics.md says what is counted when."""

    process = fields.Nested(ProcessRef, required=True)
    version = _number()
    since = _text()
    until = _text()
    by = _text()
    zone = _text()
    counted_to = _maybe()
    error = _text()
    totals = fields.Nested(WholeNumbers, required=True)
    before = fields.Nested(WholeNumbers, required=True)
    now = fields.Nested(OpenDesks, required=True)
    periods = fields.List(fields.Nested(PeriodNumbers), required=True)
    nodes = fields.List(fields.Nested(DeskNumbers), required=True)
    departments = fields.List(fields.Nested(DepartmentNumbers), required=True)


def _first(key: str) -> None:
    """Who may not read them hears it before what is wrong with his query."""
    with here.reading() as reader:
        if reader.definitions.latest(reader, key) is None:
            raise Unknown()
        if not statistics.reads_numbers(reader, who.viewer(), key):
            raise NotNumbered()


@call("GET", "/processes/<key>/statistics", query=StatisticsQuery, first=_first, answer=Statistics)
def statistics_of(key: str, asked: dict[str, Any]) -> Any:
    """Numbers of a process by period and desk, no content; a file's taking leaves an entry."""
    _first(key)
    wanted = _asked(asked)
    try:
        if asked["format"] == "csv":
            return _file(key, wanted)
        with here.reading() as reader:
            told = report(reader, key, wanted, here.now())
    except NotAsked as wrong:
        raise Wrong(422, bodies.NOT_RIGHT, wrong.errors) from None
    words = told.definition.process
    name = here.said(words.name, words.name_en)
    return telling.document(told, name, here.zone())


def _asked(given: dict[str, Any]) -> Asked:
    try:
        return asked(given, here.now().astimezone(here.zone()).date())
    except NotAsked as wrong:
        raise Wrong(422, bodies.NOT_RIGHT, wrong.errors) from None


def _file(key: str, wanted: Asked) -> Response:
    person = here.me()
    taker = file.Taker(
        person=person.id, name=person.name, via="api", origin=request.remote_addr or ""
    )
    content = file.make(here.system().database, key, wanted, taker, here.now())
    response = current_app.response_class(content, 200, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="statistics.csv"'
    return response
