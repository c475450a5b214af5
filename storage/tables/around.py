"""What stands around a request: people, timers, links, notices, drafts, words for search."""

from sqlalchemy import Index, Table
from sqlalchemy import text as condition

from storage.tables.types import KEYED, METADATA, ROWS, blob, text, whole

INVOLVED = Table(
    "involved",
    METADATA,
    text("request", key=True),
    text("person", key=True),
    whole("place"),
    whole("held"),  # 1: holds or held a task of it; 0: was copied, mentioned, asked
    Index("ix_involved_person_place", "person", "place"),
    **KEYED,
)

COPIES = Table(
    "copies",
    METADATA,
    text("request", key=True),
    text("person", key=True),
    text("by"),
    whole("at"),
    whole("read_at", null=True),
    Index("ix_copies_person_at", "person", "at", "request"),
    **KEYED,
)

TIMERS = Table(
    "timers",
    METADATA,
    text("request", key=True),
    text("key", key=True),
    whole("due"),
    whole("remaining"),
    text("every"),
    text("attached_to", null=True),
    whole("not_before"),  # put off until then: it could not be fired
    Index("ix_timers_due", "due"),
    **KEYED,
)

LINKS = Table(
    "links",
    METADATA,
    text("source", key=True),
    text("field", key=True),
    text("target", key=True),
    Index("ix_links_target", "target"),
    **KEYED,
)

INCIDENTS = Table(
    "incidents",  # what stands still until an administrator acts
    METADATA,
    text("request", key=True),
    whole("ordinal", key=True),
    text("key"),
    text("node"),
    text("kind"),
    text("message"),
    whole("at"),
    whole("tries"),
    blob("definition"),
    Index("ix_incidents_at", "at", "request", "ordinal"),
    **KEYED,
)

SUBSCRIPTIONS = Table(
    "subscriptions",  # tokens that wait for a message or signal
    METADATA,
    text("request", key=True),
    text("key", key=True),
    text("kind"),
    text("name"),
    text("correlation"),  # empty: it has no key of its own
    Index("ix_subscriptions_kind_name", "kind", "name", "correlation", "request"),
    **KEYED,
)

POSTS = Table(
    "posts",  # calls to other systems: the outbox's, as notices are for people
    METADATA,
    text("request", key=True),
    whole("ordinal", key=True),
    text("url"),
    blob("payload"),
    whole("at"),
    whole("send_at", null=True),
    whole("attempts"),
    Index(
        "ix_posts_send_at",
        "send_at",
        sqlite_where=condition("send_at IS NOT NULL"),
        postgresql_where=condition("send_at IS NOT NULL"),
    ),
    **KEYED,
)

COUNTERS = Table("counters", METADATA, text("name", key=True), whole("value"), **KEYED)

NOTICES = Table(
    "notices",
    METADATA,
    text("request", key=True),
    whole("ordinal", key=True),
    text("person"),
    whole("at"),
    whole("read_at", null=True),
    whole(
        "send_at", null=True
    ),  # the outbox: when to try (again) to send it; null: nothing to send
    whole("attempts"),
    text("kind"),
    whole("task", null=True),
    blob("text"),
    Index("ix_notices_person_at", "person", "at", "request", "ordinal", "read_at"),
    Index(
        "ix_notices_send_at",
        "send_at",
        sqlite_where=condition("send_at IS NOT NULL"),
        postgresql_where=condition("send_at IS NOT NULL"),
    ),
    **KEYED,
)

IDEMPOTENCY = Table(
    "idempotency",
    METADATA,
    text("person", key=True),
    text("key", key=True),
    blob("body"),
    blob("outcome"),
    whole("at"),
    **KEYED,
)

DRAFTS = Table(
    "drafts",
    METADATA,
    text("request", key=True),
    whole("ordinal", key=True),
    text("person", key=True),
    blob("answers"),
    whole("at"),
    **KEYED,
)

SNOOZED = Table(
    "snoozed",  # tasks that their holder does not want to see before then
    METADATA,
    text("person", key=True),
    text("request", key=True),
    whole("ordinal", key=True),
    whole("until"),
    **KEYED,
)

SEARCHED = Table(
    "searched",  # what the search index says of a request, to take it back and to check a hit
    METADATA,
    whole("place", key=True),
    text("text"),
    **ROWS,
)

EXTERNALS = Table(
    "externals",  # external tasks that wait for a worker, or are with one
    METADATA,
    text("request", key=True),
    text("task", key=True),
    text("key"),
    text("topic"),
    whole("rank"),  # the priority, negated: the least is handed out first
    whole("created_at"),
    whole("retries"),  # -1: none has failed yet; 0: it waits for an administrator
    whole("free_at"),  # locked, or to be left alone, until then
    text("worker"),  # who fetched it last; empty: nobody has it
    whole("handed"),  # how often it changed hands
    blob("rest"),
    Index(
        "ix_externals_topic_rank",
        "topic",
        "rank",
        "created_at",
        "request",
        "task",
        sqlite_where=condition("retries <> 0"),
        postgresql_where=condition("retries <> 0"),
    ),
    **KEYED,
)
