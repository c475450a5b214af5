"""Straight back to who returned it (B5), over the API and on both databases; replayed from the
journal."""

from engine.diagrams.definition import Definition
from engine.replay import replay
from storage import Database
from tests.api.conftest import As
from tests.api.diagrams import deploy, end, form, start, text
from tests.engine.live import chain, process, task

SIGN = {"approval": "single", "approval__onRejected": "end"}
FILES = {
    "back.bpmn": process(
        "back",
        start("ask"),
        task("first", assignee="finance.manager", fields__hide="note", **SIGN),
        task("last", assignee="gm", return__resubmit="straight", **SIGN),
        end(),
        chain("start", "first", "last", "end"),
    ),
    "ask.form": form("ask", text("amount"), text("note")),
}


def returned(as_: As, home: Database) -> str:
    """A request that the general manager has returned to its requester."""
    deploy(home, FILES)
    given = {"process": "back", "answers": {"amount": "1", "note": "x"}}
    id: str = as_("business.officer").post("/requests", given).ok(201)["id"]
    act(as_, id, "finance.manager", "approve")
    act(as_, id, "gm", "return", to="initiator", comment="say more")
    return id


def act(as_: As, request: str, who: str, verb: str, **body: object) -> object:
    """A verb on his open task."""
    (found,) = as_(who).get("/tasks", request=request).ok()["items"]
    return as_(who).post(f"/tasks/{found['id']}/{verb}", body).ok()


def holders(as_: As, request: str) -> list[str]:
    found = as_("business.officer").get(f"/requests/{request}").ok()["open_tasks"]
    return [each["node"]["id"] for each in found]


def is_replayed(home: Database, request: str) -> bool:
    with home.unit_of_work() as uow:
        entries = uow.entries(request)
        return replay(entries, lambda digest: home_definition(home, digest), home.calendar) is None


def home_definition(home: Database, digest: str) -> Definition:
    with home.read() as reader:
        return home.definitions.beginning(reader, digest)


def test_what_others_did_not_see_goes_straight_back(as_: As, home: Database) -> None:
    """B5."""
    request = returned(as_, home)
    act(as_, request, "business.officer", "complete", answers={"amount": "1", "note": "more"})
    assert holders(as_, request) == ["last"]
    entries = as_("business.officer").get(f"/requests/{request}/history").ok()["entries"]
    assert entries[-1]["changes"]
    act(as_, request, "gm", "approve")
    assert as_("business.officer").get(f"/requests/{request}").ok()["status"] == "completed"
    assert is_replayed(home, request)


def test_what_others_saw_is_put_before_them_again(as_: As, home: Database) -> None:
    """B5."""
    request = returned(as_, home)
    act(as_, request, "business.officer", "complete", answers={"amount": "2", "note": "x"})
    assert holders(as_, request) == ["first"]
    assert is_replayed(home, request)
