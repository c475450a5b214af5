"""Running recorded commands again, from nothing but journal, definitions and attachments.

Owns the way back from an entry to its command, a unit of work in memory, and the comparison of
what is recorded with what follows now (design.md, idea 2). Imports the rest of engine.
"""

from engine.replay.memory import MemoryUnitOfWork
from engine.replay.restore import Unreadable, restore
from engine.replay.running import Difference, apply, compared, replay

__all__ = [
    "Difference",
    "MemoryUnitOfWork",
    "Unreadable",
    "apply",
    "compared",
    "replay",
    "restore",
]
