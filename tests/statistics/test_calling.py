"""The API's numbers: who may read them, what they say; the file whose taking leaves an entry."""

import csv
import io

import pytest
from flask import Flask

import forms
from engine.commands.submit import Submit
from engine.diagrams.compiler import compile_definition
from engine.ids import SYSTEM_CHAIN, PersonId, RequestId
from storage import Database, definitions, journal, time_spent
from tests.api.callers import START, Caller, application
from tests.engine.live import actor, chain, process, task
from tests.statistics.oracle import counted
from tests.statistics.sealing import sealed
from tests.workflows.organised import organise
from web.door import Door
from web.exports.sheets import plain

PATH = "/processes/work-order/statistics"


@pytest.fixture
def app(counted_home: Database) -> Flask:
    """The application."""
    return application(counted_home)


def caller(app: Flask, database: Database, person: str) -> Caller:
    return Caller(app, database, person)


def days(database: Database) -> dict[str, str]:
    """The period in which everything happened."""
    from datetime import date

    found = [key[2] for key in counted(database)[0]]
    since, until = (date.fromordinal(each).isoformat() for each in (min(found), max(found)))
    return {"since": since, "until": until}


@pytest.mark.parametrize("person", ["owner", "auditor", "admin"])
def test_owners_auditors_and_administrators_read_them(
    app: Flask, counted_home: Database, person: str
) -> None:
    """And what they read is what happened; no content, and nobody's name."""
    every = days(counted_home)
    answer = caller(app, counted_home, person).get(PATH, **every, by="day").ok()
    expected, open_now = counted(counted_home)
    mine = [
        row
        for (table, key, *_), row in expected.items()
        if (table, key) == ("processes", "work-order")
    ]
    for name in ("started", "finished", "withdrawn", "refused"):
        assert answer["totals"][name] == sum(row[name] for row in mine)
        assert sum(each[name] for each in answer["periods"]) == answer["totals"][name]
    for node in answer["nodes"]:
        rows = [
            row
            for key, row in expected.items()
            if key[:2] == ("nodes", "work-order") and key[4] == node["id"]
        ]
        for name in ("entered", "approved", "done", "again", "timed"):
            assert node[name] == sum(row[name] for row in rows)
        assert node["took"]["n"] == node["timed"]
        assert node["open"] == sum(row[4] == node["id"] for row in open_now)
    assert sum(node["entered"] for node in answer["nodes"]) > 3
    assert {"submit", "dispatch"} & {node["id"] for node in answer["nodes"]} or answer["nodes"]
    told = answer.data.decode()
    for person_id in ("card.officer", "tech.manager", "product.manager"):
        assert person_id not in told


def test_others_are_told_that_they_may_not_and_not_what_was_wrong(
    app: Flask, counted_home: Database
) -> None:
    for person in ("card.officer", "gm"):
        other = caller(app, counted_home, person)
        assert "统计" in other.get(PATH).no(403)["detail"]
        other.get(PATH, by="never").no(403)
        other.get("/processes/nothing/statistics", by="never").no(404)
    caller(app, counted_home, "").get(PATH).no(401)
    caller(app, counted_home, "owner").get("/processes/nothing/statistics").no(404)


def test_an_owner_of_another_process_may_not_read_them(app: Flask, counted_home: Database) -> None:
    with counted_home.write() as transaction:
        transaction.execute("DELETE FROM owners WHERE process = 'work-order'")
    owner = caller(app, counted_home, "owner")
    owner.get(PATH).no(403)
    owner.get("/processes/go-live/statistics").ok()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-02-30"}, "since"),
        ({"since": "1999-12-31"}, "since"),
        ({"until": "2200-01-01"}, "until"),
        ({"until": "٢٠٢٦-٠١-٠١"}, "until"),
        ({"since": "2026-05-02", "until": "2026-05-01"}, "since"),
        ({"since": "2006-01-01", "until": "2026-05-01"}, "since"),
        ({"since": "2020-01-01", "until": "2026-05-01", "by": "day"}, "by"),
        ({"by": "hour"}, "by"),
        ({"version": "0"}, "version"),
        ({"version": "99"}, "version"),
        ({"version": "1.5"}, "version"),
        ({"format": "xls"}, "format"),
        ({"person": "gm"}, "person"),
    ],
)
def test_what_is_wrong_is_said_in_words(
    app: Flask, counted_home: Database, query: dict[str, str], field: str
) -> None:
    answer = caller(app, counted_home, "owner").get(PATH, **query).no(422)
    assert field in answer["errors"]


