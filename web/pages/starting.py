"""Starting a request: what I may start, its form, and drafts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

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

import forms
from engine.commands.submit import SaveDraft, Submit
from engine.desk import desk_of
from engine.diagrams.definition import Definition
from engine.ids import RequestId
from engine.refusals import Invalid, Refused
from storage import queries
from storage.reader import Reader
from web.pages import drawn, filling, foreseen, here, looking
from web.pages.drawn import Drawer
from web.pages.failures import status_of
from web.pages.filling import Typed
from web.pages.names import Names
from web.pages.wording import gettext

blueprint = Blueprint("starting", __name__)

_ONCE = re.compile(r"[0-9a-f]{32}")


@blueprint.get("/start")
def start() -> str:
    """Processes that I may start, and my drafts."""
    with here.reading() as reader:
        return render_template(
            "starting/start.html",
            processes=_startables(reader),
            drafts=queries.requests(reader, g.viewer, "mine", status="draft"),
        )


@blueprint.get("/start/<process>")
def form(process: str) -> str:
    """An empty start form."""
    with here.reading() as reader:
        return _page(reader, _startable(reader, process), None)


@blueprint.post("/start/<process>")
def begin(process: str) -> ResponseReturnValue:
    """Submit a new request, or keep it as a draft."""
    with here.reading() as reader:
        definition = _startable(reader, process)
    return _sent(definition, RequestId(_once() or uuid4().hex), draft=None)


@blueprint.get("/drafts/<id>")
def draft(id: str) -> str:
    """A draft, a withdrawn request, to go on with."""
    with here.reading() as reader:
        row, definition = _mine(reader, id)
        return _page(reader, definition, None, row=row)


@blueprint.post("/drafts/<id>")
def send(id: str) -> ResponseReturnValue:
    """Submit a draft, or keep it as it is now."""
    with here.reading() as reader:
        row, definition = _mine(reader, id)
    return _sent(definition, row.id, draft=row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Startable:
    """A process that one may start, and what it is for."""

    key: str
    name: str
    description: str


def _startables(reader: Reader) -> list[Startable]:
    if here.reads_only():
        return []
    found = []
    for row in queries.startable(reader, g.viewer):
        words = reader.definitions.process(reader, row.digest)
        about = here.said(words.documentation, words.properties.get("documentation.en"))
        found.append(
            Startable(key=row.key, name=here.said(row.name, row.name_en), description=about)
        )
    return found


def _startable(reader: Reader, process: str) -> Definition:
    definition = reader.definitions.latest(reader, process)
    if definition is None or not looking.may_start(reader, definition):
        abort(404)
    return definition


def _mine(reader: Reader, id: str) -> tuple[Any, Definition]:
    row = queries.request(reader, g.viewer, RequestId(id))
    if row is None or row.requester != here.me().id or row.status not in ("draft", "withdrawn"):
        abort(404)
    definition = reader.definitions.latest(reader, row.process)
    assert definition is not None
    return row, definition


def _once() -> str | None:
    """What makes a form sent twice one call: the id under which its request is made."""
    given = request.form.get("_once", "")
    return given if _ONCE.fullmatch(given) else None


def _sent(definition: Definition, id: RequestId, draft: Any) -> ResponseReturnValue:
    typed = filling.read(request, desk_of(definition, None).form)
    if typed.reshaped:
        return make_response(_again(definition, typed, {}, draft), 200)
    if typed.errors:
        return make_response(_again(definition, typed, typed.errors, draft), 422)
    if typed.verb == "preview":
        return _previewed(definition, typed, draft)
    kind = SaveDraft if typed.verb == "draft" else Submit
    command = kind(
        actor=here.actor(), request=id, process=definition.key, answers=typed.values, key=_once()
    )
    try:
        outcome = here.system().handle(command)
    except Invalid as invalid:
        return make_response(_again(definition, typed, invalid.errors, draft), 422)
    except Refused as refused:
        message = forms.Message(refused.sentence("zh"), refused.sentence("en"))
        return make_response(_again(definition, typed, {"": message}, draft), status_of(refused))
    if kind is SaveDraft:
        flash(gettext("Draft saved. Only you can see it."), "yes")
        return redirect(url_for("starting.draft", id=outcome.request), 303)
    flash(gettext("Submitted. Below you see who holds it now."), "yes")
    return redirect(url_for("requests.one", id=outcome.request), 303)


def _previewed(definition: Definition, typed: Typed, draft: Any) -> ResponseReturnValue:
    """The form again, with the way that these answers would take; nothing is made or kept."""
    command = Submit(
        actor=here.actor(),
        request=RequestId(uuid4().hex) if draft is None else draft.id,
        process=definition.key,
        answers=typed.values,
    )
    errors: Mapping[str, forms.Message] = {}
    with here.reading() as reader:
        try:
            way = foreseen.way(reader, command)
            return make_response(_page(reader, definition, typed, row=draft, way=way), 200)
        except Invalid as invalid:
            errors, status = invalid.errors, 422
        except Refused as refused:
            errors = {"": forms.Message(refused.sentence("zh"), refused.sentence("en"))}
            status = status_of(refused)
    return make_response(_again(definition, typed, errors, draft), status)


def _again(
    definition: Definition, typed: Typed, errors: Mapping[str, forms.Message], row: Any
) -> str:
    with here.reading() as reader:
        return _page(reader, definition, typed, errors=errors, row=row)


def _page(
    reader: Reader,
    definition: Definition,
    typed: Typed | None,
    *,
    errors: Mapping[str, forms.Message] | None = None,
    row: Any = None,
    way: foreseen.Way | None = None,
) -> str:
    desk = desk_of(definition, None)
    case = looking.new_case(reader, definition) if row is None else looking.case_of(reader, row.id)
    drawer = Drawer(
        reader=reader,
        versions=queries.Versions(reader, definition),
        names=Names.of_reader(reader),
        case=case,
    )
    values: Mapping[str, Any] = {}
    if typed is not None:
        values = typed.values
    elif row is not None:
        flow = queries.flow(reader, row.id)
        values, drawer.variables = flow.answers, flow.variables
    known = {field.key for field in desk.form.fields}
    said = {n: m.said(here.locale()) for n, m in (errors or {}).items()}
    return render_template(
        "starting/form.html",
        definition=definition,
        drawing=drawer.blank(desk, values, errors=errors),
        widths=drawn.widths(desk.form),
        files=drawn.files_in(reader, values),
        row=row,
        once=uuid4().hex,
        way=way,
        names=drawer.names,
        errors={n: m for n, m in said.items() if n.partition("[")[0] not in known},
        wrong=len(said),
    )
