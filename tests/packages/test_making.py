"""Packages on both databases: what is in them, and that nothing but the genuine is."""

import io
import json
from hashlib import sha256

import pytest

from engine.ids import PersonId
from engine.proof.documents import FORMAT
from storage import attachments, erasing, journal
from tests.packages.made import PAPER, House
from tests.packages.verifiers import both, document, entries_of, unpacked
from tests.support.tampering import rewrite, saying, unguard
from web.packages import Unprovable


def test_a_package_holds_everything_and_verifies(house: House) -> None:
    request = house.ended()
    data = house.package(request["id"])
    code, report = both(data, house.key)
    assert (code, report.faults) == (0, [])
    files = unpacked(data)
    assert set(files) >= {"entries.jsonl", "manifest.json", "proof.json", "request.pdf"}
    assert files[f"attachments/{sha256(PAPER).hexdigest()}"] == PAPER
    manifest = document(files, "manifest")
    (named,) = manifest["requests"]
    lines = entries_of(files)
    assert manifest["format"] == FORMAT
    assert (named["id"], named["title"]) == (request["id"], "Ms Lin")
    assert (named["entries"], named["last"]) == (len(lines), lines[-1]["digest"])
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert {name.partition("/")[0] for name in files} >= {"process", "forms"}
    assert files["request.pdf"].startswith(b"%PDF-")


def test_the_checks_say_what_was_checked(house: House) -> None:
    request = house.ended()
    _, report = both(house.package(request["id"]), house.key)
    named = {each.name: each for each in report.checks}
    assert set(named) == {
        "container", "manifest", "head", "entries", "attachments", "process", "export", "whole",
        "consistency",
    }  # fmt: skip
    assert all(each.good for each in report.checks)
    assert named["entries"].count == report.requests[0]["entries"]
    assert named["attachments"].count == 1


def test_several_requests_in_one_file(house: House) -> None:
    one, other = house.ended(), house.asked(topic="二")
    data = house.package(other["id"], one["id"])
    code, report = both(data, house.key)
    assert code == 0
    assert [each["id"] for each in report.requests] == [other["id"], one["id"]]


def test_the_export_is_an_entry_that_names_the_package(house: House) -> None:
    request = house.ended()
    files = unpacked(house.package(request["id"], exporter=house.who("business.officer")))
    with house.database.read() as reader:
        entry = journal.kept_entries(reader, "system")[-1].entry
    assert entry.body["verb"] == "exported"
    assert entry.body["format"] == "package"
    assert entry.body["actor"] == "business.officer"
    assert entry.body["entries"] == {
        request["id"]: [len(entries_of(files)), entries_of(files)[-1]["digest"]]
    }
    assert entry.body["manifest"] == sha256(files["manifest.json"]).hexdigest()
    assert entry.particulars["actor.origin"] == "10.0.0.7"
    given = document(files, "proof")["export"]["entry"]
    assert given["given"]["actor.name"]["value"] == house.who("business.officer").name
    assert "actor.origin" in given["withheld"], "where he sat is nobody's business"


def test_an_older_head_is_continued(house: House) -> None:
    request = house.asked()
    house.package(request["id"])
    files = unpacked(house.package(request["id"]))
    proof = document(files, "proof")
    assert len(proof["heads"]) == 1
    assert proof["heads"][0]["size"] < proof["head"]["size"]


def test_what_the_law_had_erased_stays_as_a_tombstone(house: House) -> None:
    request = house.ended()
    with house.database.read() as reader:
        history = journal.kept_entries(reader, request["id"])
        seq = next(k.seq for k in history if k.entry.particulars.get("input.comment") == "谢谢")
    with house.database.write() as transaction:
        what = {(request["id"], seq): ["input.comment"]}
        erasing.erase(transaction, what, by=PersonId("admin"), at=house.now(), reason="依法")
    data = house.package(request["id"])
    assert both(data, house.key)[0] == 0
    line = entries_of(unpacked(data))[seq - 1]
    assert "input.comment" in line["erased"]
    assert "谢谢".encode() not in b"".join(unpacked(data).values())


def test_a_draft_is_not_exported(house: House) -> None:
    officer = house.by("business.officer")
    body = {"process": "raise", "answers": {"topic": "draft"}, "draft": True}
    draft = officer.post("/requests", body).ok(201)
    with pytest.raises(Unprovable, match="no request"):
        house.package(draft["id"])


def test_who_may_not_see_a_request_gets_no_package_of_it(house: House) -> None:
    request = house.asked()
    with pytest.raises(Unprovable, match="no request"):
        house.package(request["id"], exporter=house.who("tech.developer"))


