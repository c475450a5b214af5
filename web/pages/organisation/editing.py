"""The administrators' forms: adding, changing and removing; nothing that was typed is lost."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_hex
from typing import Any

from flask import abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.refusals import Invalid, Refused
from forms import Message
from storage import past
from storage.organisation_files import COLUMNS, KEYS
from storage.organising import EMPTY, rows_of
from storage.packing import text_of
from web import organising
from web.once import Once
from web.organising import OrganisationChanged, Unsure
from web.pages import here
from web.pages.failures import status_of
from web.pages.organisation.common import (
    Then,
    administrators_only,
    blueprint,
    desk,
    differences,
    page,
    people_to_choose,
    then,
)
from web.pages.organisation.units import keys
from web.pages.wording import gettext

LEAST_SUPERIORS = 1
_APART = re.compile(r"[\s,;,;、]+")
_ANY = "<any(people, departments, posts, groups):table>"
_REMOVABLE = "<any(departments, posts, groups):table>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a form is shown again with."""

    errors: Mapping[str, str] = field(default_factory=dict)
    sentence: str = ""
    """What is wrong with all of it."""
    changed: tuple[tuple[str, str, str], ...] = ()
    """What somebody else has changed since."""
    doubts: tuple[str, ...] = ()
    """What may not be meant so."""
    version: str = ""
    taken: Mapping[str, Any] = field(default_factory=dict)
    """What somebody else has changed and this form had left as it was: as it is now."""
    status: int = 200


@blueprint.route("/organisation/new/" + _ANY, methods=["GET", "POST"])
def add(table: str) -> ResponseReturnValue:
    """Somebody or something new."""
    administrators_only()
    return _saving(table, None) if _saves() else _form(table, None, Told())


@blueprint.route("/organisation/edit/" + _ANY + "/<path:key>", methods=["GET", "POST"])
def edit(table: str, key: str) -> ResponseReturnValue:
    """Change what is there."""
    administrators_only()
    return _saving(table, key) if _saves() else _form(table, key, Told())


@blueprint.post("/organisation/members/<any(posts, groups):table>/<path:key>")
def members(table: str, key: str) -> ResponseReturnValue:
    """Somebody comes into a group or gets a post, or is not in it any more."""
    administrators_only()
    put, out = request.form.get("put", "")[:200], request.form.get("out", "")[:200]
    with here.reading() as reader:
        person = reader.organisation.current(reader).person(put or out)
    if person is None:
        flash(gettext("Please choose somebody."), "no")
        return redirect(url_for("organisation.unit", table=table, key=key), 303)
    places = getattr(person, table)
    now = [*places, key] if put else [each for each in places if each != key]
    organising.save(desk(), "people", person.id, {table: now}, sure=True)
    said = (
        gettext("%(name)s is in it now.", name=person.name)
        if put
        else gettext("%(name)s is not in it any more.", name=person.name)
    )
    flash(said, "yes")
    return redirect(url_for("organisation.unit", table=table, key=key), 303)


@blueprint.route("/organisation/remove/" + _REMOVABLE + "/<path:key>", methods=["GET", "POST"])
def remove(table: str, key: str) -> ResponseReturnValue:
    """Remove what nobody is in, once it is said again."""
    administrators_only()
    told = Told()
    if request.method == "POST":
        try:
            organising.remove(
                desk(),
                table,
                key,
                version=_version(),
                sure="sure" in request.form,
                once=once_of_form(),
            )
        except Unsure as unsure:
            told = Told(doubts=_said(unsure), status=422)
        except Refused as refused:
            told = Told(sentence=refused.sentence(here.locale()), status=status_of(refused))
        else:
            flash(gettext("Removed."), "yes")
            return redirect(url_for("organisation.units", table=table), 303)
    with here.reading() as reader:
        of = then(reader)
        if key not in keys(of, table):
            abort(404)
        text = page(
            "remove.html", of, table=table, key=key, told=told, token_key=token_hex(12),
            version=past.version(reader, table, key), inside=of.inside(table, key),
        )  # fmt: skip
    return make_response(text, told.status)


def _saves() -> bool:
    """Whether a form was sent to be saved, and not for one more line of it."""
    return request.method == "POST" and request.form.get("press") != "more"


