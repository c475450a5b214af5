"""Workers at the API: what they are handed, what they say of it, and who may (docs/workers.md)."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from engine.ids import PersonId
from storage import Database, journal, queries
from storage.organisation_files import read_file
from storage.organising import import_file
from storage.rebuilding import rebuild
from tests.api.callers import START, Answer, Caller, Clock, give_token
from tests.api.conftest import As
from tests.api.diagrams import deploy
from tests.api.test_at_once import at_once, call
from tests.engine.live import chain, process, task
from tests.engine.test_workers import ENDS, charge, declined
from tests.test_arrows import ROOT
from tests.workflows.test_rebuilding import rows
from web.replaying import replayed

PEOPLE = {
    "groups": [{"name": "worker:charge-card"}, {"name": "worker:*"}, {"name": "worker:ship"}],
    "people": [
        {"id": "billing", "name": "计费系统", "groups": ["worker:charge-card"]},
        {"id": "any", "name": "总线", "groups": ["worker:*"]},
        {"id": "shipping", "name": "发货系统", "groups": ["worker:ship"]},
    ],
}
W = {"worker": "billing-1"}


def pay(*parts: str, work: str = "") -> dict[str, bytes]:
    """A process that has a card charged, and then somebody look at it."""
    work = work or charge({"amount": "${amount}"}, {"receipt": "${number_}"})
    data = process(
        "p", ENDS, work, task("check", assignee="finance.manager"), *parts,
        chain("s", "charge", "check", "e"), withdraw="until-end", title="${what}",
    )  # fmt: skip
    return {"p.bpmn": data}


@pytest.fixture
def home(home: Database) -> Database:
    """Workers are people of the organisation; the process is deployed."""
    with home.write() as transaction:
        file = read_file(json.dumps(PEOPLE).encode(), "workers.yaml")
        import_file(transaction, file, by=PersonId("admin"), by_name="", at=START)
    deploy(home, pay())
    return home


def asked(caller: Caller, **answers: Any) -> Any:
    """A submitted request."""
    given = {"what": "电池", "amount": "48.50", "secret": "s", **answers}
    return caller.post("/requests", {"process": "p", "answers": given}).ok(201).json


def fetch(caller: Caller, *topics: Any, **more: Any) -> Answer:
    """Fetch as a worker."""
    said = {**W, "topics": list(topics or ("charge-card",)), **more}
    return caller.post("/external-tasks/fetch", said)


def one(caller: Caller, **more: Any) -> Any:
    """The one task that waits."""
    (found,) = fetch(caller, **more).ok()["items"]
    return found


def say(caller: Caller, task: Any, verb: str, *, headers: Any = None, **said: Any) -> Answer:
    """What a worker says of a task."""
    return caller.post(f"/external-tasks/{task['id']}/{verb}", {**W, **said}, headers=headers)


def history(caller: Caller, id: str) -> Any:
    """A request's entries."""
    return caller.get(f"/requests/{id}/history").ok()["entries"]


def test_a_task_is_fetched_with_what_is_mapped_and_completed(
    as_: As, home: Database, clock: Clock
) -> None:
    officer, billing = as_("business.officer"), as_("billing")
    made = asked(officer)
    task = one(billing, lock_seconds=90)
    assert task == {
        "id": task["id"],
        "version": "1",
        "topic": "charge-card",
        "request": {
            "id": made["id"],
            "number": made["number"],
            "title": "电池",
            "process": "p",
        },
        "node": {"id": "charge", "name": "扣款"},
        "worker": "billing-1",
        "locked_until": "2026-11-02T09:01:30+08:00",
        "retries": None,
        "priority": 0,
        "error": "",
        "variables": {"amount": "48.50"},
        "created_at": "2026-11-02T09:00:00+08:00",
    }
    assert fetch(billing).ok()["items"] == []
    billing.get(f"/requests/{made['id']}").no(404)
    assert billing.get("/requests", view="all").ok()["items"] == []
    clock.turn(seconds=30)
    said = say(billing, task, "complete", variables={"number_": "R-1"}).ok().json
    assert said == {
        "id": task["id"],
        "state": "done",
        "version": None,
        "retries": None,
        "locked_until": None,
    }
    now = officer.get(f"/requests/{made['id']}").ok()
    assert now["variables"]["receipt"] == "R-1"
    assert [t["node"]["id"] for t in now["open_tasks"]] == ["check"]
    last = history(officer, made["id"])[-1]
    assert (last["verb"], last["actor"]["id"], last["node"]) == (
        "external-complete",
        "billing",
        "charge",
    )
    say(billing, task, "complete").no(404)
    assert list(replayed(home)) == []


