"""Column types that are the same underneath on both databases (STRICT tables know only these)."""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Text

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA = MetaData(naming_convention=NAMING)

WHOLE = Integer().with_variant(BigInteger(), "postgresql")
"""Counts, ordinals, flags (0 and 1) and moments (storage.moments)."""

KEYED: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}
"""A table that lies in the order of its primary key."""
ROWS: dict[str, Any] = {"sqlite_strict": True}
"""A table with an integer of its own as primary key."""


def text(name: str, *, null: bool = False, key: bool = False) -> Column[str]:
    """A column of text."""
    return Column(name, Text(), nullable=null, primary_key=key)


def whole(name: str, *, null: bool = False, key: bool = False) -> Column[int]:
    """A column of whole numbers, never numbered by the database."""
    return Column(name, WHOLE, nullable=null, primary_key=key, autoincrement=False)


def numbered(name: str) -> Column[int]:
    """A primary key that the database counts."""
    return Column(name, WHOLE, primary_key=True, autoincrement=True)


def blob(name: str, *, null: bool = False, key: bool = False) -> Column[bytes]:
    """A column of bytes: digests, or what storage.packing packs."""
    return Column(name, LargeBinary(), nullable=null, primary_key=key)
