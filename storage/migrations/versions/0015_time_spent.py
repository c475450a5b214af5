"""Tables: how long nodes took, by day."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
_NODES = (
    "entered", "again", "approved", "rejected", "returned", "done", "skipped", "cancelled",
    "undone", "refused", "timed", "promised", "late",
)  # fmt: skip
_OF_NODES = ("wait", "wait_working", "took", "took_working", "late_by")
_PROCESSES = (
    "started", "finished", "rejected", "withdrawn", "cancelled", "again", "rounds", "refused",
)  # fmt: skip
_OF_PROCESSES = ("took", "took_working")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "spent_requests",
        _text("request"),
        sa.Column("rest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("request", name="pk_spent_requests"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "spent_open",
        _text("request"),
        _text("key"),
        _text("process"),
        _whole("version"),
        _text("node"),
        _whole("since"),
        _whole("due"),
        sa.PrimaryKeyConstraint("request", "key", name="pk_spent_open"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_spent_open_since", "spent_open", ["process", "since", "request", "key"])
    op.create_index("ix_spent_open_due", "spent_open", ["process", "due"])
    _by_day("spent_nodes", ("version", "name"), _NODES, _OF_NODES)
    _by_day("spent_processes", ("version",), _PROCESSES, _OF_PROCESSES)
    _by_day("spent_departments", ("name",), ("given", "decided"), ())


def _by_day(
    table: str, also: tuple[str, ...], counts: tuple[str, ...], measures: tuple[str, ...]
) -> None:
    op.create_table(
        table,
        _text("process"),
        _whole("day"),
        *(_whole(name) if name == "version" else _text(name) for name in also),
        *(_whole(name) for name in counts),
        *(_whole(f"{name}_sum") for name in measures),
        *(sa.Column(f"{name}_spread", sa.LargeBinary(), nullable=False) for name in measures),
        sa.PrimaryKeyConstraint("process", "day", *also, name=f"pk_{table}"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False)


def _whole(name: str) -> "sa.Column[int]":
    return sa.Column(name, _WHOLE, autoincrement=False, nullable=False)
