"""People who call the API: every answer that they get is checked against what is documented."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from engine.ids import PersonId
from storage import Database, accounts
from web.api.calls import CALLS
from web.api.shapes import Problem
from web.app import create_app
from web.settings import Settings

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
"""Monday, 09:00 in Shanghai."""
API = "/api/v1"
_BY_NAME = {call.name: call for call in CALLS}


def file(content: bytes, name: str) -> FileStorage:
    """A file to send."""
    return FileStorage(BytesIO(content), filename=name)


class Clock:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **by: float) -> None:
        """Later."""
        self.at += timedelta(**by)


def application(database: Database, clock: Clock | None = None) -> Flask:
    """The application over a database of a test."""
    settings = Settings(
        home=database.home,
        database=database.url,
        secret_key="only for tests, and long enough for them",
        demo=True,
        secure_cookies=False,
        attachment_bytes=1024 * 1024,
    )
    app = create_app(settings, database=database, clock=clock or Clock())
    app.testing = True
    return app


def give_token(database: Database, person: str) -> str:
    """A token of this person."""
    secret = f"token of {person}"
    with database.write() as transaction:
        if accounts.token(transaction, secret, START) is None:
            accounts.add_token(transaction, secret, PersonId(person), START)
    return secret


class Answer:
    """What a call was answered with."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.data = response.data
        self.json: Any = response.get_json(silent=True, force=True)
        response.close()

    def __getitem__(self, name: str) -> Any:
        return self.json[name]

    def ok(self, status: int = 200) -> "Answer":
        """This answer, which has to be a success."""
        assert self.status == status, f"{self.status}: {self.data.decode(errors='replace')[:2000]}"
        return self

    def no(self, status: int) -> "Answer":
        """This answer, which has to be a problem document."""
        assert self.status == status, f"{self.status}: {self.data.decode(errors='replace')[:2000]}"
        assert self.headers["Content-Type"] == "application/problem+json"
        return self


class Caller:
    """One person, calling with his token."""

    def __init__(self, app: Flask, database: Database, person: str) -> None:
        self.app = app
        self.person = person
        self.client: FlaskClient = app.test_client(use_cookies=False)
        self.token = give_token(database, person) if person else ""

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        data: Any = None,
        content_type: str | None = None,
        **query: Any,
    ) -> Answer:
        """Make a call; a `body` goes as JSON."""
        sent = dict(headers or {})
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if body is not None:
            data, content_type = json.dumps(body).encode(), "application/json"
        response = self.client.open(
            f"{API}{path}",
            method=method,
            headers=sent,
            data=data,
            content_type=content_type,
            query_string={name: each for name, each in query.items() if each is not None},
        )
        answer = Answer(response)
        self._check(method, path, answer)
        return answer

    def get(self, path: str, **more: Any) -> Answer:
        """GET."""
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        """POST."""
        return self.call("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Answer:
        """PUT."""
        return self.call("PUT", path, body, **more)

    def delete(self, path: str, **more: Any) -> Answer:
        """DELETE."""
        return self.call("DELETE", path, **more)

    def send(self, path: str, parts: Mapping[str, Any]) -> Answer:
        """POST these parts as multipart/form-data; files as `file` makes them."""
        # werkzeug's client would leave the temporary file of a large body open.
        boundary, data = encode_multipart(parts)
        kind = f'multipart/form-data; boundary="{boundary}"'
        return self.call("POST", path, data=data, content_type=kind)

    def _check(self, method: str, path: str, answer: Answer) -> None:
        """Every answer is what the OpenAPI document says."""
        assert answer.status < 500 or answer.status == 503, answer.data[:2000]
        assert "no-store" in answer.headers["Cache-Control"]
        if answer.status >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert Problem().load(answer.json)["status"] == answer.status
            return
        with self.app.test_request_context(f"{API}{path}", method=method) as context:
            endpoint = context.request.endpoint
        shape = _BY_NAME[str(endpoint).removeprefix("api.")].answer
        if shape is not None and answer.headers["Content-Type"].startswith("text/csv"):
            return  # the same as a file
        if shape is not None:
            shape().load(answer.json)
