"""Who is asking, in which language, and the system that answers: what every view begins with."""

from contextlib import AbstractContextManager
from datetime import datetime, tzinfo
from typing import Any, Literal, Protocol, cast

from flask import current_app, g, has_request_context, request
from flask_babel import get_locale

from engine.case import Actor
from engine.people.directory import Person
from storage.database import Database
from storage.reader import Reader
from web.door import Clock


class System(Protocol):
    """What the app was wired together from."""

    database: Database
    clock: Clock

    def handle(self, command: Any) -> Any:
        """Carry out a command in a unit of work. Raises `engine.refusals.Refused`."""


def system() -> System:
    """The system behind this app."""
    return cast(System, current_app.extensions["countersign"])


def reading() -> AbstractContextManager[Reader]:
    """One snapshot of the database."""
    return system().database.read()


def now() -> datetime:
    """The time, from the system's clock."""
    return system().clock()


def zone() -> tzinfo:
    """The organisation's time zone."""
    return system().database.calendar.zone


def me() -> Person:
    """Who is signed in."""
    return cast(Person, g.person)


def reads_only() -> bool:
    """Whether whoever is signed in watches over others' requests and asks for none himself: an
    auditor or an administrator (interface.md: the roles are exclusive)."""
    return me().role in ("auditor", "administrator")


def actor(*, override: bool = False) -> Actor:
    """Who acts, as entries will say it."""
    return Actor(
        id=me().id,
        name=me().name,
        override=override,
        via="page",
        origin=request.remote_addr or "",
    )


def locale() -> Literal["zh", "en"]:
    """The language of this page."""
    if not has_request_context():
        return "zh"
    return "en" if str(get_locale()).startswith("en") else "zh"


def said(zh: str, en: str | None) -> str:
    """A text that is kept in both languages, in this page's; Chinese where there is no English."""
    return en if en and locale() == "en" else zh
