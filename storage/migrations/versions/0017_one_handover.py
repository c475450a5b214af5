"""Index: a person's handovers are in force one at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_IN_FORCE = sa.text("cancelled_at IS NULL")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_handovers_in_force",
        "handovers",
        ["person"],
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )
