"""Nodes of called processes, incidents, what requests wait for, calls that leave, and what
starts processes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    """Add the column and the tables."""
    empty = "''" if op.get_bind().dialect.name == "postgresql" else "x''"
    op.add_column(
        "nodes",
        sa.Column("definition", sa.LargeBinary(), nullable=False, server_default=sa.text(empty)),
    )
    op.create_table(
        "incidents",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("ordinal", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        sa.Column("tries", _WHOLE, nullable=False),
        sa.Column("definition", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("request", "ordinal", name="pk_incidents"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_incidents_at", "incidents", ["at", "request", "ordinal"])
    op.create_table(
        "subscriptions",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("request", "key", name="pk_subscriptions"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index(
        "ix_subscriptions_kind_name",
        "subscriptions",
        ["kind", "name", "correlation", "request"],
    )
    op.create_table(
        "posts",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("ordinal", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        sa.Column("send_at", _WHOLE, nullable=True),
        sa.Column("attempts", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("request", "ordinal", name="pk_posts"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index(
        "ix_posts_send_at",
        "posts",
        ["send_at"],
        sqlite_where=sa.text("send_at IS NOT NULL"),
        postgresql_where=sa.text("send_at IS NOT NULL"),
    )
    op.create_table(
        "beginnings",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("due", _WHOLE, nullable=False),
        sa.Column("remaining", _WHOLE, nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("process", "node", name="pk_beginnings"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_beginnings_due", "beginnings", ["due"])
    op.create_table(
        "starts",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("process", "kind", "name", name="pk_starts"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_starts_kind_name", "starts", ["kind", "name"])
