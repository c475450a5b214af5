"""What a finished approval weighs: by how much the file grows, all tables and indexes in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from web.bench.ours import Ours

SIGNERS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Bytes per finished approval."""

    bytes: float
    by_table: dict[str, float] = field(default_factory=dict)
    """The same by table or index, the heaviest first; empty where this SQLite can't tell."""


def measure(folder: Path, approvals: int, tick: Callable[[], None]) -> Weight:
    """Finish a tenth of the approvals, then the rest: what the rest has added to the file when the
    scheduler has done its part (notices have left, keys of calls long over are swept) and SQLite
    has packed its pages. What stays is the full history and everything that shows it."""
    ours = Ours(folder, "weight")
    try:
        first = max(approvals // 10, 1)
        _finish(ours, first, tick)
        before, tables_before = _packed(ours), _tables(ours)
        _finish(ours, approvals, tick)
        after, tables_after = _packed(ours), _tables(ours)
    finally:
        ours.close()
        ours.delete()
    parts = {
        name: (size - tables_before.get(name, 0)) / approvals for name, size in tables_after.items()
    }
    heaviest = sorted(parts.items(), key=lambda part: -part[1])
    return Weight(
        bytes=(after - before) / approvals,
        by_table={name: size for name, size in heaviest if size > 0},
    )


def _finish(ours: Ours, approvals: int, tick: Callable[[], None]) -> None:
    done = ours.finished()
    for number in range(done, done + approvals):
        submit = ours.submit(SIGNERS, number)
        ours.handle(submit)
        for command in ours.approvals(submit.request):
            ours.handle(command)
        tick()
    ours.settle_down()


def _packed(ours: Ours) -> int:
    """The size of the file after VACUUM."""
    with ours.outside() as cursor:
        cursor.execute("VACUUM")
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        size = cursor.execute("PRAGMA page_size").fetchone()[0]
    return int(pages) * int(size)


def _tables(ours: Ours) -> dict[str, int]:
    with ours.outside() as cursor:
        return dict(cursor.execute("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name").fetchall())
