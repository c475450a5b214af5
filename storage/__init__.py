"""Keeping it: tables, the unit of work, the journal's rows, projections, queries, attachments.

Owns every SQL statement, the database's address and the home's files. Imports engine, forms,
SQLAlchemy, Alembic and psycopg. Never imports web or Flask; decides nothing that a rule names.
"""

from storage.database import Database
from storage.migrating import migrate
from storage.reader import Reader
from storage.unit_of_work import DatabaseUnitOfWork

__all__ = ["Database", "DatabaseUnitOfWork", "Reader", "migrate"]
