"""An administrator reads what requests say only with a reason, whatever else he makes himself."""

from typing import Any

import pytest

from tests.api.conftest import As
from tests.api.examples import asked

WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "head of the requester's department": ("/organisation/departments/业务部", {"head": "admin"}),
    "owner before": ("/organisation/people/owner", {"role": "administrator"}),
}


@pytest.mark.parametrize("way", WAYS)
def test_he_does_not_get_round_the_reason(as_: As, way: str) -> None:
    """K3: he keeps the organisation, and so could name himself whatever sees."""
    made = asked(as_("business.officer"))
    address, change = WAYS[way]
    as_("admin").put(address, change).ok()
    caller = as_("owner" if "role" in change else "admin")
    path = f"/requests/{made['id']}"
    assert caller.get(path).ok()["title"] == ""
    for more in ("/history", "/replay", "/export"):
        caller.get(f"{path}{more}").no(403)
    (row,) = caller.get("/requests", view="all").ok()["items"]
    assert (row["title"], row["summary"]) == ("", {})
    assert caller.get("/requests", view="all", q=made["title"]).ok()["items"] == []
    assert caller.get("/requests/export").ok()["requests"] == []
    caller.get("/entries").no(403)
    read = caller.get(f"{path}/history", headers={"Comment": "audit"}).ok()["entries"]
    assert read[-1]["verb"] == "look"
    assert caller.get(f"{path}/export").no(403)
