"""An auditor reads everything and changes nothing; an administrator touches neither entries nor
notes. Every call and page that there is is tried."""

import pytest
from flask import Flask

from storage import Database, journal
from tests.api.examples import access, asked
from tests.api.test_signing import Desk
from tests.audit.conftest import As
from tests.audit.following import followed
from tests.audit.walking import OWN, There, journalled, opened, sent, state
from tests.pages.visitors import session_of

SECRET = "只给审计看的批注"


@pytest.fixture
def there(as_: As, home: Database) -> There:
    """A request with a task, a draft, a file and an auditor's note."""
    officer = as_("business.officer")
    made = asked(officer)
    draft = officer.post("/requests", {**access(), "draft": True}).ok(201)
    from tests.api.callers import file

    kept = officer.send("/attachments", {"file": file(b"content", "a.txt")}).ok(201)
    note = as_("auditor").post(f"/requests/{made['id']}/notes", {"text": SECRET}).ok(201)
    followed(home)
    for person in ("auditor", "admin", "owner"):
        session_of(home, person)
    return There(
        request=made["id"],
        task=made["open_tasks"][0]["id"],
        draft=draft["id"],
        note=note["id"],
        file=kept["id"],
    )


def test_an_auditor_changes_nothing(app: Flask, home: Database, there: There) -> None:
    """Whatever is sent is refused before anything else is said of it; it is recorded who tried."""
    before, history = state(home), journalled(home)
    tried = [each for each in sent(app, home, "auditor", there) if each.endpoint not in OWN]
    calls = [each for each in tried if each.endpoint.startswith("api.")]
    let_in = [(each.endpoint, each.status) for each in calls if each.status not in (403, 404)]
    changed = {name for name, rows in state(home).items() if rows != before[name]}
    # Of a batch every item is refused.
    assert (let_in, changed - {"notes", "accounts"}) == ([("api.batch", 200)], set())
    added = [row for row in journalled(home) if row not in history]
    assert len(journalled(home)) == len(history) + len(added)
    with home.read() as reader:
        outcomes = {
            (entry.body["verb"], entry.body["outcome"])
            for chain in {row[0] for row in added}
            for entry in journal.entries(reader, chain)
            if any((row[0], row[1]) == (chain, entry.seq) for row in added)
        }
    done = {verb for verb, outcome in outcomes if outcome == "done"}
    assert done <= {"note", "note.withdrawn", "read", "token.added", "password.changed"}


def test_an_auditor_reads_everything_and_leaves_only_readings(
    app: Flask, home: Database, there: There
) -> None:
    before, history = state(home), journalled(home)
    tried = list(opened(app, home, "auditor", there))
    assert [each for each in tried if each.status >= 500] == []
    assert state(home) == before
    added = [row for row in journalled(home) if row not in history]
    assert {row[0] for row in added} == {"system"}
    assert SECRET in next(each.said for each in tried if each.endpoint == "requests.one")
    assert SECRET in next(each.said for each in tried if each.endpoint == "api.list_notes")


@pytest.mark.parametrize("person", ["admin", "owner"])
def test_nobody_else_reads_notes_or_touches_entries(
    app: Flask, home: Database, there: There, person: str
) -> None:
    """Not by any call or page, whatever else it is his right to change."""
    history = journalled(home)
    notes = state(home)["notes"]
    tried = [*opened(app, home, person, there), *sent(app, home, person, there)]
    assert [each.endpoint for each in tried if SECRET in each.said] == []
    ours = [each for each in tried if "note" in each.endpoint and "notices" not in each.endpoint]
    assert len(ours) == 5
    assert {each.status for each in ours} <= {403, 404}
    assert state(home)["notes"] == notes
    now = journalled(home)
    assert [row for row in now if row in history] == history
    assert [each for each in tried if each.status >= 500] == []


def test_nobody_puts_a_task_into_an_auditors_hands(as_: As, home: Database) -> None:
    """Nor is he asked to sign or to give an opinion; a copy he may well get."""
    desk = Desk(as_, home, "single")
    for verb, more in (("transfer", {}), ("delegate", {}), ("add-signer", {"mode": "before"})):
        answer = desk.do("risk.manager", verb, to=["auditor"], comment="请看", **more).no(422)
        assert "审计人员" in answer["errors"]["to"]
    task = desk.task("risk.manager")
    given = {"to": "auditor", "comment": "无人"}
    assert "审计人员" in as_("admin").post(f"/tasks/{task}/assign", given).no(422)["errors"]["to"]
    as_("card.officer").post(f"/requests/{desk.request['id']}/copy", {"to": ["auditor"]}).ok()
    assert desk.holders() == ["sign: risk.manager"]


def test_an_administrator_starts_nothing(as_: As) -> None:
    """Pages offer it to nobody who watches; nor is it done when asked for over the API."""
    for person in ("admin", "auditor"):
        for more in ({}, {"draft": True}):
            as_(person).post("/requests", {**access(), **more}).no(403)
