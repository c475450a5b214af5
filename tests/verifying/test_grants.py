"""An account that serves and can't change history (PostgreSQL): the whole story goes through it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner

from engine.ids import PersonId
from storage import Database, erasing, grants, sealing, verifying
from storage.keys import Keys
from tests.support import databases
from tests.verifying import homes
from tests.verifying.homes import NOW
from web.cli.granting import grants as command


@pytest.fixture
def serving(
    postgresql_home: Database, postgresql: databases.Server, tmp_path: Path
) -> Iterator[Database]:
    """The home as the serving account sees it; the tables are another's."""
    role = f"serving_{uuid4().hex[:12]}"
    with postgresql.admin() as admin:
        admin.execute(f'CREATE ROLE "{role}" LOGIN')
    with postgresql_home.write() as transaction:
        grants.apply(transaction, role)
    served = Database(postgresql_home.url.replace("postgres@", f"{role}@"), tmp_path)
    yield served
    served.close()
    with postgresql_home.write() as transaction:
        transaction.execute(f'DROP OWNED BY "{role}"')
    postgresql_home.close()
    with postgresql.admin() as admin:
        admin.execute(f'DROP ROLE "{role}"')


REFUSED = (
    "UPDATE journal SET body = digest",
    "UPDATE journal SET digest = body WHERE chain = 'r1'",
    "DELETE FROM journal",
    "TRUNCATE journal",
    "DELETE FROM leaves",
    "UPDATE leaves SET digest = '' ",
    "UPDATE tree SET hash = ''",
    "DELETE FROM heads",
    "UPDATE heads SET root = ''",
    "UPDATE erasures SET reason = ''",
    "DELETE FROM erasures",
    "DROP TRIGGER journal_is_never_changed ON journal",
    "ALTER TABLE journal DISABLE TRIGGER ALL",
    "DROP TABLE journal",
    "CREATE OR REPLACE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RETURN NULL; END $$",
    "SET session_replication_role = replica",
    "UPDATE journal SET particulars = body",
)


def test_the_whole_story_goes_through_an_account_that_cannot_change_history(
    serving: Database,
) -> None:
    keys = homes.fill(serving)
    for statement in REFUSED:
        with pytest.raises(psycopg.Error), serving.write() as transaction:
            transaction.execute(statement)
    with serving.write() as transaction:
        what = {("r1", 1): ["input.answers.why"]}
        at = NOW + timedelta(days=9)
        erasing.erase(transaction, what, by=PersonId("admin"), at=at, reason="法")
    sealing.seal(serving, keys, NOW + timedelta(days=10))
    report = verifying.verify(serving, Keys(serving.home / "keys"), quick=True)
    assert [str(each) for each in report.findings] == []


def test_what_is_granted_is_printed() -> None:
    done = CliRunner().invoke(command, ["serving"])
    assert done.exit_code == 0
    assert 'GRANT UPDATE (particulars) ON "journal" TO "serving";' in done.output
    assert "GRANT INSERT ON" in done.output
    assert CliRunner().invoke(command, ["x; DROP"]).exit_code == 2
