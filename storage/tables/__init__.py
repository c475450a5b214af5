"""The tables as SQLAlchemy knows them: what migrations are compared with and backups walk over.

Owns names, types and indexes; statements stand with those who run them. Imports SQLAlchemy only.
"""

from storage.tables import around, kept, people, requests, sealed
from storage.tables.types import METADATA

__all__ = ["METADATA", "around", "kept", "people", "requests", "sealed"]
