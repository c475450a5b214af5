"""A database with the demo organisation and every shipped process, ready for a story."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import forms
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.ids import PersonId
from storage import Database, definitions
from storage.organisation_files import OrganisationFile, read_file
from storage.organising import import_file
from tests.support.cast import ORGANISATION

WORKFLOWS = Path(__file__).parents[2] / "workflows"
KINDS = (".bpmn", ".form", ".csv", ".dmn")
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


def files_of(key: str) -> dict[str, bytes]:
    """A process folder's deployable files."""
    return {p.name: p.read_bytes() for p in (WORKFLOWS / key).iterdir() if p.suffix in KINDS}


def keys() -> list[str]:
    """The shipped processes."""
    return sorted(p.parent.name for p in WORKFLOWS.glob("*/*.bpmn"))


@cache
def shipped(key: str) -> Definition:
    """A shipped process, compiled once."""
    return compile_definition(files_of(key), forms.read)


@cache
def demo_organisation() -> OrganisationFile:
    """The demo organisation, read once."""
    return read_file(ORGANISATION.read_bytes(), ORGANISATION.name)


def organise(database: Database, **instead: Definition) -> Database:
    """Import the demo organisation and deploy the processes (one perhaps in another version)."""
    with database.write() as transaction:
        import_file(transaction, demo_organisation(), by=PersonId("admin"), by_name="", at=BEFORE)
    for key in keys():
        definition = instead.get(key.replace("-", "_")) or shipped(key)
        with database.write() as transaction:
            database.definitions.keep(definition)
            definitions.deploy(transaction, definition, by=PersonId("owner"), at=BEFORE)
    return database
