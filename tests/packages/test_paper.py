"""The readable PDF: the same bytes from the same data, no text read as markup, none lost."""

import json
import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from storage import queries
from tests.api.callers import START
from tests.api.diagrams import deploy, end, form, start, text
from tests.api.examples import task_of
from tests.engine.live import chain, process, task
from tests.packages.made import House
from tests.packages.verifiers import unpacked
from web.packages import COMMAND_LINE
from web.packages import paper as papers
from web.packages.collecting import collect
from web.packages.paper.amounts import in_capitals
from web.packages.paper.gathering import gathered
from web.packages.paper.legible import legible
from web.packages.paper.typesetting import typeset

ZONE = ZoneInfo("Asia/Shanghai")
HOSTILE = [
    '#import "x": y',
    "#set page(fill: red)",
    "*bold* _it_ $x^2$ `raw` <label> @ref = Heading \\ // 1",
    "] #panic() [",
    "\u202egnp.exe\u202c \u2066x\u2069 \u200b\ufeff",
    "😀👍🏽 👨\u200d👩\u200d👧 العربية עברית ไทย 𠮷 ﷽",
    "e\u0301 a\u0323\u0302 \u0300\u0301",
    "x" * 10_000,
    "说明" * 5_000,
    "\n" * 300,
    "a\tb\r\nc\u2028d",
]


def told(house: House, request: str) -> dict[str, Any]:
    """What the paper of a request says."""
    with house.database.read() as reader:
        found = collect(reader, house.database.home, request, COMMAND_LINE)
        return gathered(reader, house.database, found, COMMAND_LINE)


def test_it_says_who_decided_what_when_and_with_which_meaning(house: House) -> None:
    request = house.ended()
    said = told(house, request["id"])
    assert [(d["name"], d["meaning"][0], d["comment"]) for d in said["decisions"]] == [
        (house.who("gm").name, "同意", "同意"),
        (house.who("finance.manager").name, "同意", "可以"),
    ]
    assert (said["title"], said["status"][0]) == ("Ms Lin", "已办结")
    assert [e["verb"][0] for e in said["history"]] == ["提交申请", "同意", "发表意见", "同意"]
    assert said["history"][2]["said"] == "谢谢"
    assert [f["name"] for f in said["files"]] == ["合同.pdf"]
    assert {item["zh"] for item in said["content"]} >= {"topic", "salary", "papers", "lines"}


def test_rounds_and_what_a_return_has_undone_are_told_apart(small: House) -> None:
    people = ("risk.manager", "finance.manager", "service.manager")
    deploy(small.database, rounds(people))
    officer = small.by("business.officer")
    made = officer.post("/requests", {"process": "rounds", "answers": {"topic": "x"}}).ok(201).json
    for person, verb in zip(people, ("approve", "return"), strict=False):
        body = {"comment": f"{verb}!"} | ({"to": "initiator"} if verb == "return" else {})
        small.by(person).post(f"/tasks/{mine(small, person, made)}/{verb}", body).ok()
    again = mine(small, "business.officer", made)
    officer.post(f"/tasks/{again}/complete", {"answers": {"topic": "y"}}).ok()
    for person in people:
        small.by(person).post(f"/tasks/{mine(small, person, made)}/approve", {}).ok()
    found = told(small, made["id"])["decisions"]
    assert [(d["round"], d["meaning"][1], d["undone"]) for d in found] == [
        (1, "Approved", "superseded"),
        (1, "Returned", ""),
        (2, "Completed", ""),
        (2, "Approved", ""),
        (2, "Approved", ""),
        (2, "Approved", ""),
    ]


def mine(house: House, person: str, request: Any) -> str:
    (found,) = house.by(person).get("/tasks", request=request["id"]).ok()["items"]
    return str(found["id"])


def rounds(people: tuple[str, ...]) -> dict[str, bytes]:
    listed = ", ".join(f"'{person}'" for person in people)
    signs = task(
        "sign",
        signers=f"${{list({listed})}}",
        approval="all",
        approval__onRejected="end",
        return__to="initiator",
        return__resubmit="all",
    )
    return {
        "rounds.bpmn": process("rounds", start("ask"), signs, end(), chain("start", "sign", "end")),
        "ask.form": form("ask", text("topic")),
    }


def test_the_same_data_give_the_same_bytes(small: House) -> None:
    request = small.ended()
    said = [told(small, request["id"])]
    made = [typeset(said, entries="ab" * 32, at=START, zone=ZONE) for _ in range(2)]
    assert made[0] == made[1]
    later = typeset(said, entries="ab" * 32, at=START + timedelta(days=1), zone=ZONE)
    assert later != made[0]
    assert b"<pdfaid:part>2</pdfaid:part>" in made[0]


def test_hostile_texts_are_set_as_they_are(small: House) -> None:
    request = small.asked(topic="#import *x* $y$ ] [")
    said = told(small, request["id"])
    said["content"] = [
        {"is": "field", "zh": each[:50], "en": each[:50], "text": each, "wide": True}
        for each in HOSTILE
    ]
    said["decisions"] = []
    assert typeset([said], entries="ab" * 32, at=START, zone=ZONE).startswith(b"%PDF-")


