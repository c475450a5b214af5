"""Who watches is watched: reading another's history leaves an entry, once in ten minutes."""

from urllib.parse import quote

import pytest
from flask import Flask

from engine.ids import SYSTEM_CHAIN, PersonId
from storage import Database, journal, readings
from tests.api.callers import API, Clock
from tests.api.examples import asked, task_of
from tests.audit.conftest import As
from tests.pages.visitors import session_of
from web.security.identity import cookie_name

Reading = tuple[str, str, str]


@pytest.fixture
def made(as_: As) -> str:
    """A request of the business officer's."""
    return str(asked(as_("business.officer"))["id"])


def read(home: Database) -> list[Reading]:
    """Who has read what, how."""
    with home.read() as reader:
        entries = journal.entries(reader, SYSTEM_CHAIN)
    return [
        (str(entry.body["actor"]), str(entry.body["request"]), str(entry.body["what"]))
        for entry in entries
        if entry.body["verb"] == readings.VERB
    ]


@pytest.mark.parametrize("person", ["auditor", "owner", "business.manager"])
def test_anothers_history_leaves_an_entry(
    as_: As, home: Database, made: str, clock: Clock, person: str
) -> None:
    history = f"/requests/{made}/history"
    as_(person).get(history).ok()
    as_(person).get(history).ok()
    if (person, made, "history") not in read(home):
        assert person == "business.manager"  # who holds its first task
        return
    assert read(home) == [(person, made, "history")]
    clock.turn(minutes=9, seconds=59)
    as_(person).get(history).ok()
    assert len(read(home)) == 1
    clock.turn(seconds=1)
    as_(person).get(history).ok()
    assert read(home) == [(person, made, "history")] * 2


def test_ones_own_involvement_leaves_none(as_: As, home: Database, made: str) -> None:
    request = as_("business.officer").get(f"/requests/{made}").ok().json
    holder = request["open_tasks"][0]["holders"][0]["id"]
    as_("business.officer").post(f"/requests/{made}/copy", {"to": ["gm"]}).ok()
    for person in ("business.officer", holder, "gm"):
        as_(person).get(f"/requests/{made}/history").ok()
    assert task_of(request, request["open_tasks"][0]["node"]["id"])
    assert read(home) == []


def test_an_administrator_with_a_reason_is_recorded_twice_over(
    as_: As, home: Database, made: str
) -> None:
    """K3: his reason stands in the request's own chain; that he read, in the system's."""
    as_("admin").get(f"/requests/{made}/history").no(403)
    assert read(home) == []
    reason = {"Comment": quote("客户投诉")}
    as_("admin").get(f"/requests/{made}/history", headers=reason).ok()
    assert read(home) == [("admin", made, "history")]


def test_the_page_leaves_one_of_its_own(app: Flask, home: Database, made: str, as_: As) -> None:
    browser = app.test_client()
    with app.app_context():
        browser.set_cookie(cookie_name(), session_of(home, "auditor"))
    for _ in range(2):
        assert browser.get(f"/requests/{made}").status_code == 200
        assert browser.get(f"/requests/{made}/print").status_code == 200
        assert browser.get("/inbox").status_code == 200
        assert browser.get("/audit").status_code == 200
    assert read(home) == [("auditor", made, "page")]


def test_what_one_may_not_read_leaves_none(as_: As, home: Database, made: str) -> None:
    as_("service.agent").get(f"/requests/{made}/history").no(404)
    as_("admin").get(f"/requests/{made}").ok()
    assert read(home) == []


def test_an_auditor_reads_only_what_can_be_recorded(
    as_: As, home: Database, made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An owner reads on; an auditor is asked to try again."""

    def full(*_: object) -> bool:
        raise OSError("database or disk is full")

    monkeypatch.setattr(readings, "record", full)
    auditor = as_("auditor")
    answer = auditor.client.get(
        f"{API}/requests/{made}/history", headers={"Authorization": f"Bearer {auditor.token}"}
    )
    assert answer.status_code == 503
    assert "无法记录" in answer.get_json(force=True)["detail"]
    as_("owner").get(f"/requests/{made}/history").ok()
    assert read(home) == []


def test_two_at_once_leave_one(home: Database, made: str, clock: Clock) -> None:
    from engine.case import Actor

    by = Actor(id=PersonId("auditor"), name="审计")
    for expected in (True, False):
        with home.write() as transaction:
            assert readings.record(transaction, by, made, "replay", clock()) is expected
    assert read(home) == [("auditor", made, "replay")]
