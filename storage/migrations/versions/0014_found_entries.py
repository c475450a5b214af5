"""Tables: what auditors search, and their notes."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
_TEXTS = ("chain", "verb", "outcome", "actor", "behalf", "subject", "request", "process")
_FLAGS = ("override", "substitution", "timer", "superseded", "change", "watching", "sign_in")
# Each row's words and signs are tokens of one index. The ascii tokenizer leaves every character
# beyond ASCII as it is.
_SQLITE = (
    "CREATE VIRTUAL TABLE search_entries USING fts5"
    "(words, content='', detail='none', columnsize=0, tokenize='ascii')",
)
_POSTGRESQL = (
    "CREATE TABLE search_entries"
    " (place BIGINT CONSTRAINT pk_search_entries PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_search_entries_words ON search_entries USING gin (words)",
)
# A note is never changed; it can be withdrawn, once.
_FIXED = "id, request, step, author, at, entry"
_NOTES_SQLITE = (
    "CREATE TRIGGER notes_are_never_changed"
    f" BEFORE UPDATE OF {_FIXED} ON notes"
    " BEGIN SELECT RAISE(ABORT, 'a note is never changed'); END",
    "CREATE TRIGGER notes_are_withdrawn_once"
    " BEFORE UPDATE OF withdrawn_at ON notes WHEN OLD.withdrawn_at IS NOT NULL"
    " BEGIN SELECT RAISE(ABORT, 'a note is withdrawn once'); END",
    "CREATE TRIGGER notes_are_never_removed BEFORE DELETE ON notes"
    " BEGIN SELECT RAISE(ABORT, 'a note is never removed'); END",
)
_NOTES_POSTGRESQL = (
    "CREATE FUNCTION notes_only_grow() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'a note is never changed or removed'; END $$",
    "CREATE TRIGGER notes_are_never_changed"
    f" BEFORE UPDATE OF {_FIXED} ON notes"
    " FOR EACH STATEMENT EXECUTE FUNCTION notes_only_grow()",
    "CREATE TRIGGER notes_are_withdrawn_once"
    " BEFORE UPDATE OF withdrawn_at ON notes"
    " FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL) EXECUTE FUNCTION notes_only_grow()",
    "CREATE TRIGGER notes_are_never_removed BEFORE DELETE OR TRUNCATE ON notes"
    " FOR EACH STATEMENT EXECUTE FUNCTION notes_only_grow()",
)


def upgrade() -> None:
    """Make them; storage.finding fills what is searched."""
    op.create_table(
        "found",
        sa.Column("place", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("seq", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("at", _WHOLE, autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("task", _WHOLE, autoincrement=False, nullable=False),
        *(sa.Column(name, _WHOLE, autoincrement=False, nullable=False) for name in _FLAGS),
        sa.Column("veiled", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_found"),
        sqlite_strict=True,
    )
    op.create_index("ix_found_chain_seq", "found", ["chain", "seq"], unique=True)
    op.create_table(
        "notes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("step", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("entry", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("withdrawn_at", _WHOLE, autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notes_request", "notes", ["request", "at"])
    op.create_table(
        "readings",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", _WHOLE, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("person", "request", "what", name="pk_readings"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in (
        (*_SQLITE, *_NOTES_SQLITE) if sqlite else (*_POSTGRESQL, *_NOTES_POSTGRESQL)
    ):
        op.execute(statement)
