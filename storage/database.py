"""The database: its address, how connections are set, how transactions begin and are retried."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.pool import NullPool, PoolProxiedConnection

from engine.calendars import WorkCalendar
from storage.definitions import Definitions
from storage.organisation import Organisation
from storage.reader import Reader
from storage.retries import is_lost, is_retryable
from storage.transaction import Dialect, Transaction
from storage.unit_of_work import DatabaseUnitOfWork

Result = TypeVar("Result")

BUSY_MILLISECONDS = 30_000
"""How long a writer waits for another on SQLite before it is an error."""
ATTEMPTS = 6
DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={BUSY_MILLISECONDS}",
    "foreign_keys=ON",
    "cache_size=-32000",
    "temp_store=MEMORY",
    "trusted_schema=OFF",
)
_READ = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
_WRITE = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN ISOLATION LEVEL READ COMMITTED"}


class Database:
    """One database, and the home beside it where attachments lie.

    `url` is an SQLAlchemy address of SQLite or PostgreSQL. Instances are shared between threads,
    never between processes: make one after a fork.
    """

    def __init__(self, url: str, home: Path, *, calendar: WorkCalendar | None = None) -> None:
        self.home = home
        self.url = driver_url(url)
        self.dialect: Dialect = "sqlite" if self.url.startswith("sqlite") else "postgresql"
        self.calendar = calendar or WorkCalendar(DEFAULT_ZONE)
        self.callable: frozenset[str] = frozenset()
        """The hosts that processes may call by web hooks, with their ports where not the usual."""
        self.heads = home / "heads" / "heads.jsonl"
        """The file of signed heads; it may lie on another disk."""
        self.definitions = Definitions()
        self.organisation = Organisation()
        self._engine = _engine(self.url, self.dialect)
        self._idle: deque[PoolProxiedConnection] = deque()
        """Connections that are taken again first; the pool's own bookkeeping costs a twentieth of a
        vote."""

    def close(self) -> None:
        """Let go of every connection."""
        while self._idle:
            _release(self._idle.pop())
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A read-only snapshot: everything read in it belongs together."""
        with self._cursor() as cursor:
            reader = Reader(cursor, self.dialect)
            reader.definitions = self.definitions
            reader.organisation = self.organisation
            with _ended(reader, _READ[self.dialect]):
                yield reader

    @contextmanager
    def unit_of_work(self) -> Iterator[DatabaseUnitOfWork]:
        """One command's transaction. Left without its `commit`, it never was."""
        with self._cursor() as cursor:
            transaction = Transaction(cursor, self.dialect)
            with _ended(transaction, _WRITE[self.dialect]):
                work = DatabaseUnitOfWork(
                    transaction, self.definitions, self.organisation, self.calendar
                )
                work.callable = self.callable
                yield work

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A small write that is no command (a session, a draft); kept if left without error."""
        with self._cursor() as cursor:
            transaction = Transaction(cursor, self.dialect)
            with _ended(transaction, _WRITE[self.dialect]):
                yield transaction
                transaction.finish()

    def run(self, work: Callable[[DatabaseUnitOfWork], Result]) -> Result:
        """Do `work` in a unit of work, again from the start where the database asks for it
        (a deadlock, a failed serialisation, a connection that was lost before the commit)."""
        for attempt in range(ATTEMPTS):
            try:
                with self.unit_of_work() as unit_of_work:
                    return work(unit_of_work)
            except Exception as error:
                if attempt + 1 == ATTEMPTS or not is_retryable(error):
                    raise
                sleep(0.005 * 2**attempt)
        raise AssertionError("unreachable")

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """An SQLAlchemy engine with its own connections, for migrations."""
        engine = sqlalchemy.create_engine(self.url, poolclass=NullPool)
        try:
            yield engine
        finally:
            engine.dispose()

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._engine.raw_connection()
        lost = False
        try:
            cursor = connection.cursor()
            yield cursor
            cursor.close()
        except Exception as error:
            lost = is_lost(error)
            raise
        finally:
            if lost:
                with suppress(Exception):
                    connection.invalidate()
                _release(connection)
            else:
                self._idle.append(connection)


def _release(connection: PoolProxiedConnection) -> None:
    with suppress(Exception):
        connection.close()


@contextmanager
def _ended(transaction: Transaction, begin: str) -> Iterator[None]:
    """Whatever happens inside, the connection goes back without an open transaction."""
    transaction.begin(begin)
    try:
        yield
    except BaseException:
        with suppress(Exception):
            transaction.undo()
        raise
    transaction.undo()


def driver_url(url: str) -> str:
    """The address with the driver that we use: psycopg 3 for PostgreSQL."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    elif parsed.get_backend_name() != "sqlite":
        raise ValueError("The database's address names neither SQLite nor PostgreSQL.")
    return parsed.render_as_string(hide_password=False)


def _engine(url: str, dialect: Dialect) -> Engine:
    engine = sqlalchemy.create_engine(
        url,
        poolclass=sqlalchemy.QueuePool,
        pool_size=16,
        max_overflow=32,
        pool_reset_on_return=None,
        connect_args={"check_same_thread": False} if dialect == "sqlite" else {"autocommit": True},
    )
    if dialect == "sqlite":
        event.listen(engine, "connect", _set_sqlite)
    return engine


def _set_sqlite(connection: Any, _record: Any) -> None:
    # Transactions are begun and ended by us: a deferred BEGIN loses updates to "database is
    # locked" however long the timeout is.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
