"""What a run has come to: ratios against their targets, as tables and as one JSON document."""

import json
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from web.bench.inbox import SIZES as INBOXES
from web.bench.inbox import VIEWS
from web.bench.surroundings import environment
from web.bench.targets import Found, doubts, ratios, targets


def document(found: Found) -> dict[str, Any]:
    """The JSON document of interface.md, with what else is worth knowing."""
    rounded = {name: round(value, 3) for name, value in ratios(found.samples).items()}
    return {
        "environment": environment(found.folder),
        "valid": not doubts(found),
        "doubts": doubts(found),
        "medians": {name: round(value, 4) for name, value in found.samples.medians().items()},
        "ratios": rounded,
        "inbox_ms": {
            size: None if (ms := found.inboxes.slowest(size)) is None else round(ms, 4)
            for size in INBOXES
        },
        "bytes_per_approval": round(found.weight.bytes),
        "targets": [
            {"what": t.what, "value": round(t.value, 3), "limit": t.limit, "reached": t.reached}
            for t in targets(found)
        ],
        "inbox": {
            size: {name: round(value, 4) for name, value in samples.medians().items()}
            for size, samples in found.inboxes.samples.items()
        },
        "inbox_plans": found.inboxes.plans,
        "bytes_by_table": {name: round(size, 1) for name, size in found.weight.by_table.items()},
        "sealing": {name: round(value, 3) for name, value in asdict(found.sealed).items()},
        "replayed": {"finished": found.finished, "different": found.different},
    }


def as_json(found: Found) -> str:
    """The document as text."""
    return json.dumps(document(found), ensure_ascii=False, indent=1)


def tell(found: Found, console: Console) -> None:
    """The same for people."""
    _tell_times(found, console)
    _tell_inbox(found, console)
    _tell_weight(found, console)
    _tell_sealing(found, console)
    console.print(f"{found.finished} finished requests were replayed, {found.different} differ.")
    table = Table("target", "measured", "wanted", "", title="Targets")
    for target in targets(found):
        sign = "≥" if target.at_least else "≤"
        table.add_row(
            target.what,
            f"{target.value:.2f} {target.unit}",
            f"{sign} {target.limit:g}",
            "reached" if target.reached else "[red]not reached[/red]",
        )
    console.print(table)
    for doubt in doubts(found):
        console.print(f"This run is not valid. {doubt}", style="red")


def _tell_times(found: Found, console: Console) -> None:
    table = Table("what", "median ms", "first decile", "last decile", "times", title="Times")
    for name, median in found.samples.medians().items():
        low, high = found.samples.spread(name)
        count = str(len(found.samples.times[name]))
        table.add_row(name, f"{median:.3f}", f"{low:.3f}", f"{high:.3f}", count)
    console.print(table)
    table = Table("ratio", "", title="Ratios of medians")
    for name, ratio in ratios(found.samples).items():
        table.add_row(name, f"{ratio:.2f}")
    console.print(table)


def _tell_inbox(found: Found, console: Console) -> None:
    table = Table("a page of the inbox, ms of SQL", *found.inboxes.samples, title="Inbox")
    for view in VIEWS:
        for name in (view, f"{view}: whole read"):
            medians = [f"{each.median(name):.3f}" for each in found.inboxes.samples.values()]
            table.add_row(name, *medians)
    console.print(table)
    for view, plan in found.inboxes.plans.items():
        console.print(f"How the database reads “{view}”:")
        for line in plan:
            console.print(f"  {line}", markup=False)


def _tell_weight(found: Found, console: Console) -> None:
    table = Table("table or index", "bytes per approval", title="Weight of a finished approval")
    for name, size in list(found.weight.by_table.items())[:16]:
        table.add_row(name, f"{size:.0f}")
    table.add_row("all", f"{found.weight.bytes:.0f}")
    console.print(table)


def _tell_sealing(found: Found, console: Console) -> None:
    sealed = found.sealed
    table = Table("sealing", "", title="What sealing costs others")
    table.add_row("leaves a second, a history at once", f"{sealed.leaves_per_second:.0f}")
    table.add_row("others wait for a batch of 500, at the longest", f"{sealed.longest_hold:.1f} ms")
    table.add_row("a seal of ten entries", f"{sealed.usual_seal:.1f} ms")
    table.add_row("others wait for it", f"{sealed.usual_hold:.1f} ms")
    table.add_row("bytes per entry", f"{sealed.bytes_per_entry:.0f}")
    console.print(table)
