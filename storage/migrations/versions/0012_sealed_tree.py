"""Tables: the tree over all entries, and its signed heads."""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Nothing yet."""
