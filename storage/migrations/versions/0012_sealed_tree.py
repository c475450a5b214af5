"""Tables: the tree over all entries, and its signed heads, which only grow."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
_ONLY_GROW = ("leaves", "tree", "heads", "stamps")


def upgrade() -> None:
    """Make the tables, and refuse what would rewrite them."""
    op.create_table(
        "leaves",
        sa.Column("idx", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("position", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("xid", _WHOLE, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("idx", name="pk_leaves"),
        sqlite_strict=True,
    )
    op.create_index("ix_leaves_position", "leaves", ["position"], unique=True)
    op.create_table(
        "tree",
        sa.Column("level", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("idx", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "idx", name="pk_tree"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "heads",
        sa.Column("ordinal", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("epoch", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("size", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("at", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ordinal", name="pk_heads"),
        sqlite_strict=True,
    )
    op.create_index("ix_heads_size", "heads", ["size"])
    op.create_table(
        "log",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_log"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stamps",
        sa.Column("ordinal", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("at", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ordinal", name="pk_stamps"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "followers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("idx", _WHOLE, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_followers"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        # The order of commits. On SQLite it is the order of positions, which needs no index.
        op.create_index("ix_journal_xid_position", "journal", ["xid", "position"])
    for table in _ONLY_GROW:
        for statement in _sqlite(table) if sqlite else _postgresql(table):
            op.execute(statement)


def _sqlite(table: str) -> tuple[str, ...]:
    refused = f"SELECT RAISE(ABORT, 'what is sealed is never changed or removed ({table})')"
    return (
        f"CREATE TRIGGER {table}_are_never_changed BEFORE UPDATE ON {table} BEGIN {refused}; END",
        f"CREATE TRIGGER {table}_are_never_removed BEFORE DELETE ON {table} BEGIN {refused}; END",
    )


def _postgresql(table: str) -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()",
    )