def test_sixty_decisions_and_several_requests_in_one_file(small: House) -> None:
    request = small.ended()
    said = told(small, request["id"])
    said["decisions"] = said["decisions"] * 30
    alone = typeset([said], entries="ab" * 32, at=START, zone=ZONE)
    both = typeset([said, said], entries="ab" * 32, at=START, zone=ZONE)
    assert len(alone) < len(both)


@settings(max_examples=max(30, settings().max_examples // 10))
@given(some.text(max_size=200))
def test_any_text_can_be_set(words: str) -> None:
    """PDF/A lets typst set nothing that the fonts lack: whatever gets through would be refused."""
    request = json.loads(EMPTY)
    request["title"] = words
    request["content"] = [
        {"is": "table", "zh": words, "en": "", "columns": [[words, "x"]], "rows": [[words]]}
    ]
    assert typeset([request], entries="ab" * 32, at=START, zone=ZONE)


EMPTY = json.dumps(
    {
        "id": "r", "number": "", "title": "", "process": ["p", "p"], "version": 1, "versions": [],
        "requester": "", "requester_id": "", "department": "", "submitted": "", "ended": "",
        "status": ["", ""], "result": ["", ""], "tone": "wait", "round": 1, "content": [],
        "decisions": [], "files": [], "left_out": [], "missing": [], "history": [],
        "digests": ["00"], "hides": False,
    }
)  # fmt: skip


def test_what_fonts_lack_stands_by_its_number() -> None:
    assert legible("好😀") == "好〔U+1F600〕"
    assert legible("a\u202eb\u200bc") == "a〔U+202E〕b〔U+200B〕c"
    assert legible("👍\ufe0f") == "〔U+1F44D〕", "how a sign is to look is not a sign"
    assert legible("中文，English, 1 ① ㎡ é") == "中文，English, 1 ① ㎡ é"
    assert legible("a\r\nb\rc") == "a\nb\nc"


@given(some.text(max_size=400))
def test_nothing_but_breaks_is_added_to_what_can_be_shown(words: str) -> None:
    shown = re.sub(r"〔U\+([0-9A-F]{4,6})〕", lambda m: chr(int(m[1], 16)), legible(words))
    plain = words.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    plain = re.sub("[\u0085\u2028\u2029]", "\n", plain)
    plain = re.sub("[\ufe00-\ufe0f\U000e0100-\U000e01ef]", "", plain)
    if "〔" not in words and "\u200b" not in words:
        assert shown.replace("\u200b", "") == plain


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "人民币零元整"),
        ("0.05", "人民币伍分"),
        ("0.50", "人民币伍角整"),
        ("1.05", "人民币壹元零伍分"),
        ("10", "人民币壹拾元整"),
        ("1020.50", "人民币壹仟零贰拾元伍角整"),
        ("10001", "人民币壹万零壹元整"),
        ("100000", "人民币壹拾万元整"),
        ("1000010", "人民币壹佰万零壹拾元整"),
        ("10050000", "人民币壹仟零伍万元整"),
        ("100000001", "人民币壹亿零壹元整"),
        ("1234567890.12", "人民币壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分"),
        ("-5", "人民币负伍元整"),
        (48, "人民币肆拾捌元整"),
        ("1.001", ""),
        ("1e5", ""),
        ("12345678901234567", ""),
        (None, ""),
        ("١٢", ""),
    ],
)
def test_amounts_in_capitals(amount: Any, words: str) -> None:
    assert in_capitals(amount) == words


def test_an_amount_of_money_stands_in_capitals(small: House) -> None:
    fee = {"type": "number", "id": "f_fee", "key": "fee", "label": "费用", "decimalDigits": 2}
    fee["properties"] = {"amount": "CNY"}
    files = {
        "pay.bpmn": process(
            "pays", start("ask"), task("work", assignee="gm"), end(), chain("start", "work", "end")
        ),
        "ask.form": form("ask", text("topic"), fee),
    }
    deploy(small.database, files)
    given = {"process": "pays", "answers": {"topic": "x", "fee": "1020.50"}}
    made = small.by("business.officer").post("/requests", given).ok(201)
    (found,) = (e for e in told(small, made["id"])["content"] if e["zh"] == "费用")
    assert found["text"] == "1,020.5（人民币壹仟零贰拾元伍角整）"


def test_the_pdf_is_in_the_package_and_says_the_digest_of_the_entries(
    small: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hashlib import sha256

    said: list[str] = []
    kept = typeset

    def watched(requests: Any, *, entries: str, **more: Any) -> bytes:
        said.append(entries)
        return kept(requests, entries=entries, **more)

    monkeypatch.setattr(papers, "typeset", watched)
    request = small.asked()
    files = unpacked(small.package(request["id"]))
    assert said == [sha256(files["entries.jsonl"]).hexdigest()]


def test_what_is_not_submitted_yet_is_not_there_to_be_told(small: House) -> None:
    request = small.asked()
    with small.database.read() as reader:
        (slot,) = queries.slots(reader, request["id"])
    assert (slot.status, task_of(request, "look")) == ("open", slot.id)
    assert told(small, request["id"])["decisions"] == []