def test_without_a_seal_there_is_none_and_it_says_so(house: House) -> None:
    from storage.keys import Keys
    from web.packages import COMMAND_LINE, NotSealedYet, make

    request = house.asked()
    nobody = Keys(house.database.home / "elsewhere")
    with pytest.raises(NotSealedYet, match="scheduler"):
        make(
            house.database, nobody, [request["id"]], COMMAND_LINE,
            clock=house.now, out=io.BytesIO(), wait=0.2,
        )  # fmt: skip


def test_a_changed_attachment_gives_no_package(house: House) -> None:
    request = house.ended()
    path = attachments.path(house.database.home, sha256(PAPER).hexdigest())
    path.chmod(0o600)
    path.write_bytes(b"another contract")
    with pytest.raises(Unprovable, match="合同"):
        house.package(request["id"])


def test_an_attachment_that_is_gone_is_named_as_missing(house: House) -> None:
    request = house.ended()
    attachments.path(house.database.home, sha256(PAPER).hexdigest()).unlink()
    data = house.package(request["id"])
    assert both(data, house.key)[0] == 0
    (named,) = document(unpacked(data), "manifest")["requests"]
    assert named["missing"] == [sha256(PAPER).hexdigest()]


TAMPERED = {
    "a body": "UPDATE journal SET body = (SELECT body FROM journal WHERE chain = ? AND seq = 1)"
    " WHERE chain = ? AND seq = 2",
    "a digest": "UPDATE journal SET digest = (SELECT digest FROM journal WHERE chain = ? AND"
    " seq = 1) WHERE chain = ? AND seq = 2",
    "particulars": "UPDATE journal SET particulars = (SELECT particulars FROM journal WHERE"
    " chain = ? AND seq = 1) WHERE chain = ? AND seq = 2",
    "the middle": "DELETE FROM journal WHERE chain = ? AND chain = ? AND seq = 2",
    "the tail": "DELETE FROM journal WHERE chain = ? AND chain = ? AND seq >= 3",
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_tampered_journal_gives_no_package(house: House, what: str) -> None:
    request = house.ended()
    house.package(request["id"])  # sealed
    with house.database.write() as transaction:
        unguard(transaction)
        transaction.execute(TAMPERED[what], (request["id"], request["id"]))
    with pytest.raises(Unprovable) as refused:
        house.package(request["id"])
    assert "tampered" in str(refused.value)
    assert f"Entry {3 if what == 'the tail' else 2} of" in str(refused.value)
    assert "篡改" in refused.value.message.zh


def test_a_chain_that_was_sealed_anew_gives_no_package(house: House) -> None:
    request = house.ended()
    house.package(request["id"])
    with house.database.write() as transaction:
        unguard(transaction)
        rewrite(transaction, request["id"], 2, saying(actor="somebody.else"))
    with pytest.raises(Unprovable, match=r"Entry 2 of .* is not the one that was sealed"):
        house.package(request["id"])


def test_a_tree_that_was_changed_as_well_gives_no_package(house: House) -> None:
    request = house.ended()
    house.package(request["id"])
    with house.database.write() as transaction:
        unguard(transaction)
        rewrite(transaction, request["id"], 2, saying(actor="somebody.else"))
        transaction.execute(
            "UPDATE leaves SET digest = (SELECT j.digest FROM journal j"
            " WHERE j.chain = leaves.chain AND j.seq = leaves.seq)"
        )
    with pytest.raises(Unprovable, match="No package is made"):
        house.package(request["id"])


def test_bytes_that_nobody_can_read_give_no_package(house: House) -> None:
    request = house.ended()
    with house.database.write() as transaction:
        unguard(transaction)
        transaction.execute(
            "UPDATE journal SET body = ? WHERE chain = ? AND seq = 2", (b"\x01\xff", request["id"])
        )
    with pytest.raises(Unprovable, match="Entry 2 of"):
        house.package(request["id"])


def test_a_row_that_contradicts_its_entries_gives_no_package(house: House) -> None:
    request = house.ended()
    with house.database.write() as transaction:
        transaction.execute("UPDATE requests SET number = 'X-1' WHERE id = ?", (request["id"],))
    with pytest.raises(Unprovable, match="rebuild"):
        house.package(request["id"])


def test_the_manifest_is_json_that_says_when_and_by_what(house: House) -> None:
    request = house.asked()
    files = unpacked(house.package(request["id"]))
    manifest = json.loads(files["manifest.json"])
    assert manifest["made_at"] == house.now().isoformat(timespec="microseconds")
    assert manifest["software"].startswith("countersign ")
