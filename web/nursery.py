"""A process that has everything imported, and copies itself for each compilation.

A server has threads, so it can't be copied itself, and a new process would spend most of its time
importing. Run as `python -m web.nursery`: its standard input is a socket over which it is handed
one end of a new one for each compilation; when that socket ends, so does it.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from web import compiling

POSSIBLE = hasattr(os, "fork") and hasattr(socket, "send_fds")
MOST_ANSWER = 64 * 1024 * 1024
_CHUNK = 256 * 1024


@dataclass(slots=True, kw_only=True)
class _Running:
    """The nursery of one server process."""

    server: int
    process: subprocess.Popen[bytes]
    control: socket.socket


_lock = threading.Lock()
_running: list[_Running] = []


def ask(files: Mapping[str, bytes], until: float, *, draw: bool) -> bytes:
    """What a copy of the nursery has written about these files; empty where it did not come to an
    end by `until` (of the monotonic clock)."""
    ours, theirs = socket.socketpair()
    with ours:
        try:
            with theirs:
                _hand_over(theirs)
            ours.settimeout(max(0.001, until - time.monotonic()))
            for part in compiling.packed(files, draw=draw):
                ours.sendall(part)
            ours.shutdown(socket.SHUT_WR)
            return _answer(ours, until)
        except OSError:  # too late, or it has died of what it was given
            return b""


def _answer(ours: socket.socket, until: float) -> bytes:
    found = bytearray()
    while len(found) < MOST_ANSWER:
        ours.settimeout(max(0.001, until - time.monotonic()))
        part = ours.recv(_CHUNK)
        if not part:
            return bytes(found)
        found += part
    return b""


def _hand_over(theirs: socket.socket) -> None:
    """Have the nursery make a copy of itself for this socket; a new nursery where it is gone."""
    with _lock:
        for fresh in (False, True):
            running = _here(fresh=fresh)
            try:
                socket.send_fds(running.control, [b"x"], [theirs.fileno()])
            except OSError:
                if fresh:
                    raise
            else:
                return


def _here(*, fresh: bool) -> _Running:
    """This server process's own nursery: one that it was born with is its parent's."""
    if _running and (fresh or _running[0].server != os.getpid()):
        _end()
    if not _running:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "web.nursery"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        _running.append(_Running(server=os.getpid(), process=process, control=ours))
    return _running[0]


@atexit.register
def _end() -> None:
    while _running:
        gone = _running.pop()
        gone.control.close()
        if gone.server == os.getpid():
            try:
                gone.process.wait(2)
            except subprocess.TimeoutExpired:
                gone.process.kill()
                gone.process.wait()


def main() -> None:
    """Copy itself for each socket that is handed over, until there are no more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # Ctrl-C is for the server, which then closes the socket.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=0) as control:
        while True:
            said, sockets, _, _ = socket.recv_fds(control, 1, 1)
            if not said:
                return
            for each in sockets:
                if not os.fork():
                    _work(control, each)
                os.close(each)


def _work(control: socket.socket, handed: int) -> None:
    """Compile what comes over this socket; never returns."""
    try:
        control.close()
        signal.alarm(int(compiling.WALL_SECONDS) + 2)
        with socket.socket(fileno=handed) as theirs:
            with theirs.makefile("rb") as given:
                files, draw = compiling.unpacked(given.read())
            compiling.bound()
            with theirs.makefile("wb") as out:
                compiling.write(files, out, draw=draw)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
