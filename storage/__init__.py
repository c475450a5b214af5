"""Keeping it: tables, the unit of work, the journal's rows, projections, queries, attachments.

Imports engine, SQLAlchemy and Alembic. Never imports web or Flask.
"""
