"""In every story, an outcome or a holder that was recorded otherwise is named by replay."""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.journal import Entry
from engine.replay import replay
from tests.engine.live import CALENDAR
from tests.workflows.in_memory import MemoryStage
from tests.workflows.organised import WORKFLOWS, keys, shipped
from web.stories import play_on, read_story

FLIPPED: dict[str, Callable[[list[Any]], list[Any]]] = {
    "settled": lambda fact: [*fact[:2], f"not {fact[2]}", *fact[3:]],
    "assigned": lambda fact: [*fact[:2], ["sales.manager"], []],
    "ended": lambda fact: [fact[0], f"not {fact[1]}", *fact[2:]],
}


@pytest.mark.parametrize(
    "path", sorted(WORKFLOWS.glob("*/stories/*.yaml")), ids=lambda p: f"{p.parts[-3]}/{p.stem}"
)
def test_replay_names_the_entry(path: Path) -> None:
    stage = MemoryStage({each: shipped(each) for each in keys()})
    play_on(read_story(path), stage)
    random = Random(path.stem)
    for kind, flip in FLIPPED.items():
        places = [
            (entry, at)
            for entry in stage.shelf.journal
            for at, fact in enumerate(entry.body.get("did", ()))
            if fact[0] == kind
        ]
        if places:
            entry, at = random.choice(places)
            did: list[Any] = copy.deepcopy(list(entry.body["did"]))
            did[at] = flip(did[at])
            found = replay(_with(stage, entry, did), stage.by_digest, CALENDAR)
            assert found is not None
            assert (found.chain, found.seq) == (entry.chain, entry.seq)


def _with(stage: MemoryStage, changed: Entry, did: list[Any]) -> list[Entry]:
    """The chain of an entry, in which it says that something else followed."""
    return [
        replace(entry, body={**entry.body, "did": did}) if entry is changed else entry
        for entry in stage.shelf.journal
        if entry.chain == changed.chain
    ]
