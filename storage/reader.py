"""A read: one snapshot of the database, which queries are given."""

from typing import TYPE_CHECKING

from storage.transaction import Transaction

if TYPE_CHECKING:
    from storage.definitions import Definitions
    from storage.organisation import Organisation


class Reader(Transaction):
    """A read-only transaction, and the caches that stand beside every transaction."""

    __slots__ = ("definitions", "organisation")

    definitions: "Definitions"
    organisation: "Organisation"
