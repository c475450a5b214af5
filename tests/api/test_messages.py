"""Messages and signals from outside, over the API: who is reached, and who may send."""

from typing import Any

import pytest

from storage import Database
from tests.api.callers import Caller
from tests.api.conftest import As
from tests.api.diagrams import deploy, end, form, start, text
from tests.engine.live import chain, process, task

ROOTS = '<bpmn:message id="paid" name="paid"/><bpmn:signal id="alarm" name="alarm"/>'


def catch(id: str, kind: str, ref: str, tag: str = "intermediateCatchEvent") -> str:
    """An event that waits."""
    inner = f'<bpmn:{kind}EventDefinition {kind}Ref="{ref}"/>'
    return f'<bpmn:{tag} id="{id}">{inner}</bpmn:{tag}>'


def waiting(key: str, *parts: str) -> bytes:
    """A process that waits for these, one after the other, then has something done."""
    ids = [part.split('id="')[1].split('"')[0] for part in parts]
    steps = (start("ask"), *parts, task("then", assignee="gm"), end())
    content = process(key, *steps, chain("start", *ids, "then", "end")).decode()
    return content.replace("<bpmn:process", f"{ROOTS}<bpmn:process", 1).encode()


ASK = form("ask", text("order"))


@pytest.fixture
def orders(as_: As, home: Database) -> list[str]:
    """Two requests that wait for “paid”."""
    deploy(home, {"buys.bpmn": waiting("buys", catch("m", "message", "paid")), "ask.form": ASK})
    return [ordered(as_("business.officer"), order) for order in ("A1", "B2")]


def ordered(caller: Caller, order: str, process: str = "buys") -> str:
    """A request about this order."""
    given = {"process": process, "answers": {"order": order}}
    return str(caller.post("/requests", given).ok(201)["id"])


def at(as_: As, request: str) -> list[str]:
    """Where it stands."""
    found = as_("auditor").get(f"/requests/{request}").ok()
    return [each["node"]["id"] for each in found["open_tasks"]]


def test_a_message_reaches_the_one_that_it_names(as_: As, orders: list[str]) -> None:
    said: dict[str, Any] = {"name": "paid", "correlation": {"order": "B2"}}
    said["variables"] = {"amount": "12.50"}
    found = as_("owner").post("/messages", said).ok()
    assert found.json == {"requests": [orders[1]], "started": []}
    assert (at(as_, orders[0]), at(as_, orders[1])) == ([], ["then"])
    variables = as_("auditor").get(f"/requests/{orders[1]}").ok()["variables"]
    assert variables["amount"] == "12.50"
    by_id = {"name": "paid", "correlation": orders[0]}
    assert as_("admin").post("/messages", by_id).ok()["requests"] == [orders[0]]


def test_nobody_and_several(as_: As, orders: list[str]) -> None:
    owner = as_("owner")
    owner.post("/messages", {"name": "paid"}).no(409)
    owner.post("/messages", {"name": "paid", "correlation": {"order": "Z9"}}).no(404)
    owner.post("/messages", {"name": "nothing waits for this"}).no(404)


def test_a_requester_may_not_send_it_himself(as_: As, orders: list[str]) -> None:
    said = {"name": "paid", "correlation": {"order": "A1"}}
    as_("business.officer").post("/messages", said).no(403)
    assert at(as_, orders[0]) == []


def test_what_is_wrong_is_told_by_field(as_: As, orders: list[str]) -> None:
    owner = as_("owner")
    for wrong, field in (
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 401}, "name"),
        ({"name": "paid", "correlation": 7}, "correlation"),
        ({"name": "paid", "variables": []}, "variables"),
        ({"name": "paid", "to": "x"}, "to"),
    ):
        assert owner.post("/messages", wrong).no(422)["errors"].keys() == {field}
    hostile = {"name": "paid", "correlation": {"order": "A1"}, "variables": {"__class__": 1}}
    owner.post("/messages", hostile).no(422)
    assert at(as_, orders[0]) == []


def test_a_signal_reaches_everyone_that_waits(as_: As, home: Database) -> None:
    content = waiting("hears", catch("s", "signal", "alarm"))
    deploy(home, {"hears.bpmn": content, "ask.form": ASK})
    both = [ordered(as_("business.officer"), order, "hears") for order in ("A1", "B2")]
    found = as_("admin").post("/signals", {"name": "alarm", "variables": {"why": "fire"}}).ok()
    assert sorted(found["requests"]) == sorted(both)
    assert [at(as_, each) for each in both] == [["then"], ["then"]]
    assert as_("admin").post("/signals", {"name": "alarm"}).ok().json == {
        "requests": [],
        "started": [],
    }


def test_a_message_starts_a_process_once(as_: As, home: Database) -> None:
    begin = catch("begun", "message", "paid", "startEvent")
    parts = (begin, task("then", assignee="gm"), end(), chain("begun", "then", "end"))
    content = process("born", *parts).decode().replace("<bpmn:process", f"{ROOTS}<bpmn:process", 1)
    deploy(home, {"born.bpmn": content.encode()})
    key = {"Idempotency-Key": "born-once"}
    answers = [
        as_("owner").post("/messages", {"name": "paid"}, headers=key).ok().json for _ in range(2)
    ]
    assert answers[0] == answers[1]
    (started,) = answers[0]["started"]
    assert at(as_, started) == ["then"]
