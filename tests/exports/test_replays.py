"""An event log replays on its own diagram: every trace of complete events leads through it, from
the start to an end, nothing missing and nothing left over."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from storage import Database
from tests.exports.lives import life_in, lives
from tests.exports.replaying import Game
from tests.wild.businesses import EVERY, Business
from tests.wild.businesses.readings import readings
from tests.wild.businesses.semantics import semantics
from tests.wild.telling import Told
from tests.workflows.organised import WORKFLOWS, organise
from web.exports.lifecycle import every_mark
from web.exports.tracing import Life, Mark, completed
from web.stories import play, read_story

STORIES = sorted(WORKFLOWS.glob("*/stories/*.yaml"))
WAYS = [
    pytest.param(business, way, id=f"{business.key}: {way}")
    for business in [*(each() for each in EVERY), *readings(), *semantics()]
    for way in business.ways
]
FROM = {
    "": {"schedule", "assign", "start", "unknown"},
    "schedule": {"assign", "reassign", "start", "withdraw", "pi_abort"},
    "assign": {"reassign", "start", "withdraw", "pi_abort"},
    "reassign": {"reassign", "start", "withdraw", "pi_abort"},
    "start": {"suspend", "complete", "ate_abort", "pi_abort"},
    "resume": {"suspend", "complete", "ate_abort", "pi_abort"},
    "suspend": {"resume", "ate_abort", "pi_abort"},
    "unknown": set(),
}
"""The standard's transactional model: what may follow what in one entry of an activity."""
CLOSING = {"complete", "withdraw", "ate_abort", "pi_abort"}


def check(life: Life) -> None:
    """All that must hold of a request's trace, however it stands."""
    marks, every = list(completed(life)), every_mark(life)
    for some in (marks, every):
        assert all(one.at <= next.at for one, next in pairwise(some)), "times go back"
    labels = [mark.name for mark in marks]
    if life.whole:
        assert Game(life.definition).fits(labels), labels
    ends = [mark for mark in every if mark.transition == "complete"]
    assert [_key(mark) for mark in ends] == [_key(mark) for mark in marks]
    for instance in dict.fromkeys(mark.instance for mark in every):
        _well_formed(life, [mark for mark in every if mark.instance == instance])


def _key(mark: Mark) -> tuple[str, str, int]:
    return mark.name, mark.instance, mark.seq


def _well_formed(life: Life, marks: list[Mark]) -> None:
    told = [mark.transition for mark in marks]
    for before, after in pairwise(["", *told]):
        assert before in FROM, (told, marks)
        assert after in FROM[before], (told, marks[0].instance)
    open_now = life.status in ("running", "suspended") and marks[0].node is not None
    if told[0] != "unknown" and not open_now:
        assert told[-1] in CLOSING, (told, marks[0].instance)


@pytest.mark.parametrize("path", STORIES, ids=lambda p: f"{p.parent.parent.name}/{p.stem}")
def test_a_story_replays_on_its_diagrams(path: Path, sqlite_home: Database) -> None:
    organise(sqlite_home)
    play(read_story(path), sqlite_home)
    with sqlite_home.read() as reader:
        for life in lives(reader):
            check(life)
    sqlite_home.close()


@pytest.mark.parametrize(("business", "way"), WAYS)
def test_a_way_replays_on_its_diagram(business: Business, way: str) -> None:
    told = Told(business)
    told.tell(business.ways[way])
    check(life_in(told.office, told.request))


def test_what_does_not_fit_is_seen() -> None:
    """The replayer is no yes-man: without its first activity, or with one twice, a trace does
    not fit."""
    business = next(each() for each in EVERY if each().key == "expense")
    told = Told(business)
    told.tell(business.ways["large"])
    life = life_in(told.office, told.request)
    game, labels = Game(life.definition), [mark.name for mark in completed(life)]
    assert game.fits(labels)
    for wrong in _spoilt(labels):
        assert not game.fits(wrong), wrong


def _spoilt(labels: list[str]) -> Iterator[list[str]]:
    yield labels[1:]  # what comes later may be left out: the way of a smaller sum, or of a refusal
    for place in range(len(labels)):
        yield labels[: place + 1] + labels[place:]
    yield [*labels, "something else"]
