"""Choosing approvers on the start form's page."""

from storage import Database
from tests.api.diagrams import deploy
from tests.api.test_choosing import FILES
from tests.pages.conftest import Visit


def test_people_are_chosen_by_name(visit: Visit, home: Database) -> None:
    deploy(home, FILES)
    officer = visit("business.officer")
    page = officer.get("/start/pick")
    values = {o.get("value") for o in page.all("//select[@name='boss']/option")}
    assert values == {"", "business.manager", "gm"}
    assert "business.manager" not in page.words("//select[@name='boss']"), "people by their names"
    page = officer.press(page, "submit", {"topic": "x", "boss": "gm"})
    assert page.status == 200
