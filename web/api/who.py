"""Who calls: as whom he looks, and the actor as entries will say it."""

from flask import g, request

from engine.case import Actor
from storage.reader import Reader
from storage.unit_of_work import DatabaseUnitOfWork
from storage.visibility import Viewer
from web.pages import here


def viewer() -> Viewer:
    """Who looks."""
    found: Viewer = g.viewer
    return found


def administers() -> bool:
    """Whether the caller is an administrator."""
    return here.me().role == "administrator"


def actor(*, override: bool = False) -> Actor:
    """Who acts; `override` by administrator's right, which needs a reason (K3)."""
    person = here.me()
    return Actor(
        id=person.id,
        name=person.name,
        override=override,
        via="api",
        origin=request.remote_addr or "",
    )


def looking(reader: Reader) -> DatabaseUnitOfWork:
    """What the engine needs to say who may do what, over this snapshot; never committed."""
    database = here.system().database
    return DatabaseUnitOfWork(
        reader, database.definitions, database.organisation, database.calendar
    )
