"""What somebody with every right to the database can do to it, for tests of the proof."""

from collections.abc import Callable
from dataclasses import replace
from os import urandom
from typing import Any

from engine.journal import Entry, seal
from storage import journal
from storage.packing import pack_bytes
from storage.transaction import Transaction

Change = Callable[[Entry], Entry]


def unguard(transaction: Transaction) -> None:
    """Drop every trigger."""
    if transaction.dialect == "sqlite":
        named = transaction.all("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in named:
            transaction.execute(f'DROP TRIGGER "{name}"')
        return
    named = transaction.all(
        "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal"
    )
    for name, table in named:
        transaction.execute(f'DROP TRIGGER "{name}" ON "{table}"')


def rewrite(transaction: Transaction, chain: str, seq: int, change: Change) -> None:
    """Change an entry, and seal it and those after it anew, so that the chain looks whole."""
    previous = b""
    for kept in journal.kept_entries(transaction, chain):
        if kept.seq < seq:
            previous = kept.digest
            continue
        entry = kept.entry if kept.seq > seq else change(kept.entry)
        previous = put(transaction, entry, previous, at=kept.seq)


def put(transaction: Transaction, entry: Entry, previous: bytes, *, at: int) -> bytes:
    """Lay an entry where another one lies; its digest."""
    made = seal(entry, previous, urandom(16))
    transaction.execute(
        "UPDATE journal SET body = ?, particulars = ?, digest = ? WHERE chain = ? AND seq = ?",
        (
            pack_bytes(made.body, journal.context(entry.chain, at, entry.at)),
            pack_bytes(made.particulars),
            made.digest,
            entry.chain,
            at,
        ),
    )
    return made.digest


def saying(**body: Any) -> Change:
    """An entry whose body says something else."""
    return lambda entry: replace(entry, body={**entry.body, **body})
