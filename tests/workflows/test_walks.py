"""Random lives of the shipped processes: the beginning of a story, then whatever people might do,
with answers right and wrong; each step saved and loaded again. Nothing gets stuck, nothing ends
twice, nothing fails for a diagram's sake, and what a person is told he may do, he can (K2)."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.refusals import Refused
from storage import Database, attachments
from storage.unit_of_work.inbox import rows_of
from tests.workflows.organised import keys, organise
from tests.workflows.test_rebuilding import rebuilt_equal
from tests.workflows.walking import Did, Drafted, Walk, stories
from web.door import Door
from web.replaying import replayed
from web.stories import DatabaseStage

STEPS = 25


def walked(key: str, seed: int, steps: int = STEPS) -> Walk:
    random = Random(seed)
    walk = Walk(random, random.choice(stories(key)))
    walk.begin()
    for _ in range(steps):
        walk.step()
    return walk


@pytest.mark.parametrize("key", keys())
@given(seed=st.integers(0, 2**32 - 1))
def test_a_random_life_is_replayed(key: str, seed: int) -> None:
    assert walked(key, seed).stage.replayed() == []


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("key", keys())
def test_a_random_life_on_a_database(
    key: str, seed: int, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same commands do the same; inbox and queue are what the slots say; all of it is rebuilt
    from the journal, equal."""
    walk = walked(key, seed)
    organise(database)
    for content, name, by, at, id in walk.stage.uploads:
        monkeypatch.setattr(attachments, "token_urlsafe", lambda size, id=id: id)
        attachments.keep(database, content, name=name, by=by, at=at)
    for number, did in enumerate(walk.did):
        if isinstance(did, Drafted):
            DatabaseStage(database).save_draft(did.task, did.person, did.answers, did.at)
            continue
        assert refused(did, database) == did.refused, did.command
        if number % 10 == 0:
            lists_are_what_slots_say(database)
    lists_are_what_slots_say(database)
    as_in_memory(walk, database)
    assert list(replayed(database)) == []
    rebuilt_equal(database)


def refused(did: Did, database: Database) -> str:
    """Do it again on a database: why it was refused, if it was."""
    try:
        Door(database, lambda: did.at).handle(did.command)
    except Refused as no:
        return no.reason
    return ""


def lists_are_what_slots_say(database: Database) -> None:
    """The inbox and the queue have a row for each open slot and holder or candidate."""
    with database.unit_of_work() as work:
        ids = [row[0] for row in work.transaction.all("SELECT id FROM requests")]
        slots = [rows_of(slot) for id in ids for slot in work.slots(id)]
        for which, (table, person) in enumerate((("inbox", "person"), ("queue", "member"))):
            columns = f"{person}, opened_at, request, ordinal, due, optional"
            there = work.transaction.all(f"SELECT {columns} FROM {table}")
            assert sorted(there) == sorted(row for each in slots for row in each[which])


def as_in_memory(walk: Walk, database: Database) -> None:
    """Every row of every request is the one that memory has."""
    shelf = walk.stage.shelf

    def mine(rows: Any, id: str) -> list[Any]:
        return [row for row in rows.values() if row.request == id]

    with database.unit_of_work() as work:
        for id, request in shelf.requests.items():
            kept = work.request(id)
            assert kept is not None
            assert replace(kept, head=b"") == request
            if id in shelf.flows:
                assert work.flow(id) == shelf.flows[id]
            assert work.nodes(id) == mine(shelf.nodes, id)
            assert work.slots(id) == sorted(mine(shelf.slots, id), key=lambda s: s.ordinal)
            timers = sorted(mine(shelf.timers, id), key=lambda t: (t.due, t.key))
            assert work.timers(id) == timers
