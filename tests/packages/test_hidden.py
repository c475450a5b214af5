"""A package shows only what its exporter may see: hidden values are in none of its bytes, and
nothing in it lets him find them by trying."""

import json
from typing import Any

import pytest

from engine.flow.shown import digest_of
from storage import attachments, queries
from tests.api.diagrams import deploy, end, form, start, text
from tests.api.examples import task_of
from tests.engine.live import chain, process, task
from tests.packages.made import PAPER, House
from tests.packages.verifiers import both, document, entries_of, unpacked
from web.packages import paper as papers
from web.packages.paper import typesetting

HIDDEN = {
    "salary": "48123.55",
    "lines": [{"item": "car", "price": "七千零九元"}, {"item": "desk", "price": "p-9931-x"}],
}
WORDS = ("48123", "七千零九元", "p-9931-x", "合同.pdf", PAPER.decode())


@pytest.fixture
def set_from(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the PDFs were set from."""
    seen: list[str] = []
    typeset = typesetting.typeset

    def watched(requests: Any, **more: Any) -> bytes:
        seen.append(json.dumps(requests, ensure_ascii=False))
        return typeset(requests, **more)

    monkeypatch.setattr(papers, "typeset", watched)
    return seen


def everything(data: bytes, set_from: list[str]) -> str:
    """All that a package says: its raw bytes, each file (whose texts are UTF-8, never escaped),
    and what the PDF was set from."""
    files = unpacked(data)
    parts = [data, *files.values()]
    found = [part.decode("utf-8", "replace") for part in parts]
    return "\n".join([*found, *set_from])


def test_who_is_not_shown_a_field_finds_it_nowhere(house: House, set_from: list[str]) -> None:
    request = house.ended(**HIDDEN)
    for someone in ("gm", "business.manager"):
        set_from.clear()
        data = house.package(request["id"], exporter=house.who(someone))
        assert both(data, house.key)[0] == 0
        told = everything(data, set_from)
        assert [word for word in WORDS if word in told] == []
        assert "Ms Lin" in told
        assert "car" in set_from[0], "a table's other columns are shown"


@pytest.mark.parametrize("who", ["business.officer", "finance.manager", "owner"])
def test_who_is_shown_it_has_it_proven(small: House, who: str, set_from: list[str]) -> None:
    request = small.ended(**HIDDEN)
    data = small.package(request["id"], exporter=small.who(who))
    assert both(data, small.key)[0] == 0
    told = everything(data, set_from)
    assert [word for word in WORDS if word not in told] == []
    given = entries_of(unpacked(data))[0]["given"]
    assert given["changed.salary"]["value"] == [None, "48123.55"]


def test_a_table_of_which_a_column_is_hidden_is_withheld_as_a_whole(small: House) -> None:
    request = small.ended(**HIDDEN)
    data = small.package(request["id"], exporter=small.who("gm"))
    first = entries_of(unpacked(data))[0]
    assert {"changed.lines", "changed.salary", "input.files"} <= set(first["withheld"])
    assert "changed.topic" in first["given"]


def test_the_attachment_of_a_hidden_field_is_named_by_its_digest_only(small: House) -> None:
    request = small.ended()
    files = unpacked(small.package(request["id"], exporter=small.who("gm")))
    assert not [name for name in files if name.startswith("attachments/")]
    (named,) = document(files, "manifest")["requests"]
    assert named["attachments"] == []
    with small.database.read() as reader:
        (row,) = queries.attachments(reader, request["id"])
    assert named["left_out"] == [row.sha256]
    assert attachments.damaged(small.database.home, row.sha256) is None


def test_addresses_and_look_ups_are_for_auditors(small: House) -> None:
    request = small.ended()
    plain = small.package(request["id"], exporter=small.who("business.officer"))
    for line in entries_of(unpacked(plain)):
        assert not {"actor.origin", "facts", "state"} & set(line["given"])
        assert "127.0.0.1" not in json.dumps(line["given"])
    whole = entries_of(unpacked(small.package(request["id"])))
    assert whole[0]["given"]["actor.origin"]["value"] == "127.0.0.1"
    assert "facts" in whole[0]["given"]
    assert not any(line["withheld"] for line in whole)


def test_no_digest_of_what_is_hidden_is_left_to_try_values_against(small: House) -> None:
    """An entry says what its desk showed as a digest without a salt: whoever is not shown all of
    it gets the entry in part, and nothing that leads back to that digest."""
    request = small.ended(**HIDDEN)
    with small.database.read() as reader:
        row = queries.request(reader, small.who("finance.manager").viewer, request["id"])
        assert row is not None
        version = queries.Versions.of_request(reader, row.definition).own
        variables = queries.flow(reader, request["id"]).variables
    words = version.nodes["pay"]  # type: ignore[index]
    shown = digest_of(version, words, variables)
    whole = small.package(request["id"], exporter=small.who("finance.manager"))
    assert shown.encode() in unpacked(whole)["entries.jsonl"]
    data = small.package(request["id"], exporter=small.who("gm"))
    assert shown.encode() not in unpacked(data)["entries.jsonl"]
    code, report = both(data, small.key)
    assert (code, report.faults) == (0, [])
    parts = [line for line in entries_of(unpacked(data)) if line["body"] is None]
    assert [line["part"]["body"]["node"] for line in parts] == ["look", "pay"]
    for line in parts:
        assert "private" not in line["part"]["body"]
        assert line["given"] == line["withheld"] == line["erased"] == {}
    assert parts[1]["part"]["particulars"]["input.comment"] == "可以"


def test_a_decision_that_can_still_be_undone_is_told_to_its_author_alone(small: House) -> None:
    request = small.asked()
    given = {"comment": "悄悄同意", "undo_seconds": 60}
    small.by("gm").post(f"/tasks/{task_of(request, 'look')}/approve", given).ok()
    for who, knows in (("gm", True), ("business.officer", False)):
        data = small.package(request["id"], exporter=small.who(who))
        assert both(data, small.key)[0] == 0
        last = entries_of(unpacked(data))[-1]
        assert ("悄悄同意" in json.dumps(last, ensure_ascii=False)) is knows
        assert ("approve" in json.dumps(last)) is knows
        assert last["body"] is None, "without the digest of what its desk showed, or at all"
    whole = entries_of(unpacked(small.package(request["id"])))
    assert json.loads(whole[-1]["body"])["verb"] == "approve"


def test_what_was_told_to_others_is_not_told_where_it_may_hold_values(small: House) -> None:
    """A process's own notice may have any value in its words: whoever is not shown all values is
    not told the words."""
    deploy(small.database, TELLING)
    officer = small.by("business.officer")
    asked = {"process": "telling", "answers": {"topic": "Ms Lin", "salary": "48123.55"}}
    request = officer.post("/requests", asked).ok(201)
    for who, knows in (("gm", False), ("business.officer", True)):
        data = small.package(request["id"], exporter=small.who(who))
        assert both(data, small.key)[0] == 0
        assert (b"48123" in unpacked(data)["entries.jsonl"]) is knows


TELLING = {
    "telling.bpmn": process(
        "telling",
        start("ask"),
        '<bpmn:serviceTask id="tell" name="tell" camunda:type="external"'
        ' camunda:topic="countersign.notify"><bpmn:extensionElements><camunda:inputOutput>'
        '<camunda:inputParameter name="to">${initiator}</camunda:inputParameter>'
        '<camunda:inputParameter name="text">salary ${salary}</camunda:inputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements></bpmn:serviceTask>",
        task(
            "look",
            assignee="gm",
            approval="single",
            fields__hide="salary",
            approval__onRejected="end",
        ),
        end(),
        chain("start", "tell", "look", "end"),
    ),
    "ask.form": form("ask", text("topic"), text("salary")),
}
