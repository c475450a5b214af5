"""Tables: what was erased of the journal; nothing else of it changes."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
# An erasure needs its account: a row here that names the entry of the system chain which tells of
# it, and that entry has just been written. (SQLite numbers no transactions: there it has to be the
# last of its chain.)
_SQLITE = (
    "CREATE TRIGGER journal_is_erased_by_account"
    " BEFORE UPDATE OF particulars ON journal WHEN NOT EXISTS ("
    "SELECT 1 FROM erasures e WHERE e.chain = OLD.chain AND e.seq = OLD.seq"
    " AND e.entry = (SELECT MAX(j.seq) FROM journal j WHERE j.chain = 'system'))"
    " BEGIN SELECT RAISE(ABORT, 'particulars are never changed, only erased by account'); END",
    "CREATE TRIGGER erasures_are_never_changed BEFORE UPDATE ON erasures"
    " BEGIN SELECT RAISE(ABORT, 'an account of an erasure is never changed'); END",
    "CREATE TRIGGER erasures_are_never_removed BEFORE DELETE ON erasures"
    " BEGIN SELECT RAISE(ABORT, 'an account of an erasure is never removed'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION journal_erased_by_account() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN IF NOT EXISTS (SELECT 1 FROM erasures e JOIN journal j"
    " ON j.chain = 'system' AND j.seq = e.entry"
    " WHERE e.chain = OLD.chain AND e.seq = OLD.seq"
    " AND j.xid = pg_current_xact_id()::text::bigint)"
    " THEN RAISE EXCEPTION 'particulars are never changed, only erased by account'; END IF;"
    " RETURN NEW; END $$",
    "CREATE TRIGGER journal_is_erased_by_account BEFORE UPDATE OF particulars ON journal"
    " FOR EACH ROW EXECUTE FUNCTION journal_erased_by_account()",
    "CREATE FUNCTION erasures_only_grow() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'an account of an erasure is never changed or removed'; END $$",
    "CREATE TRIGGER erasures_are_never_changed BEFORE UPDATE ON erasures"
    " FOR EACH STATEMENT EXECUTE FUNCTION erasures_only_grow()",
    "CREATE TRIGGER erasures_are_never_removed BEFORE DELETE OR TRUNCATE ON erasures"
    " FOR EACH STATEMENT EXECUTE FUNCTION erasures_only_grow()",
)


def upgrade() -> None:
    """Make the table; particulars change no more without a row of it."""
    op.create_table(
        "erasures",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", _WHOLE, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entry", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", "path", name="pk_erasures"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE if sqlite else _POSTGRESQL:
        op.execute(statement)
