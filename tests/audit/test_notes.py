"""Auditors' notes: only auditors read and write them; nothing changes them, and a withdrawn one
stays."""

from typing import Any

import pytest

from engine.ids import SYSTEM_CHAIN, PersonId
from storage import Database, erasing, journal, notes
from tests.api.callers import Clock
from tests.api.examples import access, asked
from tests.audit.conftest import As


@pytest.fixture
def path(as_: As) -> str:
    """Where the notes of a request are."""
    return f"/requests/{asked(as_('business.officer'))['id']}/notes"


def texts(as_: As, path: str, person: str = "auditor") -> list[str | None]:
    return [each["text"] for each in as_(person).get(path).ok()["items"]]


def test_a_note_on_a_request_or_a_step(as_: As, home: Database, path: str) -> None:
    auditor = as_("auditor")
    first = auditor.post(path, {"text": " 金额与合同不符 "}).ok(201)
    auditor.post(path, {"text": "为何未附合同?", "step": 1}).ok(201)
    assert (first["text"], first["step"], first["withdrawn_at"]) == ("金额与合同不符", None, None)
    assert first["author"]["id"] == "auditor"
    assert [each["step"] for each in auditor.get(path).ok()["items"]] == [None, 1]
    with home.read() as reader:
        last = journal.entries(reader, SYSTEM_CHAIN)[-2:]
    assert [entry.body["verb"] for entry in last] == ["note", "note"]
    assert "金额" not in str(last[0].body)
    assert last[0].particulars["input.comment"] == "金额与合同不符"
    assert (last[1].body["step"], last[1].body["request"]) == (1, path.split("/")[2])


def test_a_withdrawn_note_stays(as_: As, home: Database, path: str, clock: Clock) -> None:
    note = as_("auditor").post(path, {"text": "看错了"}).ok(201)
    clock.turn(minutes=5)
    withdraw = f"/notes/{note['id']}/withdraw"
    first = as_("auditor").post(withdraw, {}).ok()
    assert first["withdrawn_at"] == "2026-11-02T09:05:00+08:00"
    clock.turn(minutes=5)
    assert as_("auditor").post(withdraw, {}).ok().json == first.json
    assert texts(as_, path) == ["看错了"]
    with home.read() as reader:
        made = [entry.body["verb"] for entry in journal.entries(reader, SYSTEM_CHAIN)]
    assert made.count("note.withdrawn") == 1


def test_another_auditor_reads_it_and_does_not_withdraw_it(
    as_: As, home: Database, path: str
) -> None:
    with home.write() as transaction:
        transaction.execute("UPDATE people SET role = 'auditor' WHERE id = 'office.archivist'")
        transaction.execute("UPDATE revisions SET value = value + 1")
    note = as_("auditor").post(path, {"text": "请复核"}).ok(201)
    assert texts(as_, path, "office.archivist") == ["请复核"]
    as_("office.archivist").post(f"/notes/{note['id']}/withdraw", {}).no(403)
    as_("auditor").post("/notes/nothing/withdraw", {}).no(404)


@pytest.mark.parametrize("person", ["admin", "owner", "business.officer", "business.manager"])
def test_to_nobody_else_there_are_any(as_: As, path: str, person: str) -> None:
    note = as_("auditor").post(path, {"text": "机密"}).ok(201)
    as_(person).get(path).no(403)
    as_(person).post(path, {"text": "我也写"}).no(403)
    as_(person).post(path, {"text": 5}).no(403)
    as_(person).post(f"/notes/{note['id']}/withdraw", {}).no(404)
    assert "机密" not in as_(person).get(path.removesuffix("/notes")).data.decode()


def test_who_may_not_know_of_the_request_is_told_nothing(as_: As, path: str) -> None:
    as_("service.agent").get(path).no(404)
    as_("auditor").get("/requests/nothing/notes").no(404)
    draft = as_("card.officer").post("/requests", {**access(), "draft": True}).ok(201)
    as_("auditor").post(f"/requests/{draft['id']}/notes", {"text": "?"}).no(404)


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "text"), ({"text": ""}, "text"), ({"text": "  "}, "text"), ({"text": "x" * 4001}, "text"),
     ({"text": "x", "step": 99}, "step"), ({"text": "x", "step": -1}, "step"),
     ({"text": "x", "step": True}, "step"), ({"text": "x", "step": "1"}, "step"),
     ({"text": "x", "author": "gm"}, "author")],
)  # fmt: skip
def test_what_is_no_note(as_: As, path: str, body: dict[str, Any], field: str) -> None:
    assert list(as_("auditor").post(path, body).no(422)["errors"]) == [field]
    assert texts(as_, path) == []


def test_the_database_itself_keeps_notes(as_: As, home: Database, path: str) -> None:
    note = as_("auditor").post(path, {"text": "原文"}).ok(201)
    as_("auditor").post(f"/notes/{note['id']}/withdraw", {}).ok()
    for statement in (
        "UPDATE notes SET author = 'admin'",
        "UPDATE notes SET entry = 1",
        "UPDATE notes SET withdrawn_at = NULL",
        "DELETE FROM notes",
    ):
        with pytest.raises(Exception, match="a note is"), home.write() as transaction:
            transaction.execute(statement)
    with home.read() as reader:
        kept = notes.one(reader, note["id"])
    assert kept is not None
    assert (kept.author, kept.text) == ("auditor", "原文")


def test_a_notes_text_can_be_erased_by_law(as_: As, home: Database, path: str) -> None:
    """H2: it stands nowhere but in its entry."""
    note = as_("auditor").post(path, {"text": "某人的隐私"}).ok(201)
    with home.read() as reader:
        kept = notes.one(reader, note["id"])
    assert kept is not None
    with home.write() as transaction:
        what = {(SYSTEM_CHAIN, kept.entry): ["input.comment"]}
        erasing.erase(transaction, what, by=PersonId("admin"), at=Clock()(), reason="依法")
    assert texts(as_, path) == [None]
