"""Numbers by pattern: gapless, given at submission or completion, never to drafts (002 annex 3)."""

import re
from typing import Any

from engine.case import Case
from engine.diagrams.words import NUMBER_PLACE
from engine.world import World


def numbered(case: Case, pattern: str, variables: dict[str, Any]) -> str:
    """The next number of a pattern: `({yy}){dept}字{seq:3}`.

    One counter for each text that the rest of the pattern gives. The counter's row is held until
    the commit, so that numbers have no gaps and no repeats.
    """
    world = World(case)
    local = case.now.astimezone(world.calendar.zone)
    department = world.department_row(case.request.department) or {}
    known = {
        "yy": f"{local.year % 100:02d}",
        "yyyy": f"{local.year:04d}",
        "dept": department.get("short", ""),
    }

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name == "seq":
            return "\0"
        if name in known:
            return str(known[name])
        return _text(case, world, variables.get(name))

    rest = NUMBER_PLACE.sub(fill, pattern)
    if "\0" not in rest:
        return rest
    width = next((int(m[2] or 1) for m in NUMBER_PLACE.finditer(pattern) if m[1] == "seq"), 1)
    count = case.facts.act(
        ["number", rest.replace("\0", "#")], lambda: case.uow.next_number(rest.replace("\0", "#"))
    )
    return rest.replace("\0", f"{count:0{width}d}")


def _text(case: Case, world: World, value: Any) -> str:
    """A variable in a number; a request's reference gives its number."""
    if isinstance(value, str) and value:
        other = None if value == case.request.id else world.request(value)
        if other is not None and other.get("number"):
            return str(other["number"])
    return "" if value is None else str(value)
