"""Signing in leads to a page of ours, whatever the address says."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.ids import PersonId
from storage import Database, accounts
from storage.organisation_files import read_file
from storage.organising import import_file
from tests.api.callers import START, application
from web.security.passwords import hashed

ELSEWHERE = (
    "//elsewhere.example",
    "/\\elsewhere.example",
    "/\t/elsewhere.example",
    "/\r\n/elsewhere.example",
    "/\n/elsewhere.example",
    "\t//elsewhere.example",
    "https://elsewhere.example",
    "javascript:alert(1)",
)
PASSWORD = "a password of some length"


@pytest.fixture
def known(database: Database) -> Database:
    """A database with one person, who has a password."""
    file = read_file(b"people: [{id: ann, name: Ann}]", "people.yaml")
    with database.write() as transaction:
        import_file(transaction, file, by=PersonId("admin"), by_name="", at=START)
        accounts.set_password(transaction, PersonId("ann"), hashed(PASSWORD), START)
    return database


def _try(client: FlaskClient, person: str, to: str = "") -> TestResponse:
    page = client.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    form = {"csrf_token": token[1], "person": person, "password": PASSWORD, "next": to}
    return client.post("/sign-in", data=form)


def _signed_in(database: Database, to: str) -> str:
    answer = _try(application(database).test_client(), "ann", to)
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_what_cannot_be_looked_for_is_nobody_and_nowhere(known: Database) -> None:
    client = application(known).test_client()
    for person in ("\x00", "an\x00n", "ann\x00"):
        assert _try(client, person).status_code == 422
    assert _try(client, "ann").status_code == 303
    for address in ("/requests/%00", "/tasks/%00-1", "/processes/%00", "/attachments/%00"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("to", ELSEWHERE)
def test_no_address_from_elsewhere_is_followed(known: Database, to: str) -> None:
    assert _signed_in(known, to) == "/"


@pytest.mark.parametrize("to", ["/requests", "/search?q=a+b", "/requests/x?tab=1"])
def test_a_page_of_ours_is(known: Database, to: str) -> None:
    assert _signed_in(known, to) == to
