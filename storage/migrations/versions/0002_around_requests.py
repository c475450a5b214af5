"""Tables: what stands around a request: people involved, timers, links, notices."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "involved",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("place", _WHOLE, nullable=False),
        sa.Column("held", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("request", "person", name="pk_involved"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_involved_person_place", "involved", ["person", "place"])
    op.create_table(
        "copies",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        sa.Column("read_at", _WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("request", "person", name="pk_copies"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_copies_person_at", "copies", ["person", "at", "request"])
    op.create_table(
        "timers",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("due", _WHOLE, nullable=False),
        sa.Column("remaining", _WHOLE, nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("attached_to", sa.Text(), nullable=True),
        sa.Column("not_before", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("request", "key", name="pk_timers"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_timers_due", "timers", ["due"])
    op.create_table(
        "links",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "field", "target", name="pk_links"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_links_target", "links", ["target"])
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "notices",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("ordinal", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        sa.Column("read_at", _WHOLE, nullable=True),
        sa.Column("send_at", _WHOLE, nullable=True),
        sa.Column("attempts", _WHOLE, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("task", _WHOLE, nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("request", "ordinal", name="pk_notices"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index(
        "ix_notices_person_at", "notices", ["person", "at", "request", "ordinal", "read_at"]
    )
    op.create_index(
        "ix_notices_send_at",
        "notices",
        ["send_at"],
        sqlite_where=sa.text("send_at IS NOT NULL"),
        postgresql_where=sa.text("send_at IS NOT NULL"),
    )
    op.create_table(
        "idempotency",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.LargeBinary(), nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("person", "key", name="pk_idempotency"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "drafts",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("ordinal", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("request", "ordinal", "person", name="pk_drafts"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "searched",
        sa.Column("place", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_searched"),
        sqlite_strict=True,
    )
