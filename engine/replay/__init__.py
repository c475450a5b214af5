"""Running recorded commands again, from nothing but journal, definitions and attachments.

Owns the way back from an entry to its command, a unit of work in memory, and the comparison of
what is recorded with what follows now (design.md, idea 2). Imports the rest of engine.
"""

from engine.replay.memory import MemoryUnitOfWork
from engine.replay.restore import Unreadable, restore
from engine.replay.running import Difference, apply, compared, replay
from engine.replay.state import GONE, Delta, State, Token
from engine.replay.steps import KINDS, Kind, Replayed, Step, kinds, replayed, steps

__all__ = [
    "GONE",
    "KINDS",
    "Delta",
    "Difference",
    "Kind",
    "MemoryUnitOfWork",
    "Replayed",
    "State",
    "Step",
    "Token",
    "Unreadable",
    "apply",
    "compared",
    "kinds",
    "replay",
    "replayed",
    "restore",
    "steps",
]
