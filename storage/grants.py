"""An account of PostgreSQL with fewer rights: it adds to history, and can't change what is there.

Owns the statements. The tables belong to another role, which runs migrations.
"""

import re
from collections.abc import Iterator

from storage.tables import METADATA
from storage.transaction import Transaction

ONLY_ADDED = ("journal", "erasures", "leaves", "tree", "heads", "stamps")
"""Tables in which nothing is ever changed or removed."""
_ROLE = re.compile(r"[A-Za-z_][A-Za-z0-9_$]{0,62}")
_BESIDE = ("search_index", "search_entries")
"""Indexes for search, which are tables on PostgreSQL and no models."""


class NoRole(ValueError):
    """It can't be a role's name."""


def statements(role: str) -> Iterator[str]:
    """What gives a role the rights to serve, and no more. Raises NoRole."""
    if _ROLE.fullmatch(role) is None:
        raise NoRole(role)
    named = f'"{role}"'
    tables = [*METADATA.tables, *_BESIDE]
    free = ", ".join(f'"{name}"' for name in sorted(tables) if name not in ONLY_ADDED)
    kept = ", ".join(f'"{name}"' for name in ONLY_ADDED)
    yield f"GRANT USAGE ON SCHEMA public TO {named}"
    yield f"REVOKE CREATE ON SCHEMA public FROM {named}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {named}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {named}"
    yield f"GRANT INSERT, UPDATE, DELETE ON {free} TO {named}"
    yield f"GRANT INSERT ON {kept} TO {named}"
    # An erasure needs it; the trigger lets none through that has no account in its transaction.
    yield f'GRANT UPDATE (particulars) ON "journal" TO {named}'
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {named}"


def apply(transaction: Transaction, role: str) -> None:
    """Carry them out, as the owner of the tables. Raises NoRole."""
    for statement in statements(role):
        transaction.execute(statement)
