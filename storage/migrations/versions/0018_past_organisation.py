"""Tables: the organisation as it was."""

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Nothing yet."""
