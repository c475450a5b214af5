"""Where a row of a list leads to."""

from typing import Any

from flask import url_for


def request_address(row: Any) -> str:
    """A request's page; a draft is gone on with."""
    return url_for("starting.draft" if row.status == "draft" else "requests.one", id=row.id)


def notice_address(row: Any) -> str:
    """What a notice is about: the task that it asks for, else the request."""
    if row.task_id and row.kind in ("held", "reminder"):
        return url_for("tasks.task", id=row.task_id)
    return url_for("requests.one", id=row.request_id)
