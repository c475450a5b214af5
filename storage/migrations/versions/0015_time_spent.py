"""Tables: how long nodes took, by day."""

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Nothing yet."""
