"""The inbox: what waits for me, my groups, what I did, was copied on, and asked for myself."""

from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from storage import queries
from storage.reader import Reader
from web.pages import here, sheet, words

blueprint = Blueprint("inbox", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for: it holds view, filters, order and the selected task."""

    view: str
    q: str
    process: str
    sort: str
    cursor: str | None
    task: str

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> "Asked":
        """From the address; a view or order that does not exist is a page that does not."""
        view, sort = args.get("view", "todo"), args.get("sort", "newest")
        if view not in words.VIEWS or sort not in words.ORDERS:
            abort(404)
        return cls(
            view=view,
            q=args.get("q", "").strip()[:200],
            process=args.get("process", ""),
            sort=sort,
            cursor=args.get("cursor") or None,
            task=args.get("task", ""),
        )

    @property
    def kept(self) -> dict[str, str]:
        """What a decision takes along, to come back to this place."""
        return {
            "view": self.view,
            "q": self.q,
            "process": self.process,
            "sort": self.sort,
            "task": self.task,
        }

    def address(self, **changed: str | None) -> str:
        """This inbox with something changed; defaults stay out of the address."""
        asked: dict[str, Any] = {**self.kept, **changed}
        plain = {"view": "todo", "sort": "newest"}
        return url_for("inbox.inbox", **{k: v for k, v in asked.items() if v and plain.get(k) != v})


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """The inbox is where one begins; an auditor, who has no tasks, begins with the search."""
    if here.me().role == "auditor":
        return redirect(url_for("audit.all"), 303)
    return redirect(url_for("inbox.inbox"), 303)


@blueprint.get("/inbox")
def inbox() -> str:
    """The list, and the selected task beside it."""
    asked = Asked.of(request.args)
    with here.reading() as reader:
        return render_template("inbox/inbox.html", **shown(reader, asked))


def shown(reader: Reader, asked: Asked, selected: sheet.Sheet | None = None) -> dict[str, Any]:
    """What the inbox's template needs; a task that is not there (any more) says so."""
    if selected is None and asked.task:
        selected = sheet.of(reader, asked.task)
    return {
        "asked": asked,
        "rows": _rows(reader, asked),
        "processes": queries.processes(reader),
        "sheet": selected,
        "missing": bool(asked.task) and selected is None,
        "views": words.VIEWS,
        "tallies": queries.task_counts(reader, g.viewer, here.now()),
    }


def _rows(reader: Reader, asked: Asked) -> Any:
    given: dict[str, Any] = {
        "q": asked.q or None,
        "process": asked.process or None,
        "cursor": asked.cursor,
        "sort": asked.sort,
    }
    if asked.view == "mine":
        given["sort"] = "newest" if asked.sort == "due" else asked.sort
        return queries.requests(reader, g.viewer, "mine", **given)
    # The view is one of words.VIEWS: `Asked.of` saw to it.
    return queries.tasks(reader, g.viewer, cast(Any, asked.view), now=here.now(), **given)


def around() -> Asked | None:
    """The inbox around the task that a call is about, where one came from there."""
    kept = request.args.to_dict()
    return Asked.of(MultiDict(kept)) if kept.get("task") else None


def after(asked: Asked, decided: str) -> str:
    """Where one is after a decision: the next task of the list, or the list when it is empty."""
    with here.reading() as reader:
        left = [row.id for row in _rows(reader, asked).items if row.id != decided]
    return asked.address(task=left[0] if left else "")
