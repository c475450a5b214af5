"""`countersign replay`, `rebuild`, `export`, `backup`, `restore` and `org import`, as they are
typed: one sentence where something is wrong, one JSON document where one is asked for, never a
traceback."""

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import Database, journal
from tests.support.cast import ORGANISATION
from tests.support.tampering import rewrite, saying, unguard
from tests.workflows.organised import WORKFLOWS, organise
from web.cli import main
from web.stories import play, read_story

Typed = Callable[..., tuple[int, str, str]]
"""What is typed after `countersign` -> exit code, stdout, stderr."""
STORY = WORKFLOWS / "document-access" / "stories" / "returned.yaml"


@pytest.fixture
def typed(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Typed:
    """The command line, in a home with the organisation and one story."""
    organise(database)
    play(read_story(STORY), database)
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path))
    monkeypatch.setenv("COUNTERSIGN_DATABASE", database.url)

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["countersign", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as exit:
            code = int(exit.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def number_of(database: Database) -> str:
    with database.read() as reader:
        return str(reader.value("SELECT number FROM requests"))


def test_replay_says_that_all_is_equal(typed: Typed, database: Database) -> None:
    code, out, err = typed("replay", "--all")
    assert (code, out) == (0, "")
    assert "1 requests replayed" in err
    code, out, _ = typed("replay", number_of(database), "--json")
    assert code == 0
    assert json.loads(out) == {"replayed": 1, "equal": True, "erased": [], "differences": []}


def test_replay_names_the_entry(typed: Typed, database: Database) -> None:
    """Exit 1, and the entry's number, where something does not come out as it is recorded."""
    with database.write() as transaction:
        chain = journal.chains(transaction)[-1]
        unguard(transaction)
        rewrite(transaction, chain, 1, saying(did=[]))
    code, out, err = typed("replay", "--all", "--json")
    assert code == 1
    (difference,) = json.loads(out)["differences"]
    assert (difference["request"], difference["seq"]) == (chain, 1)
    assert f"entry 1 of {chain}" in err
    code, _, err = typed("rebuild")
    assert code == 1
    assert err.startswith("Nothing was changed: entry 1")


def test_rebuild_makes_everything_anew(typed: Typed, database: Database) -> None:
    with database.write() as transaction:
        transaction.execute("DELETE FROM slots")
        transaction.execute("DELETE FROM flows")
    code, out, _ = typed("rebuild", "--json")
    assert code == 0
    assert json.loads(out)["requests"] == 1
    with database.read() as reader:
        assert reader.value("SELECT COUNT(*) FROM slots") > 0
    assert typed("replay", "--all")[0] == 0


def test_export_writes_json_and_csv(typed: Typed, database: Database, tmp_path: Path) -> None:
    """H1: that it was exported is an entry of the system chain."""
    code, _, err = typed("export", "--all", "--format", "json", "-o", tmp_path / "all.json")
    assert code == 0, err
    (request,) = json.loads((tmp_path / "all.json").read_text())["requests"]
    assert request["number"] == number_of(database)
    assert request["history"][0]["verb"] == "submit"
    assert {"variables", "tasks", "attachments", "history"} <= set(request)
    assert typed("export", request["id"], "--format", "csv", "-o", tmp_path / "one.csv")[0] == 0
    with (tmp_path / "one.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["seq"] for row in rows] == [str(e["seq"]) for e in request["history"]]
    with database.read() as reader:
        last = journal.entries(reader, "system")[-1]
    assert (last.body["verb"], last.body["format"]) == ("exported", "csv")
    assert last.body["requests"] == [request["id"]]


def test_a_backup_is_restored_into_an_empty_home(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = typed("backup", tmp_path / "kept.zip", "--json")
    assert code == 0, err
    assert json.loads(out)["tables"]["requests"] == 1
    code, _, err = typed("restore", tmp_path / "kept.zip")
    assert (code, err) == (2, "There is a database here already: restore into an empty home.\n")
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "other"))
    monkeypatch.setenv("COUNTERSIGN_DATABASE", f"sqlite:///{tmp_path / 'other' / 'countersign.db'}")
    assert typed("restore", tmp_path / "kept.zip")[0] == 0
    assert typed("replay", "--all")[0] == 0
    assert typed("rebuild")[0] == 0


def test_the_organisation_is_imported_and_each_change_told(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text("people: [{id: new.one, name: 新人, department: 产品部, superior: gm}]")
    code, out, _ = typed("org", "import", file, "--dry-run")
    assert code == 0
    assert out.startswith("people new.one: added (")
    code, out, _ = typed("org", "import", file, "--json")
    assert [change["key"] for change in json.loads(out)["changes"]] == ["new.one"]
    assert typed("org", "import", file) == (0, "", "0 entries were added or changed.\n")
    assert typed("org", "import", ORGANISATION)[1] == ""
    assert typed("replay", "--all")[0] == 0
    assert typed("rebuild")[0] == 0


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["replay"], 2, "Name requests by id or number, or say --all."),
        (["replay", "nothing"], 2, "There is no request “nothing”."),
        (["export", "--all", "-o", "/no/where/x"], 1, "No such file"),
        (["backup", "/no/where/x"], 1, "No such file"),
        (["restore", str(ORGANISATION)], 2, "can't be read as a backup"),
        (["org", "import", "/no/where"], 2, "does not exist"),
        (["org", "import", str(Path(__file__))], 1, "YAML"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    typed: Typed, words: list[str], code: int, says: str
) -> None:
    got, out, err = typed(*words)
    assert (got, out) == (code, "")
    assert says in err
    assert "Traceback" not in err
