"""Who sends too much hears that it is too much, not a broken connection."""

from io import BytesIO

import pytest

from storage import Database
from tests.api.callers import application, give_token
from tests.workflows.organised import organise


@pytest.mark.parametrize("token", ["", "known"])
def test_a_refused_body_is_read_to_its_end(database: Database, token: str) -> None:
    app = application(organise(database))
    if token:
        token = give_token(database, "tech.lead")
    sent = BytesIO(b"{" + b" " * 3_000_000)
    answer = app.test_client(use_cookies=False).post(
        "/api/v1/requests",
        input_stream=sent,
        content_type="application/json",
        content_length=3_000_001,
        headers={"Authorization": f"Bearer {token}"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == (413 if token else 401)
    assert not sent.read()
