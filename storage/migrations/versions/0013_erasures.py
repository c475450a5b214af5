"""Tables: what was erased of the journal; nothing else of it changes."""

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Nothing yet."""