def test_periods_are_cut_to_what_was_asked_and_nothing_is_left_out(
    app: Flask, counted_home: Database
) -> None:
    owner = caller(app, counted_home, "owner")
    found = owner.get(PATH, since="2026-01-15", until="2026-05-10", by="month").ok()["periods"]
    assert [(each["since"], each["until"]) for each in found] == [
        ("2026-01-15", "2026-01-31"),
        ("2026-02-01", "2026-02-28"),
        ("2026-03-01", "2026-03-31"),
        ("2026-04-01", "2026-04-30"),
        ("2026-05-01", "2026-05-10"),
    ]
    weeks = owner.get(PATH, since="2026-01-01", until="2026-01-12", by="week").ok()["periods"]
    assert [each["since"] for each in weeks] == ["2026-01-01", "2026-01-05", "2026-01-12"]
    quarters = owner.get(PATH, since="2025-11-01", until="2026-04-01", by="quarter").ok()
    assert [each["until"] for each in quarters["periods"]] == [
        "2025-12-31", "2026-03-31", "2026-04-01"
    ]  # fmt: skip


def test_the_period_before_is_as_long(app: Flask, counted_home: Database) -> None:
    from datetime import date, timedelta

    every = days(counted_home)
    since, until = (date.fromisoformat(every[name]) for name in ("since", "until"))
    span = (until - since).days + 1
    owner = caller(app, counted_home, "owner")
    now = owner.get(PATH, **every).ok()
    later = owner.get(
        PATH,
        since=(until + timedelta(1)).isoformat(),
        until=(until + timedelta(span)).isoformat(),
    ).ok()
    assert later["before"] == now["totals"]
    assert later["totals"]["started"] == 0
    assert later["totals"]["took"] == {"n": 0, "mean": None, "median": None, "p90": None}


def test_the_file_says_the_same_and_an_entry_says_that_it_was_taken(
    app: Flask, counted_home: Database
) -> None:
    owner, every = caller(app, counted_home, "owner"), days(counted_home)
    answer = owner.get(PATH, **every, by="week", format="csv").ok()
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    told = owner.get(PATH, **every, by="week").ok()
    wholes = [row for row in rows if not row["node"]]
    assert [int(row["started"]) for row in wholes] == [p["started"] for p in told["periods"]]
    for node in told["nodes"]:
        mine = [row for row in rows if row["node"] == node["id"]]
        assert sum(int(row["entered"]) for row in mine) == node["entered"]
        assert {plain(row["name"]) for row in mine} <= {node["name"]}
    assert {row["exported_by"] for row in rows} == {"owner"}
    assert every["since"] in rows[0]["filter"]
    with counted_home.read() as reader:
        (entry,) = [
            each
            for each in journal.entries(reader, SYSTEM_CHAIN)
            if each.body.get("rows") == "statistics"
        ]
    assert entry.body["verb"] == "exported"
    assert entry.body["actor"] == "owner"
    assert entry.body["filter"] == {**every, "by": "week"}


def test_looking_leaves_no_entry_and_who_may_not_take_it_leaves_none(
    app: Flask, counted_home: Database
) -> None:
    def count() -> int:
        with counted_home.read() as reader:
            return int(reader.value("SELECT COUNT(*) FROM journal"))

    before = count()
    caller(app, counted_home, "owner").get(PATH).ok()
    caller(app, counted_home, "gm").get(PATH, format="csv").no(403)
    caller(app, counted_home, "owner").get(PATH, format="csv", by="x").no(422)
    assert count() == before


def test_no_cell_of_the_file_is_a_formula(database: Database) -> None:
    """A desk's name is what its process's author wrote."""
    organise(database)
    diagram = process(
        "sums",
        '<bpmn:startEvent id="s"/>',
        task("work", assignee="tech.lead").replace('name="work"', 'name="=1+1"'),
        '<bpmn:endEvent id="e"/>',
        chain("s", "work", "e"),
    )
    with database.write() as transaction:
        definition = compile_definition({"p.bpmn": diagram}, forms.read)
        definitions.deploy(transaction, definition, by=PersonId("owner"), at=START)
    new = Submit(actor=actor("card.officer"), request=RequestId("one"), process="sums", answers={})
    Door(database, lambda: START).handle(new)
    sealed(database)
    time_spent.follow(database)
    owner = caller(application(database), database, "owner")
    answer = owner.get("/processes/sums/statistics", format="csv").ok()
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert {row["name"] for row in rows if row["node"]} == {"'=1+1"}
