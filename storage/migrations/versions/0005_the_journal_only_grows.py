"""Triggers: a journal entry is never changed or removed; only its particulars can be erased."""

from alembic import op

revision = "0005"
down_revision = "0004"

_FIXED = "position, chain, seq, at, body, digest, xid"
_SQLITE = (
    "CREATE TRIGGER journal_is_never_changed"
    f" BEFORE UPDATE OF {_FIXED} ON journal"
    " BEGIN SELECT RAISE(ABORT, 'a journal entry is never changed'); END",
    "CREATE TRIGGER journal_is_never_shortened BEFORE DELETE ON journal"
    " BEGIN SELECT RAISE(ABORT, 'a journal entry is never removed'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'a journal entry is never changed or removed'; END $$",
    "CREATE TRIGGER journal_is_never_changed"
    f" BEFORE UPDATE OF {_FIXED} ON journal"
    " FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()",
    "CREATE TRIGGER journal_is_never_shortened BEFORE DELETE OR TRUNCATE ON journal"
    " FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()",
)


def upgrade() -> None:
    """Refuse what would rewrite history."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE if sqlite else _POSTGRESQL:
        op.execute(statement)
