"""Tables: the journal, the definitions and their files, the attachments."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "journal",
        sa.Column("position", _WHOLE, autoincrement=True, nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", _WHOLE, nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("particulars", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("xid", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_journal"),
        sqlite_strict=True,
    )
    op.create_index("ix_journal_chain_seq", "journal", ["chain", "seq"], unique=True)
    op.create_table(
        "definitions",
        sa.Column("place", _WHOLE, autoincrement=True, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("version", _WHOLE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("deployed_at", _WHOLE, nullable=False),
        sa.Column("deployed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_definitions"),
        sqlite_strict=True,
    )
    op.create_index("ix_definitions_digest", "definitions", ["digest"])
    op.create_index(
        "ix_definitions_process_version", "definitions", ["process", "version"], unique=True
    )
    op.create_table(
        "files",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_files"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "definition_files",
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("definition", "name", name="pk_definition_files"),
        sa.ForeignKeyConstraint(["file"], ["files.digest"], name="fk_definition_files_file_files"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "owners",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("process", "person", name="pk_owners"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_owners_person", "owners", ["person"])
    op.create_table(
        "attachments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", _WHOLE, nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        sa.Column("request", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_attachments_request", "attachments", ["request"])
    op.create_index("ix_attachments_sha256", "attachments", ["sha256"])
