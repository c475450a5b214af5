"""Tables: who stands in for whom, and who has handed over to whom."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    """Make both tables and their indexes."""
    op.create_table(
        "substitutions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("substitute", sa.Text(), nullable=False),
        sa.Column("since", _WHOLE, nullable=False),
        sa.Column("until", _WHOLE, nullable=False),
        sa.Column("processes", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", _WHOLE, nullable=False),
        sa.Column("cancelled_at", _WHOLE, nullable=True),
        sa.Column("followed", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_substitutions"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_substitutions_person", "substitutions", ["person", "since"])
    op.create_index("ix_substitutions_substitute", "substitutions", ["substitute", "since"])
    op.create_index("ix_substitutions_followed", "substitutions", ["followed", "since"])
    op.create_table(
        "handovers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("heir", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", _WHOLE, nullable=False),
        sa.Column("cancelled_at", _WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_handovers_person", "handovers", ["person", "made_at"])
