"""Being away and leaving: who stands in for me, and what an administrator hands over (T4, T7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_hex
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from engine.refusals import Invalid, Refused
from storage import handing_over, queries, standing_in
from storage.handing_over import Handover
from storage.packing import text_of
from storage.reader import Reader
from storage.standing_in import Kept
from web import absences, staffing
from web.door import Door
from web.once import Once
from web.pages import here
from web.pages.failures import status_of
from web.pages.formats import listed
from web.pages.names import Names
from web.pages.wording import gettext
from web.pages.words import Sign

blueprint = Blueprint("absences", __name__)

MOST_SHOWN = 200
STATES = {
    "planned": Sign(lazy_gettext("Planned"), "clock", "info"),
    "running": Sign(lazy_gettext("In force"), "now", "yes"),
    "over": Sign(lazy_gettext("Over"), "done", "gone"),
    "cancelled": Sign(lazy_gettext("Cancelled"), "gone", "gone"),
}
_FIELDS = ("person", "substitute", "from", "until", "processes", "to", "comment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A substitution as its reader is told of it."""

    id: str
    person: str
    substitute: str
    since: datetime
    until: datetime
    processes: str
    state: Sign
    mine: bool
    """Whether whoever looks may cancel it now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A handover as an administrator is told of it."""

    id: str
    person: str
    heir: str
    comment: str
    by: str
    at: datetime
    tasks: tuple[tuple[str, str], ...]
    """Each task, and who has it."""
    substitutions: int
    in_force: bool


@blueprint.get("/account/away")
def away() -> str:
    """My substitutions, and where a new one is made."""
    return _away()


@blueprint.post("/account/away")
def make() -> ResponseReturnValue:
    """Have somebody stand in."""
    form = request.form
    me = here.me()
    person = form.get("person", "") if me.role == "administrator" else ""
    try:
        absences.substitute(
            _door(),
            me,
            here.actor(override=person not in ("", me.id)),
            person=person,
            to=form.get("substitute", ""),
            since=form.get("from", ""),
            until=form.get("until", ""),
            processes=form.getlist("processes"),
            once=_once(),
        )
    except Refused as refused:
        return make_response(_away(_wrong(refused, "substitute")), status_of(refused))
    flash(gettext("Saved."), "yes")
    return redirect(url_for("absences.away"), 303)


@blueprint.post("/account/away/<id>/cancel")
def cancel(id: str) -> ResponseReturnValue:
    """It ends now."""
    absences.end(_door(), here.me(), here.actor(), id)
    flash(gettext("It has ended; open tasks are the absent person's alone again."), "yes")
    return redirect(url_for("absences.away"), 303)


@blueprint.get("/handovers")
def handovers() -> str:
    """What was handed over; and what would move, where somebody is named."""
    _administrators_only()
    return _handovers(request.args.get("person", "")[:200])


@blueprint.post("/handovers")
def hand_over() -> ResponseReturnValue:
    """Hand everything of a leaver's over."""
    _administrators_only()
    person = request.form.get("person", "")[:200]
    try:
        made = absences.hand_over(
            _door(),
            here.me(),
            here.actor(override=True),
            person=person,
            to=request.form.get("to", ""),
            comment=request.form.get("comment", ""),
            once=_once(),
        )
    except Refused as refused:
        return make_response(_handovers(person, _wrong(refused, "to")), status_of(refused))
    count = len(made.moved["tasks"])
    flash(gettext("Handed over; tasks that moved: %(count)s.", count=count), "yes")
    return redirect(url_for("absences.handovers"), 303)


@blueprint.post("/handovers/<id>/cancel")
def take_back(id: str) -> ResponseReturnValue:
    """What would come to him comes to him again."""
    _administrators_only()
    absences.take_back(_door(), here.me(), here.actor(override=True), id)
    flash(gettext("What comes from now on is his again; what has moved stays."), "yes")
    return redirect(url_for("absences.handovers"), 303)


def _once() -> Once:
    """A form that is sent twice takes effect once: it carries a key of its own."""
    me = here.me().id
    given = {name: values for name, values in request.form.lists() if name != "csrf_token"}
    key = request.form.get("key", "")[:100]
    body = sha256(text_of([request.path, given]).encode()).hexdigest()
    return Once(person=me, key=f"page {key}" if key else None, body=body)


