"""The one place where commands meet the database: open, handle, retry, record what was refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.calendars import WorkCalendar
from engine.commands.base import Command
from engine.commands.fire import FireTimer
from engine.handle import Outcome, handle, refuse
from engine.refusals import Refused
from engine.requests import Timer
from engine.unit_of_work import UnitOfWork
from storage import Database
from web.settings import Settings

Clock = Callable[[], datetime]
"""Where the time comes from: the machine's wall, or a story's page. Always aware."""


def wall_clock() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)


def open_database(settings: Settings) -> Database:
    """The database that the settings name, with the organisation's calendar."""
    calendar = WorkCalendar(ZoneInfo(settings.zone))
    database = Database(settings.database, settings.home, calendar=calendar)
    database.callable = settings.webhooks
    database.heads = settings.heads or database.heads
    return database


class Door:
    """Everything that changes a request comes in here, whoever asks."""

    def __init__(self, database: Database, clock: Clock = wall_clock) -> None:
        self.database = database
        self.clock = clock

    def handle(self, command: Command, *, body: str = "") -> Outcome:
        """Carry out a command; what it is refused for is recorded, and raised.

        Raises:
            Refused: nothing has changed.
        """
        now = self.clock()

        def work(uow: Any) -> Outcome:
            return handle(command, uow, now, body=body)

        try:
            return self.database.run(work)
        except Refused as refused:
            self._record(command, refused, now)
            raise

    def fire_due(
        self,
        *,
        limit: int = 100,
        until: datetime | None = None,
        each: Callable[[Timer], None] | None = None,
    ) -> int:
        """Fire what is due, in order of due time, each once; how many were fired (X3)."""
        now = until or self.clock()
        fired = 0
        with self.database.unit_of_work() as uow:
            due = uow.due_timers(now, limit)
        for timer in due:
            if each is not None:
                each(timer)
            try:
                self.handle(FireTimer(request=timer.request, timer=timer.key, due=timer.due))
                fired += 1
            except Refused:
                self._put_off(timer, now)
        return fired

    def _record(self, command: Command, refused: Refused, now: datetime) -> None:
        self.database.run(lambda uow: refuse(command, refused, uow, now))

    def _put_off(self, timer: Timer, now: datetime) -> None:
        """What can't be fired now (another scheduler has, or the process fails there) is looked at
        again later, so that it does not hold up what is due behind it."""
        self.database.run(lambda uow: uow.put_off(timer, now))


def _record(command: Command, refused: Refused, now: datetime, uow: UnitOfWork) -> None:
    """Record a refused attempt, in a transaction of its own (R2)."""
    refuse(command, refused, uow, now)
