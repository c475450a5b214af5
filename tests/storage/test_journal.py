"""The journal's rows: only added, compressed at rest, erased only as the law asks (H2)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ids import PersonId
from engine.journal import Entry
from storage import Database, erasing, journal
from storage.packing import Unreadable, digest_of, keep_digest, pack_bytes, unpack_bytes

NOW = datetime(2030, 1, 15, 1, 0, tzinfo=UTC)


def written(database: Database, chain: str = "r1", count: int = 3) -> None:
    with database.unit_of_work() as work:
        head = b""
        for seq in range(1, count + 1):
            body = {"verb": "approve", "shown": "ab" * 32}
            secret = {"input.comment": f"意见{seq}", "actor.name": "安"}
            head = work.append(
                Entry(chain=chain, seq=seq, at=NOW, body=body, particulars=secret), head
            )
        work.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM journal",
        "DELETE FROM journal WHERE seq = 3",
        "UPDATE journal SET body = digest",
        "UPDATE journal SET digest = body WHERE seq = 1",
        "UPDATE journal SET seq = 9 WHERE seq = 3",
        "UPDATE journal SET chain = 'other'",
        "UPDATE journal SET at = 0",
        "UPDATE journal SET position = 99 WHERE seq = 3",
        "UPDATE journal SET particulars = body, digest = body",
        "UPDATE journal SET particulars = body WHERE seq = 2",
    ],
)
def test_an_entry_is_never_changed_or_removed(database: Database, statement: str) -> None:
    """H2: the database itself refuses it."""
    written(database)
    with pytest.raises(Exception, match="never"), database.write() as transaction:
        transaction.execute(statement)
    with database.read() as reader:
        assert journal.first_fault(reader, "r1") is None


def test_a_number_is_taken_once_in_its_chain(database: Database) -> None:
    """H1: gapless, and never twice."""
    written(database, count=1)
    with pytest.raises(Exception, match=r"(?i)unique"):
        written(database, count=1)


def test_an_erased_particular_leaves_a_valid_chain(database: Database) -> None:
    """H2: what is erased by law leaves a tombstone."""
    written(database)
    with database.write() as transaction:
        erasing.erase(
            transaction, {("r1", 2): ["input.comment"]}, by=PersonId("admin"), at=NOW, reason="法"
        )
    with database.read() as reader:
        assert journal.first_fault(reader, "r1") is None
        erased = journal.entries(reader, "r1")[1]
        assert erased.particulars["input.comment"] == {"erased": True}
        assert erased.particulars["actor.name"] == "安"


def test_nothing_is_erased_without_an_account(database: Database) -> None:
    """H2: who erased what, when and why stands in the system chain; nobody else may erase."""
    written(database)
    with pytest.raises(Exception, match="never changed"), database.write() as transaction:
        journal.erase(transaction, "r1", 2, ["input.comment"])
    with database.write() as transaction:
        number = erasing.erase(
            transaction, {("r1", 2): ["input.comment"]}, by=PersonId("admin"), at=NOW, reason="法"
        )
    with database.read() as reader:
        account = journal.entries(reader, "system")[-1]
        (row,) = erasing.accounted(reader)
    assert account.seq == number
    assert account.body["erased"] == [["r1", 2, ["input.comment"]]]
    assert account.particulars["input.comment"] == "法"
    assert row[:3] == ("r1", 2, "input.comment")
    with database.write() as transaction:
        journal.record(transaction, at=NOW, body={"verb": "v"}, particulars={})
    for statement in (
        "UPDATE journal SET particulars = body WHERE seq = 2 AND chain = 'r1'",
        "UPDATE erasures SET reason = 'x'",
        "DELETE FROM erasures",
    ):
        with pytest.raises(Exception, match="never"), database.write() as transaction:
            transaction.execute(statement)


def test_an_answer_is_erased_without_the_others(database: Database) -> None:
    """H2: each answer has a leaf of its own; entries that were opened have them together."""
    answers = {"phone": "8021", "amount": "5", "rows": [{"a": 1}]}
    entry = Entry(chain="r1", seq=1, at=NOW, body={}, particulars={"input.answers": answers})
    with database.unit_of_work() as work:
        work.append(entry, b"")
        work.commit()
    with database.write() as transaction:
        assert journal.entries(transaction, "r1")[0].particulars == {"input.answers": answers}
        what = {("r1", 1): ["input.answers.phone"]}
        erasing.erase(transaction, what, by=PersonId("admin"), at=NOW, reason="法")
    with database.read() as reader:
        (found,) = journal.entries(reader, "r1")
        assert found.particulars["input.answers"] == {**answers, "phone": {"erased": True}}
        assert journal.first_fault(reader, "r1") is None


def test_the_first_bad_entry_is_named(sqlite_home: Database) -> None:
    written(sqlite_home)
    with sqlite_home.write() as transaction:
        transaction.execute("DROP TRIGGER journal_is_never_changed")
        body = transaction.value("SELECT body FROM journal WHERE seq = 3")
        transaction.execute("UPDATE journal SET body = ? WHERE seq = 2", (body,))
    with sqlite_home.read() as reader:
        fault = journal.first_fault(reader, "r1")
    assert fault is not None
    assert fault[0] == 2
    with sqlite_home.write() as transaction:
        transaction.execute("DROP TRIGGER journal_is_never_shortened")
        transaction.execute("DELETE FROM journal WHERE seq = 1")
    with sqlite_home.read() as reader:
        assert journal.first_fault(reader, "r1") == (1, "the entry is missing")


def test_the_system_chain_counts_and_never_goes_back_in_time(database: Database) -> None:
    """H1: no entry's time is before the one before it."""
    with database.write() as transaction:
        first = journal.record(transaction, at=NOW, body={"verb": "a"}, particulars={"n": "x"})
        earlier = NOW - timedelta(hours=1)
        second = journal.record(transaction, at=earlier, body={"verb": "b"}, particulars={})
    assert second == first + 1
    with database.read() as reader:
        assert journal.entries(reader, "system")[-1].at == NOW
        assert journal.first_fault(reader, "system") is None


def test_every_entry_is_read_in_order_in_batches(database: Database) -> None:
    for chain in ("r1", "r2"):
        written(database, chain)
    with database.read() as reader:
        found = list(journal.in_order(reader, batch=2))
        ours = [(kept.chain, kept.seq) for kept in found if kept.chain != "system"]
        assert ours == [(chain, seq) for chain in ("r1", "r2") for seq in (1, 2, 3)]
        assert journal.chains(reader)[-2:] == ["r1", "r2"]


@given(st.binary(), st.binary(max_size=50))
def test_bytes_come_back_as_they_were(data: bytes, context: bytes) -> None:
    assert unpack_bytes(pack_bytes(data, context), context) == data


@given(
    st.lists(
        st.sampled_from(
            ['"' + "0a" * n + '"' for n in (8, 16, 32, 33)] + ["{", "\\u0000", "x" * 30]
        )
    )
)
def test_digests_in_a_text_come_back_as_they_were(parts: list[str]) -> None:
    data = ",".join(parts).encode()
    assert unpack_bytes(pack_bytes(data)) == data


@given(st.text() | st.binary(min_size=8, max_size=40).map(bytes.hex))
def test_a_digest_comes_back_as_it_was(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert digest_of(keep_digest(text)) == text


def test_unknown_formats_are_told() -> None:
    for kept in (b"", b"\x07abc", b"\x01", b"\x01\x00\xff\xff", b"\x01\x05"):
        with pytest.raises(Unreadable):
            unpack_bytes(kept)