def _away(wrong: Mapping[str, str] | None = None) -> str:
    me, now = here.me(), here.now()
    administers = me.role == "administrator"
    with here.reading() as reader:
        names = Names.of_reader(reader)
        found = standing_in.every(reader) if administers else standing_in.of(reader, me.id)
        processes = {each.key: here.said(each.name, each.name_en) for each in _processes(reader)}
        return render_template(
            "account/away.html",
            absences=[_absence(each, names, processes, now) for each in found],
            administers=administers,
            people=_people(reader),
            processes=sorted(processes.items()),
            key=token_hex(12),
            typed=request.form or request.args,
            chosen=request.form.getlist("processes"),
            wrong={name: (wrong or {}).get(name, "") for name in _FIELDS},
            tomorrow=_midnight(now, 1),
            next_week=_midnight(now, 8),
        )


def _absence(each: Kept, names: Names, processes: Mapping[str, str], now: datetime) -> Absence:
    state = each.state(now)
    may = here.me().id == each.person or here.me().role == "administrator"
    return Absence(
        id=each.id,
        person=names.of(each.person),
        substitute=names.of(each.substitute),
        since=each.since,
        until=each.until,
        processes=listed(processes.get(key, key) for key in each.processes),
        state=STATES[state],
        mine=may and state in ("planned", "running"),
    )


def _handovers(person: str, wrong: Mapping[str, str] | None = None) -> str:
    with here.reading() as reader:
        names = Names.of_reader(reader)
        known = reader.organisation.current(reader).person(person)
        tasks: list[str] = []
        substitutions: list[str] = []
        if known is not None:
            tasks, substitutions = staffing.would_move(reader, person, _door())
        return render_template(
            "administration/handovers.html",
            everybody=_everybody(reader),
            people=[(id, name) for id, name in _people(reader) if id != person],
            leaver=known,
            tasks=[_task(reader, id) for id in tasks[:MOST_SHOWN]],
            held=len(tasks),
            substitutions=len(substitutions),
            passed=[_passed(reader, each, names) for each in handing_over.every(reader)],
            key=token_hex(12),
            typed=request.form,
            wrong={name: (wrong or {}).get(name, "") for name in _FIELDS},
        )


def _passed(reader: Reader, each: Handover, names: Names) -> Passed:
    tasks = each.moved.get("tasks", ())
    return Passed(
        id=each.id,
        person=names.of(each.person),
        heir=names.of(each.heir),
        comment=each.comment,
        by=names.of(each.made_by),
        at=each.made_at,
        tasks=tuple((_task(reader, row["task"]), names.of(row["to"])) for row in tasks),
        substitutions=len(each.moved.get("substitutions", ())),
        in_force=each.cancelled_at is None,
    )


def _task(reader: Reader, id: str) -> str:
    """A task by its request's number and its node; an administrator is not told what it says."""
    row = queries.task(reader, id)
    if row is None:
        return id
    return f"{row.number or row.request_id} · {here.said(row.node_name, row.node_name_en)}"


def _processes(reader: Reader) -> Any:
    return queries.processes(reader)


def _people(reader: Reader) -> list[tuple[str, str]]:
    return [(str(id), name) for id, name in reader.organisation.current(reader).listed("")]


def _everybody(reader: Reader) -> list[tuple[str, str]]:
    """Everybody, who is not active any more too."""
    people = reader.organisation.current(reader).people
    return [(id, people[id].name) for id in sorted(people)]


def _midnight(now: datetime, days: int) -> str:
    """The beginning of a day from now, as a field for a moment takes it."""
    local = now.astimezone(here.zone()) + timedelta(days=days)
    return local.strftime("%Y-%m-%dT00:00")


def _wrong(refused: Refused, field: str) -> dict[str, str]:
    """What is wrong, by field; what no field is to blame for stands with `field`."""
    if isinstance(refused, Invalid) and refused.errors:
        return {name: text.said(here.locale()) for name, text in refused.errors.items()}
    return {field: refused.sentence(here.locale())}


def _administrators_only() -> None:
    if here.me().role != "administrator":
        abort(403)


def _door() -> Door:
    door = here.system()
    assert isinstance(door, Door)
    return door
