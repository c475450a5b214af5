"""Tables: requests, their flow, nodes and slots, inbox and queue."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "requests",
        sa.Column("place", _WHOLE, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("definition", _WHOLE, nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("round", _WHOLE, nullable=False),
        sa.Column("created_at", _WHOLE, nullable=False),
        sa.Column("submitted_at", _WHOLE, nullable=True),
        sa.Column("ended_at", _WHOLE, nullable=True),
        sa.Column("decided", _WHOLE, nullable=False),
        sa.Column("slots", _WHOLE, nullable=False),
        sa.Column("passages", _WHOLE, nullable=False),
        sa.Column("version", _WHOLE, nullable=False),
        sa.Column("seq", _WHOLE, nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("last_at", _WHOLE, nullable=True),
        sa.Column("rest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_requests"),
        sqlite_strict=True,
    )
    op.create_index("ix_requests_department_place", "requests", ["department", "place"])
    op.create_index("ix_requests_id", "requests", ["id"], unique=True)
    op.create_index(
        "ix_requests_number",
        "requests",
        ["number"],
        sqlite_where=sa.text("number IS NOT NULL"),
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.create_index("ix_requests_process_place", "requests", ["process", "place"])
    op.create_index("ix_requests_requester_place", "requests", ["requester", "place"])
    op.create_table(
        "flows",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("flow", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("request", name="pk_flows"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "nodes",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("ordinal", _WHOLE, nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("round", _WHOLE, nullable=False),
        sa.Column("pass", _WHOLE, nullable=False),
        sa.Column("opened_at", _WHOLE, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("total", _WHOLE, nullable=False),
        sa.Column("approved", _WHOLE, nullable=False),
        sa.Column("rejected", _WHOLE, nullable=False),
        sa.Column("pending", _WHOLE, nullable=False),
        sa.Column("done", _WHOLE, nullable=False),
        sa.Column("weight_approved", _WHOLE, nullable=False),
        sa.Column("weight_open", _WHOLE, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("shown", sa.LargeBinary(), nullable=False),
        sa.Column("due", _WHOLE, nullable=True),
        sa.Column("settled_at", _WHOLE, nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("request", "key", name="pk_nodes"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "slots",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("ordinal", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("node_key", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=True),
        sa.Column("opened_at", _WHOLE, nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", _WHOLE, nullable=True),
        sa.Column("shown", sa.LargeBinary(), nullable=False),
        sa.Column("rest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("request", "ordinal", name="pk_slots"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index(
        "ix_slots_decided_by_decided_at",
        "slots",
        ["decided_by", "decided_at", "request", "ordinal"],
        sqlite_where=sa.text("decided_by IS NOT NULL"),
        postgresql_where=sa.text("decided_by IS NOT NULL"),
    )
    op.create_table(
        "inbox",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("opened_at", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("ordinal", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("due", _WHOLE, nullable=False),
        sa.Column("optional", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("person", "opened_at", "request", "ordinal", name="pk_inbox"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index(
        "ix_inbox_person_due",
        "inbox",
        ["person", "due", "opened_at", "request", "ordinal", "optional"],
    )
    op.create_table(
        "queue",
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("opened_at", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("ordinal", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("due", _WHOLE, nullable=False),
        sa.Column("optional", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("member", "opened_at", "request", "ordinal", name="pk_queue"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index(
        "ix_queue_member_due", "queue", ["member", "due", "opened_at", "request", "ordinal"]
    )
    op.create_table(
        "crowds",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("crowd", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person", "crowd", name="pk_crowds"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
