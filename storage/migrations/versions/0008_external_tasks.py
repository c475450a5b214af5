"""Tables: external tasks, which workers fetch."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    """Make the table and its index."""
    op.create_table(
        "externals",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("rank", _WHOLE, nullable=False),
        sa.Column("created_at", _WHOLE, nullable=False),
        sa.Column("retries", _WHOLE, nullable=False),
        sa.Column("free_at", _WHOLE, nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("handed", _WHOLE, nullable=False),
        sa.Column("rest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("request", "task", name="pk_externals"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index(
        "ix_externals_topic_rank",
        "externals",
        ["topic", "rank", "created_at", "request", "task"],
        sqlite_where=sa.text("retries <> 0"),
        postgresql_where=sa.text("retries <> 0"),
    )
