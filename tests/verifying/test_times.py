"""What is kept beside the journal has the times and texts of its entries, however clocks go."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from engine.ids import PersonId
from storage import Database, organising
from storage.keys import Keys
from storage.organisation_files import read_file
from storage.verifying import verify
from tests.api.callers import START, Caller, application
from tests.api.test_releasing import ORGANISATION, memo, put_up
from tests.audit.following import followed
from tests.workflows.organised import organise


class Hasty:
    """A clock that goes on, or back, by a second whenever somebody looks at it."""

    def __init__(self, seconds: int) -> None:
        self.at, self.by = START, timedelta(seconds=seconds)

    def __call__(self) -> datetime:
        self.at += self.by
        return self.at


@pytest.mark.parametrize("seconds", [1, -1])
def test_nothing_differs_from_the_journal(database: Database, seconds: int) -> None:
    """Else what nobody has touched would be told as tampered with."""
    organise(database)
    with database.write() as transaction:
        file = read_file(ORGANISATION.encode(), "more.yaml")
        organising.import_file(transaction, file, by=PersonId("admin"), by_name="", at=START)
    app = application(database, Hasty(seconds))  # type: ignore[arg-type]
    _organisation(app, database)
    _releases(app, database)
    followed(database)
    report = verify(database, Keys(database.home / "keys"))
    assert [str(each) for each in report.findings] == []


def _organisation(app: Flask, database: Database) -> None:
    admin, gm = Caller(app, database, "admin"), Caller(app, database, "gm")
    given = {"substitute": "deputy.gm", "from": "2027-01-01", "until": "2027-02-01"}
    made = gm.post("/substitutions", given).ok(201)
    gm.delete(f"/substitutions/{made['id']}").ok()
    Caller(app, database, "tech.operator").post(
        "/substitutions", {"substitute": "sales.manager", "until": "2027-01-01"}
    ).ok(201)
    handing = {"person": "sales.manager", "to": "gm", "comment": "-"}
    first = admin.post("/handovers", handing).ok(201)
    admin.post("/handovers", {**handing, "to": "deputy.gm"}).ok(201)
    admin.delete(f"/handovers/{first['id']}")
    leaving = {"to": "tech.lead", "comment": "-"}
    admin.post("/organisation/people/tech.operator/leave", leaving).ok()


def _releases(app: Flask, database: Database) -> None:
    first, second = Caller(app, database, "owner"), Caller(app, database, "second.owner")
    put_up(first, memo("gm")).ok(201)
    first.put("/processes/memo/owners", {"owners": ["owner", "second.owner"]}).ok()
    first.put("/processes/memo/release", {"people": 2}).ok()
    for signer, verb in (("deputy.gm", "release"), ("tech.lead", "refuse")):
        id = put_up(first, memo(signer)).ok(202)["proposal"]
        second.post(f"/proposals/{id}/{verb}", {"comment": "-"}).ok()
    put_up(first, memo("sales.manager")).ok(202)
