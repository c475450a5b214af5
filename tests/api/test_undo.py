"""A decision that can be undone for a moment, over the API: U; what it allows and what it refuses.
On both databases, with the rows rebuilt from the journal in between."""

from collections.abc import Callable
from typing import Any

import pytest

from storage import Database
from storage.rebuilding import rebuild
from tests.api.callers import Clock
from tests.api.conftest import As
from tests.api.test_signing import Desk
from web.door import Door

ONE, TWO, THREE = "risk.manager", "finance.manager", "service.manager"
Beat = Callable[[], int]


@pytest.fixture
def beat(home: Database, clock: Clock) -> Beat:
    """The scheduler's heart beats once."""
    return lambda: Door(home, clock).fire_due()


def place(desk: Desk, reader: str, task: str, person: str) -> Any:
    """What somebody is told of a signer's place."""
    signers = desk.as_(reader).get(f"/tasks/{task}").ok()["signers"]
    return next(each for each in signers if each["person"]["id"] == person)


def test_it_takes_effect_when_its_window_ends(
    as_: As, home: Database, clock: Clock, beat: Beat
) -> None:
    """U: recorded at once; what comes after sees nothing of it before."""
    desk = Desk(as_, home, "single")
    mine = desk.task(ONE)
    found = desk.do(ONE, "approve", undo_seconds=10, comment="同意").ok()
    assert (found["task"]["status"], found["task"]["undo_until"][11:19]) == ("waiting", "09:00:10")
    assert (found["task"]["can"]["undo"], found["task"]["can"]["approve"]) == (True, False)
    assert desk.holders() == []
    clock.turn(seconds=9)
    assert beat() == 0
    rebuild(home, clock())
    clock.turn(seconds=1)
    assert beat() == 1
    rebuild(home, clock())
    assert desk.holders() == ["work: tech.lead"]
    after = desk.as_(ONE).get(f"/tasks/{mine}").ok()
    assert (after["status"], after["comment"], after["undo_until"]) == ("approved", "同意", None)
    assert after["decided_at"].endswith("09:00:00+08:00")
    entries = desk.as_(ONE).get(f"/requests/{desk.request['id']}/history").ok()["entries"]
    assert [each["verb"] for each in entries] == ["submit", "approve", "take-effect"]
    assert entries[-1]["actor"]["id"] == ONE


def test_a_call_takes_effect_at_once_unless_it_asks_for_the_window(as_: As, home: Database) -> None:
    """U: nothing can be undone then, but taken back (W2)."""
    desk = Desk(as_, home, "single")
    mine = desk.task(ONE)
    desk.do(ONE, "approve").ok()
    assert desk.holders() == ["work: tech.lead"]
    assert desk.as_(ONE).post(f"/tasks/{mine}/undo", {}).no(409)["reason"] == "UndoOver"


@pytest.mark.parametrize("seconds", [61, -1, 1.5, "10", True, None])
def test_no_other_window_is_taken(as_: As, home: Database, seconds: Any) -> None:
    """U: whole seconds, a minute at most; nothing is decided otherwise."""
    desk = Desk(as_, home, "single")
    no = desk.do(ONE, "approve", undo_seconds=seconds).no(422)
    assert list(no["errors"]) == ["undo_seconds"]
    assert desk.holders() == [f"sign: {ONE}"]


def test_undone_the_task_is_open_again_with_what_was_typed(
    as_: As, home: Database, clock: Clock, beat: Beat
) -> None:
    """U: by its author within the window; not by others, not later."""
    desk = Desk(as_, home, "all")
    mine = desk.task(ONE)
    desk.do(ONE, "reject", undo_seconds=10, comment="不妥").ok()
    for who, status in (("tech.lead", 404), (TWO, 403), ("card.officer", 403)):
        desk.as_(who).post(f"/tasks/{mine}/undo", {}).no(status)
    clock.turn(seconds=9)
    found = desk.as_(ONE).post(f"/tasks/{mine}/undo", {}).ok()
    assert (found["task"]["status"], found["task"]["can"]["undo"]) == ("open", False)
    clock.turn(seconds=30)
    assert beat() == 0
    desk.do(ONE, "approve", undo_seconds=10).ok()
    clock.turn(seconds=10)
    assert desk.as_(ONE).post(f"/tasks/{mine}/undo", {}).no(409)["reason"] == "UndoOver"
    beat()
    assert desk.now()["open_tasks"]
    assert place(desk, TWO, desk.task(TWO), ONE)["status"] == "approved"


