"""A text with a NUL in it, which no PostgreSQL keeps, is an ordinary mistake in every form."""

import re
from typing import Any

import pytest

from storage import Database
from tests.pages.visitors import Visitor, application
from tests.workflows.organised import organise

NUL = "a\x00b"
FORMS: list[tuple[str, str, dict[str, Any]]] = [
    ("admin", "/organisation/new/people", {"id": "zoe", "name": "Zoe", "key": NUL}),
    ("admin", "/organisation/new/people", {"id": NUL, "name": NUL}),
    ("admin", "/organisation/new/groups", {"name": NUL}),
    ("admin", "/organisation/members/groups/risk-committee", {"put": NUL}),
    ("admin", "/handovers", {"person": "gm", "to": "deputy.gm", "comment": NUL, "key": NUL}),
    ("admin", "/processes/work-order/owners", {"owners": ["owner"], "comment": NUL}),
    ("owner", "/processes/work-order/owners", {"owners": ["owner", NUL], "comment": NUL}),
    ("gm", "/account/away", {"substitute": "deputy.gm", "key": NUL}),
    ("gm", "/start/work-order", {NUL: NUL, "title": NUL, "_once": NUL}),
]


@pytest.mark.parametrize(("person", "address", "said"), FORMS)
def test_a_nul_is_never_a_crash(
    database: Database, person: str, address: str, said: dict[str, Any]
) -> None:
    organise(database)
    visitor = Visitor(application(database), database, person)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', visitor.get("/account").text)
    assert token is not None
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        sent = {**said, "csrf_token": token[1]}
        answer = visitor.client.post(address, data=sent, content_type=kind, follow_redirects=True)
        assert answer.status_code in (200, 404, 409, 422), answer.get_data(as_text=True)[:500]
