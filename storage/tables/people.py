"""The organisation, and who can sign in."""

from sqlalchemy import Index, Table

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
