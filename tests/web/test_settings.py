"""What is wrong with the environment is told in words, all of it at once."""

from pathlib import Path

import pytest
import sqlalchemy

from storage import Database, migrate
from storage.migrating import is_newer
from web.settings import DEMO_FILE, BadSettings, read

SECRET = "x" * 40


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COUNTERSIGN_ZONE", "Mars/Base"),
        ("COUNTERSIGN_ZONE", "../../etc/passwd"),
        ("COUNTERSIGN_ZONE", "Asia"),
        ("COUNTERSIGN_DATABASE", "mysql://someone:secret@host/name"),
        ("COUNTERSIGN_DATABASE", "nonsense"),
        ("PORT", "many"),
        ("COUNTERSIGN_WEBHOOKS", "example.com, http://x/y"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, name: str, value: str) -> None:
    environ = {"COUNTERSIGN_HOME": str(tmp_path), "COUNTERSIGN_SECRET_KEY": SECRET, name: value}
    with pytest.raises(BadSettings) as bad:
        read(environ)
    assert name in str(bad.value)
    assert "secret" not in str(bad.value)


def test_a_demo_file_that_was_damaged_is_named(tmp_path: Path) -> None:
    (tmp_path / DEMO_FILE).write_text("{")
    with pytest.raises(BadSettings, match=DEMO_FILE):
        read({"COUNTERSIGN_HOME": str(tmp_path)})


def test_a_database_of_a_later_version_is_known_as_one(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'countersign.db'}", tmp_path)
    assert not is_newer(database)
    migrate(database)
    assert not is_newer(database)
    with database.engine() as engine, engine.begin() as connection:
        connection.execute(sqlalchemy.text("UPDATE alembic_version SET version_num = '9999'"))
    assert is_newer(database)
    database.close()
