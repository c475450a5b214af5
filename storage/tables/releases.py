"""Versions and owners that wait for a second person, and the processes that want one."""

from sqlalchemy import Index, Table

from storage.tables.types import KEYED, METADATA, text, whole

RELEASE_RULES = Table(
    "release_rules",  # processes that two people release
    METADATA,
    text("process", key=True),
    whole("people"),
    **KEYED,
)

PROPOSALS = Table(
    "proposals",
    METADATA,
    text("id", key=True),
    text("kind"),
    text("what"),
    text("comment"),
    text("made_by"),
    whole("made_at"),
    text("state"),  # open, released, refused, withdrawn
    text("decided_by", null=True),
    whole("decided_at", null=True),
    text("said"),
    Index("ix_proposals_made_at", "made_at", "id"),
    **KEYED,
)

PROPOSED = Table(
    "proposed",  # which processes a proposal is about
    METADATA,
    text("proposal", key=True),
    text("process", key=True),
    whole("open"),
    Index("ix_proposed_process", "process", "open"),
    **KEYED,
)
"""The proposals of each process."""
