"""The follower “time spent”: whatever happens, in whatever portions its entries come, however
often, its numbers are those of everything as it stands, worked out the long way."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.refusals import Refused
from storage import Database, attachments, journal, time_spent
from storage.journal import Kept
from tests.statistics.oracle import counted, kept
from tests.support import databases
from tests.workflows.organised import keys, organise
from tests.workflows.walking import Did, Walk, stories
from web.door import Door


def walked(key: str, seed: int, steps: int = 40) -> Walk:
    random = Random(seed)
    walk = Walk(random, random.choice(stories(key)))
    walk.begin()
    for _ in range(steps):
        walk.step()
    return walk


def entries(database: Database) -> list[Kept]:
    with database.read() as reader:
        return list(journal.in_order(reader))


def take(database: Database, found: list[Kept]) -> None:
    taker = time_spent.take_into(database)
    with database.write() as transaction:
        taker(transaction, [(each.position, each) for each in found])


def live(
    walk: Walk,
    database: Database,
    random: Random,
    patch: pytest.MonkeyPatch,
    *,
    following: bool = True,
    meanwhile: Callable[[], object] | None = None,
) -> None:
    """Do what was done in memory again; now and then the follower comes by, late or twice."""
    for content, name, by, at, id in walk.stage.uploads:
        patch.setattr(attachments, "token_urlsafe", lambda size, id=id: id)
        attachments.keep(database, content, name=name, by=by, at=at)
    taken = 0
    for did in walk.did:
        if not isinstance(did, Did):
            continue
        with suppress(Refused):
            Door(database, lambda at=did.at: at).handle(did.command)  # type: ignore[misc]
        if random.random() >= 0.15:
            continue
        if meanwhile is not None:
            meanwhile()
        if following:
            found = entries(database)
            upto = random.randint(taken, len(found))
            take(database, found[max(0, taken - random.choice([0, 0, 3])) : upto])
            taken = upto
    if following:
        take(database, entries(database)[taken:])


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("key", keys())
def test_a_random_life_is_counted_as_it_stands(
    key: str, seed: int, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    organise(database)
    live(walked(key, seed), database, Random(seed), monkeypatch)
    assert kept(database) == counted(database)
    numbers = kept(database)
    take(database, entries(database))  # all of it once more
    assert kept(database) == numbers


@contextmanager
def organised(run_folder: Path, folder: Path) -> Iterator[Database]:
    """A database of its own with the demo organisation and the shipped processes."""
    template = run_folder / "organised.db"

    def lay_out() -> None:
        databases.lay_out(f"sqlite:///{template}")
        database = Database(f"sqlite:///{template}", run_folder)
        organise(database)
        database.close()

    databases.once(run_folder, "organised", lay_out)
    home = folder / uuid4().hex
    home.mkdir()
    shutil.copy(template, home / "countersign.db")
    database = Database(f"sqlite:///{home / 'countersign.db'}", home)
    yield database
    database.close()
    shutil.rmtree(home)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from(keys()), seed=st.integers(0, 2**32 - 1))
def test_any_life_in_any_portions_is_counted(
    key: str, seed: int, run_folder: Path, tmp_path: Path
) -> None:
    with organised(run_folder, tmp_path) as database, pytest.MonkeyPatch.context() as patch:
        live(walked(key, seed, 25), database, Random(seed), patch)
        assert kept(database) == counted(database)
