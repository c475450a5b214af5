"""Hostile files sent to the API: 4xx and a sentence, and the database is as it was."""

from collections.abc import Mapping

import pytest
from sqlalchemy import MetaData, func, select

from storage import Database
from tests.api.callers import Caller, Clock, application, file
from tests.wild.hostile import GROUPS
from tests.workflows.organised import organise

SENT = ("foreign", "names", "tables", "xml")
"""The groups that are sent; the others differ for the compiler only (test_hostile.py)."""


def counted(database: Database) -> Mapping[str, int]:
    """How many rows each table has."""
    tables = MetaData()
    with database.engine() as engine, engine.connect() as connection:
        tables.reflect(connection, only=lambda name, _: not name.startswith("search_"))
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in tables.tables.items()
        }


@pytest.mark.parametrize("group", SENT)
def test_what_must_not_deploy_leaves_nothing_behind(group: str, database: Database) -> None:
    home = organise(database)
    owner = Caller(application(home, Clock()), home, "owner")
    owner.get("/processes").ok()
    before = counted(home)
    for each in GROUPS[group]():
        if each.refused:
            files = [file(content, name) for name, content in each.files.items()]
            answer = owner.send("/deployments", {"files": files})
            assert 400 <= answer.status < 500, (each.name, answer.status)
            assert answer.json["detail"].strip(), each.name
    assert counted(home) == before
    assert owner.get("/processes").ok()["items"]
