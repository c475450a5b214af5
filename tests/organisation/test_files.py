"""Organisation files: substitutes, posts, warnings, and the way back out."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from click.testing import CliRunner

from engine.actor import Actor
from engine.ids import PersonId
from storage import Database, organising, standing_in
from storage.importing import exported, import_substitutes
from storage.organisation_files import BadFile, read_file
from storage.organising import Change
from tests.support.cast import ORGANISATION
from web.cli.main import group

NOW = datetime(2030, 1, 15, 1, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
BY = Actor(id=PersonId("admin"), name="管", via="command line")
SMALL = """
departments: [{name: 产品部, name_en: Product, short: 产, head: ann, free: [2030-05-02]}]
posts: [{id: lead, name: 组长, name_en: Lead}]
groups: [{name: risk}]
people:
  - {id: ann, name: 安, department: 产品部, posts: [lead], superior: ben, role: administrator}
  - {id: ben, name: 本, groups: [risk], superior: [ann, cat], email: ben@example.com}
  - {id: cat, name: 猫, active: false}
substitutes:
  - {person: ann, substitute: ben, since: 2030-02-01, until: 2030-02-08, processes: [leave]}
  - {person: ben, substitute: ann, since: 2030-02-01T09:00:00+08:00, until: 2030-03-01}
"""


def taken_in(database: Database, text: str, name: str = "o.yaml", **more: Any) -> list[Change]:
    file = read_file(text.encode(), name)
    ids = (f"s{n}" for n in range(10**6))
    with database.write() as transaction:
        found = organising.import_file(transaction, file, by=BY.id, by_name=BY.name, at=NOW, **more)
        more.pop("warn", None)
        left = standing_in.every(transaction, limit=1_000)
        for _ in left:
            next(ids)
        return found + import_substitutes(
            transaction, file, by=BY, at=NOW, zone=ZONE, ids=ids, **more
        )


def out(database: Database) -> str:
    with database.read() as reader:
        return exported(reader, NOW, ZONE)


def test_substitutes_are_made_once(database: Database) -> None:
    """T4: in the organisation's zone; the same again makes none."""
    found = taken_in(database, SMALL)
    assert [c.key for c in found if c.table == "substitutes"] == ["ann → ben", "ben → ann"]
    assert taken_in(database, SMALL) == []
    with database.read() as reader:
        (one,) = [each for each in standing_in.every(reader) if each.person == "ann"]
    assert one.since == datetime(2030, 1, 31, 16, tzinfo=UTC)
    assert (one.processes, one.made_by) == (("leave",), "admin")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("{person: ann, substitute: ben, since: 2030-02-02, until: 2030-02-03}", "overlaps"),
        ("{person: ann, substitute: ann, since: 2031-02-02, until: 2031-02-03}", "for himself"),
        ("{person: ann, substitute: nob, since: 2031-02-02, until: 2031-02-03}", "nobody's id"),
        ("{person: ann, substitute: ben, since: 2031-02-02, until: 2031-02-02}", "after since"),
        ("{person: ann, substitute: ben, since: 2031-02-02}", "until is missing"),
        ("{person: ann, substitute: ben, since: soon, until: 2031-02-02}", "no date"),
        ("{person: ann, substitute: ben, from: 2031-02-02, until: 2031-02-02}", "is it since"),
    ],
)
def test_a_bad_substitute_changes_nothing(database: Database, row: str, says: str) -> None:
    taken_in(database, SMALL)
    with pytest.raises(BadFile, match=says):
        taken_in(database, f"people: [{{id: ann, name: 别}}]\nsubstitutes: [{row}]")
    assert "name: 安" in out(database)


def test_one_that_is_over_is_passed_over(database: Database) -> None:
    taken_in(database, SMALL)
    old = "{person: cat, substitute: ben, since: 2029-02-02, until: 2029-02-03}"
    assert taken_in(database, f"substitutes: [{old}]") == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("people: [{id: a, name: x, boss: y}]", "no column boss .is it superior"),
        ("people: [{id: a, name: x, e-mail: y}]", "is it email"),
        ("people: [{id: a, name: x, departmnt: y}]", "is it department"),
        ("peple: [{id: a, name: x}]", "no table .is it people"),
        ("posts: [{id: a}]", "name is missing"),
        ("posts: [{id: a/b, name: x}]", "“/”"),
    ],
)
def test_a_wrong_name_of_a_column_is_said_with_the_right_one(
    database: Database, text: str, says: str
) -> None:
    with pytest.raises(BadFile, match=says):
        taken_in(database, text)


def test_superiors_that_go_round_are_told_of(database: Database) -> None:
    told: list[str] = []
    taken_in(database, SMALL, warn=told.append)
    assert told == ["The superiors go round in a circle: ann → ben → ann."]
    told.clear()
    taken_in(database, "people: [{id: cat, name: 猫猫}]", warn=told.append)
    assert told == [], "nothing of these people was said"


def test_somebody_is_left_to_administer(database: Database) -> None:
    taken_in(database, SMALL)
    with pytest.raises(BadFile, match="Nobody would be left"):
        taken_in(database, "people: [{id: ann, active: false}]")


def test_posts_come_as_csv_too(database: Database) -> None:
    taken_in(database, "id,name,name_en\nlead,组长,Lead\n", "posts.csv")
    taken_in(database, SMALL.partition("substitutes")[0])
    cells = "person,substitute,since,until,processes\nann,ben,2030-02-01,2030-02-08,a;b\n"
    (one,) = taken_in(database, cells, "s.csv")
    assert one.row["processes"] == ["a", "b"]


@pytest.mark.parametrize("text", [SMALL, ORGANISATION.read_text()])
def test_what_is_written_out_comes_in_the_same(
    database: Database, sqlite_home: Database, text: str
) -> None:
    """Round trip: into itself nothing changes, into an empty home it is the same."""
    taken_in(database, text)
    written = out(database)
    assert taken_in(database, written) == []
    taken_in(sqlite_home, written)
    assert out(sqlite_home) == written
    with database.read() as one, sqlite_home.read() as two:
        first, second = database.organisation.current(one), sqlite_home.organisation.current(two)
        assert (first.people, first.units, first.groups, first.posts) == (
            second.people, second.units, second.groups, second.posts,
        )  # fmt: skip
    document = yaml.safe_load(written)
    assert set(document) <= {"departments", "posts", "groups", "people", "substitutes"}


@pytest.mark.parametrize("name", ["null", "yes", "1", "1.0", "2026-01-01", "a: b", "'", "- x", "#"])
def test_names_that_yaml_would_take_for_something_else(
    database: Database, sqlite_home: Database, name: str
) -> None:
    taken_in(database, yaml.safe_dump({"people": [{"id": name, "name": name}]}))
    written = out(database)
    taken_in(sqlite_home, written)
    assert out(sqlite_home) == written


def test_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", "x" * 40)
    run = CliRunner()
    assert run.invoke(group, ["init"]).exit_code == 0
    file, written = tmp_path / "o.yaml", tmp_path / "out.yaml"
    file.write_text(SMALL.partition("substitutes")[0])
    done = run.invoke(group, ["org", "import", str(file)])
    assert done.exit_code == 0, done.output
    assert "go round" in done.output
    assert run.invoke(group, ["org", "export", "-o", str(written)]).exit_code == 0
    shown = run.invoke(group, ["org", "export"])
    assert written.read_text() in shown.output
    again = run.invoke(group, ["org", "import", "--json", str(written)])
    assert '"changes": []' in again.output