def test_no_verb_is_a_workers_without_his_group(as_: As, home: Database) -> None:
    officer, billing = as_("business.officer"), as_("billing")
    made = asked(officer)
    task = one(billing)
    for person in ("business.officer", "finance.manager", "gm", "owner", "auditor", "shipping"):
        caller = as_(person)
        no = fetch(caller).no(403)
        assert "worker:charge-card" in no["detail"]
        for verb, said in VERBS.items():
            refused = say(caller, task, verb, **said).no(403)
            assert "worker:" in refused["detail"]
            say(caller, task, verb, nothing_like_this=1).no(403)
    for person in ("business.officer", "gm"):
        as_(person).post("/external-tasks/x/complete", W).no(403)
    as_("").post("/external-tasks/fetch", {}).no(401)
    as_("shipping").post("/external-tasks/x/complete", W).no(404)
    assert fetch(as_("shipping"), "ship").ok()["items"] == []
    fetch(as_("shipping"), "ship", "charge-card").no(403)
    tried = [e for e in history(officer, made["id"]) if e["outcome"] == "refused"]
    assert {e["actor"]["id"] for e in tried} >= {"shipping", "gm", "business.officer"}
    say(as_("any"), task, "extend", lock_seconds=5).ok()
    say(as_("admin"), task, "complete").ok()


VERBS: Mapping[str, Mapping[str, Any]] = {
    "complete": {},
    "fail": {"message": "m"},
    "error": {"code": "c"},
    "extend": {"lock_seconds": 60},
}


def test_a_lost_lock_is_409_in_words(as_: As, clock: Clock) -> None:
    asked(as_("business.officer"))
    billing = as_("billing")
    task = one(billing, lock_seconds=1)
    for verb, said in VERBS.items():
        no = say(billing, task, verb, **{**said, "worker": "other"}).no(409)
        assert no["reason"] == "LockLost"
        assert "billing-1" in no["detail"]
    clock.turn(seconds=1)
    say(billing, task, "extend", lock_seconds=1).ok()  # nobody has taken it meanwhile
    clock.turn(seconds=1)
    taken = one(billing, worker="billing-2")
    assert (taken["id"], taken["version"]) == (task["id"], "2")
    no = say(billing, task, "complete").no(409)
    assert "billing-2" in no["detail"]
    headers = {"If-Match": '"1"'}
    no = say(billing, taken, "complete", worker="billing-2", headers=headers).no(409)
    assert (no["reason"], no["version"]) == ("Changed", "2")
    say(billing, taken, "complete", worker="billing-2", headers={"If-Match": '"2"'}).ok()


def test_a_lock_is_extended(as_: As, clock: Clock) -> None:
    asked(as_("business.officer"))
    billing = as_("billing")
    task = one(billing, lock_seconds=60)
    clock.turn(seconds=50)
    longer = say(billing, task, "extend", lock_seconds=60).ok()
    assert (longer["state"], longer["version"]) == ("locked", "1")
    assert longer["locked_until"] == "2026-11-02T09:01:50+08:00"
    clock.turn(seconds=59)
    assert fetch(billing).ok()["items"] == []
    clock.turn(seconds=1)
    assert one(billing)["version"] == "2"


def test_what_fails_is_tried_again_and_then_is_an_incident(
    as_: As, home: Database, clock: Clock
) -> None:
    officer, billing = as_("business.officer"), as_("billing")
    made = asked(officer)
    task = one(billing)
    said = say(billing, task, "fail", message="网关忙", details="…", retry_after_seconds=60).ok()
    assert (said["state"], said["retries"], said["locked_until"]) == ("waiting", 2, None)
    assert fetch(billing).ok()["items"] == []
    clock.turn(seconds=60)
    task = one(billing)
    assert (task["retries"], task["error"]) == (2, "网关忙")
    said = say(billing, task, "fail", message="卡被拒", retries=0).ok()
    assert (said["state"], said["retries"]) == ("incident", 0)
    clock.turn(hours=1)
    assert fetch(billing).ok()["items"] == []
    say(billing, task, "complete").no(409)
    last = history(officer, made["id"])[-2:]
    assert [e["comment"] for e in last if e["verb"] == "external-fail"][-1:] == ["卡被拒"]
    _rebuilt(home, clock)