def test_siblings_see_that_it_is_decided_not_how(as_: As, home: Database, clock: Clock) -> None:
    """U: nor does anybody read it in the history; whoever made it, and an auditor, do."""
    desk = Desk(as_, home, "all")
    mine, other = desk.task(ONE), desk.task(TWO)
    desk.do(ONE, "reject", undo_seconds=10, comment="不妥").ok()
    seen = place(desk, TWO, other, ONE)
    assert (seen["status"], seen["waits"], seen["comment"]) == ("waiting", "undo", "")
    assert seen["undo_until"] == "2026-11-02T09:00:10+08:00"
    no = desk.as_(ONE).post(f"/tasks/{mine}/approve", {}).no(409)
    assert (no["reason"], no["detail"]) == ("TaskDecided", "这项任务已决定,可撤销至 09:00:10。")
    path = f"/requests/{desk.request['id']}/history"

    def last(reader: str) -> tuple[Any, Any]:
        entries = desk.as_(reader).get(path).ok()["entries"]
        entry = next(each for each in entries if each["undo_until"])
        return entry["verb"], entry["comment"]

    assert last(TWO) == last("card.officer") == ("decide", None)
    assert last(ONE) == last("auditor") == ("reject", "不妥")
    desk.as_(ONE).post(f"/tasks/{mine}/waive", {}).ok()
    assert last(TWO) == ("reject", "不妥")
    assert desk.holders() == []


def test_what_comes_later_finds_it_in_effect(as_: As, home: Database, clock: Clock) -> None:
    """U: votes count in the order of recording, and nobody waits for the scheduler."""
    desk = Desk(as_, home, "any")
    theirs = desk.task(THREE)
    desk.do(ONE, "approve", undo_seconds=10).ok()
    queued = desk.do(TWO, "reject", comment="不妥").ok()
    assert (queued["task"]["status"], queued["task"]["can"]["undo"]) == ("waiting", False)
    clock.turn(seconds=11)
    assert desk.as_(THREE).post(f"/tasks/{theirs}/approve", {}).no(409)
    Door(home, clock).fire_due()
    assert desk.holders() == ["work: tech.lead"]


@pytest.mark.parametrize("word", ["approval__protected", "approval__undo"])
def test_not_at_a_protected_node_nor_where_it_is_switched_off(
    as_: As, home: Database, word: str
) -> None:
    """U: the window is not granted."""
    desk = Desk(as_, home, "single", **{word: "true" if "protected" in word else "false"})
    mine = desk.task(ONE)
    desk.do(ONE, "approve", undo_seconds=10).ok()
    assert desk.holders() == ["work: tech.lead"]
    desk.as_(ONE).post(f"/tasks/{mine}/undo", {}).no(409)


def test_withdrawn_meanwhile_it_comes_to_nothing(
    as_: As, home: Database, clock: Clock, beat: Beat
) -> None:
    """U: the window ends with the node."""
    desk = Desk(as_, home, "single")
    mine = desk.task(ONE)
    desk.do(ONE, "approve", undo_seconds=10).ok()
    path = f"/requests/{desk.request['id']}/withdraw"
    desk.as_("card.officer").post(path, {"comment": "不办了"}).ok()
    clock.turn(seconds=30)
    assert beat() == 0
    found = desk.as_(ONE).get(f"/tasks/{mine}").ok()
    assert (found["status"], found["can"]["undo"]) == ("cancelled", False)
