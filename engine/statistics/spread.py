"""A spread of lengths of time: how many of them fell into each of some two hundred steps.

A spread is one whole number with 32 bits for each step, so that two are added (or one is taken
away) by adding (or subtracting) the numbers, a thousand of them in a few milliseconds. Steps grow
by 8 percent: what a spread tells of a length is at most 4 percent off (`ERROR`), and below
twenty-five seconds it is exact.
"""

from bisect import bisect_right
from collections.abc import Iterable
from struct import unpack

GROWTH_PERCENT = 8
ERROR = 0.04
"""By how much a quantile may be off, as a share of it."""
LONGEST = 10 * 366 * 86_400
"""Seconds; what is longer counts as this long."""
_BITS = 32


def _steps() -> tuple[int, ...]:
    """Where each step begins, in seconds: 0, 1, 2, …, then 8 percent further each."""
    found = [0, 1]
    while found[-1] < LONGEST:
        found.append(max(found[-1] + 1, found[-1] * (100 + GROWTH_PERCENT) // 100))
    return tuple(found)


STEPS = _steps()


def step_of(seconds: int) -> int:
    """The step that a length (0 or more) falls into."""
    return bisect_right(STEPS, min(seconds, LONGEST)) - 1


def length_of(step: int) -> int:
    """The length that stands for all in a step, in seconds: its middle."""
    last = len(STEPS) - 1
    return STEPS[step] if step >= last else (STEPS[step] + STEPS[step + 1] - 1) // 2


def one(seconds: int) -> int:
    """The spread of a single length."""
    return 1 << (_BITS * step_of(seconds))


def pairs(spread: int) -> list[tuple[int, int]]:
    """(step, how many) where there are any, rising."""
    if not spread:
        return []
    first, rest = _from_first(spread)
    lanes = -(-rest.bit_length() // _BITS)
    counts = unpack(f"<{lanes}I", rest.to_bytes(lanes * _BITS // 8, "little"))
    return [(step, count) for step, count in enumerate(counts, first) if count]


def _from_first(spread: int) -> tuple[int, int]:
    """The first step that has any, and the numbers from there on."""
    first = ((spread & -spread).bit_length() - 1) // _BITS
    return first, spread >> (_BITS * first)


def of_pairs(found: Iterable[Iterable[int]]) -> int:
    """The spread that `pairs` took apart."""
    return sum(count << (_BITS * step) for step, count in found)


def quantiles(spread: int, shares: Iterable[float]) -> list[int | None]:
    """The lengths below which these shares lie (0.5: the median), by nearest rank, in seconds; None
    of an empty spread."""
    counts = pairs(spread)
    total = sum(count for _, count in counts)
    return [_quantile(counts, total, share) for share in shares]


def _quantile(counts: list[tuple[int, int]], total: int, share: float) -> int | None:
    rank, passed = max(1, -int(-share * total // 1)), 0
    for step, count in counts:
        passed += count
        if passed >= rank:
            return length_of(step)
    return None


def dump(spread: int) -> bytes:
    """The spread as it is kept: the first step that has any in a byte, then the numbers."""
    if not spread:
        return b""
    first, rest = _from_first(spread)
    return bytes([first]) + rest.to_bytes((rest.bit_length() + 7) // 8, "little")


def load(kept: bytes) -> int:
    """The spread that was kept."""
    if not kept:
        return 0
    return int.from_bytes(kept[1:], "little") << (_BITS * kept[0])
