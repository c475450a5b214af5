"""A home with drafts in it is exported without them: a draft is its maker's alone."""

import json
import sys
from pathlib import Path

import pytest

from storage import Database, journal
from tests.workflows.organised import organise
from web.cli import main
from web.stories import play, read_story

STORY = """
story: a draft
start: 2026-09-07T09:00:00+08:00
steps:
- {who: card.officer, does: save, process: work-order, as: draft, answers: {title: 草稿}}
"""


def test_drafts_are_left_out(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    organise(database)
    (tmp_path / "draft.yaml").write_text(STORY, encoding="utf-8")
    play(read_story(tmp_path / "draft.yaml"), database)
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path))
    monkeypatch.setenv("COUNTERSIGN_DATABASE", database.url)
    with database.read() as reader:
        (draft,) = (chain for chain in journal.chains(reader) if chain != "system")
    assert _typed(monkeypatch, "--all", "-o", tmp_path / "all.json") == 0
    assert json.loads((tmp_path / "all.json").read_text())["requests"] == []
    assert _typed(monkeypatch, draft, "-o", tmp_path / "one.json") == 2
    assert not (tmp_path / "one.json").exists()


def _typed(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["countersign", "export", *map(str, words)])
    try:
        main()
    except SystemExit as exit:
        return int(exit.code or 0)
    return 0
