"""The page of a request's replay: one cursor over its history (AU1–AU5)."""

from typing import Any

from flask import Blueprint, abort, g, render_template, request

from engine.ids import RequestId
from engine.replay import KINDS, Replayed
from storage import queries
from storage.checking import Checked
from storage.reader import Reader
from web.pages import here
from web.pages.stepping.comparing import Comparison, compared
from web.pages.stepping.saying import differs
from web.pages.stepping.scene import Scene, scene
from web.reading import read_history
from web.stepping import ALTERED, checked, stepped
from web.stepping import found as integrity_of

blueprint = Blueprint("stepping", __name__)


@blueprint.get("/requests/<id>/replay")
def replay(id: str) -> str:
    """A request's history step by step, to whoever may see the history."""
    with here.reading() as reader:
        row = queries.request(reader, g.viewer, RequestId(id))
        if row is None:
            abort(404)
        if queries.may_see(reader, g.viewer, row.id) != "all":
            abort(403)
        read_history(row.id, "replay")
        chain = checked(reader, row.id)
        found, steps = _scene(reader, row, chain)
        about = integrity_of(chain, steps)
        if found is None:
            return render_template("replay/broken.html", row=row, checked=about, differs=differs)
        step = _number("step", found) or len(found)
        only = [kind for kind in KINDS if kind in request.args.getlist("only")]
        return render_template(
            "replay/replay.html",
            row=row,
            scene=found,
            step=step,
            only=only,
            near=_near(found, step, only),
            comparison=_comparison(found, step),
            checked=about,
            differs=differs,
        )


def _scene(
    reader: Reader, row: queries.RequestRow, chain: Checked
) -> tuple[Scene | None, Replayed | None]:
    """All steps; of a history that was tampered with those that can still be told."""
    if chain.fault is None:
        steps = stepped(reader, row.id)
        if not len(steps):
            abort(404)
        return scene(reader, row, steps), steps
    steps_of_all = None
    for until in (None, chain.bad - 1):
        try:
            steps = stepped(reader, row.id, until=until)
            steps_of_all = steps if until is None else steps_of_all
            if len(steps):
                return scene(reader, row, steps), steps_of_all
        except ALTERED:
            continue
    return None, steps_of_all


def _number(name: str, found: Scene) -> int | None:
    """A step that the address names; 404 for one that is none."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 8 and 1 <= int(text) <= len(found)):
        abort(404)
    return int(text)


def _comparison(found: Scene, step: int) -> Comparison | None:
    other = _number("with", found)
    return None if other is None else compared(found.knowing, step, other)


def _near(found: Scene, step: int, only: list[Any]) -> dict[str, int | None]:
    """Where the cursor can go from here, among the steps that are shown."""
    shown = [
        number
        for number, each in enumerate(found.told, 1)
        if not only or not set(only).isdisjoint(each.kinds)
    ]
    return {
        "first": next((n for n in shown if n < step), None),
        "before": next((n for n in reversed(shown) if n < step), None),
        "after": next((n for n in shown if n > step), None),
        "last": next((n for n in reversed(shown) if n > step), None),
    }
