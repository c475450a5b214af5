"""Compiling what a stranger drew, in a process of its own with bounds on time and memory.

Run as `python -m web.compiling`: files packed on standard input, what was found as JSON on
standard output. Nothing of what a stranger drew is compiled in the process that serves before it
came through here.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO

from engine.diagrams.definition import Problem, Undeployable
from web.deploying import Deployment, as_json, from_json, read_files

SECONDS = 4
"""Of the processor."""
WALL_SECONDS = 4.5
"""From the call to the answer, waiting for a place included."""
BYTES = 768 * 1024 * 1024
"""Of address space."""
AT_ONCE = 2
"""Compilations of one server process at the same time; others wait for a place."""

_places = threading.BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """Too many are compiling just now; later there will be a place."""


def compiled(files: Mapping[str, bytes]) -> Deployment:
    """What these files come to, without a problem.

    Raises:
        Undeployable: they come to nothing, or take more time or memory than honest diagrams.
        Busy: there was no place for it.
    """
    found = checked(files)
    if found.problems:
        raise Undeployable(found.problems)
    return found


def checked(files: Mapping[str, bytes], *, draw: bool = False) -> Deployment:
    """What these files come to, problems included; `draw`: the diagrams' drawings, too. Raises
    `Busy`."""
    until = time.monotonic() + WALL_SECONDS
    with _place(until):
        found = _tried(files, until, draw)
    if found is None:
        message = "compiling it takes more time or memory than is given"
        return Deployment(problems=(Problem(element="files", rule="limits", message=message),))
    return found


@contextmanager
def _place(until: float) -> Iterator[None]:
    """One of the few places. Half of the time may go by in waiting, no more."""
    if not _places.acquire(timeout=max(0.0, (until - time.monotonic()) / 2)):
        raise Busy()
    try:
        yield
    finally:
        _places.release()


def _tried(files: Mapping[str, bytes], until: float, draw: bool) -> Deployment | None:
    """What a child has found; None if it did not come to an end."""
    if time.monotonic() >= until:
        return None
    if _alone():
        written = _forked(files, until, draw)
    else:
        from web import nursery

        ask = nursery.ask if nursery.POSSIBLE else _started
        written = ask(files, until, draw=draw)
    try:
        return from_json(json.loads(written))
    except (ValueError, KeyError, TypeError):
        return None


def _alone() -> bool:
    """Whether this process can be copied: one with threads must not be, since another thread may
    hold a lock in it."""
    return hasattr(os, "fork") and threading.active_count() == 1


def packed(files: Mapping[str, bytes], *, draw: bool) -> Iterator[bytes]:
    """What a child is told: a line of JSON with names and sizes, then every content."""
    sizes = [[name, len(content)] for name, content in files.items()]
    yield json.dumps({"draw": draw, "files": sizes}).encode() + b"\n"
    yield from files.values()


def unpacked(told: bytes) -> tuple[dict[str, bytes], bool]:
    """The files that were packed, and whether they are to be drawn."""
    end = told.index(b"\n") + 1
    head = json.loads(told[:end])
    files: dict[str, bytes] = {}
    for name, size in head["files"]:
        files[name] = told[end : end + size]
        end += size
    return files, bool(head["draw"])


def _started(files: Mapping[str, bytes], until: float, *, draw: bool) -> bytes:
    """What a new process has found: where there is no way to copy one."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "web.compiling"],
            input=b"".join(packed(files, draw=draw)),
            capture_output=True,
            timeout=max(0.0, until - time.monotonic()),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            check=True,
        )
    except subprocess.SubprocessError:
        return b""
    return child.stdout


def _forked(files: Mapping[str, bytes], until: float, draw: bool) -> bytes:
    """The same in a copy of this process, which is there at once."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        _end_as_child(files, theirs, draw)
    os.close(theirs)
    timer = threading.Timer(max(0.0, until - time.monotonic()), os.kill, (child, 9))
    timer.start()
    try:
        with open(ours, "rb") as pipe:
            return pipe.read()
    finally:
        timer.cancel()
        timer.join()
        os.waitpid(child, 0)


def _end_as_child(files: Mapping[str, bytes], pipe: int, draw: bool) -> None:
    """Never returns: what the parent has begun (a terminal, a database) is not the child's."""
    try:
        with open(pipe, "wb") as out, open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
            bound()
            write(files, out, draw=draw)
    finally:
        os._exit(0)


def write(files: Mapping[str, bytes], out: IO[bytes], *, draw: bool) -> None:
    """Compile, and write down what was found; nothing where that takes too much memory."""
    try:
        found = read_files(files, draw=draw)
    except (MemoryError, RecursionError):
        return
    except Exception as error:  # a diagram that trips us up is refused like any other
        message = f"it can't be read: {type(error).__name__}"
        found = Deployment(problems=(Problem(element="files", rule="reading", message=message),))
    out.write(json.dumps(as_json(found)).encode())


def bound() -> None:
    """Take this process's right to more time and memory away."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the wall clock is still watched
        return
    spent = int(time.process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (spent + SECONDS, spent + SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Compile what stands on standard input."""
    files, draw = unpacked(sys.stdin.buffer.read())
    bound()
    write(files, sys.stdout.buffer, draw=draw)


if __name__ == "__main__":
    main()
