"""Index: what was sealed of one chain, so that entries that are gone are missed."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_leaves_chain_seq", "leaves", ["chain", "seq"])
