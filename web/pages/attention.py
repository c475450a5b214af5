"""What needs somebody: what stands still, why, and how it is tried again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from engine.commands.assign import Assign
from engine.commands.base import Command
from engine.commands.look import Look
from engine.commands.retry import Retry
from engine.ids import split_task_id
from engine.refusals import Invalid, Refused, Unknown
from engine.requests import INCIDENT_WORDS
from storage import queries, sealing
from storage.queries import IncidentRow
from storage.reader import Reader
from web.pages import here, setting
from web.pages.called import scope_of, seen_in
from web.pages.failures import status_of
from web.pages.wording import gettext

SEALED_BY = timedelta(minutes=2)
"""Entries that wait for longer to be signed are told to administrators."""
blueprint = Blueprint("attention", __name__, url_prefix="/attention")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What is wrong with naming somebody for a task, and what was typed."""

    task: str = ""
    to: str = ""
    comment: str = ""
    typed_to: str = ""
    typed_comment: str = ""


@blueprint.app_template_filter("incident")
def heading(kind: str) -> str:
    """What has happened, as a heading."""
    zh, en = INCIDENT_WORDS[kind]
    said = here.said(zh, en)
    return said[:1].upper() + said[1:]


@blueprint.get("")
def all() -> str:
    """What stands still: everything to an administrator, to owners that of their processes."""
    return _all(Wrong())


def _all(wrong: Wrong) -> str:
    with here.reading() as reader:
        if not _attends(reader):
            abort(403)
        return render_template(
            "attention/all.html",
            incidents=queries.incidents(
                reader, g.viewer, cursor=request.args.get("cursor") or None
            ),
            unheld=queries.unheld(reader, g.viewer),
            late=queries.late_timers(reader, g.viewer, here.now()),
            system=queries.system(reader, here.now()) if _administers() else None,
            signed=_signed(reader) if _administers() else None,
            people=_people(reader),
            wrong=wrong,
            nothing_wrong=Wrong(),
        )


def _signed(reader: Reader) -> dict[str, Any]:
    """How far entries are signed; `late`: since when they are not, where that is too long."""
    state = sealing.state(reader)
    since = state.waiting_since
    late = since if since is not None and here.now() - since > SEALED_BY else None
    return {"sealed": state.sealed, "late": late}


@blueprint.get("/<id>")
def one(id: str) -> str:
    """One thing that stands still."""
    return _one(id, setting.Typed())


def _one(
    id: str, typed: setting.Typed, *, wrong: Mapping[str, str] | None = None, looked: bool = False
) -> str:
    with here.reading() as reader:
        row = queries.incident(reader, g.viewer, id)
        if row is None:
            abort(404)
        variables = _variables(reader, row) if looked else {}
        return render_template(
            "attention/one.html",
            row=row,
            typed=typed,
            rows=setting.rows(variables, typed, row.message),
            kinds=setting.KINDS,
            looked=looked,
            administers=_administers(),
            people=_people(reader),
            wrong={"comment": "", "look": "", "variables": "", **(wrong or {})},
            nothing_wrong=Wrong(),
        )


@blueprint.post("/<id>/retry")
def retry(id: str) -> ResponseReturnValue:
    """Try it again, with other variables if need be."""
    row = _known(id)
    typed = setting.read(request.form)
    if typed.errors:
        return make_response(_one(id, typed), 422)
    try:
        _handle(
            Retry(
                actor=here.actor(override=True),
                request=row.request_id,
                incident=row.ordinal,
                variables=typed.values,
                comment=typed.comment,
            )
        )
    except Invalid as invalid:
        said = {name: text.said(here.locale()) for name, text in invalid.errors.items()}
        known = typed.marked(said)
        rest = {n: text for n, text in said.items() if n in ("comment", "variables")}
        return make_response(_one(id, known, wrong=rest), 422)
    with here.reading() as reader:
        still = queries.incident(reader, g.viewer, id)
    if still is not None:
        flash(gettext("It was tried again and failed again."), "no")
        return redirect(url_for("attention.one", id=id), 303)
    flash(gettext("The process goes on."), "yes")
    return redirect(url_for("attention.all"), 303)


@blueprint.post("/<id>/look")
def look(id: str) -> ResponseReturnValue:
    """Read the variables once, for a reason that stands in the history (K3)."""
    row = _known(id)
    reason = request.form.get("comment", "").strip()
    try:
        _handle(Look(actor=here.actor(override=True), request=row.request_id, comment=reason))
    except Unknown:
        raise
    except Refused as refused:
        page = _one(id, setting.Typed(), wrong={"look": _sentence(refused)})
        return make_response(page, status_of(refused))
    return _one(id, setting.Typed(), looked=True)


@blueprint.post("/assign/<id>")
def assign(id: str) -> ResponseReturnValue:
    """Put a task that nobody holds into somebody's hands."""
    place = split_task_id(id)
    if not _administers() or place is None:
        abort(403 if place else 404)
    to, comment = request.form.get("to", ""), request.form.get("comment", "").strip()
    actor = here.actor(override=True)
    try:
        _handle(Assign(actor=actor, request=place[0], ordinal=place[1], to=to, comment=comment))
    except Unknown:
        raise
    except Refused as refused:
        said = {"to": refused.sentence(here.locale())}
        if isinstance(refused, Invalid) and refused.errors:
            said = {name: text.said(here.locale()) for name, text in refused.errors.items()}
        typed = Wrong(
            task=id,
            to=said.get("to", ""),
            comment=said.get("comment", ""),
            typed_to=to,
            typed_comment=comment,
        )
        return make_response(_all(typed), status_of(refused))
    flash(gettext("The task has a holder now, and he has been told."), "yes")
    return redirect(url_for("attention.all"), 303)


def _known(id: str) -> IncidentRow:
    """An incident that whoever is signed in may act on."""
    if not _administers():
        abort(403)
    with here.reading() as reader:
        row = queries.incident(reader, g.viewer, id)
    if row is None:
        flash(gettext("This is over: the process has gone on."), "yes")
        abort(redirect(url_for("attention.all"), 303))
    return row


def _handle(command: Command) -> None:
    here.system().handle(command)


def _administers() -> bool:
    return here.me().role == "administrator"


def _attends(reader: Reader) -> bool:
    return _administers() or queries.owns_any(reader, g.viewer)


def _people(reader: Reader) -> list[tuple[str, str]]:
    return [(str(id), name) for id, name in reader.organisation.current(reader).listed("")]


def _variables(reader: Reader, row: IncidentRow) -> dict[str, object]:
    """What is known where it stands still."""
    request = queries.request(reader, g.viewer, row.request_id)
    assert request is not None
    versions = queries.Versions.of_request(reader, request.definition)
    key = row.key if row.key.startswith("/") else row.key.partition(":")[2]
    scopes = queries.flow(reader, row.request_id).scopes
    return seen_in(versions, scopes, row.definition, scope_of(key))


def _sentence(refused: Refused) -> str:
    if isinstance(refused, Invalid) and refused.errors:
        return " ".join(text.said(here.locale()) for text in refused.errors.values())
    return refused.sentence(here.locale())
