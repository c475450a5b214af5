"""The search index: pairs of characters, in FTS5 or in a tsvector with GIN."""

from alembic import op

revision = "0006"
down_revision = "0005"

# The ascii tokenizer leaves every character beyond ASCII as it is: each pair is one token.
_SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5"
    "(pairs, content='', detail='none', columnsize=0, tokenize='ascii')",
)
_POSTGRESQL = (
    "CREATE TABLE search_index"
    " (place BIGINT CONSTRAINT pk_search_index PRIMARY KEY, pairs TSVECTOR NOT NULL)",
    "CREATE INDEX ix_search_index_pairs ON search_index USING gin (pairs)",
)


def upgrade() -> None:
    """Make it; storage.search fills it."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE if sqlite else _POSTGRESQL:
        op.execute(statement)
