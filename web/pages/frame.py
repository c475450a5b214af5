"""What stands around every page, and what templates may ask for."""

from typing import Any

from flask import Flask, g, request
from flask_babel import Babel
from jinja2 import StrictUndefined

from storage import queries, releasing
from web.pages import addresses, failures, formats, here, language, names, words


def prepare(app: Flask) -> None:
    """Ready an app for the pages: language, filters, the frame's own values, failures in words."""
    Babel(
        app,
        locale_selector=language.chosen,
        timezone_selector=lambda: str(here.zone()),
        default_locale=language.LANGUAGES["zh"],
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.filters.update(
        moment=formats.moment,
        full_moment=formats.full_moment,
        day=formats.day,
        age=formats.age,
        due=formats.due,
        size=formats.size,
        listed=formats.listed,
        people=formats.people,
        face=formats.face,
        unit=names.unit,
    )
    app.jinja_env.globals.update(
        icon=formats.icon,
        said=here.said,
        words=words,
        sign=words.sign,
        unticked=formats.unticked,
        request_address=addresses.request_address,
        notice_address=addresses.notice_address,
    )
    app.context_processor(_frame)
    failures.prepare(app)


def _frame() -> dict[str, Any]:
    person = getattr(g, "person", None)
    return {
        "person": person,
        "language": language.language(),
        "theme": language.theme(),
        "keys_on": language.keys_on(),
        "starts": person is not None and not here.reads_only(),
        "zone_name": str(here.zone()),
        "counts": _counts() if person is not None else None,
    }


def _counts() -> dict[str, int]:
    """What the frame counts, read once a request."""
    if not hasattr(g, "counts"):
        with here.reading() as reader:
            counts = dict(queries.task_counts(reader, g.viewer, here.now()))
            counts["notices"] = queries.unread_notices(reader, g.viewer)
            counts["proposals"] = (
                releasing.waiting(reader, g.viewer.person) if g.viewer.role == "owner" else 0
            )
        g.counts = counts
    return dict(g.counts)


def wants_part() -> bool:
    """Whether a script asked for this page, to put parts of it into the one it has."""
    return request.headers.get("X-Requested-With") == "fetch"
