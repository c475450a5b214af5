"""Numbers for a process's owners: what one request adds to the days' counts, and how lengths of
time are kept so that their medians can be told.

Owns what is counted and when (docs/statistics.md says it in words), and the spreads. Imports
engine.calendars only. Never reads a database or a clock; knows of no person: nothing is counted by
who did it.
"""

from engine.statistics.counting import (
    DEPARTMENTS,
    MEASURES,
    NODES,
    PROCESSES,
    Amounts,
    Life,
    Load,
    Pass,
    Place,
    Table,
    counted,
)

__all__ = [
    "DEPARTMENTS",
    "MEASURES",
    "NODES",
    "PROCESSES",
    "Amounts",
    "Life",
    "Load",
    "Pass",
    "Place",
    "Table",
    "counted",
]