def _rebuilt(home: Database, clock: Clock) -> None:
    """Everything comes out of the journal as it is, locks too."""
    before = rows(home)
    rebuild(home, clock())
    after = rows(home)
    assert len(after.pop("journal")) == len(before.pop("journal")) + 1
    assert after == before
    assert list(replayed(home)) == []


def _rows(home: Database) -> list[Any]:
    with home.read() as reader:
        columns = "request, task, topic, rank, created_at, retries, free_at, worker, handed"
        return [tuple(row) for row in reader.all(f"SELECT {columns} FROM externals")]


def test_a_rebuild_takes_no_task_from_its_worker(as_: As, home: Database, clock: Clock) -> None:
    asked(as_("business.officer"))
    billing = as_("billing")
    task = one(billing)
    _rebuilt(home, clock)
    assert fetch(billing).ok()["items"] == []
    say(billing, task, "complete").ok()


def test_an_error_goes_the_way_that_the_diagram_draws(
    as_: As, home: Database, clock: Clock
) -> None:
    deploy(home, {"p.bpmn": declined()})
    officer, billing = as_("business.officer"), as_("billing")
    made = asked(officer)
    said = say(
        billing, one(billing), "error", code="declined", message="过期", variables={"reason": "x"}
    ).ok()
    assert said["state"] == "done"
    now = officer.get(f"/requests/{made['id']}").ok()
    assert [t["node"]["id"] for t in now["open_tasks"]] == ["ask"]
    assert (now["variables"]["code"], now["variables"]["said"]) == ("declined", "过期")
    asked(officer)
    assert say(billing, one(billing), "error", code="other").ok()["state"] == "incident"
    _rebuilt(home, clock)


def test_an_administrator_retries_what_no_worker_could_do(
    as_: As, home: Database, clock: Clock
) -> None:
    officer, billing, admin = as_("business.officer"), as_("billing"), as_("admin")
    made = asked(officer)
    say(billing, one(billing), "fail", message="金额太大", retries=0).ok()
    (incident,) = admin.get("/incidents").ok()["items"]
    assert incident["kind"] == "worker"
    assert "金额太大" in json.dumps(incident, ensure_ascii=False)
    admin.post(f"/incidents/{incident['id']}/retry", {"variables": {"amount": "40"}}).ok()
    assert admin.get("/incidents").ok()["items"] == []
    task = one(billing)
    assert (task["variables"], task["retries"], task["error"]) == ({"amount": "40"}, None, "")
    say(billing, task, "complete", variables={"rubbish": 1}).ok()
    (incident,) = admin.get("/incidents").ok()["items"]
    assert fetch(billing).ok()["items"] == []
    _rebuilt(home, clock)
    retried = {"variables": {"number_": "N"}}
    admin.post(f"/incidents/{incident['id']}/retry", retried).ok()
    now = officer.get(f"/requests/{made['id']}").ok()
    assert now["variables"]["receipt"] == "N"
    _rebuilt(home, clock)


def test_a_call_takes_effect_once_under_its_key(as_: As, clock: Clock) -> None:
    officer, billing = as_("business.officer"), as_("billing")
    made = asked(officer)
    key = {"Idempotency-Key": "f1"}
    asking = {**W, "topics": ["charge-card"]}
    first = billing.post("/external-tasks/fetch", asking, headers=key).ok()
    again = billing.post("/external-tasks/fetch", asking, headers=key).ok()
    assert again.json == first.json
    other = {**asking, "max": 2}
    billing.post("/external-tasks/fetch", other, headers=key).no(422)
    (task,) = first["items"]
    key = {"Idempotency-Key": "c1"}
    done = {"variables": {"number_": "1"}}
    for _ in range(2):
        assert say(billing, task, "complete", headers=key, **done).ok()["state"] == "done"
    say(billing, task, "complete", headers=key, variables={"number_": "2"}).no(422)
    verbs = [e["verb"] for e in history(officer, made["id"])]
    assert verbs.count("external-complete") == 1
    assert (
        billing.post("/external-tasks/fetch", asking, headers={"Idempotency-Key": "f1"}).ok()[
            "items"
        ]
        == []
    )


