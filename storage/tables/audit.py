"""What auditors search, their notes, and who has lately read whose history."""

from sqlalchemy import Index, Table

from storage.tables.types import KEYED, METADATA, ROWS, text, whole

FOUND = Table(
    "found",  # a row for each sealed entry that can be searched
    METADATA,
    whole("place", key=True),  # the order of time: its milliseconds, and one more where it is taken
    whole("seq"),
    whole("at"),
    text("chain"),
    text("verb"),
    text("outcome"),
    text("actor"),
    text("behalf"),  # in whose place; empty: in his own
    text("subject"),  # whom it is about, in the system chain
    text("request"),  # the request that it is part of or about; empty: none, or several
    text("process"),
    text("department"),  # of the requester
    text("node"),
    whole("task"),  # the slot's ordinal; 0: none
    whole("override"),
    whole("substitution"),
    whole("timer"),  # by a timer or the system itself
    whole("superseded"),  # it put an earlier round, node or place out of force
    whole("change"),  # of deployments, organisation, rights, keys
    whole("watching"),  # an export, a reading, an auditor's note
    whole("sign_in"),
    whole("veiled"),  # a decision that can be undone: only its author and auditors know which
    text("text"),  # number and title, then what was said: to confirm what the index finds
    Index("ix_found_chain_seq", "chain", "seq", unique=True),
    **ROWS,
)

NOTES = Table(
    "notes",  # auditors' notes; the text is a particular of their entry in the system chain
    METADATA,
    text("id", key=True),
    text("request"),
    whole("step"),  # the number of an entry; 0: about the request as a whole
    text("author"),
    whole("at"),
    whole("entry"),
    whole("withdrawn_at", null=True),
    Index("ix_notes_request", "request", "at"),
    **KEYED,
)

READINGS = Table(
    "readings",  # when somebody's reading of another's history was last recorded
    METADATA,
    text("person", key=True),
    text("request", key=True),
    text("what", key=True),
    whole("at"),
    **KEYED,
)
