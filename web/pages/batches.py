"""Several tasks at once: first what they are, then a result for each of them (K4)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.approve import Approve
from engine.commands.base import TaskCommand
from engine.commands.complete import Complete
from engine.commands.reject import Reject
from engine.commands.return_ import Return
from engine.commands.undo import Undo
from engine.desk import answer, desk_of
from engine.ids import split_task_id
from engine.refusals import Invalid, Refused
from storage.reader import Reader
from web.pages import here, looking, sheet, undoing
from web.pages.wording import gettext
from web.undoing import left

blueprint = Blueprint("batches", __name__)

MOST = 100
"""As many tasks at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One task of a batch: what may be done with it among others, or why nothing may."""

    sheet: sheet.Sheet
    approve: bool
    reject: bool
    complete: bool
    targets: tuple[tuple[str, str], ...]
    alone: str
    """Why it has to be decided by itself; empty: it need not."""
    lacks: str
    """What has to be filled in before it can be approved or completed."""

    @property
    def id(self) -> str:
        """The task's id."""
        return str(self.sheet.task.id)

    @property
    def able(self) -> bool:
        """Whether anything can be done with it here."""
        return self.approve or self.reject or self.complete or bool(self.targets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one task."""

    id: str
    named: str
    done: bool
    says: str


@blueprint.post("/inbox/batch")
def review() -> ResponseReturnValue:
    """What has been chosen, with all that matters, before anything is decided."""
    return _review("", "", 200)


def _review(comment: str, wrong: str, status: int) -> ResponseReturnValue:
    with here.reading() as reader:
        items = [item for id in _chosen() if (item := _item(reader, id)) is not None]
        if not items:
            return redirect(url_for("inbox.inbox"), 303)
        targets = dict(target for item in items for target in item.targets)
        text = render_template(
            "inbox/batch.html",
            items=items,
            targets=targets,
            once=uuid4().hex,
            comment=comment,
            wrong=wrong,
        )
    return text, status


@blueprint.post("/inbox/batch/<any(approve, reject, complete, return):verb>")
def decide(verb: str) -> ResponseReturnValue:
    """Each in a transaction of its own; the one comment is each one's."""
    comment = request.form.get("comment", "").strip()[:4000]
    if verb in ("reject", "return") and not comment:
        return _review("", gettext("A reason is needed; it becomes that of each one."), 422)
    results = [_one(id, verb, comment) for id in _chosen()]
    return render_template(
        "inbox/batch_done.html", results=results, **_undoable(each.id for each in results)
    )


@blueprint.post("/inbox/batch/undo")
def undo() -> str:
    """What was just decided is open again; what has taken effect meanwhile stays."""
    results = [_undone(id) for id in _chosen()]
    return render_template("inbox/batch_done.html", results=results, undone=True, undo=(), left=0)


def _undoable(decided: Iterable[str]) -> dict[str, Any]:
    """Which of them can still be undone, and for how long all of them can."""
    found: dict[str, int] = {}
    with here.reading() as reader:
        unit = looking.unit(reader)
        for id in decided:
            place = split_task_id(id)
            slot = unit.slot(*place) if place is not None else None
            seconds = left(slot, here.me().id, here.now()) if slot is not None else 0
            if seconds:
                found[id] = seconds
    return {"undone": False, "undo": tuple(found), "left": min(found.values(), default=0)}


def _undone(id: str) -> Result:
    with here.reading() as reader:
        found = sheet.of(reader, id)
    place = split_task_id(id)
    if found is None or place is None:
        gone = gettext("It is not in your hands any more.")
        return Result(id=id, named=id, done=False, says=gone)
    named = f"{found.request.number or ''} {found.request.title}".strip()
    try:
        here.system().handle(Undo(actor=here.actor(), request=place[0], ordinal=place[1]))
    except Refused as refused:
        return Result(id=id, named=named, done=False, says=refused.sentence(here.locale()))
    return Result(id=id, named=named, done=True, says="")


def _chosen() -> list[str]:
    return list(dict.fromkeys(request.form.getlist("tasks")))[:MOST]


def _item(reader: Reader, id: str) -> Item | None:
    """One task as the batch may treat it; None where it is not to be known of."""
    found = sheet.of(reader, id)
    if found is None:
        return None
    protected = found.words is not None and found.words.protected
    may, lacks = found.may, ""
    if (may.approve or may.complete) and not protected:
        lacks = _lacks(reader, found)
    alone = ""
    if protected:
        alone = gettext("It binds or pays: it has to be decided by itself.")
    elif found.task.node == "initiator":
        alone = gettext("It has to be amended by itself.")
    elif not (may.approve or may.complete or may.reject or may.targets):
        alone = may.held_up or gettext("It is not in your hands any more.")
    free = not alone
    return Item(
        sheet=found,
        approve=free and may.approve and not lacks,
        reject=free and may.reject,
        complete=free and may.complete and not lacks,
        targets=may.targets if free else (),
        alone=alone,
        lacks=lacks,
    )


def _lacks(reader: Reader, found: sheet.Sheet) -> str:
    """The fields without which it can't be approved or completed, by their labels."""
    place = split_task_id(found.task.id)
    if place is None or found.words is None:
        return ""
    case = looking.case_of(reader, place[0])
    slot = case.uow.slot(*place)
    if slot is None:
        return ""
    node = case.node(slot.node_key)
    desk = desk_of(case.definition_of(node), node.node)
    try:
        answer(case, desk, {}, variables=case.run.variables(node.scope), slot=slot)
    except Invalid as invalid:
        return "、".join(dict.fromkeys(_labels(desk.form.by_key, invalid.errors)))
    except looking.PROBLEMS:
        return ""
    return ""


def _labels(fields: Any, errors: Any) -> Iterator[str]:
    for path in errors:
        field = fields.get(path.partition("[")[0])
        yield field.label.said(here.locale()) if field is not None else path


def _one(id: str, verb: str, comment: str) -> Result:
    """Decide one of them. What is refused has changed nothing."""
    with here.reading() as reader:
        item = _item(reader, id)
    if item is None:
        return Result(
            id=id, named=id, done=False, says=gettext("It is not in your hands any more.")
        )
    row = item.sheet.request
    named = f"{row.number or ''} {row.title}".strip()
    no = item.alone or (item.lacks and verb in ("approve", "complete") and _needs(item.lacks))
    if no:
        return Result(id=id, named=named, done=False, says=str(no))
    try:
        here.system().handle(_command(id, verb, comment))
    except Invalid as invalid:
        says = " ".join(message.said(here.locale()) for message in invalid.errors.values())
        says = says or invalid.sentence(here.locale())
        return Result(id=id, named=named, done=False, says=says)
    except Refused as refused:
        return Result(id=id, named=named, done=False, says=refused.sentence(here.locale()))
    return Result(id=id, named=named, done=True, says="")


def _needs(labels: str) -> str:
    return gettext("It has to be filled in first: %(fields)s", fields=labels)


def _command(id: str, verb: str, comment: str) -> TaskCommand:
    place = split_task_id(id)
    assert place is not None  # there is a sheet of it
    once = request.form.get("_once", "")[:64]
    on: dict[str, Any] = {
        "actor": here.actor(),
        "request": place[0],
        "ordinal": place[1],
        "version": request.form.get(f"version.{id}") or None,
        "key": f"{once} {id}" if once else None,
        "comment": comment,
        "window": undoing.seconds(verb),
    }
    if verb == "return":
        return Return(**on, to=request.form.get("to") or None)
    kinds = {"approve": Approve, "reject": Reject, "complete": Complete}
    return kinds[verb](**on)
