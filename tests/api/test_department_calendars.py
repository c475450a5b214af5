"""X5: deadlines in a department's own calendar, over the API and on both databases; it is said
which, and where the date is provisional."""

from datetime import UTC, datetime

from engine.ids import PersonId
from storage import Database
from storage.organisation_files import read_file
from storage.organising import import_file
from tests.api.callers import START, Clock
from tests.api.conftest import As
from tests.api.diagrams import deploy, end, form, start, text
from tests.engine.live import chain, process, task

FILES = {
    "due.bpmn": process(
        "due",
        start("ask"),
        task("sign", assignee="tech.manager", approval="single", approval__onRejected="end",
             deadline__after="P2D"),
        end(),
        chain("start", "sign", "end"),
    ),
    "ask.form": form("ask", text("topic")),
}  # fmt: skip


def days(home: Database, said: str) -> None:
    """The department of technology has days of its own."""
    content = f"departments: [{{name: 技术部, {said}}}]".encode()
    with home.write() as transaction:
        file = read_file(content, "o.yaml")
        import_file(transaction, file, by=PersonId("admin"), by_name="", at=START)


def asked(as_: As) -> tuple[str, str]:
    """A new task's due date, and what is said of why."""
    given = {"process": "due", "answers": {"topic": "x"}}
    request = as_("business.officer").post("/requests", given).ok(201)["id"]
    (row,) = as_("tech.manager").get("/tasks", request=request).ok()["items"]
    return row["due"][:10], as_("tech.manager").get(f"/tasks/{row['id']}").ok()["why"]


def test_a_deadline_counts_in_the_calendar_that_is_named(as_: As, home: Database) -> None:
    """X5."""
    deploy(home, FILES)
    due, why = asked(as_)
    assert due == "2026-11-04"
    assert "本单位的工作日历" in why
    days(home, "free: [2026-11-03], worked: [2026-11-07]")
    due, why = asked(as_)
    assert due == "2026-11-05"
    assert "技术部的工作日历" in why
    assert "暂定" not in why


def test_beyond_the_last_decree_a_date_is_provisional(
    as_: As, home: Database, clock: Clock
) -> None:
    """X5."""
    deploy(home, FILES)
    clock.at = datetime(2030, 3, 4, 1, 0, tzinfo=UTC)
    assert "2030年放假安排尚未公布" in asked(as_)[1]
