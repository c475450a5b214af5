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
    text("name_en", null=True),
    text("former", null=True),  # names that it had before, JSON: requests keep the name of then
    **KEYED,
)

GROUPS = Table("groups", METADATA, text("name", key=True), **KEYED)

POSTS = Table(
    "named_posts",  # those that have a name; people may hold others
    METADATA,
    text("id", key=True),
    text("name"),
    text("name_en"),
    **KEYED,
)

CHANGES = Table(
    "organisation_changes",  # which entries of the system chain are about what
    METADATA,
    text("kind", key=True),
    text("subject", key=True),
    whole("seq", key=True),
    whole("at"),
    Index("ix_organisation_changes_seq", "seq"),
    Index("ix_organisation_changes_at", "at"),
    **KEYED,
)

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
