"""What a second owner reads and releases: what waits, what it changes, and the two buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

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
from markupsafe import Markup

from engine.diagrams import source
from engine.diagrams.definition import Undeployable
from engine.diagrams.difference import Difference
from engine.diagrams.files import is_diagram
from engine.diagrams.layout import read_drawing
from engine.refusals import Invalid, Refused
from storage import queries, releasing
from storage.definitions import files_of
from storage.reader import Reader
from storage.releasing import Proposal, State
from web import releasing as acts
from web.door import Door
from web.drawing import svg
from web.drawing.glyphs import State as Mark
from web.pages import here
from web.pages.failures import status_of
from web.pages.formats import listed
from web.pages.names import Names
from web.pages.wording import gettext
from web.pages.words import Sign

blueprint = Blueprint("releasing", __name__)

STATES = {
    "open": Sign(lazy_gettext("Waits for a second owner"), "clock", "wait"),
    "released": Sign(lazy_gettext("Released"), "check", "yes"),
    "refused": Sign(lazy_gettext("Refused"), "cross", "no"),
    "withdrawn": Sign(lazy_gettext("Withdrawn"), "gone", "gone"),
}
KINDS = {
    "version": lazy_gettext("A new version"),
    "owners": lazy_gettext("Other owners"),
    "rule": lazy_gettext("Release by one person again"),
}
CHANGES = {
    "added": Sign(lazy_gettext("Added"), "plus", "yes"),
    "changed": Sign(lazy_gettext("Changed"), "pen", "wait"),
    "removed": Sign(lazy_gettext("Removed"), "gone", "no"),
}
TYPES = {
    "process": lazy_gettext("process"),
    "userTask": lazy_gettext("user task"),
    "serviceTask": lazy_gettext("service task"),
    "scriptTask": lazy_gettext("script task"),
    "businessRuleTask": lazy_gettext("decision task"),
    "sendTask": lazy_gettext("send task"),
    "receiveTask": lazy_gettext("receive task"),
    "manualTask": lazy_gettext("manual task"),
    "callActivity": lazy_gettext("call of another process"),
    "subProcess": lazy_gettext("sub-process"),
    "exclusiveGateway": lazy_gettext("exclusive gateway"),
    "parallelGateway": lazy_gettext("parallel gateway"),
    "inclusiveGateway": lazy_gettext("inclusive gateway"),
    "eventBasedGateway": lazy_gettext("event-based gateway"),
    "sequenceFlow": lazy_gettext("sequence flow"),
    "startEvent": lazy_gettext("start event"),
    "endEvent": lazy_gettext("end event"),
    "boundaryEvent": lazy_gettext("boundary event"),
    "intermediateCatchEvent": lazy_gettext("catching event"),
    "intermediateThrowEvent": lazy_gettext("throwing event"),
    "form": lazy_gettext("form"),
    "file": lazy_gettext("file"),
}
"""What the parts of a diagram are called; one of another type stands under BPMN's own word."""
VERBS: Mapping[str, State] = {
    "release": "released",
    "refuse": "refused",
    "withdraw": "withdrawn",
}
_MARKS: Mapping[str, Mark] = {"added": "added", "changed": "changed", "removed": "removed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A proposal as a list tells of it."""

    id: str
    kind: str
    processes: tuple[str, ...]
    called: str
    """What these processes are called; a key stands for one that nobody has deployed yet."""
    comment: str
    by: str
    at: datetime
    state: Sign
    decided_by: str
    decided_at: datetime | None
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One process of a proposed version: drawings before and after, and what differs, by file."""

    process: str
    name: str
    new: bool
    before: Markup
    after: Markup
    files: tuple[tuple[str, tuple[Difference, ...]], ...]
    counts: Mapping[str, int]


@blueprint.get("/proposals")
def all() -> str:
    """What waits, or waited, for a second owner."""
    me = here.me()
    everybody = me.role in ("auditor", "administrator")
    if me.role != "owner" and not everybody:
        abort(403)
    with here.reading() as reader:
        names = Names.of_reader(reader)
        found = releasing.of(reader, owner=None if everybody else me.id)
        return render_template(
            "releasing/all.html",
            waiting=[_listed(reader, each, names) for each in found if each.state == "open"],
            past=[_listed(reader, each, names) for each in found if each.state != "open"],
            kinds=KINDS,
        )


@blueprint.get("/proposals/<id>")
def one(id: str) -> str:
    """One proposal, with what it changes."""
    return _one(id)


@blueprint.post("/proposals/<id>")
def decide(id: str) -> ResponseReturnValue:
    """Release, refuse or withdraw it."""
    state = VERBS.get(request.form.get("_verb", ""))
    if state is None:
        abort(422)
    try:
        made = acts.decide(
            _door(),
            here.me(),
            here.actor(),
            id,
            state,
            request.form.get("comment", ""),
            seen=request.form.get("version", ""),
        )
    except Refused as no:
        if not _is_known(id):
            raise
        return make_response(_one(id, no), status_of(no))
    told = {
        "released": gettext("Released: it is in force from now on."),
        "refused": gettext("Refused; nothing has changed."),
        "withdrawn": gettext("Withdrawn; nothing has changed."),
    }
    flash(told[made.state], "yes")
    return redirect(url_for("releasing.one", id=id), 303)


@blueprint.post("/processes/<key>/owners")
def owners(key: str) -> ResponseReturnValue:
    """Name the owners of a process."""
    named = [each for each in request.form.getlist("owners") if each]
    if request.form.get("add"):
        named.append(request.form["add"])
    dropped = request.form.get("drop", "")
    named = [each for each in named if each != dropped]
    actor = here.actor(override=here.me().role == "administrator")
    comment = request.form.get("comment", "")

    def act() -> Proposal | None:
        return acts.change_owners(_door(), here.me(), actor, key, named, comment)

    return _decided(key, act)


@blueprint.post("/processes/<key>/release")
def rule(key: str) -> ResponseReturnValue:
    """Say how many people release a process."""
    people = 2 if request.form.get("people") == "2" else 1
    comment = request.form.get("comment", "")

    def act() -> Proposal | None:
        return acts.change_rule(_door(), here.me(), here.actor(), key, people, comment)

    return _decided(key, act)


def _decided(key: str, act: Any) -> ResponseReturnValue:
    try:
        made = act()
    except Refused as no:
        if status_of(no) in (403, 404):
            raise
        flash(_sentence(no), "no")
        return redirect(url_for("administration.process", key=key) + "#owners", 303)
    if made is not None:
        flash(gettext("Proposed; another owner reads and releases it."), "yes")
        return redirect(url_for("releasing.one", id=made.id), 303)
    flash(gettext("Saved."), "yes")
    return redirect(url_for("administration.process", key=key) + "#owners", 303)


def owning(reader: Reader, key: str) -> Mapping[str, Any]:
    """What the page of a process says of its owners, for its template."""
    me, names = here.me(), Names.of_reader(reader)
    theirs = queries.owners(reader, key)
    people = reader.organisation.current(reader).people.values()
    can = me.id in theirs and me.role == "owner"
    return {
        "owners": [(id, names.of(id)) for id in theirs],
        "two": bool(releasing.wants_two(reader, [key])),
        "may_rule": can,
        "may_name": can or me.role == "administrator",
        "others": sorted(
            (person.id, person.name)
            for person in people
            if person.active and person.role == "owner" and person.id not in theirs
        ),
        "proposals": [
            _listed(reader, each, names)
            for each in releasing.of(reader, owner=None, state="open")
            if key in each.processes and acts.may_see(reader, each, me)
        ],
    }


def _one(id: str, no: Refused | None = None) -> str:
    me = here.me()
    with here.reading() as reader:
        found = releasing.one(reader, id)
        if found is None or not acts.may_see(reader, found, me):
            abort(404)
        names = Names.of_reader(reader)
        refusals = {verb: acts.refusal(reader, found, me, state) for verb, state in VERBS.items()}
        return render_template(
            "releasing/one.html",
            proposal=_listed(reader, found, names),
            version=acts.version_of(found),
            kind=KINDS[found.kind],
            drawn=[_drawn(reader, found, each) for each in acts.compared(reader, found)],
            owners=_owners(found, names),
            may={verb: refused is None for verb, refused in refusals.items()},
            why_not=_why_not(refusals),
            wrong=_sentence(no) if no is not None else "",
            typed=request.form.get("comment", ""),
            changes=CHANGES,
            types=TYPES,
        )


def _why_not(refusals: Mapping[str, Refused | None]) -> str:
    no = refusals["release"]
    return "" if no is None else no.sentence(here.locale())


def _owners(found: Proposal, names: Names) -> tuple[list[str], list[str]]:
    """Who is to be an owner, and who is one now."""
    if found.kind != "owners":
        return [], []
    return names.all(found.what["base"]), names.all(found.what["owners"])


def _drawn(reader: Reader, found: Proposal, each: acts.Compared) -> Drawn:
    new = releasing.files_of(reader, found)
    files: dict[str, list[Difference]] = {}
    counts = dict.fromkeys(CHANGES, 0)
    for one in each.differences:
        files.setdefault(one.file, []).append(one)
        counts[one.kind] += 1
    return Drawn(
        process=each.process,
        name=here.said(each.name, each.name_en) or each.process,
        new=not each.base,
        before=_figure(files_of(reader, each.base), each.differences, ("removed", "changed")),
        after=_figure(new, each.differences, ("added", "changed")),
        files=tuple((name, tuple(rows)) for name, rows in files.items()),
        counts=counts,
    )


def _figure(files: Mapping[str, bytes], rows: Sequence[Difference], kinds: Sequence[str]) -> Markup:
    """The diagram with a mark on everything that comes, goes or differs."""
    marks = {each.element: _MARKS[each.kind] for each in rows if each.kind in kinds}
    for name, content in files.items():
        if is_diagram(name):
            try:
                drawing = read_drawing(source.parse(name, content))
            except Undeployable:
                continue
            return svg.drawn(drawing, marks, english=here.locale() == "en", name=name)
    return Markup("")


def _listed(reader: Reader, each: Proposal, names: Names) -> Listed:
    called = {one.key: here.said(one.name, one.name_en) for one in queries.processes(reader)}
    return Listed(
        id=each.id,
        kind=each.kind,
        processes=each.processes,
        called=listed(called.get(key) or key for key in each.processes),
        comment=each.comment,
        by=names.of(each.made_by),
        at=each.made_at,
        state=STATES[each.state],
        decided_by=names.of(each.decided_by),
        decided_at=each.decided_at,
        said=each.said,
    )


def _is_known(id: str) -> bool:
    with here.reading() as reader:
        found = releasing.one(reader, id)
        return found is not None and acts.may_see(reader, found, here.me())


def _sentence(no: Refused) -> str:
    if isinstance(no, Invalid):
        return " ".join(each.said(here.locale()) for each in no.errors.values())
    return no.sentence(here.locale())


def _door() -> Door:
    return cast(Door, here.system())
