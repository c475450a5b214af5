"""Calls from several processes at the same moment, on both databases (K1, numbers without gaps)."""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from storage import Database
from tests.api.callers import Caller, give_token
from tests.api.conftest import As
from tests.api.examples import access, asked, task_of
from tests.test_arrows import ROOT

PROCESSES = 4
Call = dict[str, Any]


def call(person: str, path: str, body: Any, **headers: str) -> Call:
    """A POST of this person."""
    return {"person": person, "method": "POST", "path": path, "body": body, "headers": headers}


def at_once(database: Database, shares: Sequence[Iterable[Call]]) -> list[dict[str, Any]]:
    """Each share of calls made by a process of its own, all beginning together."""
    several = [_process(database, share) for share in shares]
    for each in several:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in several:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    answers = []
    for each in several:
        out, err = each.communicate(timeout=240)
        assert each.returncode == 0, err
        answers += [json.loads(line) for line in out.splitlines()]
    return answers


def _process(database: Database, calls: Iterable[Call]) -> subprocess.Popen[str]:
    made = subprocess.Popen(
        [sys.executable, "-m", "tests.api.at_once", database.url, str(database.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    assert made.stdin is not None
    made.stdin.writelines(f"{json.dumps(each)}\n" for each in calls)
    made.stdin.write("\n")
    made.stdin.flush()
    return made


@pytest.fixture
def officer(as_: As) -> Caller:
    """Who asks."""
    return as_("business.officer")


def test_the_same_submission_from_several_processes_is_one_request(
    home: Database, officer: Caller
) -> None:
    """K1"""
    same = call("business.officer", "/requests", access(), **{"Idempotency-Key": "once"})
    answers = at_once(home, [[same, same]] * PROCESSES)
    assert {each["status"] for each in answers} == {201}
    assert len({each["json"]["id"] for each in answers}) == 1
    assert len(officer.get("/requests").ok()["items"]) == 1


def test_the_same_approval_takes_effect_once_and_another_is_too_late(
    home: Database, officer: Caller, as_: As
) -> None:
    """K1, R2"""
    made = asked(officer)
    give_token(home, "fulfilment.manager")
    path = f"/tasks/{task_of(made, 'approval')}"
    yes = call("fulfilment.manager", f"{path}/approve", {}, **{"Idempotency-Key": "yes"})
    no = call(
        "fulfilment.manager", f"{path}/reject", {"comment": "不"}, **{"Idempotency-Key": "no"}
    )
    withdrawn = call("business.officer", f"/requests/{made['id']}/withdraw", {})
    answers = at_once(home, [[yes, yes], [yes, yes], [no, no], [withdrawn]])
    by_verb = [answers[:4], answers[4:6], answers[6:]]
    won = [each for each in by_verb if {a["status"] for a in each} == {200}]
    lost = [each for each in by_verb if {a["status"] for a in each} == {409}]
    assert (len(won), len(lost)) == (1, 2)
    entries = officer.get(f"/requests/{made['id']}/history").ok()["entries"]
    assert [each["seq"] for each in entries] == list(range(1, len(entries) + 1))
    assert len([each for each in entries if each["outcome"] == "done"]) == 2


def test_two_hundred_requests_at_once_are_numbered_without_gaps(
    home: Database, officer: Caller, as_: As
) -> None:
    """Numbers are unique and gapless; a draft and what is refused use none."""
    give_token(home, "card.officer")
    people = ("business.officer", "card.officer")
    drafts = {"process": "document-access", "draft": True}
    calls = [call(people[at % 2], "/requests", access()) for at in range(200)]
    for at in range(0, 200, 20):
        calls[at:at] = [
            call(people[0], "/requests", drafts),
            call(people[0], "/requests", access(purpose="短")),
        ]
    answers = at_once(home, [calls[at::PROCESSES] for at in range(PROCESSES)])
    statuses = [each["status"] for each in answers]
    assert (statuses.count(201), statuses.count(422)) == (210, 10)
    numbers = sorted(
        each["json"]["number"]
        for each in answers
        if each["status"] == 201 and each["json"]["status"] == "running"
    )
    assert numbers == [f"履查2026-{at:04}" for at in range(1, 201)]
