"""Tables: posts by name, and which entries changed what of the organisation; English names."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    """Make the tables and add the columns."""
    op.create_table(
        "named_posts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_named_posts"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "organisation_changes",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("seq", _WHOLE, nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", "seq", name="pk_organisation_changes"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_organisation_changes_seq", "organisation_changes", ["seq"])
    op.create_index("ix_organisation_changes_at", "organisation_changes", ["at"])
    op.add_column("departments", sa.Column("name_en", sa.Text(), nullable=True))
    op.add_column("departments", sa.Column("former", sa.Text(), nullable=True))
