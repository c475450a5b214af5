"""Deploying: files are put up, looked at (what is said of their elements), and deployed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from markupsafe import Markup

import forms
from engine.diagrams.definition import Problem
from storage import attachments, queries, releasing
from storage.attachments import Missing
from storage.reader import Reader
from web import compiling, publishing
from web.deploying import Deployment
from web.drawing import svg
from web.pages import here
from web.pages.attachments import keep
from web.pages.wording import gettext
from web.releasing import NotOwner

blueprint = Blueprint("deploying", __name__, url_prefix="/deploy")

MOST_BYTES = 16 * 1024 * 1024
MOST_FILES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """One diagram that was looked at, with what is said of its elements."""

    file: str
    figure: Markup
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was found in the files."""

    processes: tuple[tuple[str, str, int], ...]
    """(key, name, the version that it would be)."""
    diagrams: tuple[Diagram, ...]
    problems: tuple[Problem, ...]
    """Those of no element that is drawn."""
    warnings: tuple[Problem, ...]
    count: int
    """Of problems."""


@blueprint.get("")
def form() -> str:
    """Where files are put up."""
    _owners_only()
    return _page({}, None)


@blueprint.post("")
def deploy() -> ResponseReturnValue:
    """Look at the files, or deploy them."""
    _owners_only()
    pressed = request.form.get("_press", "")
    files, wrong = _files(pressed.removeprefix("drop:files:"))
    if pressed or wrong:
        return make_response(_page(files, None, wrong=wrong), 422 if wrong else 200)
    contents, wrong = _contents(files)
    if wrong:
        return make_response(_page(files, None, wrong=wrong), 422)
    try:
        found = compiling.checked(contents, draw=True)
    except compiling.Busy:
        wrong = gettext("Other files are being looked at; please try again shortly.")
        return make_response(_page(files, None, wrong=wrong), 429)
    if request.form.get("_verb") != "deploy" or found.problems:
        status = 422 if found.problems and request.form.get("_verb") == "deploy" else 200
        return make_response(_page(files, found), status)
    return _deployed(files, found, contents)


def _owners_only() -> None:
    if here.me().role != "owner":
        abort(403)


def _deployed(
    files: Mapping[str, Any], found: Deployment, contents: Mapping[str, bytes]
) -> ResponseReturnValue:
    try:
        done = publishing.publish(
            here.system().database,
            found,
            contents,
            by=here.actor(),
            at=here.now(),
            owned=True,
            comment=request.form.get("comment", ""),
        )
    except NotOwner:
        wrong = gettext("One of these processes belongs to others; nothing was deployed.")
        return make_response(_page(files, found, wrong=wrong), 403)
    if done.proposal:
        flash(gettext("Proposed; another owner reads and releases it."), "yes")
        return redirect(url_for("releasing.one", id=done.proposal), 303)
    made = done.versions
    named = "、".join(f"{each.key} {each.version}" for each in made)
    if any(each.new for each in made):
        flash(gettext("Deployed: %(processes)s", processes=named), "yes")
    else:
        flash(gettext("Nothing has changed: %(processes)s", processes=named), "yes")
    return redirect(url_for("administration.process", key=made[0].key), 303)


def _files(dropped: str) -> tuple[dict[str, Any], str]:
    """Files by id: those put up before, as far as they are this person's, and new ones; a new one
    takes the place of one of the same name. And what is wrong."""
    ids = [id for id in request.form.getlist("files") if id != dropped]
    wrong = ""
    for upload in request.files.getlist("_file.files"):
        if upload.filename:
            kept = keep(upload)
            if isinstance(kept, forms.Message):
                wrong = kept.said(here.locale())
            else:
                ids.append(kept)
    with here.reading() as reader:
        rows = queries.attachments_by_id(reader, tuple(dict.fromkeys(ids)))
    mine = here.me().id
    by_name = {
        rows[id].name: rows[id]
        for id in ids
        if id in rows and rows[id].uploaded_by.id == mine and rows[id].request is None
    }
    files = {row.id: row for row in by_name.values()}
    if len(files) > MOST_FILES or sum(row.size for row in files.values()) > MOST_BYTES:
        wrong = gettext("At most 100 files, 16 MB together.")
    return files, wrong


def _contents(files: Mapping[str, Any]) -> tuple[dict[str, bytes], str]:
    if not files:
        return {}, gettext("Please choose the files: diagrams, forms, tables.")
    home = here.system().database.home
    found: dict[str, bytes] = {}
    for row in files.values():
        try:
            with attachments.opened(home, row.sha256) as file:
                found[row.name] = file.read()
        except Missing:
            return {}, gettext("%(name)s is gone; please put it up again.", name=row.name)
    return found, ""


def _page(files: Mapping[str, Any], found: Deployment | None, *, wrong: str = "") -> str:
    with here.reading() as reader:
        return render_template(
            "deploying/deploy.html",
            files=files,
            found=None if found is None else _looked(reader, found),
            two=found is not None
            and bool(releasing.wants_two(reader, [each.key for each in found.processes])),
            comment=request.form.get("comment", ""),
            wrong=wrong,
        )


def _looked(reader: Reader, found: Deployment) -> Looked:
    warnings = [] if found.problems else publishing.warnings(reader, found)
    diagrams: list[Diagram] = []
    drawn: set[str] = set()
    for file, drawing in found.drawings:
        ids = {str(each.id) for each in drawing.shapes} | {str(each.id) for each in drawing.edges}
        ids -= drawn
        drawn |= ids
        problems = tuple(each for each in found.problems if each.element in ids)
        figure = svg.drawn(
            drawing, {}, english=here.locale() == "en", faults=_faults(problems), name=file
        )
        about = tuple(each for each in warnings if each.element in ids)
        diagrams.append(Diagram(file=file, figure=figure, problems=problems, warnings=about))
    return Looked(
        processes=tuple(
            (each.key, here.said(each.name, each.name_en), _next(reader, each.key, each.digest))
            for each in found.processes
        ),
        diagrams=tuple(diagrams),
        problems=tuple(each for each in found.problems if each.element not in drawn),
        warnings=tuple(each for each in warnings if each.element not in drawn),
        count=len(found.problems),
    )


def _faults(problems: Sequence[Problem]) -> dict[str, str]:
    """What is wrong with each element, in one text."""
    found: dict[str, str] = {}
    for each in problems:
        before = found.get(each.element)
        found[each.element] = f"{before}; {each.message}" if before else each.message
    return found


def _next(reader: Reader, key: str, digest: str) -> int:
    """The version that it would be: the latest, where that has this very content already."""
    versions = queries.definition_versions(reader, key)
    if not versions:
        return 1
    return versions[0].version + (versions[0].digest != digest)
