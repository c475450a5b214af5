"""Requests, their flow, nodes and slots, and the two projections that people's lists read."""

from sqlalchemy import Index, Table
from sqlalchemy import text as condition

from storage.tables.types import KEYED, METADATA, ROWS, blob, numbered, text, whole

REQUESTS = Table(
    "requests",
    METADATA,
    numbered("place"),  # the order of lists, and the row of the search index
    text("id"),
    text("process"),
    whole("definition"),
    text("requester"),
    text("department"),
    text("status"),
    text("number", null=True),
    text("title"),
    whole("round"),
    whole("created_at"),
    whole("submitted_at", null=True),
    whole("ended_at", null=True),
    whole("decided"),
    whole("slots"),
    whole("passages"),
    whole("version"),
    whole("seq"),
    blob("head"),
    whole("last_at", null=True),
    blob("rest"),
    Index("ix_requests_id", "id", unique=True),
    Index(
        "ix_requests_number",
        "number",
        sqlite_where=condition("number IS NOT NULL"),
        postgresql_where=condition("number IS NOT NULL"),
    ),
    Index("ix_requests_requester_place", "requester", "place"),
    Index("ix_requests_department_place", "department", "place"),
    Index("ix_requests_process_place", "process", "place"),
    **ROWS,
)

FLOWS = Table("flows", METADATA, text("request", key=True), blob("flow"), **KEYED)

NODES = Table(
    "nodes",
    METADATA,
    text("request", key=True),
    text("key", key=True),
    whole("ordinal"),  # the order of opening within the request
    text("node"),
    text("scope"),
    whole("round"),
    whole("pass"),
    whole("opened_at"),
    text("status"),
    whole("total"),
    whole("approved"),
    whole("rejected"),
    whole("pending"),
    whole("done"),
    whole("weight_approved"),
    whole("weight_open"),
    text("verdict", null=True),
    blob("shown"),
    whole("due", null=True),
    whole("settled_at", null=True),
    text("cause"),
    blob("definition"),  # digest of the called process's version; empty: the request's own
    **KEYED,
)

SLOTS = Table(
    "slots",
    METADATA,
    text("request", key=True),
    whole("ordinal", key=True),
    text("node_key"),
    text("status"),
    text("signer", null=True),
    whole("opened_at", null=True),
    text("decided_by", null=True),
    whole("decided_at", null=True),
    blob("shown"),
    blob("rest"),
    Index(
        "ix_slots_decided_by_decided_at",
        "decided_by",
        "decided_at",
        "request",
        "ordinal",
        sqlite_where=condition("decided_by IS NOT NULL"),
        postgresql_where=condition("decided_by IS NOT NULL"),
    ),
    **KEYED,
)

INBOX = Table(
    "inbox",  # a row for each open slot and holder
    METADATA,
    text("person", key=True),
    whole("opened_at", key=True),
    text("request", key=True),
    whole("ordinal", key=True),
    whole("due"),  # storage.moments.NEVER where there is none
    whole("optional"),  # 1: an offer, which no count counts
    Index("ix_inbox_person_due", "person", "due", "opened_at", "request", "ordinal", "optional"),
    **KEYED,
)

QUEUE = Table(
    "queue",  # a row for each unclaimed slot and candidate, or crowd of candidates
    METADATA,
    text("member", key=True),
    whole("opened_at", key=True),
    text("request", key=True),
    whole("ordinal", key=True),
    whole("due"),
    whole("optional"),
    Index("ix_queue_member_due", "member", "due", "opened_at", "request", "ordinal"),
    **KEYED,
)

CROWDS = Table(
    "crowds",  # who belongs to a set of candidates too large for a row each
    METADATA,
    text("person", key=True),
    text("crowd", key=True),
    **KEYED,
)
