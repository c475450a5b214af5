"""What was measured: samples by name, in milliseconds, and the medians that are told of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from time import perf_counter_ns

NANOSECONDS = 1_000_000
"""In a millisecond."""


class Samples:
    """Times by what was timed."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}

    def add(self, name: str, nanoseconds: int) -> None:
        """One more time, as the clock gave it."""
        self.times.setdefault(name, []).append(nanoseconds / NANOSECONDS)

    @contextmanager
    def timed(self, *names: str) -> Iterator[None]:
        """Time what is inside, under these names."""
        begun = perf_counter_ns()
        yield
        took = perf_counter_ns() - begun
        for name in names:
            self.add(name, took)

    def median(self, name: str) -> float:
        """The median in milliseconds. Raises KeyError where nothing was timed."""
        return median(self.times[name])

    def ratio(self, name: str, over: str) -> float:
        """One median over another."""
        return self.median(name) / self.median(over)

    def spread(self, name: str) -> tuple[float, float]:
        """The first and the last decile, in milliseconds."""
        times = self.times[name]
        if len(times) < 2:
            return times[0], times[0]
        deciles = quantiles(times, n=10, method="inclusive")
        return deciles[0], deciles[-1]

    def medians(self) -> dict[str, float]:
        """Every median, in the order of first measurement."""
        return {name: self.median(name) for name in self.times}
