"""Erasure (H2): what the law wants forgotten is in no table, no index and no file any more; there
are tombstones and an account, and everything that can still be proved still is."""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from engine.ids import PersonId, RequestId
from storage import Database, attachments, forgetting, journal, search, verifying
from storage.keys import Keys
from storage.packing import unpack_bytes
from storage.rebuilding import rebuild
from storage.tables import METADATA
from tests.verifying.homes import NOW
from web.cli import main
from web.replaying import replayed

PHONE = "13800138021"
AT = NOW + timedelta(days=100)


def everything(database: Database, *, but: tuple[str, ...] = ()) -> str:
    """All that stands in any row, unpacked as far as it can be."""
    found: list[str] = []
    with database.read() as reader:
        for table in METADATA.sorted_tables:
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            for row in reader.all(f'SELECT {names} FROM "{table.name}"'):
                if not any(each in but for each in row if isinstance(each, str)):
                    found.extend(said(value) for value in row)
        if database.dialect == "sqlite":
            found.extend(str(row) for row in reader.all("SELECT * FROM search_index_data"))
    return "\n".join(found)


def said(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        try:
            return unpack_bytes(bytes(value)).decode("utf-8", "replace")
        except ValueError:
            return bytes(value).decode("utf-8", "replace")
    return str(value)


def forgotten(database: Database, chain: str, seq: int, *paths: str) -> forgetting.Plan:
    with database.read() as reader:
        plan = forgetting.plan(reader, {(chain, seq): set(paths)})
    forgetting.forget(database, plan, by=PersonId("admin"), at=AT, reason="本人要求")
    return plan


def good(database: Database, keys: Keys) -> verifying.Report:
    fresh = Database(database.url, database.home)
    try:
        report = verifying.verify(fresh, keys)
        assert [str(each) for each in report.findings] == []
        return report
    finally:
        fresh.close()


def test_an_answer_is_forgotten_wherever_it_stood(home: Database, keys: Keys) -> None:
    assert PHONE in everything(home, but=("r2",))
    plan = forgotten(home, "r1", 1, "input.answers.phone")
    assert {"input.answers.phone", "changed.phone", "state"} <= plan.what["r1", 1]
    assert PHONE not in everything(home, but=("r2",))
    with home.read() as reader:
        assert "r1" not in (search.find(reader, PHONE, 9) or [])
        first = journal.entries(reader, "r1")[0]
    assert first.particulars["input.answers"]["phone"] == {"erased": True}
    assert first.particulars["input.answers"]["why"] == "采购新设备"
    report = good(home, keys)
    assert report.checked["accounts of erasure"] > 2
    # It is carried out again with a tombstone in the value's place, and comes out the same.
    assert list(replayed(home, ["r1"])) == []
    assert not any("r1" in note for note in report.notes)


def test_a_rebuild_leaves_what_was_forgotten_forgotten(home: Database, keys: Keys) -> None:
    forgotten(home, "r1", 1, "input.answers.phone", "input.answers.why")
    rebuild(home, AT + timedelta(hours=1))
    after = everything(home, but=("r2",))
    assert "采购新设备" not in after
    assert forgetting.WORDS in after
    good(home, keys)
    with home.unit_of_work() as work:
        assert len(work.slots(RequestId("r1"))) > 2


def test_an_attachment_goes_with_the_answer_that_names_it(home: Database, keys: Keys) -> None:
    with home.read() as reader:
        ((id, digest),) = reader.all("SELECT id, sha256 FROM attachments WHERE request = 'r1'")
    path = attachments.path(home.home, bytes(digest).hex())
    assert path.exists()
    plan = forgotten(home, "r1", 1, "input.answers.papers")
    assert plan.uploads == {id: bytes(digest).hex()}
    assert not path.exists()
    with home.read() as reader:
        assert reader.value("SELECT name FROM attachments WHERE id = ?", (id,)) == "erased"
    good(home, keys)


def test_what_an_erasure_leaves_can_still_be_tampered_with_in_vain(
    home: Database, keys: Keys
) -> None:
    """Of a request of which something was erased, all but what people have written is compared."""
    forgotten(home, "r1", 1, "input.answers.phone")
    with home.write() as transaction:
        transaction.execute("UPDATE requests SET status = 'completed' WHERE id = 'r1'")
    report = verifying.verify(home, keys)
    assert any((each.where, each.column) == ("requests", "status") for each in report.findings)


def test_where_nothing_can_be_carried_out_any_more_a_note_says_so(
    home: Database, keys: Keys
) -> None:
    forgotten(home, "r1", 1, "facts")
    (found,) = replayed(home, ["r1"])
    assert found.erased
    assert "compared up to here" in str(found)
    assert any("request r1" in note for note in good(home, keys).notes)


Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(
    home: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typed:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(home.home))
    monkeypatch.setenv("COUNTERSIGN_DATABASE", home.url)

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["countersign", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as exit:
            code = int(exit.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def test_erasing_by_person_lists_first(typed: Typed, home: Database, keys: Keys) -> None:
    code, out, err = typed("erase", "--person", "card.officer", "--json")
    assert code == 0, err
    listed = json.loads(out)
    assert not listed["erased"]
    named = {(each["chain"], each["seq"]): each["paths"] for each in listed["particulars"]}
    assert "input.answers.applicant" in named["r1", 1]
    assert "苏婉" in everything(home)
    code, out, err = typed(
        "erase", "--person", "card.officer", "--apply", "--json", "--reason", "离职"
    )
    assert code == 0, err
    assert json.loads(out)["erased"]
    assert "苏婉" not in everything(home)
    good(home, keys)
    assert typed("verify", "--database", "--quick")[0] == 0
    assert typed("replay", "--all")[0] == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["erase"], "Name a request"),
        (["erase", "r1", 1, "input.answers.phone"], "Say why"),
        (["erase", "r1", "--reason", "x"], "Name an entry"),
        (["erase", "r1", 1, "input.answers.nothing", "--reason", "x"], "has no particular"),
        (["erase", "r9", 1, "input.comment", "--reason", "x"], "has no particular"),
        (["erase", "--person", "nobody", "--apply", "--reason", "x"], "nobody of the id"),
        (["verify"], "Name a package"),
        (["verify", "--database", "--key", "abc"], "is no fingerprint"),
        (["verify", str(Path(__file__))], "can't be checked"),
    ],
)
def test_what_is_wrong_is_one_sentence(typed: Typed, words: list[object], says: str) -> None:
    code, out, err = typed(*words)
    assert (code, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


def test_erasing_by_number_says_what_goes_with_it(typed: Typed, home: Database) -> None:
    code, _, err = typed("erase", "总27-001", 1, "input.answers.phone", "--dry-run")
    assert code == 0
    assert "r1 1: changed.phone, input.answers.phone, state" in err
    assert "nothing was" in err
    code, _, err = typed("erase", "总27-001", 1, "input.answers.phone", "--reason", "本人要求")
    assert code == 0
    assert "particulars were erased" in err
