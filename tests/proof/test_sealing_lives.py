"""Random lives of a log: entries, seals, damaged files, rotations, restorations, in any order; what
was signed stays true, and file and table agree."""

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine.ids import PersonId
from storage import Database, heads_file, migrate, sealing
from storage.backup import backup
from storage.keys import Keys
from storage.restore import restore
from storage.rotating import rotate
from tests.proof.conftest import NOW, assert_whole, write


class Life(RuleBasedStateMachine):
    """One log on SQLite, from home to home."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.at = NOW
        self.homes = 0
        self.keys = Keys(Path(self.folder.name) / "keys")
        self.keys.ensure(NOW)
        self.file = Path(self.folder.name) / "heads.jsonl"
        self.database = self._home()
        migrate(self.database)
        self.sealed = 0

    def _home(self) -> Database:
        self.homes += 1
        home = Path(self.folder.name) / str(self.homes)
        home.mkdir()
        database = Database(f"sqlite:///{home / 'countersign.db'}", home)
        database.heads = self.file
        return database

    @rule(chain=st.sampled_from("abc"), count=st.integers(1, 4))
    def entries(self, chain: str, count: int) -> None:
        write(self.database, chain, count)

    @rule(minutes=st.sampled_from([0, 1, 61]))
    def seals(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)
        sealing.seal(self.database, self.keys, self.at)
        with self.database.read() as reader:
            state = sealing.state(reader)
        assert state.sealed == state.leaves
        assert state.waiting_since is None

    @rule()
    def rotates(self) -> None:
        rotate(self.database, self.keys, self.at, by="admin")

    @precondition(lambda self: self.file.exists())
    @rule(cut=st.integers(1, 600))
    def file_loses_its_end(self, cut: int) -> None:
        content = self.file.read_bytes()
        self.file.write_bytes(content[: max(0, len(content) - cut)])

    @precondition(lambda self: self.file.exists())
    @rule(line=st.binary(max_size=40))
    def file_is_scribbled_on(self, line: bytes) -> None:
        with self.file.open("ab") as file:
            file.write(line)

    @precondition(lambda self: self.homes < 4)
    @rule(lost=st.integers(0, 3))
    def is_restored(self, lost: int) -> None:
        """From a backup after which some more was sealed."""
        kept = Path(self.folder.name) / f"{self.homes}.zip"
        backup(self.database, kept, self.at)
        if lost:
            write(self.database, "lost", lost)
            sealing.seal(self.database, self.keys, self.at)
        self.database.close()
        self.database = self._home()
        restore(self.database, kept, at=self.at, by=PersonId("admin"))

    @invariant()
    def what_was_signed_stays_true(self) -> None:
        with self.database.read() as reader:
            if sealing.state(reader).waiting_since is not None:
                return
        assert_whole(self.database)

    def teardown(self) -> None:
        write(self.database, "z", 1)
        sealing.seal(self.database, self.keys, self.at)
        heads = assert_whole(self.database)
        found, _ = heads_file.read_all(self.file)
        assert {head.signature for head in heads[-1:]} <= {head.signature for head in found}
        self.database.close()
        self.folder.cleanup()


TestLives = Life.TestCase
TestLives.settings = settings(
    # Each life takes a second or two.
    max_examples=settings().max_examples // 8,
    stateful_step_count=15,
    suppress_health_check=[HealthCheck.too_slow],
)
