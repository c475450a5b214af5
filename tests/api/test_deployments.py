"""Deploying what somebody drew: compiled apart, by owners only, versions that only grow."""

import json
from threading import BoundedSemaphore
from time import monotonic
from typing import Any

import pytest

from engine.ids import SYSTEM_CHAIN
from storage import Database, journal, queries
from tests.api.callers import Answer, Caller, file
from tests.api.conftest import As
from tests.api.diagrams import end, start
from tests.api.test_attachments import SIMPLE, memo
from tests.engine.live import flow, process
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
    monkeypatch.setattr(compiling, "WALL_SECONDS", 0)
    problems = deployed(as_("owner"), SIMPLE).no(422)["problems"]
    assert [each["rule"] for each in problems] == ["limits"]


def caller_of(called: str) -> bytes:
    """A process that calls another."""
    call = f'<bpmn:callActivity id="ask" name="Ask them" calledElement="{called}"/>'
    parts = (start(), call, end(), flow("start", "ask"), flow("ask", "end"))
    return process("outer", *parts)


def test_all_files_are_deployed_together_or_none(as_: As, home: Database) -> None:
    owner = as_("owner")
    torn = SIMPLE["memo.bpmn"].replace(b'process id="memo"', b'process id="torn"')
    torn = torn.replace(b'targetRef="end"', b'targetRef="x"')
    deployed(owner, {**SIMPLE, "torn.bpmn": torn}).no(422)
    with home.read() as reader:
        assert queries.definition_versions(reader, "memo") == ()
    twice = deployed(owner, {**SIMPLE, "again.bpmn": SIMPLE["memo.bpmn"]}).no(422)["problems"]
    assert [(each["element"], each["rule"]) for each in twice] == [("memo", "process")]
    assert "memo.bpmn, again.bpmn" in twice[0]["message"]


def test_somebody_elses_process_among_the_files_keeps_all_of_them_out(
    as_: As, home: Database
) -> None:
    deployed(as_("owner"), SIMPLE, owners=["tech.lead"]).ok(201)
    mine = SIMPLE["memo.bpmn"].replace(b'process id="memo"', b'process id="mine"')
    deployed(as_("owner"), {**SIMPLE, "mine.bpmn": mine}).no(403)
    with home.read() as reader:
        assert queries.definition_versions(reader, "mine") == ()


def test_each_version_has_its_entry_in_the_system_chain(as_: As, home: Database) -> None:
    other = SIMPLE["memo.bpmn"].replace(b'process id="memo"', b'process id="other"')
    deployed(as_("owner"), {**SIMPLE, "other.bpmn": other}).ok(201)
    with home.read() as reader:
        last = [entry.body for entry in journal.entries(reader, SYSTEM_CHAIN)][-2:]
    assert [(each["verb"], each["process"], each["version"]) for each in last] == [
        ("deploy", "memo", 1),
        ("deploy", "other", 1),
    ]


def test_a_called_process_that_is_nowhere_is_a_warning(as_: As) -> None:
    owner = as_("owner")
    warnings = deployed(owner, {"outer.bpmn": caller_of("memo")}).ok(201)["warnings"]
    assert ("ask", "called-process") in {(each["element"], each["rule"]) for each in warnings}
    both = {"outer.bpmn": caller_of("memo"), **SIMPLE}
    for content in (both, {"outer.bpmn": caller_of("memo")}):  # among the files; deployed already
        warnings = deployed(owner, content).json["warnings"]
        assert "called-process" not in {each["rule"] for each in warnings}


def test_forms_alone_are_refused_in_words(as_: As) -> None:
    only = {name: each for name, each in SIMPLE.items() if not name.endswith(".bpmn")}
    (problem,) = deployed(as_("owner"), only).no(422)["problems"]
    assert problem["rule"] == "diagram"
    assert "no diagram among the files" in problem["message"]


