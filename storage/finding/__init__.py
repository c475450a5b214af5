"""What auditors search: a row for each sealed entry, and an index of its words and signs.

Owns `found` and `search_entries`, which follow the journal in the order in which it was sealed and
never stand in the way of a decision. Imports the rest of storage and engine's journal. Never
written but by its follower, by whoever erases (storage.forgetting) and by a rebuild.
"""

from storage.finding.asking import KINDS, Asked, Found, Indexed, counts, entries, indexed
from storage.finding.keeping import NAME, clear, fill_again, renew, renew_entries, take

__all__ = [
    "KINDS",
    "NAME",
    "Asked",
    "Found",
    "Indexed",
    "clear",
    "counts",
    "entries",
    "fill_again",
    "indexed",
    "renew",
    "renew_entries",
    "take",
]
