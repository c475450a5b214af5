"""The scheduler's job: trouble is told once and not with every beat; it goes on by itself."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from storage import Database, sealing
from storage.journal import Kept
from storage.keys import Keys
from storage.transaction import Transaction
from tests.proof.conftest import NOW, write
from web.sealing import Sealing


class Clock:
    """Two seconds later each time."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=2)
        return self.at


def test_a_trouble_that_stays_is_told_now_and_then(sqlite_home: Database, keys: Keys) -> None:
    write(sqlite_home, "r1", 2)
    (keys.folder / "seal.pem").chmod(0o644)
    job = Sealing(sqlite_home, keys, clock=Clock())
    with capture_logs() as logs:
        for _ in range(200):
            job.beat()
    assert [each["log_level"] for each in logs] == ["error"] * 2
    assert "chmod 600" in logs[0]["why"]
    (keys.folder / "seal.pem").chmod(0o600)
    with capture_logs() as logs:
        job.beat()
    assert [each["log_level"] for each in logs] == ["info"]
    with sqlite_home.read() as reader:
        assert sealing.state(reader).sealed == 2


def test_without_a_key_it_says_so(sqlite_home: Database, tmp_path: Path) -> None:
    with capture_logs() as logs:
        Sealing(sqlite_home, Keys(tmp_path / "none")).beat()
    assert "no key to sign with" in logs[0]["why"]


@pytest.mark.parametrize("bad", [0, 1])
def test_one_follower_that_fails_holds_up_no_other(
    sqlite_home: Database, keys: Keys, bad: int
) -> None:
    write(sqlite_home, "r1", 3)
    given: list[int] = []

    def good(_: Transaction, found: list[tuple[int, Kept]]) -> None:
        given.extend(index for index, _ in found)

    def fails(_: Transaction, found: list[tuple[int, Kept]]) -> None:
        raise ValueError("no")

    followers = [("good", good), ("bad", fails)]
    job = Sealing(sqlite_home, keys, followers=followers[::-1] if bad else followers)
    with capture_logs() as logs:
        job.beat()
        job.beat()
    assert given == [0, 1, 2]
    assert [each["event"] for each in logs] == ["bad could not follow; it is tried again"]
