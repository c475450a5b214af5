"""A child process that kills itself (SIGKILL) at the n-th of the places where a crash can tell:
before each statement, before and after each commit, before and after what goes to the disk."""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from engine.diagrams.definition import Definition
from engine.refusals import Refused
from storage import Database
from storage.tables import METADATA
from storage.transaction import Transaction

Do = Callable[[Database], object]
KILLED = -signal.SIGKILL
_STATEMENTS = ("begin", "execute", "many", "one", "all")


@dataclass(kw_only=True)
class Countdown:
    """Kills this process at the n-th place of all, or of those before and after commits."""

    place: int = 0
    commit: int = 0
    passed: int = 0
    commits: int = 0
    told: Path | None = None
    """Where to write how many places were passed, at the end."""

    def tick(self, *, commit: bool = False) -> None:
        """Here is one."""
        self.passed += 1
        self.commits += commit
        if self.passed == self.place or (commit and self.commits == self.commit):
            if self.told is not None:
                self.told.write_text(str(self.passed))
            os.kill(os.getpid(), signal.SIGKILL)


def _before(countdown: Countdown, function: Callable[..., Any]) -> Callable[..., Any]:
    def counted(*args: Any, **more: Any) -> Any:
        countdown.tick()
        return function(*args, **more)

    return counted


def _around(
    countdown: Countdown, function: Callable[..., Any], *, commit: bool = False
) -> Callable[..., Any]:
    def counted(*args: Any, **more: Any) -> Any:
        countdown.tick(commit=commit)
        done = function(*args, **more)
        countdown.tick(commit=commit)
        return done

    return counted


def _armed(countdown: Countdown) -> None:
    for name in _STATEMENTS:
        setattr(Transaction, name, _before(countdown, getattr(Transaction, name)))
    commit = _around(countdown, Transaction.finish, commit=True)
    Transaction.finish = commit  # type: ignore[method-assign]
    os.fsync = _around(countdown, os.fsync)
    Path.replace = _around(countdown, Path.replace)  # type: ignore[method-assign]


def killed(
    countdown: Countdown, url: str, home: Path, knows: tuple[Definition, ...], do: Do
) -> int:
    """Do it in a child that is killed then: the child's end, `KILLED` or 0 where it came to its end
    (or was refused) before."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        code = 3
        with suppress(BaseException):
            code = _child(countdown, url, home, knows, do)
        os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _child(
    countdown: Countdown,
    url: str,
    home: Path,
    knows: tuple[Definition, ...],
    do: Do,
) -> int:
    database = Database(url, home)
    for definition in knows:
        database.definitions.keep(definition)
    _armed(countdown)
    try:
        do(database)
    except Refused:
        return 0
    except SystemExit as ended:
        return int(ended.code or 0)
    except BaseException:
        (home / "child.log").write_text(traceback.format_exc())
        return 3
    return 0


def state_of(database: Database) -> str:
    """A digest of every row of every table."""
    hasher = sha256()
    with database.read() as reader:
        for table in METADATA.sorted_tables:
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            rows = reader.all(f'SELECT {names} FROM "{table.name}"')
            hasher.update(repr((table.name, sorted(map(repr, rows)))).encode())
    return hasher.hexdigest()
