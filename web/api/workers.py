"""What workers say of the external tasks that they have fetched (docs/workers.md)."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from engine.commands.external import (
    CompleteExternal,
    ExternalCommand,
    FailExternal,
    ThrowExternal,
)
from engine.ids import split_external_id
from engine.people.workers import works_at_all, works_for
from engine.refusals import NotWorker, NotYours, Unknown
from storage import fetching
from storage.fetching import Id
from web.api import bodies, who
from web.api.calls import call
from web.api.documents import Document, moment
from web.api.doing import done, record
from web.api.fetching import caller, parted
from web.api.working import (
    Completed,
    Extension,
    ExternalState,
    Failure,
    Thrown,
)
from web.pages import here


class NotAnyWorker(NotYours):
    """External tasks are for the people of a group worker:<topic>."""

    zh = "外部任务只由 worker:<主题> 组的人员领取和办理。"


def _verb(verb: str, body: Any, made: Callable[..., ExternalCommand], says: str) -> None:
    """A call that says what came of one external task."""

    def act(id: str, given: dict[str, Any]) -> Document:
        place = _mine(id, made)
        on = {"actor": who.actor(), "key": bodies.key(), "version": bodies.version()}
        done(made(**on, **_at(place), worker=given["worker"], **_said(given)), given)
        return _state(id)

    act.__name__ = f"{verb}_external_task"
    act.__doc__ = says
    call(
        "POST",
        f"/external-tasks/<id>/{verb}",
        body=body,
        answer=ExternalState,
        verb=True,
        first=lambda id: _first(id, made),
    )(act)


def _said(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a call says beside who says it, by the command's names."""
    names = {"retry_after_seconds": "retry_after"}
    return {names.get(name, name): each for name, each in given.items() if name != "worker"}


_SILENT: dict[str, dict[str, Any]] = {
    "FailExternal": {"message": ""},
    "ThrowExternal": {"code": ""},
}

_verb("complete", Completed, CompleteExternal, "The work is done; its variables are taken over.")
_verb(
    "fail",
    Failure,
    FailExternal,
    "The work could not be done; it is handed out again while attempts are left, else an incident.",
)
_verb("error", Thrown, ThrowExternal, "The work came to an error that the diagram catches.")


@call("POST", "/external-tasks/<id>/extend", body=Extension, answer=ExternalState, verb=True,
      first=lambda id: _first(id, CompleteExternal))  # fmt: skip
def extend_external_task(id: str, given: dict[str, Any]) -> Document:
    """Keep a task locked for longer."""
    place = _theirs(id, CompleteExternal)
    until = here.now() + timedelta(seconds=given["lock_seconds"])
    version, database = bodies.version(), here.system().database
    with database.write() as transaction:
        fetching.extend(
            transaction, database.definitions, place, given["worker"], until, version=version
        )
    return _state(id)


def _first(id: str, made: Callable[..., ExternalCommand]) -> None:
    """Raise, and record, what comes before anything that is wrong with the call."""
    _theirs(id, made)


def _theirs(id: str, made: Callable[..., ExternalCommand]) -> Id:
    """The two parts of the id of a task that is there and of a topic of the caller's.

    Raises:
        Unknown, NotYours: it is gone, or its topic is others'.
    """
    place = _mine(id, made)
    with here.reading() as reader:
        topic = fetching.topic_of(reader, place)
    if topic is None:
        raise Unknown()
    if not works_for(caller(), topic):
        raise _recorded(place, made, NotWorker(topic=topic))
    return place


def _mine(id: str, made: Callable[..., ExternalCommand]) -> Id:
    """The two parts of an id, for whoever works for any topic at all: nobody else learns by his
    answer whether there is such a task."""
    person, place = caller(), split_external_id(id)
    if not works_at_all(person):
        no = NotAnyWorker()
        if place is None:
            raise no
        with here.reading() as reader:
            there = fetching.topic_of(reader, place) is not None
        raise _recorded(place, made, no) if there else no
    return parted(id)


def _recorded(place: Id, made: Callable[..., ExternalCommand], no: NotYours) -> NotYours:
    """The refusal, once it is recorded (R2)."""
    silent = _SILENT.get(getattr(made, "__name__", ""), {})
    record(made(actor=who.actor(), **_at(place), worker="", **silent), no)
    return no


def _at(place: Id) -> dict[str, Any]:
    return {"request": place[0], "task": place[1]}


def _state(id: str) -> Document:
    """How a task stands after a call."""
    place, definitions = parted(id), here.system().database.definitions
    with here.reading() as reader:
        each = fetching.handed(reader, definitions, place)
    if each is None:
        return {"id": id, "state": "done", "version": None, "retries": None, "locked_until": None}
    waits = "incident" if each.external.retries == 0 else "waiting"
    return {
        "id": id,
        "state": "locked" if each.worker else waits,
        "version": each.version,
        "retries": each.external.retries,
        "locked_until": moment(each.locked_until),
    }
