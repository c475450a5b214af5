"""What proves the journal whole: the tree over all entries, its signed heads, who has read how far.

Leaves, tree, heads and stamps only grow; triggers say so.
"""

from sqlalchemy import Index, Table

from storage.tables.types import KEYED, METADATA, ROWS, blob, text, whole

LEAVES = Table(
    "leaves",  # a row for each entry that is sealed, in the order of commits
    METADATA,
    whole("idx", key=True),
    whole("position"),
    text("chain"),
    whole("seq"),
    blob("digest"),
    whole("xid"),
    Index("ix_leaves_position", "position", unique=True),
    Index("ix_leaves_chain_seq", "chain", "seq"),
    **ROWS,
)

TREE = Table(
    "tree",  # the complete subtrees above the leaves, from level 1 up
    METADATA,
    whole("level", key=True),
    whole("idx", key=True),
    blob("hash"),
    **KEYED,
)

HEADS = Table(
    "heads",
    METADATA,
    whole("ordinal", key=True),
    whole("epoch"),
    whole("size"),
    whole("at"),
    blob("root"),
    text("key"),
    blob("signature"),
    Index("ix_heads_size", "size"),
    **ROWS,
)

LOG = Table(
    "log",  # the log's id, its epoch, its key, and the like
    METADATA,
    text("name", key=True),
    text("value"),
    **KEYED,
)

STAMPS = Table(
    "stamps",  # RFC 3161 tokens over heads
    METADATA,
    whole("ordinal", key=True),  # of the head
    whole("at"),
    text("authority"),
    blob("token"),
    **KEYED,
)

FOLLOWERS = Table(
    "followers",  # how many leaves each follower has taken
    METADATA,
    text("name", key=True),
    whole("idx"),
    **KEYED,
)
