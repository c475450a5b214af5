"""Departments: a calendar of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column."""
    op.add_column("departments", sa.Column("days", sa.Text(), nullable=True))
