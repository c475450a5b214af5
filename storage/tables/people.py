"""The organisation, and who can sign in."""

from sqlalchemy import Index, Table
from sqlalchemy import text as condition

from storage.tables.types import KEYED, METADATA, blob, text, whole

PEOPLE = Table(
    "people",
    METADATA,
    text("id", key=True),
    text("name"),
    text("department"),
    text("posts"),
    text("groups"),
    text("superiors"),
    text("email"),
    whole("active"),
    text("role"),
    **KEYED,
)

DEPARTMENTS = Table(
    "departments",
    METADATA,
    text("name", key=True),
    text("short"),
    text("head", null=True),
    text("deputy", null=True),
    text("days", null=True),  # its own calendar: {"2026-05-02": true}, JSON
    **KEYED,
)

GROUPS = Table("groups", METADATA, text("name", key=True), **KEYED)

REVISION = Table(
    "revisions",  # rises with every change, so that each process knows when its copy is old
    METADATA,
    text("name", key=True),
    whole("value"),
    **KEYED,
)

ACCOUNTS = Table(
    "accounts",
    METADATA,
    text("person", key=True),
    text("password_hash", null=True),
    whole("changed_at", null=True),
    whole("must_change"),
    whole("failed"),
    whole("locked_until", null=True),
    whole("disabled"),
    **KEYED,
)

SESSIONS = Table(
    "sessions",
    METADATA,
    blob("digest", key=True),
    text("person"),
    text("ip"),
    text("agent"),
    whole("created_at"),
    whole("seen_at"),
    whole("expires_at"),
    whole("revoked_at", null=True),
    Index("ix_sessions_person", "person"),
    **KEYED,
)

TOKENS = Table(
    "tokens",
    METADATA,
    blob("digest", key=True),
    text("person"),
    text("name"),
    whole("created_at"),
    whole("seen_at", null=True),
    whole("expires_at", null=True),
    whole("revoked_at", null=True),
    Index("ix_tokens_person", "person"),
    **KEYED,
)

SUBSTITUTIONS = Table(
    "substitutions",
    METADATA,
    text("id", key=True),
    text("person"),
    text("substitute"),
    whole("since"),
    whole("until"),
    text("processes"),
    text("made_by"),
    whole("made_at"),
    whole("cancelled_at", null=True),
    whole("followed"),  # whether open tasks have followed: 0 not yet, 1 its start, 2 its end
    Index("ix_substitutions_person", "person", "since"),
    Index("ix_substitutions_substitute", "substitute", "since"),
    Index("ix_substitutions_followed", "followed", "since"),
    **KEYED,
)

HANDOVERS = Table(
    "handovers",
    METADATA,
    text("id", key=True),
    text("person"),
    text("heir"),
    text("comment"),
    text("moved"),
    text("made_by"),
    whole("made_at"),
    whole("cancelled_at", null=True),
    Index("ix_handovers_person", "person", "made_at"),
    Index(
        "ix_handovers_in_force",
        "person",
        unique=True,
        sqlite_where=condition("cancelled_at IS NULL"),
        postgresql_where=condition("cancelled_at IS NULL"),
    ),
    **KEYED,
)