def _saving(table: str, key: str | None) -> ResponseReturnValue:
    try:
        saved = organising.save(
            desk(), table, key, _given(table), version=_version() if key is not None else None,
            sure="sure" in request.form, once=once_of_form(),
        )  # fmt: skip
    except Unsure as unsure:
        return _form(table, key, Told(doubts=_said(unsure), status=422))
    except OrganisationChanged as stale:
        with here.reading() as reader:
            now = then(reader)
        told = Told(
            sentence=stale.sentence(here.locale()),
            changed=tuple(differences(now, table, stale.details["changed"])),
            version=str(stale.details["version"]),
            taken=_untouched(table, stale.details["changed"]),
            status=409,
        )
        return _form(table, key, told)
    except Invalid as invalid:
        errors = {name: said.said(here.locale()) for name, said in invalid.errors.items()}
        return _form(table, key, Told(errors=errors, status=422))
    except Refused as refused:
        if status_of(refused) == 404:
            raise
        said = refused.sentence(here.locale())
        return _form(table, key, Told(sentence=said, status=status_of(refused)))
    for warning in saved.warnings:
        flash(warning.said(here.locale()), "wait")
    flash(gettext("Saved.") if saved.changed else gettext("Nothing has changed."), "yes")
    if table == "people":
        return redirect(url_for("organisation.person", id=saved.key), 303)
    return redirect(url_for("organisation.unit", table=table, key=saved.key), 303)


def _form(table: str, key: str | None, told: Told) -> ResponseReturnValue:
    with here.reading() as reader:
        of = then(reader)
        if of.is_past:
            abort(404)
        row = _row(of, table, key)
        version = told.version or str(past.version(reader, table, key) if key is not None else 0)
        if request.method == "POST":
            row = {**row, **_given(table), **told.taken}
            version = told.version or request.form.get("version", version)
        text = page(
            "person_form.html" if table == "people" else "unit_form.html",
            of,
            table=table,
            key=key,
            row=row,
            told=told,
            wrong={column: told.errors.get(column, "") for column in COLUMNS[table]},
            version=version,
            token_key=token_hex(12),
            everybody=people_to_choose(of.snapshot, *_named(row)),
            departments=sorted(of.snapshot.units),
            posts=sorted({*keys(of, "posts"), *row.get("posts", ())}),
            groups=sorted(of.snapshot.groups),
            superiors=_superiors(row.get("superior", [])),
        )
    return make_response(text, told.status)


def _row(of: Then, table: str, key: str | None) -> dict[str, Any]:
    """What is there, or an empty one. 404 where there is none of this key."""
    empty = {column: EMPTY.get(column, "") for column in COLUMNS[table]}
    if key is None:
        return empty
    found = rows_of(of.snapshot)[table].get(key)
    if found is None and not (table == "posts" and key in keys(of, "posts")):
        abort(404)
    return {**empty, KEYS[table]: key, **(found or {})}


def _given(table: str) -> dict[str, Any]:
    """What the form says, in the organisation's words."""
    form = request.form
    found: dict[str, Any] = {
        column: form[column][:1_000] for column in COLUMNS[table] if column in form
    }
    if table == "people":
        others = [each for each in _APART.split(form.get("posts_new", "")) if each]
        found |= {
            "posts": list(dict.fromkeys([*form.getlist("posts"), *others])),
            "groups": form.getlist("groups"),
            "superior": list(dict.fromkeys(each for each in form.getlist("superior") if each)),
            "active": "active" in form,
        }
    for column in {"worked", "free"} & found.keys():
        found[column] = [each for each in _APART.split(found[column]) if each]
    return found


def _untouched(table: str, changed: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    given = _given(table)
    return {
        each["field"]: each["new"]
        for each in changed
        if each["field"] in given and given[each["field"]] == each["old"]
    }


def _superiors(chosen: Any) -> list[str]:
    """As many places as are taken, and one more to fill in."""
    more = 2 if request.form.get("press") == "more" else 1
    return [*chosen, *[""] * max(more, LEAST_SUPERIORS)]


def _named(row: Mapping[str, Any]) -> list[str]:
    return [*row.get("superior", ()), *filter(None, [row.get("head"), row.get("deputy")])]


def _version() -> int | None:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _said(unsure: Unsure) -> tuple[str, ...]:
    warnings: tuple[Message, ...] = unsure.warnings
    return tuple(each.said(here.locale()) for each in warnings)


def once_of_form() -> Once:
    """A form that is sent twice takes effect once: it carries a key of its own."""
    given = {name: values for name, values in request.form.lists() if name != "csrf_token"}
    key = request.form.get("key", "")[:100]
    body = sha256(text_of([request.path, given]).encode()).hexdigest()
    return Once(person=here.me().id, key=f"page {key}" if key else None, body=body)
