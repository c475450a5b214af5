"""Accounts, sessions and tokens: in force only while everything about them is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from engine.ids import PersonId
from storage import Database, accounts
from storage.organisation_files import read_file
from storage.organising import import_file
from storage.sweeping import sweep
from storage.transaction import Transaction

NOW = datetime(2030, 1, 15, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ANN = PersonId("ann")


def organise(database: Database, text: str) -> None:
    with database.write() as transaction:
        file = read_file(text.encode(), "o.yaml")
        import_file(transaction, file, by=PersonId("admin"), by_name="", at=NOW)


@pytest.fixture
def transaction(database: Database) -> Iterator[Transaction]:
    organise(database, "people: [{id: ann, name: 安}]")
    with database.write() as transaction:
        accounts.set_password(transaction, ANN, "hash", NOW)
        accounts.open_session(transaction, "cookie", ANN, NOW, expires_at=LATER, ip="::1")
        accounts.add_token(transaction, "token", ANN, NOW, name="script")
        yield transaction


def in_force(transaction: Transaction, at: datetime = NOW) -> tuple[bool, bool]:
    session = accounts.session(transaction, "cookie", at)
    return session is not None, accounts.token(transaction, "token", at) is not None


def test_a_session_ends_when_it_expires(transaction: Transaction) -> None:
    found = accounts.session(transaction, "cookie", NOW)
    assert found is not None
    assert (found.person, found.ip, found.expires_at) == (ANN, "::1", LATER)
    assert in_force(transaction, LATER) == (False, True)
    accounts.touch_session(transaction, "cookie", NOW, expires_at=LATER + timedelta(hours=1))
    assert in_force(transaction, LATER) == (True, True)
    accounts.close_session(transaction, "cookie", LATER)
    assert in_force(transaction) == (False, True)


def test_secrets_are_not_kept(transaction: Transaction) -> None:
    for table in ("sessions", "tokens"):
        assert b"cookie" not in repr(transaction.all(f"SELECT * FROM {table}")).encode()
    assert accounts.session(transaction, "other", NOW) is None


def test_a_disabled_persons_sessions_and_tokens_die_at_once(transaction: Transaction) -> None:
    accounts.disable(transaction, ANN, NOW)
    assert in_force(transaction) == (False, False)
    accounts.enable(transaction, ANN)
    assert in_force(transaction) == (False, False)


def test_a_new_password_ends_every_session(transaction: Transaction) -> None:
    accounts.set_password(transaction, ANN, "new", NOW, must_change=True)
    assert in_force(transaction) == (False, True)
    account = accounts.account(transaction, ANN)
    assert account is not None
    assert (account.password_hash, account.must_change) == ("new", True)


def test_failed_attempts_lock_and_a_success_forgets_them(transaction: Transaction) -> None:
    lock = timedelta(minutes=5)
    for _ in range(2):
        account = accounts.note_failure(transaction, ANN, NOW, most=3, lock=lock)
        assert account is not None
        assert account.locked_until is None
    account = accounts.note_failure(transaction, ANN, NOW, most=3, lock=lock)
    assert account is not None
    assert (account.failed, account.locked_until) == (3, NOW + lock)
    accounts.note_success(transaction, ANN)
    account = accounts.account(transaction, ANN)
    assert account is not None
    assert (account.failed, account.locked_until) == (0, None)
    nobody = PersonId("nobody")
    assert accounts.note_failure(transaction, nobody, NOW, most=3, lock=lock) is None


def test_who_leaves_the_organisation_is_signed_out(database: Database) -> None:
    organise(database, "people: [{id: ann, name: 安}]")
    with database.write() as transaction:
        accounts.open_session(transaction, "cookie", ANN, NOW, expires_at=LATER)
        accounts.add_token(transaction, "token", ANN, NOW)
    organise(database, "people: [{id: ann, active: false}]")
    with database.read() as reader:
        assert in_force(reader) == (False, False)


def test_old_sessions_and_answers_are_swept_out(database: Database) -> None:
    with database.write() as transaction:
        accounts.open_session(transaction, "cookie", ANN, NOW, expires_at=LATER)
    with database.unit_of_work() as work:
        work.remember(ANN, "k", "body", {}, NOW)
        work.commit()
    assert sweep(database, LATER) == 0
    assert sweep(database, NOW + timedelta(days=2)) == 1
    assert sweep(database, NOW + timedelta(days=40)) == 1
