"""`check` and `deploy`: files and folders, what is said of them, and how the command ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from storage import Database, queries
from tests.api.diagrams import end, start
from tests.api.test_attachments import SIMPLE
from tests.engine.live import flow, process
from tests.support import databases
from web.cli.main import group

TORN = SIMPLE["memo.bpmn"].replace(b'targetRef="end"', b'targetRef="x"')
OUTER = process(
    "outer",
    start(),
    '<bpmn:callActivity id="ask" name="Ask" calledElement="memo"/>',
    end(),
    flow("start", "ask"),
    flow("ask", "end"),
)


def written(folder: Path, files: dict[str, bytes]) -> Path:
    """A folder with these files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def run(*arguments: object) -> Result:
    """What a command says."""
    return CliRunner().invoke(group, [str(each) for each in arguments], catch_exceptions=False)


def checked(*paths: Path) -> tuple[int, list[dict[str, Any]]]:
    """How `check --json` ends, and its rows."""
    found = run("check", "--json", *paths)
    document = json.loads(found.stdout)
    assert document["deployable"] is (found.exit_code == 0)
    return found.exit_code, document["files"]


def rules(row: dict[str, Any]) -> set[str]:
    """The rules of a row's warnings."""
    return {each["rule"] for each in row["warnings"]}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home that is set up."""
    place = tmp_path / "home"
    place.mkdir()
    databases.lay_out(f"sqlite:///{place / 'countersign.db'}")
    monkeypatch.setenv("COUNTERSIGN_HOME", str(place))
    return place


def versions(home: Path, key: str) -> list[int]:
    """The versions of a process that are deployed."""
    database = Database(f"sqlite:///{home / 'countersign.db'}", home)
    with database.read() as reader:
        found = [row.version for row in queries.definition_versions(reader, key)]
    database.close()
    return found


def test_a_folder_is_one_deployment_with_all_its_diagrams(tmp_path: Path) -> None:
    folder = written(tmp_path / "both", {**SIMPLE, "outer.bpmn": OUTER, "README.md": b"#"})
    written(folder / "below", {"torn.bpmn": TORN})
    code, rows = checked(folder)
    assert (code, [row["process"] for row in rows]) == (0, ["memo", "outer"])
    assert "called-process" not in rules(rows[1])


def test_what_is_called_and_not_there_is_a_warning_and_no_problem(tmp_path: Path) -> None:
    code, (row,) = checked(written(tmp_path, {"outer.bpmn": OUTER}) / "outer.bpmn")
    assert code == 0
    assert "called-process" in rules(row)


def test_files_named_one_by_one_are_one_deployment(tmp_path: Path) -> None:
    folder = written(tmp_path, {**SIMPLE, "outer.bpmn": OUTER})
    code, rows = checked(*(folder / name for name in ("outer.bpmn", *SIMPLE)))
    assert (code, [row["process"] for row in rows]) == (0, ["outer", "memo"])


def test_every_problem_is_named_and_the_command_ends_with_1(tmp_path: Path) -> None:
    folder = written(tmp_path, {**SIMPLE, "torn.bpmn": TORN.replace(b'"memo"', b'"torn"')})
    code, (row,) = checked(folder)
    assert code == 1
    assert all(each["element"] and each["rule"] and each["message"] for each in row["problems"])
    said = run("check", folder)
    assert said.exit_code == 1
    assert ": problem: " in said.stdout


@pytest.mark.parametrize("content", [b"", b"<html/>", b"\x00", b"<!DOCTYPE a>", b"\xff\xfe<"])
def test_what_is_no_diagram_is_a_problem_in_words(tmp_path: Path, content: bytes) -> None:
    code, (row,) = checked(written(tmp_path, {"a.bpmn": content}) / "a.bpmn")
    assert code == 1
    assert row["problems"]


def test_what_lies_in_a_folder_by_chance_is_let_alone(tmp_path: Path) -> None:
    chance = {"pom.xml": b"<project/>", "package.json": b'{"name": "x"}', "a.png": b"\x89PNG"}
    code, rows = checked(written(tmp_path, {**SIMPLE, **chance}))
    assert (code, [row["process"] for row in rows]) == (0, ["memo"])


def test_two_files_of_one_name_are_an_error(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a", SIMPLE), written(tmp_path / "b", SIMPLE)
    found = run("check", first / "memo.bpmn", second / "memo.bpmn")
    assert found.exit_code == 2
    assert "memo.bpmn" in found.stderr


def test_deploying_says_keys_and_versions(tmp_path: Path, home: Path) -> None:
    folder = written(tmp_path / "both", {**SIMPLE, "outer.bpmn": OUTER})
    assert run("deploy", folder).stdout.split() == ["memo", "1", "outer", "1"]
    found = json.loads(run("deploy", "--json", folder).stdout)
    assert found == {"processes": [{"key": "memo", "version": 1}, {"key": "outer", "version": 1}]}


def test_where_one_of_several_has_a_problem_nothing_is_deployed(tmp_path: Path, home: Path) -> None:
    good = written(tmp_path / "good", SIMPLE)
    torn = written(tmp_path / "torn", {"torn.bpmn": TORN})
    found = run("deploy", good, torn)
    assert found.exit_code == 1
    assert versions(home, "memo") == []
