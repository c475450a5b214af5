"""A real PostgreSQL for the tests, and a fresh database on it or in a file for each test.

One server serves a whole run: whichever worker first asks for it starts it, under a lock; the
process that began the run stops it. Its files, its socket and its lock lie in one folder.
"""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from storage import Database, migrate
from tests.support import machine

SYSTEM_USERS = ("postgres", "nobody")
STOP_SECONDS = 10
# Nothing here outlives the run, so nothing is waited for on its way to the disk.
SETTINGS = (
    "listen_addresses = ''",
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "autovacuum = off",
    "max_connections = 300",
    "shared_buffers = 64MB",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A PostgreSQL that listens on a socket in `folder` and nowhere else."""

    folder: Path

    @property
    def data(self) -> Path:
        """Where the cluster lies."""
        return self.folder / "data"

    def address(self, database: str) -> str:
        """The database's SQLAlchemy address."""
        socket = quote(str(self.folder), safe="")
        return f"postgresql+psycopg://postgres@/{database}?host={socket}"

    @contextmanager
    def admin(self) -> Iterator[psycopg.Connection]:
        """A connection that may create and drop databases."""
        where = f"host={self.folder} user=postgres dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            yield connection

    def create(self, database: str, template: str = "template0") -> str:
        """A new database, copied from `template`; gives its address."""
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with self.admin() as connection:
            connection.execute(make.format(sql.Identifier(database), sql.Identifier(template)))
        return self.address(database)

    def drop(self, database: str) -> None:
        """Away with it, whoever is still connected."""
        away = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        with self.admin() as connection:
            connection.execute(away.format(sql.Identifier(database)))

    def exists(self, database: str) -> bool:
        """Whether there is a database of that name."""
        asked = "SELECT 1 FROM pg_database WHERE datname = %s"
        with self.admin() as connection:
            return connection.execute(asked, [database]).fetchone() is not None


def server(folder: Path) -> Server:
    """The run's server in `folder`, started by whoever asks first. Raises `machine.Missing`."""
    with locked(folder / "lock"):
        if not (folder / "data" / "postmaster.pid").exists():
            _start(folder)
    return Server(folder=folder)


def stop(folder: Path) -> None:
    """End the server in `folder`, if one was started there, and remove what it kept."""
    pid_file = folder / "data" / "postmaster.pid"
    if pid_file.exists():
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)
        deadline = time.monotonic() + STOP_SECONDS
        while pid_file.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
    shutil.rmtree(folder, ignore_errors=True)


def once(folder: Path, name: str, make: Callable[[], None]) -> None:
    """Run `make` unless another worker of this run already has."""
    with locked(folder / f"{name}.lock"):
        done = folder / f"{name}.done"
        if not done.exists():
            make()
            done.touch()


def lay_out(address: str) -> None:
    """Make this version's tables in an empty database."""
    database = Database(address, Path("/nowhere"))
    migrate(database)
    database.close()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One worker at a time."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _start(folder: Path) -> None:
    """PostgreSQL won't run as root: there it runs as a system user, who then owns the folder."""
    owner = _system_user()
    binaries = machine.postgresql()
    if owner:
        shutil.chown(folder, owner, pwd.getpwnam(owner).pw_gid)
        binaries = _readable(binaries, folder)
    data = folder / "data"
    initdb = f"{binaries}/initdb --username=postgres --auth=trust --encoding=UTF8 --locale=C"
    _run([*initdb.split(), "--no-sync", "--pgdata", str(data)], owner)
    with (data / "postgresql.auto.conf").open("a") as settings:
        settings.write("\n".join([*SETTINGS, f"unix_socket_directories = '{folder}'", ""]))
    start = [str(binaries / "pg_ctl"), "start", "-w"]
    _run([*start, "-D", str(data), "-l", str(data / "server.log")], owner)


def _run(command: list[str], owner: str | None) -> None:
    """Run it as that user, away from folders that he may not read."""
    as_him: dict[str, Any] = {}
    if owner:
        as_him = {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": []}
    # A file, not a pipe: the server that pg_ctl leaves behind would hold a pipe open.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            check=False,
            **as_him,
        )
        if done.returncode:
            said.seek(0)
            raise machine.Missing(f"PostgreSQL did not start: {said.read().strip()}")


def _readable(binaries: Path, folder: Path) -> Path:
    """The packaged server, copied with its libraries to where a system user may read it."""
    package = binaries.parent.parent
    if package.name != machine.PACKAGED:
        return binaries
    for part in (f"{package.name}/{binaries.parent.name}", f"{package.name}.libs"):
        if (package.parent / part).exists():
            shutil.copytree(package.parent / part, folder / "packaged" / part, symlinks=True)
    return folder / "packaged" / binaries.relative_to(package.parent)


def _system_user() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in SYSTEM_USERS:
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise machine.Missing("PostgreSQL won't run as root, and there is no user to run it as.")
