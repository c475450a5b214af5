"""Every story of every shipped process, on both databases; and each of its requests replayed."""

from pathlib import Path

import pytest

from storage import Database
from tests.workflows.organised import WORKFLOWS, organise
from web.replaying import replayed
from web.stories import play, read_story

STORIES = sorted(WORKFLOWS.glob("*/stories/*.yaml"))


@pytest.mark.parametrize("path", STORIES, ids=lambda p: f"{p.parent.parent.name}/{p.stem}")
def test_story(path: Path, database: Database) -> None:
    organise(database)
    play(read_story(path), database)
    assert [str(found) for found in replayed(database)] == []