def test_too_much_at_once_is_413_in_words(as_: As) -> None:
    owner = as_("owner")
    many = {f"{n}.form": b"{}" for n in range(101)}
    assert "100" in deployed(owner, many).no(413)["detail"]
    large = {"a.bpmn": b" " * (16 * 1024 * 1024 + 1)}
    assert "16 MB" in deployed(owner, large).no(413)["detail"]


def test_while_others_are_compiling_it_says_so(as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "WALL_SECONDS", 0.01)
    monkeypatch.setattr(compiling, "_places", BoundedSemaphore(1))
    with compiling._place(monotonic() + 1):
        assert deployed(as_("owner"), SIMPLE).no(429)["detail"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.bpmn", "a\x00b.bpmn", "流程 '\";--.bpmn", "x" * 3000 + ".bpmn", "…"]
)
def test_names_of_files_are_never_paths(as_: As, home: Database, name: str) -> None:
    content = {each: SIMPLE[each] for each in SIMPLE if each != "memo.bpmn"}
    answer = deployed(as_("owner"), {**content, name: SIMPLE["memo.bpmn"]})
    assert answer.status in (201, 422)
    with home.read() as reader:
        kept = reader.all("SELECT name FROM definition_files")
    assert all("/" not in row[0] and "\x00" not in row[0] and len(row[0]) < 300 for row in kept)


def nested(depth: int) -> bytes:
    """An expression that is nothing but brackets."""
    return b"${" + b"(" * depth + b"1" + b")" * depth + b"}"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 100,
        b"<html><body>404</body></html>",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"<a>" * 100_000,
        SIMPLE["memo.bpmn"].replace(b'name="read"', b'name="' + b"n" * 3_000_000 + b'"'),
        SIMPLE["memo.bpmn"].decode().encode("utf-16")[:-1],
        process("p", *(f'<bpmn:startEvent id="s{n}"/>' for n in range(9_000))),
    ],
    ids=["empty", "zeros", "html", "entities", "deep", "long", "half-utf-16", "starts"],
)
def test_hostile_files_are_answered_at_once_and_nothing_is_written(
    as_: As, home: Database, content: bytes
) -> None:
    begun = monotonic()
    problems = deployed(as_("owner"), {"a.bpmn": content}).no(422)["problems"]
    assert all(each["message"] for each in problems)
    assert len(problems) <= 201
    assert monotonic() - begun < 5
    with home.read() as reader:
        assert reader.value("SELECT COUNT(*) FROM definitions WHERE version > 1") == 0
        assert queries.definition_versions(reader, "p") == ()


def test_a_file_with_several_processes_gives_each_its_version(as_: As) -> None:
    owner = as_("owner")
    first, second = caller_of("memo").decode(), SIMPLE["memo.bpmn"].decode()
    inner = second[second.index("<bpmn:process") : second.index("</bpmn:definitions>")]
    inner = inner.replace('"start"', '"m_start"').replace('"end"', '"m_end"')
    both = first.replace("</bpmn:definitions>", inner + "</bpmn:definitions>").encode()
    content = {"both.bpmn": both, **{n: c for n, c in SIMPLE.items() if n != "memo.bpmn"}}
    found = deployed(owner, content).ok(201)
    assert found["processes"] == [
        {"key": "outer", "version": 1},
        {"key": "memo", "version": 1},
    ]
    assert "called-process" not in {each["rule"] for each in found["warnings"]}
    assert deployed(owner, content).ok(200)["processes"] == found["processes"]
    assert as_("business.officer").post("/requests", memo()).ok(201)["process"] == "memo"


def test_a_form_whose_own_expression_fails_is_no_failure_of_ours(as_: As) -> None:
    """It takes more steps than an expression may: said in words where it is only looked at, too."""
    turns = "= for a in 1..100 return for b in 1..100 return for c in 1..100 return a"
    shown = {"id": "memo", "type": "default", "components": [{"type": "text", "text": turns}]}
    content = {**SIMPLE, "memo.form": json.dumps(shown).encode()}
    deployed(as_("owner"), content).ok(201)
    said = as_("business.officer").get("/processes/memo/form").no(409)
    assert said["reason"] == "Failed"
    assert "10000 steps" in said["detail"]
