"""Table: which of his tasks a person has put off, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "snoozed",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("ordinal", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("until", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("person", "request", "ordinal", name="pk_snoozed"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
