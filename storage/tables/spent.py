"""Numbers for owners, by day: what the follower “time spent” makes of sealed entries."""

from sqlalchemy import Index, Table

from engine.statistics import DEPARTMENTS, MEASURES, NODES, PROCESSES
from storage.tables.types import KEYED, METADATA, blob, text, whole

SPENT_REQUESTS = Table(
    "spent_requests",  # what a request has added to the days, and what only entries tell of it
    METADATA,
    text("request", key=True),
    blob("rest"),
    **KEYED,
)

SPENT_OPEN = Table(
    "spent_open",  # the desks that are open
    METADATA,
    text("request", key=True),
    text("key", key=True),
    text("process"),
    whole("version"),
    text("node"),
    whole("since"),
    whole("due"),  # storage.moments.NEVER where there is none
    Index("ix_spent_open_since", "process", "since", "request", "key"),
    Index("ix_spent_open_due", "process", "due"),
    **KEYED,
)

SPENT_NODES = Table(
    "spent_nodes",
    METADATA,
    text("process", key=True),
    whole("day", key=True),
    whole("version", key=True),
    text("name", key=True),
    *(whole(name) for name in NODES),
    *(whole(f"{name}_sum") for name in MEASURES["nodes"]),
    *(blob(f"{name}_spread") for name in MEASURES["nodes"]),
    **KEYED,
)

SPENT_PROCESSES = Table(
    "spent_processes",
    METADATA,
    text("process", key=True),
    whole("day", key=True),
    whole("version", key=True),
    *(whole(name) for name in PROCESSES),
    *(whole(f"{name}_sum") for name in MEASURES["processes"]),
    *(blob(f"{name}_spread") for name in MEASURES["processes"]),
    **KEYED,
)

SPENT_DEPARTMENTS = Table(
    "spent_departments",  # load, never speed
    METADATA,
    text("process", key=True),
    whole("day", key=True),
    text("name", key=True),
    *(whole(name) for name in DEPARTMENTS),
    **KEYED,
)
