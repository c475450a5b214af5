"""Putting a task off: it is hidden from one's list until a time; what is due stays due."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

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

from storage import snoozing
from web.pages import here, inbox, sheet
from web.pages.wording import gettext

blueprint = Blueprint("putting_off", __name__)
MORNING = time(9, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A time that is often meant."""

    value: str
    word: str
    at: datetime


def choices(now: datetime) -> tuple[Choice, ...]:
    """In an hour, tomorrow, on the next working day after it, next week: in the morning."""
    today = now.astimezone(here.zone()).date()
    calendar = here.system().database.calendar
    working = today + timedelta(days=1)
    while not calendar.is_workday(working):
        working += timedelta(days=1)
    monday = today + timedelta(days=7 - today.weekday())
    found = (
        ("hour", gettext("In an hour"), now + timedelta(hours=1)),
        ("working", gettext("Next working day"), _morning(working)),
        ("week", gettext("Next Monday"), _morning(monday)),
    )
    return tuple(Choice(value=value, word=word, at=at) for value, word, at in found)


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, here.zone())


@blueprint.get("/tasks/<id>/snooze")
def form(id: str) -> ResponseReturnValue:
    """Until when."""
    return _page(id, "", 200)


@blueprint.post("/tasks/<id>/snooze")
def put_off(id: str) -> ResponseReturnValue:
    """Hide it until then, or show it again."""
    found = _held(id)
    now = here.now()
    chosen = request.form.get("until", "")
    until = None if chosen == "now" else _until(chosen, now)
    if chosen != "now" and (until is None or not snoozing.fits(until, now)):
        return _page(id, gettext("Please give a time within a year from now."), 422)
    with here.system().database.write() as transaction:
        snoozing.put_off(transaction, id, here.me().id, until, now)
    if until is None:
        flash(gettext("It is in your list again."), "yes")
        return redirect(url_for("tasks.task", id=id), 303)
    named = f"{found.request.number or ''} {found.request.title}".strip()
    when = until.astimezone(here.zone()).strftime("%Y-%m-%d %H:%M")
    flash(gettext("Put off until %(when)s: %(request)s", when=when, request=named), "yes")
    around = inbox.around()
    return redirect(inbox.after(around, id) if around else url_for("inbox.inbox"), 303)


def _until(chosen: str, now: datetime) -> datetime | None:
    known = {choice.value: choice.at for choice in choices(now)}
    if chosen in known:
        return known[chosen]
    try:
        at = datetime.fromisoformat(request.form.get("at", ""))
    except ValueError:
        return None
    return at.replace(tzinfo=here.zone()) if at.tzinfo is None else at


def _held(id: str) -> sheet.Sheet:
    """The task, which he has to hold."""
    with here.reading() as reader:
        found = sheet.of(reader, id)
    if found is None:
        abort(404)
    if not found.may.snooze:
        abort(403)
    return found


def _page(id: str, wrong: str, status: int) -> ResponseReturnValue:
    found = _held(id)
    around = inbox.around()
    text = render_template(
        "moving/snooze.html",
        sheet=found,
        choices=choices(here.now()),
        at=request.form.get("at", ""),
        wrong=wrong,
        back=around.address() if around is not None else url_for("tasks.task", id=id),
    )
    return make_response(text, status)
