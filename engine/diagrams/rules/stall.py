"""A join waits for a token on each of its flows; one that may never come is a process that stands
still."""

from collections.abc import Iterator

from engine.diagrams.stalls import played
from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.ways import drawn

NAME = "stall"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """Joins at which a token could wait for ever (conditions are not read)."""
    for ways in built.ways:
        game = played(ways.graph)
        for join in sorted(game.stuck if game.ends else ()):
            yield Finding(
                element=drawn(join),
                message="a token may wait here for others that never come: join only what was "
                "split by a gateway of the same kind",
            )
