"""Whatever is decided, the process stands still at a join: mostly a parallel join behind an
exclusive split."""

from collections.abc import Iterator

from engine.diagrams.stalls import played
from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.ways import drawn

NAME = "deadlock"
SEVERITY: Severity = "refuse"


def check(built: Built) -> Iterator[Finding]:
    """Joins at which every run would end."""
    for ways in built.ways:
        game = played(ways.graph)
        for join in sorted(() if game.ends else game.stuck):
            yield Finding(
                element=drawn(join),
                message="every token that comes here waits for others that never come: join with "
                "a gateway of the kind that split them",
            )
