"""The journal's format: what one command leaves behind, for ever.

Owns the entry, its canonical bytes, its chain digest and its salted particulars (design.md,
idea 2; approval rules H1, H2). Imports only the standard library and engine.ids; keeping the
bytes is storage's work.
"""

from engine.journal.entry import Entry, Particulars, Sealed, open_entry, seal, verify

__all__ = ["Entry", "Particulars", "Sealed", "open_entry", "seal", "verify"]
