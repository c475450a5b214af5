"""What goes wrong in a command: never a traceback, and never a home that is lost."""

import json
import sys
from pathlib import Path

import pytest

from web.cli import evidence, main
from web.cli.setup import _begin_demo
from web.settings import Settings, read


def test_a_mistake_of_ours_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise AssertionError("nobody thought of this")

    monkeypatch.setattr(evidence, "home", broken)
    monkeypatch.setattr(sys, "argv", ["countersign", "replay", "--all"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (1, "")
    assert "nobody thought of this" in said.err
    assert "Traceback" not in said.err
    monkeypatch.setenv("COUNTERSIGN_TRACEBACK", "1")
    with pytest.raises(AssertionError):
        main()


@pytest.mark.parametrize(
    ("kept", "stays"), [({"filled": False}, False), ({"filled": True}, True), ({}, True)]
)
def test_only_an_interrupted_demo_begins_anew(
    kept: dict[str, bool], stays: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A demo home of an earlier version says nothing about it: it is not cleared."""
    document = {"secret": "s" * 40, "passwords": {}, **kept}
    (tmp_path / "demo.json").write_text(json.dumps(document))
    (tmp_path / "countersign.db").write_bytes(b"kept")
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path))
    found: Settings = read(need_secret=False)
    _begin_demo(found)
    assert (tmp_path / "countersign.db").exists() is stays