WRONG_FETCHES: list[tuple[Mapping[str, Any], str]] = [
    ({"worker": ""}, "worker"),
    ({"worker": "  "}, "worker"),
    ({"worker": "x" * 101}, "worker"),
    ({"worker": "a\nb"}, "worker"),
    ({"worker": None}, "worker"),
    ({"worker": {"a": 1}}, "worker"),
    ({"topics": []}, "topics"),
    ({"topics": "charge-card"}, "topics"),
    ({"topics": [1]}, "topics"),
    ({"topics": [""]}, "topics"),
    ({"topics": ["x" * 501]}, "topics"),
    ({"topics": ["t"] * 51}, "topics"),
    ({"topics": [{"topic": "t", "lock_seconds": 0}]}, "topics"),
    ({"topics": [{"topic": "t", "lock_seconds": 86_401}]}, "topics"),
    ({"topics": [{"topic": "t", "lock": 1}]}, "topics"),
    ({"topics": [{"lock_seconds": 1}]}, "topics"),
    ({"topics": [{"topic": ["t"]}]}, "topics"),
    ({"max": 0}, "max"),
    ({"max": 101}, "max"),
    ({"max": True}, "max"),
    ({"max": "5"}, "max"),
    ({"max": 1.5}, "max"),
    ({"lock_seconds": 0}, "lock_seconds"),
    ({"lock_seconds": 86_401}, "lock_seconds"),
    ({"lock_seconds": 10**30}, "lock_seconds"),
    ({"other": 1}, "other"),
]


def test_a_fetch_that_is_wrong_says_where(as_: As) -> None:
    billing = as_("any")
    for said, field in WRONG_FETCHES:
        body = {**W, "topics": ["charge-card"], **said}
        no = billing.post("/external-tasks/fetch", body).no(422)
        assert list(no["errors"]) == [field], said
    billing.post("/external-tasks/fetch", {}).no(422)
    assert fetch(billing, {"topic": "a", "lock_seconds": 86_400}, "a", max=100).ok()["items"] == []


WRONG_WORDS: list[tuple[str, Mapping[str, Any], str]] = [
    ("complete", {"variables": {"_x": 1}}, "variables._x"),
    ("complete", {"variables": {"v": {"a": 1}}}, "variables.v"),
    ("complete", {"variables": {"v": "x" * 70_000}}, "variables.v"),
    ("complete", {"variables": [1]}, "variables"),
    ("complete", {"variables": {"a": "\x00"}}, "variables.a"),
    ("complete", {"outcome": "x"}, "outcome"),
    ("fail", {}, "message"),
    ("fail", {"message": ""}, "message"),
    ("fail", {"message": "m", "retries": -1}, "retries"),
    ("fail", {"message": "m", "retries": 101}, "retries"),
    ("fail", {"message": "m", "retry_after_seconds": -1}, "retry_after_seconds"),
    ("fail", {"message": "m" * 20_001}, "message"),
    ("error", {}, "code"),
    ("error", {"code": " "}, "code"),
    ("error", {"code": "x", "variables": {"nrOfX": 1}}, "variables.nrOfX"),
    ("extend", {}, "lock_seconds"),
    ("extend", {"lock_seconds": 90_000}, "lock_seconds"),
]


def test_what_a_worker_says_wrong_changes_nothing(as_: As, home: Database) -> None:
    officer, billing = as_("business.officer"), as_("billing")
    made = asked(officer)
    task = one(billing)
    before = _rows(home)
    for verb, said, field in WRONG_WORDS:
        no = say(billing, task, verb, **said).no(422)
        assert list(no["errors"]) == [field], said
        assert no["errors"][field]
    for id in ("x", f"{made['id']}-1", f"{made['id']}-x{'0' * 20}", "%00", "a" * 300):
        billing.post(f"/external-tasks/{id}/complete", W).no(404)
    assert _rows(home) == before
    assert history(officer, made["id"])[-1]["verb"] == "submit"
    say(billing, task, "complete", variables={"number_": 1}).ok()


def test_a_request_that_is_taken_back_leaves_nothing_to_do(as_: As, home: Database) -> None:
    officer, billing = as_("business.officer"), as_("billing")
    made, other = asked(officer), asked(officer)
    tasks = fetch(billing).ok()["items"]
    task = next(each for each in tasks if each["request"]["id"] == made["id"])
    officer.post(f"/requests/{made['id']}/withdraw", {}).ok()
    say(billing, task, "complete").no(404)
    assert [row[0] for row in _rows(home)] == [other["id"]]


