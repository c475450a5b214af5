"""Tables: processes that two people release, and what waits for the second."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "release_rules",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("people", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("process", name="pk_release_rules"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", _WHOLE, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", _WHOLE, nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_proposals_made_at", "proposals", ["made_at", "id"])
    op.create_table(
        "proposed",
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("open", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("proposal", "process", name="pk_proposed"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_proposed_process", "proposed", ["process", "open"])
