"""Ours: commands through the same door as those of pages, with everything that comes with one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import yaml

import forms
from engine.case import Actor
from engine.commands.approve import Approve
from engine.commands.base import Command
from engine.commands.submit import Submit
from engine.diagrams.compiler import compile_definition
from engine.ids import PersonId, RequestId
from storage import Database, definitions, migrate, queries
from storage.organisation_files import read_file
from storage.organising import import_file
from storage.queries import TaskRow
from storage.sweeping import sweep
from web.bench import process
from web.door import Door
from web.naming import new_request_id
from web.posting import post
from web.replaying import replayed

BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


class Ours:
    """A scratch database with the process deployed, and the door to it."""

    def __init__(self, folder: Path, name: str = "ours") -> None:
        self.path = folder / f"{name}.db"
        self.database = Database(f"sqlite:///{self.path}", folder)
        migrate(self.database)
        organisation = yaml.safe_dump(process.organisation(), allow_unicode=True).encode()
        with self.database.write() as transaction:
            file = read_file(organisation, "organisation.yaml")
            import_file(transaction, file, by=PersonId("bench"), by_name="", at=BEFORE)
        for size in process.SIZES:
            definition = compile_definition(process.our_files(size), forms.read)
            with self.database.write() as transaction:
                definitions.deploy(transaction, definition, by=PersonId("bench"), at=BEFORE)
        self._door = Door(self.database)

    def submit(self, signers: int, number: int) -> Submit:
        """The command that files a request."""
        return Submit(
            actor=_actor(process.REQUESTER),
            key=uuid4().hex,
            request=new_request_id(),
            process=process.key(signers),
            answers=process.answers(number),
        )

    def approve(self, task: TaskRow) -> Approve:
        """The command that a holder's page sends: the version he was shown, a key of its own."""
        return Approve(
            actor=_actor(task.holders[0].id),
            key=uuid4().hex,
            request=task.request_id,
            ordinal=int(task.id.rpartition("-")[2]),
            version=task.version,
            answers={"opinion": process.OPINION},
        )

    def handle(self, command: Command) -> None:
        """Carry it out. This is what is timed."""
        self._door.handle(command)

    def tasks(self, request: RequestId) -> tuple[TaskRow, ...]:
        """The open tasks of a request."""
        with self.database.read() as reader:
            return queries.open_tasks(reader, request)

    def approvals(self, request: RequestId) -> Iterator[Approve]:
        """The commands that take a filed request to its end, each made when it is its turn."""
        while tasks := self.tasks(request):
            for task in tasks:
                yield self.approve(task)

    def finished(self) -> int:
        """How many requests are completed."""
        with self.database.read() as reader:
            counted = "SELECT COUNT(*) FROM requests WHERE status = 'completed'"
            return int(reader.value(counted))

    def settle_down(self) -> None:
        """What the scheduler does in the background: notices leave, and the keys of calls that
        can't be repeated any more are swept."""
        while post(self.database, datetime.now(UTC), None):
            pass
        sweep(self.database, datetime.now(UTC) + timedelta(days=2))

    def replayed(self) -> int:
        """Replay every request from journal and definitions alone; how many came out different."""
        return sum(1 for _ in replayed(self.database))

    @contextmanager
    def outside(self) -> Iterator[sqlite3.Cursor]:
        """A cursor of its own on the file, for what no command does."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            yield connection.cursor()

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def delete(self) -> None:
        """Give its room back."""
        for end in ("", "-wal", "-shm"):
            Path(f"{self.path}{end}").unlink(missing_ok=True)


def _actor(person: str) -> Actor:
    return Actor(id=PersonId(person), name="会签人", via="page", origin="127.0.0.1")
