"""Where a story is played: what its player needs beside the one door. A database; in fast tests,
rows in memory."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from engine.ids import PersonId, RequestId, TaskId
from engine.requests import Timer
from engine.unit_of_work import UnitOfWork
from storage import Database, attachments, drafts, queries
from storage.queries.told import Told, told
from storage.visibility import Viewer

Result = TypeVar("Result")


class Work(UnitOfWork, Protocol):
    """A unit of work that knows what is due."""

    def due_timers(self, now: datetime, limit: int) -> Sequence[Timer]:
        """What is due by `now`, in order of due time."""

    def put_off(self, timer: Timer, now: datetime) -> None:
        """Leave a timer that could not be fired alone for a while."""


class Stage(Protocol):
    """Rows, and the few things that are no commands."""

    def unit_of_work(self) -> AbstractContextManager[Work]:
        """One command's transaction."""

    def run(self, work: Callable[[Any], Result]) -> Result:
        """Do `work` in a unit of work."""

    def told(self) -> Sequence[Told]:
        """Everything that anybody was told."""

    def newest_draft(self, person: PersonId) -> RequestId | None:
        """The newest draft of a person."""

    def save_draft(
        self, task: TaskId, person: PersonId, answers: Mapping[str, Any], at: datetime
    ) -> None:
        """Keep what somebody has filled in at his open task and not sent."""

    def attach(self, content: bytes, *, name: str, by: PersonId, at: datetime) -> str:
        """Upload a file; its id."""


class DatabaseStage:
    """A database that has the organisation and the processes."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def unit_of_work(self) -> AbstractContextManager[Work]:
        """One command's transaction."""
        return self.database.unit_of_work()

    def run(self, work: Callable[[Any], Result]) -> Result:
        """Do `work` in a unit of work, again where the database asks for it."""
        return self.database.run(work)

    def told(self) -> Sequence[Told]:
        """Everything that anybody was told."""
        with self.database.read() as reader:
            return told(reader)

    def newest_draft(self, person: PersonId) -> RequestId | None:
        """The newest draft of a person."""
        with self.database.read() as reader:
            viewer = Viewer(person=person)
            rows = queries.requests(reader, viewer, "mine", status="draft", limit=1).items
        return rows[0].id if rows else None

    def save_draft(
        self, task: TaskId, person: PersonId, answers: Mapping[str, Any], at: datetime
    ) -> None:
        """Keep what somebody has filled in at his open task and not sent."""
        with self.database.write() as transaction:
            drafts.save_task_draft(transaction, task, person, answers, at)

    def attach(self, content: bytes, *, name: str, by: PersonId, at: datetime) -> str:
        """Upload a file; its id."""
        return attachments.keep(self.database, content, name=name, by=by, at=at).id
