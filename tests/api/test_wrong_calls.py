"""Whatever is sent, the answer is a problem in words, and nothing is half done."""

import json
from io import BytesIO
from typing import Any

import pytest

from engine.ids import PersonId
from tests.api.callers import API, Answer, Caller
from tests.api.conftest import As
from tests.api.examples import access, asked, task_of

JSON = "application/json"


def test_nobody_gets_nothing_but_the_description(as_: As) -> None:
    nobody = as_("")
    assert nobody.get("/alive").ok()["alive"] is True
    assert nobody.get("/openapi.json").ok()["openapi"] == "3.1.0"
    for path in ("/me", "/requests", "/tasks/x-1", "/requests/x/history", "/attachments/x"):
        refused = nobody.get(path).no(401)
        assert refused.headers["WWW-Authenticate"] == "Bearer"
    nobody.post("/requests", access()).no(401)
    nobody.post("/requests", data=b"{", content_type=JSON).no(401)
    forged = as_("")
    forged.token = "made up"
    forged.get("/me").no(401)


def test_addresses_and_methods_that_are_not_there(as_: As) -> None:
    officer = as_("business.officer")
    officer.get("/nothing").no(404)
    assert "POST" in officer.call("DELETE", "/requests").no(405).headers["Allow"]
    officer.post(f"/tasks/{task_of(asked(officer), 'approval')}/promote", {"to": "gm"}).no(404)
    for id in ("%00-1", "../../etc/passwd-1", "x", "x-01", "x-99999999999", "%ed%a0%80-1"):
        officer.get(f"/tasks/{id}").no(404)
        officer.get(f"/requests/{id}").no(404)
        officer.get(f"/attachments/{id}").no(404)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"not json", 400),
        (b"\xff\xfe", 400),
        (b'{"process": NaN}', 400),
        (b'{"process": "a", "process": "b"}', 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b'"text"', 422),
        (b"null", 422),
        (b'{"process": 1}', 422),
        (b'{"process": ""}', 422),
        (b'{"process": "document-access", "answers": []}', 422),
        (b'{"process": "document-access", "draft": "perhaps"}', 422),
        (b'{"process": "a\\u0000b"}', 422),
        (b'{"process": "a\\ud800b"}', 422),
        (b'{"process": "document-access", "answers": {"\\ud800": 1}}', 422),
        (b'{"process": "document-access", "answers": {"purpose": ["\\u0000"]}}', 422),
        (b'{"process": "document-access", "answers": {"x": %s}}' % (b"[" * 40 + b"]" * 40), 422),
        (b'{"process": "document-access", "answers": {"phone": 1e999999999}}', 422),
        (b'{"process": "document-access", "answers": {"phone": %s}}' % (b"9" * 5000), 422),
        (b'{"process": "%s"}' % (b"a" * 3_000_000), 413),
    ],
    ids=range(21),
)
def test_bodies_that_say_nothing_sensible(as_: As, body: bytes, status: int) -> None:
    officer = as_("business.officer")
    officer.post("/requests", data=body, content_type=JSON).no(status)
    assert officer.get("/requests").ok()["items"] == []


def test_a_large_body_in_chunks_is_too_large(as_: As) -> None:
    officer = as_("business.officer")
    response = officer.client.open(
        f"{API}/requests",
        method="POST",
        input_stream=BytesIO(b" " * 3_000_000),
        content_type=JSON,
        headers={"Authorization": f"Bearer {officer.token}"},
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert response.status_code == 413


def test_another_content_type_is_refused(as_: As) -> None:
    officer = as_("business.officer")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        officer.post("/requests", data=b"process=document-access", content_type=kind).no(415)
    officer.post("/requests", data=json.dumps(access()).encode()).no(415)


def test_numbers_keep_every_digit(as_: As) -> None:
    """A decimal sent as a JSON number is kept as the text that it was written as."""
    from web.api.bodies import read_json

    read = {"48.50": "48.50", "1e2": "100", "0.1": "0.1", "-0.0": "0", "12": 12, "1E-3": "0.001"}
    for text, value in read.items():
        assert read_json(text) == value
    assert read_json("9007199254740993") == "9007199254740993"


def test_a_query_is_checked_like_a_body(as_: As) -> None:
    officer = as_("business.officer")
    for query in ({"q": "a\x00b"}, {"q": "x" * 201}, {"cursor": "\x00"}):
        officer.get("/requests", **query).no(422)
        officer.get("/tasks", **query).no(422)
    assert officer.client.get(
        f"{API}/tasks?view=todo&view=done", headers={"Authorization": f"Bearer {officer.token}"}
    ).status_code == 422  # fmt: skip


def test_who_comes_with_a_cookie_brings_the_csrf_token(as_: As, home: Any, app: Any) -> None:
    from datetime import timedelta

    from storage import accounts
    from tests.api.callers import START

    with home.write() as transaction:
        accounts.open_session(
            transaction,
            "a session",
            PersonId("business.officer"),
            START,
            expires_at=START + timedelta(1),
        )
    client = app.test_client()
    client.set_cookie("countersign", "a session")
    assert client.get(f"{API}/me").get_json()["id"] == "business.officer"
    refused = client.post(f"{API}/requests", json=access())
    assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")
    assert "CSRF" in refused.get_json()["detail"]
    both = {"Authorization": f"Bearer {as_('business.officer').token}"}
    assert client.post(f"{API}/requests", json=access(), headers=both).status_code == 400
    assert client.get(f"{API}/requests").get_json()["items"] == []


def test_a_disabled_persons_token_dies_at_once(as_: As, home: Any) -> None:
    from storage import accounts
    from tests.api.callers import START

    officer = as_("business.officer")
    officer.get("/me").ok()
    with home.write() as transaction:
        accounts.disable(transaction, PersonId("business.officer"), START)
    officer.get("/me").no(401)


def test_refused_attempts_are_recorded_once_a_minute(as_: As, clock: Any) -> None:
    """R2"""
    officer, manager = as_("business.officer"), as_("fulfilment.manager")
    made = asked(officer)
    path = f"/tasks/{task_of(made, 'approval')}/approve"
    for body in ({"nonsense": 1}, {}, {"nonsense": 1}):
        officer.post(path, body).no(403)
    assert _refused(officer, made["id"]) == [("approve", "refused")]
    clock.turn(minutes=2)
    officer.post(path, {}).no(403)
    assert len(_refused(officer, made["id"])) == 2
    manager.post(f"/requests/{made['id']}/withdraw", {"nonsense": 1}).no(403)
    assert ("withdraw", "refused") in _refused(officer, made["id"])
    version = manager.get(path.removesuffix("/approve")).ok()["version"]
    assert version == made["open_tasks"][0]["version"]


def _refused(caller: Caller, id: str) -> list[tuple[str, str]]:
    entries: Answer = caller.get(f"/requests/{id}/history").ok()
    return [(e["verb"], e["outcome"]) for e in entries["entries"] if e["outcome"] != "done"]


def test_a_call_that_takes_no_query_says_so(as_: As) -> None:
    """What one may not know of still comes first."""
    officer = as_("business.officer")
    made = asked(officer)
    officer.get(f"/requests/{made['id']}", nonsense="1").no(422)
    officer.get("/requests/none", nonsense="1").no(404)
    officer.get("/me", nonsense="1").no(422)
