"""Nodes of called processes, incidents, and what requests wait for."""

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
