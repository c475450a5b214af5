"""What is never derived: the journal, the definitions' files, the attachments' names."""

from sqlalchemy import ForeignKey, Index, Table

from storage.tables.types import KEYED, METADATA, ROWS, blob, numbered, text, whole

JOURNAL = Table(
    "journal",
    METADATA,
    numbered("position"),
    text("chain"),
    whole("seq"),
    whole("at"),
    blob("body"),
    blob("particulars"),
    blob("digest"),
    whole("xid"),  # the transaction on PostgreSQL, where positions are not the order of commits
    Index("ix_journal_chain_seq", "chain", "seq", unique=True),
    **ROWS,
)

DEFINITIONS = Table(
    "definitions",
    METADATA,
    numbered("place"),
    text("digest"),
    text("process"),
    whole("version"),
    text("name"),
    text("name_en"),
    whole("deployed_at"),
    text("deployed_by"),
    Index("ix_definitions_digest", "digest"),
    Index("ix_definitions_process_version", "process", "version", unique=True),
    **ROWS,
)

FILES = Table("files", METADATA, text("digest", key=True), blob("content"), **KEYED)

DEFINITION_FILES = Table(
    "definition_files",
    METADATA,
    text("definition", key=True),
    text("name", key=True),
    text("file"),
    **KEYED,
)
DEFINITION_FILES.c.file.append_foreign_key(ForeignKey("files.digest"))

STARTS = Table(
    "starts",  # messages and signals that start the latest version of a process
    METADATA,
    text("process", key=True),
    text("kind", key=True),
    text("name", key=True),
    Index("ix_starts_kind_name", "kind", "name"),
    **KEYED,
)

BEGINNINGS = Table(
    "beginnings",  # when processes begin by themselves; due 0: to be worked out
    METADATA,
    text("process", key=True),
    text("node", key=True),
    whole("due"),
    whole("remaining"),
    text("every"),
    Index("ix_beginnings_due", "due"),
    **KEYED,
)

OWNERS = Table(
    "owners",
    METADATA,
    text("process", key=True),
    text("person", key=True),
    Index("ix_owners_person", "person"),
    **KEYED,
)

ATTACHMENTS = Table(
    "attachments",
    METADATA,
    text("id", key=True),
    blob("sha256"),
    text("name"),
    whole("size"),
    text("media_type"),
    text("uploaded_by"),
    whole("at"),
    text("request", null=True),
    Index("ix_attachments_request", "request"),
    Index("ix_attachments_sha256", "sha256"),
    **KEYED,
)

ERASURES = Table(
    "erasures",  # what was erased of the journal: only added, as the journal is
    METADATA,
    text("chain", key=True),
    whole("seq", key=True),
    text("path", key=True),  # of a particular; or `attachment:` and an id
    whole("at"),
    text("by"),
    text("reason"),
    whole("entry"),  # the number of the system chain's entry that tells of it
    **KEYED,
)
