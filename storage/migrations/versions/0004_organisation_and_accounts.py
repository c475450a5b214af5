"""Tables: the organisation, and who can sign in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "people",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("posts", sa.Text(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("superiors", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("active", _WHOLE, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "departments",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=True),
        sa.Column("deputy", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_departments"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "groups",
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_groups"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "revisions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_revisions"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "accounts",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("changed_at", _WHOLE, nullable=True),
        sa.Column("must_change", _WHOLE, nullable=False),
        sa.Column("failed", _WHOLE, nullable=False),
        sa.Column("locked_until", _WHOLE, nullable=True),
        sa.Column("disabled", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_accounts"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("ip", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("created_at", _WHOLE, nullable=False),
        sa.Column("seen_at", _WHOLE, nullable=False),
        sa.Column("expires_at", _WHOLE, nullable=False),
        sa.Column("revoked_at", _WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_sessions"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_sessions_person", "sessions", ["person"])
    op.create_table(
        "tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", _WHOLE, nullable=False),
        sa.Column("seen_at", _WHOLE, nullable=True),
        sa.Column("expires_at", _WHOLE, nullable=True),
        sa.Column("revoked_at", _WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_tokens"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_tokens_person", "tokens", ["person"])
