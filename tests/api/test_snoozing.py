"""A task is put off: hidden from its holder's list until a time, its deadline untouched."""

from datetime import timedelta

import pytest

from storage import Database
from tests.api.callers import Caller, Clock
from tests.api.conftest import As
from tests.api.test_signing import Desk


@pytest.fixture
def desk(as_: As, home: Database) -> Desk:
    """One signer, the risk manager."""
    return Desk(as_, home, "single")


def listed(caller: Caller, view: str) -> list[str]:
    """The tasks of a list of his."""
    return [str(each["id"]) for each in caller.get("/tasks", view=view).ok()["items"]]


def test_it_is_hidden_until_then_and_comes_back_by_itself(desk: Desk, clock: Clock) -> None:
    risk, task = desk.as_("risk.manager"), desk.task("risk.manager")
    until = (clock() + timedelta(hours=2)).isoformat()
    found = risk.post(f"/tasks/{task}/snooze", {"until": until}).ok()
    assert found["task"]["snoozed_until"] == "2026-11-02T11:00:00+08:00"
    assert (found["task"]["status"], found["task"]["version"]) == ("open", found["task"]["version"])
    assert (listed(risk, "todo"), listed(risk, "snoozed")) == ([], [task])
    assert risk.get("/me").ok()["counts"]["snoozed"] == 1
    assert desk.holders() == ["sign: risk.manager"], "others see what is so"
    clock.turn(hours=2)
    assert (listed(risk, "todo"), listed(risk, "snoozed")) == ([task], [])
    assert risk.get(f"/tasks/{task}").ok()["snoozed_until"] is None


def test_it_can_be_shown_again_and_decided_all_the_same(desk: Desk, clock: Clock) -> None:
    risk, task = desk.as_("risk.manager"), desk.task("risk.manager")
    until = (clock() + timedelta(days=2)).isoformat()
    risk.post(f"/tasks/{task}/snooze", {"until": until}).ok()
    risk.post(f"/tasks/{task}/snooze", {"until": None}).ok()
    assert listed(risk, "todo") == [task]
    risk.post(f"/tasks/{task}/snooze", {"until": until}).ok()
    risk.post(f"/tasks/{task}/approve", {}).ok()
    assert listed(risk, "snoozed") == []
    assert risk.post(f"/tasks/{task}/snooze", {"until": until}).no(409)["reason"] == "TaskOver"


@pytest.mark.parametrize(
    "until", ["2026-11-02T00:59:00Z", "2028-01-01T00:00:00Z", "2026-11-05T09:00:00", "morgen", 7]
)
def test_when_has_to_be_a_moment_to_come(desk: Desk, until: object) -> None:
    path = f"/tasks/{desk.task('risk.manager')}/snooze"
    desk.as_("sales.manager").post(path, {"until": until}).no(404)
    assert desk.as_("card.officer").post(path, {"until": until}).no(403)["reason"] == "NotHolder"
    risk = desk.as_("risk.manager")
    assert risk.post(path, {"until": until}).no(422)["errors"].keys() == {"until"}
    assert risk.post(path, {}).no(422)["errors"].keys() == {"until"}


def test_a_task_that_has_changed_is_not_put_off(desk: Desk, clock: Clock) -> None:
    """K1: where the call says what was seen."""
    risk, task = desk.as_("risk.manager"), desk.task("risk.manager")
    until = (clock() + timedelta(days=2)).isoformat()
    path, version = f"/tasks/{task}/snooze", risk.get(f"/tasks/{task}").ok()["version"]
    old = risk.call("POST", path, {"until": until}, headers={"If-Match": '"1.0"'}).no(409)
    assert old["reason"] == "Changed"
    risk.call("POST", path, {"until": until}, headers={"If-Match": version}).ok()
