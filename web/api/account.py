"""Who I am, whom I can name, what I was told, and that the system is there."""

from typing import Any

from flask import Response, current_app

from storage import drafts, queries
from web.api import documents, shapes, who
from web.api.calls import answer, call
from web.api.documents import Document
from web.api.schemas import NoticesQuery, PeopleQuery, ReadNotices
from web.pages import here


@call("GET", "/alive", answer=shapes.Alive, open=True)
def alive() -> Document:
    """That the system answers."""
    return {"alive": True}


@call("GET", "/openapi.json", open=True)
def openapi() -> Response:
    """This description."""
    return answer(current_app.extensions["openapi"], 200)


@call("GET", "/me", answer=shapes.Me)
def me() -> Document:
    """Who calls, with what waits for him."""
    person = here.me()
    with here.reading() as reader:
        counts = queries.task_counts(reader, who.viewer(), here.now())
        unread = queries.unread_notices(reader, who.viewer())
    return {
        "id": person.id,
        "name": person.name,
        "department": person.department,
        "posts": list(person.posts),
        "groups": list(person.groups),
        "superiors": list(person.superiors),
        "role": person.role,
        "counts": {**counts, "notices_unread": unread},
    }


@call("GET", "/people", query=PeopleQuery, answer=shapes.People)
def people(asked: dict[str, Any]) -> Document:
    """Active people by words of their id, name or department, or by their whole e-mail address.

    An administrator finds them by a part of the address, too.
    """
    with here.reading() as reader:
        found = queries.people(reader, asked["q"], asked["limit"], mail=who.administers())
    items = [
        {
            "id": each.id,
            "name": each.name,
            "department": each.department,
            "posts": list(each.posts),
        }
        for each in found
    ]
    return {"items": items, "next": None}


@call("GET", "/notices", query=NoticesQuery, answer=shapes.Notices)
def notices(asked: dict[str, Any]) -> Document:
    """What I was told, newest first."""
    with here.reading() as reader:
        found = queries.notices(
            reader,
            who.viewer(),
            unread_only=asked["unread"],
            cursor=asked["cursor"],
            limit=asked["limit"],
        )
    return documents.page(found, [documents.notice(row) for row in found.items])


@call("POST", "/notices/read", body=ReadNotices, answer=shapes.Read)
def read_notices(given: dict[str, Any]) -> Document:
    """Mark notices as read: those named, or all."""
    with here.system().database.write() as transaction:
        count = drafts.read_notices(transaction, here.me().id, given["ids"], here.now())
    return {"read": count}
