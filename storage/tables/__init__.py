"""The tables as SQLAlchemy knows them: what migrations are compared with and backups walk over.

Owns names, types and indexes; statements stand with those who run them. Imports SQLAlchemy only.
"""

from storage.tables import around, audit, kept, people, releases, requests, sealed, spent
from storage.tables.types import METADATA

__all__ = [
    "METADATA",
    "around",
    "audit",
    "kept",
    "people",
    "releases",
    "requests",
    "sealed",
    "spent",
]
