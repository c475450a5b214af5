"""Processor time that something may take, watched from outside of it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TooLong(Exception):
    """It was still running when its time was up."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """End what takes more of the processor than this, even a loop that never looks up. (By the
    wall clock a busy machine would be blamed on the diagram.)

    Raises:
        TooLong: its time was up.
    """

    def ring(number: int, frame: FrameType | None) -> None:
        raise TooLong(f"more than {seconds} seconds")

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
