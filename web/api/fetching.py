"""Handing external tasks out to workers (docs/workers.md)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from engine.ids import split_external_id
from engine.people.directory import Person
from engine.people.workers import works_for
from engine.refusals import NotWorker, Unknown
from storage import fetching, queries
from storage.fetching import Handed, Id, Wanted
from storage.unit_of_work import DatabaseUnitOfWork
from web.api import bodies
from web.api.calls import call
from web.api.documents import Document, moment
from web.api.working import ExternalTasks, Fetch
from web.door import Door
from web.once import Once, over
from web.pages import here


@call("POST", "/external-tasks/fetch", body=Fetch, answer=ExternalTasks)
def fetch_external_tasks(given: dict[str, Any]) -> Document:
    """Lock waiting tasks of my topics for a worker: the highest priority first, then the oldest."""
    person = caller()
    for topic in given["topics"]:
        if not works_for(person, topic):
            raise NotWorker(topic=topic)
    once = Once(person=here.me().id, key=bodies.key(), body=bodies.call_digest(given))
    if once.key is None and not _anything(given):
        return {"items": []}
    door = cast(Door, here.system())
    with door.database.write() as transaction:
        found = _once(once, over(transaction, door), given, door)
    return {"items": [_item(each) for each in found]}


def _once(
    once: Once, uow: DatabaseUnitOfWork, given: Mapping[str, Any], door: Door
) -> list[Handed]:
    """Tasks locked just now; what the same call under this key has locked before (K1).

    Raises:
        KeyReused: the key was another call's.
    """
    known = once.before(uow)
    if known is not None:
        return _still(uow, known["tasks"])
    found = _fetched(uow, given)
    once.remember(uow, {"tasks": [[*_place(each), each.version] for each in found]}, door)
    return found


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
        each = fetching.handed(uow.transaction, definitions, parted(f"{request}-{task}"))
        if each is not None and each.version == version:
            found.append(each)
    return found


def parted(id: str) -> Id:
    """The two parts of an external task's id. Raises `Unknown`."""
    place = split_external_id(id)
    if place is None:
        raise Unknown()
    return place


def _place(each: Handed) -> Id:
    return each.external.request, each.external.task


def caller() -> Person | None:
    """Who calls, as the organisation has him now."""
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
