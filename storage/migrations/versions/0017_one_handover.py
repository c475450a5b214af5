"""Tables: one handover of a person at a time."""

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Nothing yet."""