def test_its_timeline_says_what_a_request_waits_for(as_: As, home: Database) -> None:
    made = asked(as_("business.officer"))
    with home.read() as reader:
        (entry,) = queries.history(reader, made["id"])
    assert ["waits", "/charge#1", "charge-card"] in entry.body["did"]


def test_workers_at_once_never_get_the_same_and_each_answer_counts_once(
    home: Database, as_: As
) -> None:
    """Twenty-four requests, two processes that fetch and complete at the same moments."""
    officer = as_("business.officer")
    for each in range(24):
        asked(officer, amount=str(each))
    give_token(home, "billing")
    fetching = [
        [
            call(
                "billing",
                "/external-tasks/fetch",
                {"worker": f"w{n}", "topics": ["charge-card"], "max": 3},
            )
        ]
        * 6
        for n in range(2)
    ]
    answers = at_once(home, fetching)
    assert {each["status"] for each in answers} == {200}
    tasks = [task for each in answers for task in each["json"]["items"]]
    assert len(tasks) == len({task["id"] for task in tasks}) == 24
    completing = [
        call(
            "billing",
            f"/external-tasks/{task['id']}/complete",
            {"worker": worker, "variables": {"number_": "1"}},
        )
        for task in tasks
        for worker in (task["worker"], "thief", task["worker"])
    ]
    answers = at_once(home, [completing[n::2] for n in range(2)])
    statuses = [each["status"] for each in answers]
    assert statuses.count(200) == 24
    assert set(statuses) == {200, 404, 409}
    with home.read() as reader:
        assert reader.value("SELECT COUNT(*) FROM externals") == 0
    assert list(replayed(home)) == []
    with home.read() as reader:
        verbs = [
            kept.entry.body["verb"]
            for kept in journal.in_order(reader)
            if kept.entry.body.get("outcome") == "done"
        ]
    assert verbs.count("external-complete") == 24


def test_a_lost_race_is_lost_in_words(home: Database, as_: As, clock: Clock) -> None:
    """A worker comes too late with his answer while another is fetching: one of them has it."""
    officer, billing = as_("business.officer"), as_("billing")
    for _ in range(8):
        asked(officer)
    tasks = fetch(billing, lock_seconds=1, max=8).ok()["items"]
    with home.write() as transaction:
        transaction.execute("UPDATE externals SET free_at = 0", ())
    late = [
        call(
            "billing", f"/external-tasks/{task['id']}/complete", {**W, "variables": {"number_": 1}}
        )
        for task in tasks
    ]
    again = call(
        "billing",
        "/external-tasks/fetch",
        {"worker": "billing-2", "topics": ["charge-card"], "max": 2},
    )
    answers = at_once(home, [late, [again] * 8])
    ended = {t["id"] for t, a in zip(tasks, answers[:8], strict=True) if a["status"] == 200}
    lost = {t["id"] for t, a in zip(tasks, answers[:8], strict=True) if a["status"] == 409}
    taken = [task["id"] for each in answers[8:] for task in each["json"]["items"]]
    assert ended | lost == {task["id"] for task in tasks}
    assert sorted(taken) == sorted(lost)
    assert list(replayed(home)) == []


def test_the_worker_of_the_docs_works(home: Database, app: Flask, as_: As) -> None:
    """docs/workers.md's program, as it stands there."""
    text = (ROOT / "docs" / "workers.md").read_text()
    program = text.partition("```python\n")[2].partition("```")[0]
    work = charge({"amount": "${amount}"}, {"receipt": "${receiptNumber}"})
    deploy(home, pay(work=work))
    officer = as_("business.officer")
    made = asked(officer)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/"
    environment = {**os.environ, "TOKEN": give_token(home, "billing")}
    worker = subprocess.Popen(
        [sys.executable, "-c", program.replace("http://127.0.0.1:8000/", address)],
        env=environment,
    )
    try:
        deadline = monotonic() + 60
        while not officer.get(f"/requests/{made['id']}").ok()["open_tasks"]:
            assert monotonic() < deadline
            assert worker.poll() is None
            sleep(0.1)
    finally:
        worker.kill()
        worker.wait()
        server.shutdown()
        thread.join()
        server.server_close()
    assert officer.get(f"/requests/{made['id']}").ok()["variables"]["receipt"] == "R-48.50"
