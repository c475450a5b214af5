"""External tasks: workers fetch them, and say what came of them (docs/workers.md)."""

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
from engine.people.directory import Person
from engine.people.workers import works_at_all, works_for
from engine.refusals import KeyReused, NotWorker, NotYours, Unknown
from storage import fetching, queries
from storage.fetching import Handed, Id, Wanted
from storage.unit_of_work import DatabaseUnitOfWork
from web.api import bodies, who
from web.api.calls import call
from web.api.documents import Document, moment
from web.api.doing import done, record
from web.api.working import (
    Completed,
    Extension,
    ExternalState,
    ExternalTasks,
    Failure,
    Fetch,
    Thrown,
)
from web.pages import here


class NotAnyWorker(NotYours):
    """External tasks are for the people of a group worker:<topic>."""

    zh = "外部任务只由 worker:<主题> 组的人员领取和办理。"


@call("POST", "/external-tasks/fetch", body=Fetch, answer=ExternalTasks)
def fetch_external_tasks(given: dict[str, Any]) -> Document:
    """Lock waiting tasks of my topics for a worker: the highest priority first, then the oldest."""
    person = _person()
    for topic in given["topics"]:
        if not works_for(person, topic):
            raise NotWorker(topic=topic)
    key, body = bodies.key(), bodies.call_digest(given)
    if key is None and not _anything(given):
        return {"items": []}

    def work(uow: DatabaseUnitOfWork) -> list[Handed]:
        known = uow.answered(here.me().id, key) if key is not None else None
        if known is not None:
            if known[0] != body:
                raise KeyReused()
            return _still(uow, known[1]["tasks"])
        found = _fetched(uow, given)
        if key is not None:
            tasks = [[*_place(each), each.version] for each in found]
            uow.remember(here.me().id, key, body, {"tasks": tasks}, here.now())
        uow.commit()
        return found

    return {"items": [_item(each) for each in here.system().database.run(work)]}


def _anything(given: Mapping[str, Any]) -> bool:
    with here.reading() as reader:
        return fetching.anything(reader, given["topics"], here.now())


def _fetched(uow: DatabaseUnitOfWork, given: Mapping[str, Any]) -> list[Handed]:
    """Tasks locked just now."""
    usual: int = given["lock_seconds"]
    wanted = [
        Wanted(topic=topic, lock=timedelta(seconds=seconds or usual))
        for topic, seconds in given["topics"].items()
    ]
    definitions = here.system().database.definitions
    return fetching.fetch(
        uow.transaction, definitions, given["worker"], wanted, here.now(), given["max"]
    )


def _still(uow: DatabaseUnitOfWork, tasks: list[list[str]]) -> list[Handed]:
    """Of the tasks that this very call fetched before, those that are still held by it."""
    definitions = here.system().database.definitions
    found = []
    for request, task, version in tasks:
        each = fetching.handed(uow.transaction, definitions, _id(f"{request}-{task}"))
        if each is not None and each.version == version:
            found.append(each)
    return found


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
    version = bodies.version()
    database = here.system().database
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
    if not works_for(_person(), topic):
        raise _recorded(place, made, NotWorker(topic=topic))
    return place


def _mine(id: str, made: Callable[..., ExternalCommand]) -> Id:
    """The two parts of an id, for whoever works for any topic at all: nobody else learns by his
    answer whether there is such a task."""
    person, place = _person(), split_external_id(id)
    if not works_at_all(person):
        no = NotAnyWorker()
        if place is None:
            raise no
        with here.reading() as reader:
            there = fetching.topic_of(reader, place) is not None
        raise _recorded(place, made, no) if there else no
    return _id(id)


def _recorded(place: Id, made: Callable[..., ExternalCommand], no: NotYours) -> NotYours:
    """The refusal, once it is recorded (R2)."""
    silent = _SILENT.get(getattr(made, "__name__", ""), {})
    record(made(actor=who.actor(), **_at(place), worker="", **silent), no)
    return no


def _at(place: Id) -> dict[str, Any]:
    return {"request": place[0], "task": place[1]}


def _id(id: str) -> Id:
    place = split_external_id(id)
    if place is None:
        raise Unknown()
    return place


def _place(each: Handed) -> Id:
    return each.external.request, each.external.task


def _person() -> Person | None:
    with here.reading() as reader:
        return queries.person(reader, here.me().id)


def _item(each: Handed) -> Document:
    """A task as its worker gets it: what is mapped for him, and nothing else of the request."""
    external = each.external
    return {
        "id": external.id,
        "version": each.version,
        "topic": external.topic,
        "request": {
            "id": external.request,
            "number": each.number,
            "title": each.title,
            "process": each.process,
        },
        "node": {"id": external.node, "name": each.node_name},
        "worker": each.worker,
        "locked_until": moment(each.locked_until),
        "retries": external.retries,
        "priority": external.priority,
        "error": external.error,
        "variables": external.inputs,
        "created_at": moment(external.created_at),
    }


def _state(id: str) -> Document:
    """How a task stands after a call."""
    place, definitions = _id(id), here.system().database.definitions
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
