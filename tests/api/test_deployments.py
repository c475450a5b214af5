"""Deploying what somebody drew: compiled apart, by owners only, versions that only grow."""

from typing import Any

import pytest

from tests.api.callers import Answer, Caller, file
from tests.api.conftest import As
from tests.api.test_attachments import SIMPLE, memo
from web import compiling


def deployed(caller: Caller, content: dict[str, bytes], **parts: Any) -> Answer:
    """Deploy these files."""
    files = [file(each, name) for name, each in content.items()]
    return caller.send("/deployments", {"files": files, **parts})


def test_a_process_is_deployed_and_started(as_: As) -> None:
    owner, officer = as_("owner"), as_("business.officer")
    assert deployed(owner, SIMPLE).ok(201)["processes"] == [{"key": "memo", "version": 1}]
    assert deployed(owner, SIMPLE).ok(200)["processes"] == [{"key": "memo", "version": 1}]
    made = officer.post("/requests", memo()).ok(201)
    assert made["version"] == 1
    changed = {**SIMPLE, "memo.bpmn": SIMPLE["memo.bpmn"].replace(b'name="read"', b'name="Read"')}
    assert deployed(owner, changed).ok(201)["processes"] == [{"key": "memo", "version": 2}]
    assert officer.get(f"/requests/{made['id']}").ok()["version"] == 1
    assert officer.post("/requests", memo()).ok(201)["version"] == 2


def test_several_diagrams_come_in_the_order_of_their_files(as_: As) -> None:
    second = {
        "other.bpmn": SIMPLE["memo.bpmn"].replace(b'process id="memo"', b'process id="other"')
    }
    found = deployed(as_("owner"), {**second, **SIMPLE}).ok(201)
    assert [each["key"] for each in found["processes"]] == ["other", "memo"]


def test_only_owners_deploy_and_only_their_own(as_: As) -> None:
    for person in ("business.officer", "auditor", "admin"):
        deployed(as_(person), SIMPLE).no(403)
    deployed(as_("owner"), SIMPLE, owners=["tech.lead"]).ok(201)
    assert deployed(as_("owner"), SIMPLE).no(403)["reason"] == "NotOwner"
    assert deployed(as_("owner"), SIMPLE, owners=["nobody"]).no(403)


def test_every_problem_is_named_and_nothing_is_deployed(as_: As) -> None:
    owner = as_("owner")
    torn = {
        **SIMPLE,
        "memo.bpmn": SIMPLE["memo.bpmn"].replace(b'targetRef="end"', b'targetRef="x"'),
    }
    problems = deployed(owner, torn).no(422)["problems"]
    assert problems
    assert all(each["element"] and each["rule"] and each["message"] for each in problems)
    assert deployed(owner, {"a.bpmn": b"<!DOCTYPE a>"}).no(422)["problems"]
    assert deployed(owner, {"a.form": b"{}"}).no(422)["problems"]
    assert deployed(owner, {}).no(422)["errors"].keys() == {"files"}
    assert deployed(owner, SIMPLE, owners=["nobody"]).no(422)["errors"].keys() == {"owners"}
    assert deployed(owner, SIMPLE, force="yes").no(422)["errors"].keys() == {"force"}
    assert all(each["key"] != "memo" for each in owner.get("/processes").ok()["items"])


def test_compiling_that_takes_too_long_is_a_problem(
    as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "WALL_SECONDS", 0.01)
    problems = deployed(as_("owner"), SIMPLE).no(422)["problems"]
    assert [each["rule"] for each in problems] == ["limits"]
