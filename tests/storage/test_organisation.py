"""Importing an organisation: what the file says, and an entry for each change."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.ids import PersonId
from engine.people.directory import Department, Person
from storage import Database
from storage.journal import entries, first_fault
from storage.organisation_files import BadFile, read_file
from storage.organising import Change, import_file

NOW = datetime(2030, 1, 15, 1, 0, tzinfo=UTC)
DEMO = Path(__file__).parents[2] / "workflows" / "demo" / "organisation.yaml"
SMALL = """
departments: [{name: 产品部, short: 产, head: ann}]
groups: [{name: risk-committee}]
people:
  - {id: ann, name: 安, department: 产品部, posts: [manager], superior: [ben], role: owner}
  - {id: ben, name: 本, groups: [risk-committee], email: ben@example.com}
"""


def imported(
    database: Database, text: str, name: str = "o.yaml", *, dry_run: bool = False
) -> list[Change]:
    with database.write() as transaction:
        return import_file(
            transaction,
            read_file(text.encode(), name),
            by=PersonId("admin"),
            by_name="管",
            at=NOW,
            dry_run=dry_run,
        )


def test_the_directory_answers_as_the_file_says(database: Database) -> None:
    imported(database, SMALL)
    with database.unit_of_work() as work:
        directory = work.directory
        assert directory.person("ann") == Person(
            id=PersonId("ann"),
            name="安",
            department="产品部",
            posts=("manager",),
            superiors=(PersonId("ben"),),
            role="owner",
        )
        head = Department(name="产品部", short="产", head=PersonId("ann"))
        assert directory.department("产品部") == head
        assert directory.members("post", "manager", "产品部") == ["ann"]
        assert directory.members("post", "manager", "技术部") == []
        assert directory.members("group", "risk-committee") == ["ben"]
        assert directory.resolve_group("risk-committee") == "group"
        assert directory.resolve_group("产品部") == "dept"
        assert directory.resolve_group("manager") == "post"
        assert directory.resolve_group("nothing") == ""
        assert directory.listed("dept:产品部") == [("ann", "安")]
        assert directory.departments() == ["产品部"]


def test_again_changes_nothing_and_then_only_what_differs(database: Database) -> None:
    assert len(imported(database, SMALL)) == 4
    assert imported(database, SMALL) == []
    (change,) = imported(database, "people: [{id: ben, active: false}]")
    assert (change.key, change.new, dict(change.changes)) == (
        "ben",
        False,
        {"active": (True, False)},
    )
    with database.unit_of_work() as work:
        ben = work.directory.person("ben")
        assert ben is not None
        assert not ben.active
        assert ben.email == "ben@example.com"
        assert work.directory.members("group", "risk-committee") == []


def test_every_change_is_an_entry_of_the_system_chain(database: Database) -> None:
    imported(database, SMALL)
    imported(database, "people: [{id: ben, name: 新名}]")
    with database.read() as reader:
        found = entries(reader, "system")
        assert first_fault(reader, "system") is None
    assert [e.body["verb"] for e in found] == [
        "deploy",
        "department.changed",
        "group.changed",
        "person.changed",
        "person.changed",
        "person.changed",
    ]
    assert [e.seq for e in found] == [1, 2, 3, 4, 5, 6]
    assert found[-1].particulars["changed.name"] == ["本", "新名"]
    assert found[-1].particulars["actor.name"] == "管"


def test_a_dry_run_tells_and_writes_nothing(database: Database) -> None:
    assert len(imported(database, SMALL, dry_run=True)) == 4
    with database.unit_of_work() as work:
        assert work.directory.person("ann") is None
    with database.read() as reader:
        assert len(entries(reader, "system")) == 1


def test_another_process_sees_the_change(database: Database) -> None:
    other = Database(database.url, database.home)
    with other.unit_of_work() as work:
        assert work.directory.person("ann") is None
    imported(database, SMALL)
    with other.unit_of_work() as work:
        assert work.directory.person("ann") is not None
    other.close()


def test_csv_has_one_table_a_file(database: Database) -> None:
    imported(database, "name,short,head\n产品部,产,\n", "departments.csv")
    imported(database, "name\nrisk-committee\n", "groups.csv")
    people = "id,name,posts,superior,active\nben,本,a;b,,是\nann,安,,ben,no\n"
    imported(database, people, "people.csv")
    with database.unit_of_work() as work:
        ben = work.directory.person("ben")
        assert ben is not None
        assert ben.posts == ("a", "b")
        ann = work.directory.person("ann")
        assert ann is not None
        assert (ann.superiors, ann.active) == (("ben",), False)


def test_the_demo_organisation_can_be_imported(database: Database) -> None:
    assert imported(database, DEMO.read_text())
    assert imported(database, DEMO.read_text()) == []


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("people: [{name: 安}]", "o.yaml", "id is missing"),
        ("people: [{id: a}]", "o.yaml", "the name is missing"),
        ("people: [{id: a/b, name: x}]", "o.yaml", "“/”"),
        ("people: [{id: 'system:timer', name: x}]", "o.yaml", "system"),
        ("people: [{id: a, name: x}, {id: a, name: y}]", "o.yaml", "twice"),
        ("people: [{id: a, name: x, boss: y}]", "o.yaml", "no column boss"),
        ("people: [{id: a, name: x, role: king}]", "o.yaml", "no role king"),
        ("people: [{id: a, name: x, superior: z}]", "o.yaml", "nobody's id"),
        ("people: [{id: a, name: x, superior: a}]", "o.yaml", "own superior"),
        ("people: [{id: a, name: x, department: z}]", "o.yaml", "no department z"),
        ("people: [{id: a, name: x, groups: [z]}]", "o.yaml", "no group z"),
        ("people: [{id: a, name: x, active: maybe}]", "o.yaml", "active"),
        ("people: [{id: a, name: [x]}]", "o.yaml", "name is not a text"),
        ('people: [{id: "a\\tb", name: x}]', "o.yaml", "id is not a text"),
        ("people: {a: b}", "o.yaml", "not a list"),
        ("cats: []", "o.yaml", "“cats” is no table"),
        ("[1]", "o.yaml", "none of the tables"),
        ("a: [", "o.yaml", "not YAML"),
        ("departments: [{name: d, head: z}]", "o.yaml", "nobody's id"),
        ("colour,name\nred,x\n", "o.csv", "no column colour"),
        ("colour\nred\n", "o.csv", "no table"),
        ("id,name\na\n", "o.csv", "more or fewer cells"),
    ],
)
def test_a_bad_file_changes_nothing_and_says_why(
    database: Database, text: str, name: str, says: str
) -> None:
    with pytest.raises(BadFile, match=says.replace("[", r"\[")):
        imported(database, text, name)
    with database.read() as reader:
        assert len(entries(reader, "system")) == 1


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(BadFile, match="UTF-8"):
        read_file(b"\xff\xfe\x00", "o.yaml")


def test_a_department_has_days_of_its_own(database: Database) -> None:
    """X5."""
    imported(database, SMALL)
    text = "departments: [{name: 产品部, worked: [2026-11-07], free: [2026-11-03, '2026-11-04']}]"
    (change,) = imported(database, text)
    assert dict(change.changes) == {
        "worked": ([], ["2026-11-07"]),
        "free": ([], ["2026-11-03", "2026-11-04"]),
    }
    assert imported(database, text) == []
    with database.unit_of_work() as work:
        found = work.directory.department("产品部")
        assert found is not None
        days = (("2026-11-03", False), ("2026-11-04", False), ("2026-11-07", True))
        assert (found.short, found.days) == ("产", days)
    with pytest.raises(BadFile, match="no date"):
        imported(database, "departments: [{name: 产品部, free: [christmas]}]")
    cells = "name,short,worked,free\n产品部,产,2026-11-07,2026-11-03;2026-11-04\n"
    assert imported(database, cells, "d.csv") == []
