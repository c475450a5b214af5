"""Standing in, leaving and handing over, over the API: T4-T7, P1."""

from datetime import timedelta

import pytest

from engine.ids import PersonId
from storage import Database, journal, organising
from storage.organisation_files import read_file
from storage.rebuilding import rebuild
from tests.api.callers import START, Answer, Caller, Clock
from tests.api.conftest import As
from tests.api.diagrams import deploy, end, form, start, text
from tests.engine.live import chain, process, task
from web.door import Door
from web.scheduling import fire_everything
from web.staffing import follow

ASK = {
    "ask.bpmn": process(
        "ask",
        start("ask"),
        task("check", assignee="risk.manager", approval="single", approval__onRejected="end"),
        end(),
        chain("start", "check", "end"),
    ),
    "ask.form": form("ask", text("topic")),
}


@pytest.fixture
def door(home: Database, clock: Clock) -> Door:
    """What the scheduler asks through."""
    deploy(home, ASK)
    return Door(home, clock)


def at(days: float) -> str:
    """A moment so many days from the beginning."""
    return (START + timedelta(days=days)).isoformat()


def asked(caller: Caller, process: str = "ask") -> str:
    """A new request."""
    given = {"process": process, "answers": {"topic": "Chairs"}}
    id: str = caller.post("/requests", given).ok(201)["id"]
    return id


def holders(caller: Caller, request: str) -> list[str]:
    """Who holds the one open task of a request, as its requester sees it."""
    (task,) = caller.get(f"/requests/{request}").ok()["open_tasks"]
    return sorted(one["id"] for one in task["holders"])


def todo(caller: Caller) -> list[str]:
    """The requests in somebody's inbox."""
    return [each["request"]["id"] for each in caller.get("/tasks").ok()["items"]]


def away(caller: Caller, to: str, since: float, until: float, **more: object) -> Answer:
    """A substitution from so many days after the beginning to so many."""
    given = {"substitute": to, "from": at(since), "until": at(until), **more}
    return caller.post("/substitutions", given)


def left(home: Database, person: str) -> None:
    """Somebody is not active any more, by `org import`."""
    file = read_file(f"id,active\n{person},false\n".encode(), "people.csv")
    with home.write() as transaction:
        organising.import_file(
            transaction, file, by=PersonId("admin"), by_name="", at=START, via="test"
        )


def test_open_tasks_follow_as_soon_as_it_is_made(as_: As, door: Door) -> None:
    """T4: an absence that has begun takes effect at once; the first decision wins."""
    request = asked(as_("card.officer"))
    made = away(as_("risk.manager"), "tech.lead", -1, 3).ok(201)
    assert made["state"] == "running"
    assert holders(as_("card.officer"), request) == ["risk.manager", "tech.lead"]
    (row,) = as_("tech.lead").get("/tasks").ok()["items"]
    seen = as_("tech.lead").get(f"/tasks/{row['id']}").ok()
    assert "代理" in seen["why"]
    as_("tech.lead").post(f"/tasks/{row['id']}/approve", {}).ok()
    as_("risk.manager").post(f"/tasks/{row['id']}/approve", {}).no(409)
    history = as_("card.officer").get(f"/requests/{request}/history").ok()["entries"]
    decided = [each for each in history if each["verb"] == "approve"]
    assert decided[0]["on_behalf_of"]["id"] == "risk.manager"


def test_it_begins_and_ends_by_the_clock(as_: As, door: Door, clock: Clock) -> None:
    """T4: half-open: planned, then running from its first moment, over at its last."""
    request = asked(as_("card.officer"))
    id = away(as_("risk.manager"), "tech.lead", 1, 2).ok(201)["id"]
    assert follow(door) == 0
    assert todo(as_("tech.lead")) == []
    clock.turn(days=1)
    assert follow(door) == 1
    assert follow(door) == 0, "once"
    assert holders(as_("card.officer"), request) == ["risk.manager", "tech.lead"]
    (mine,) = as_("tech.lead").get("/substitutions").ok()["items"]
    assert (mine["id"], mine["state"]) == (id, "running")
    (open_task,) = as_("tech.lead").get("/tasks").ok()["items"]
    clock.turn(days=1)
    assert follow(door) == 1
    assert holders(as_("card.officer"), request) == ["risk.manager"]
    assert todo(as_("tech.lead")) == []
    as_("tech.lead").post(f"/tasks/{open_task['id']}/approve", {}).no(403)


def test_cancelled_it_ends_at_once(as_: As, door: Door) -> None:
    """T4: the absent person is back; the substitute himself may not cancel, nor may a stranger."""
    request = asked(as_("card.officer"))
    id = away(as_("risk.manager"), "tech.lead", -1, 3).ok(201)["id"]
    as_("gm").call("DELETE", f"/substitutions/{id}").no(404)
    as_("tech.lead").call("DELETE", f"/substitutions/{id}").no(403)
    ended = as_("risk.manager").call("DELETE", f"/substitutions/{id}").ok()
    assert ended["state"] == "cancelled"
    assert holders(as_("card.officer"), request) == ["risk.manager"]
    as_("risk.manager").call("DELETE", f"/substitutions/{id}").ok()
    away(as_("risk.manager"), "tech.lead", -1, 3).ok(201)


def test_only_the_processes_that_it_names(as_: As, door: Door) -> None:
    """T4: others stay with the absent person alone."""
    away(as_("risk.manager"), "tech.lead", -1, 3, processes=["ask"]).ok(201)
    away(as_("risk.manager"), "gm", -1, 3, processes=["nothing"]).no(422)
    assert holders(as_("card.officer"), asked(as_("card.officer"))) == ["risk.manager", "tech.lead"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"substitute": "nobody"}, "substitute"),
        ({"substitute": "risk.manager"}, "substitute"),
        ({"until": at(-1)}, "until"),
        ({"from": at(5)}, "until"),
        ({"until": "tomorrow"}, "until"),
        ({"from": "0000-13-99"}, "from"),
        ({"from": "9999-12-31T23:59:59-12:00"}, "from"),
        ({"until": ""}, "until"),
        ({"processes": "ask"}, "processes"),
        ({"to": "gm"}, "to"),
    ],
)
def test_what_is_wrong_is_said_by_field(
    as_: As, door: Door, given: dict[str, object], field: str
) -> None:
    """T4: refused: nobody, himself, the past, an end before the beginning."""
    whole = {"substitute": "tech.lead", "from": at(0), "until": at(3), **given}
    assert field in as_("risk.manager").post("/substitutions", whole).no(422)["errors"]


def test_a_date_is_midnight_here_and_two_do_not_overlap(as_: As, door: Door) -> None:
    """T4: half-open, so one may begin where another ends."""
    days = {"substitute": "tech.lead", "from": "2026-11-03", "until": "2026-11-05"}
    made = as_("risk.manager").post("/substitutions", days).ok(201)
    assert made["from"] == "2026-11-03T00:00:00+08:00"
    as_("risk.manager").post("/substitutions", days).no(422)
    later = {"substitute": "gm", "from": "2026-11-05", "until": "2026-11-06"}
    as_("risk.manager").post("/substitutions", later).ok(201)


def test_for_another_only_by_an_administrator(as_: As, door: Door) -> None:
    """T4, K3: and never so that he stands in himself."""
    away(as_("gm"), "tech.lead", 0, 3, person="risk.manager").no(403)
    away(as_("admin"), "admin", 0, 3, person="risk.manager").no(403)
    made = away(as_("admin"), "tech.lead", 0, 3, person="risk.manager").ok(201)
    assert made["by"]["id"] == "admin"
    assert [i["id"] for i in as_("admin").get("/substitutions", all="true").ok()["items"]] == [
        made["id"]
    ]
    assert as_("gm").get("/substitutions", all="true").ok()["items"] == []


def test_a_line_of_three_and_a_circle(as_: As, door: Door) -> None:
    """T5: to three and no further; a circle leaves it with the first."""
    away(as_("risk.manager"), "tech.lead", -1, 3).ok(201)
    away(as_("tech.lead"), "tech.manager", -1, 3).ok(201)
    away(as_("tech.manager"), "gm", -1, 3).ok(201)
    away(as_("gm"), "deputy.gm", -1, 3).ok(201)
    request = asked(as_("card.officer"))
    line = ["gm", "risk.manager", "tech.lead", "tech.manager"]
    assert holders(as_("card.officer"), request) == line
    away(as_("deputy.gm"), "risk.manager", -1, 3).ok(201)
    other = asked(as_("card.officer"))
    assert holders(as_("card.officer"), other) == ["risk.manager"]
    notices = as_("admin").get("/notices").ok()["items"]
    assert any("代理成环" in each["text"] for each in notices)


def test_nobody_decides_on_his_own_request_by_standing_in(as_: As, door: Door) -> None:
    """T6: not he himself, nor who stands in for him too."""
    away(as_("risk.manager"), "card.officer", -1, 3).ok(201)
    request = asked(as_("card.officer"))
    assert holders(as_("card.officer"), request) == ["risk.manager"]
    other = asked(as_("card.manager"))
    assert holders(as_("card.manager"), other) == ["card.officer", "risk.manager"]
    (row,) = as_("card.officer").get("/tasks", request=other).ok()["items"]
    away(as_("card.manager"), "card.officer", -1, 3).ok(201)
    task = as_("card.officer").get(f"/tasks/{row['id']}")
    if task.status == 200:
        assert task["can"]["approve"] is False
    as_("card.officer").post(f"/tasks/{row['id']}/approve", {}).no(403)
    follow(door)
    assert as_("card.manager").get(f"/requests/{other}").ok()["status"] == "running"


def test_a_leavers_tasks_move_by_themselves(as_: As, door: Door, home: Database) -> None:
    """P1: within five minutes, to the superior where nobody is named; once."""
    request = asked(as_("card.officer"))
    left(home, "risk.manager")
    assert fire_everything(home, as_of=START + timedelta(minutes=5)) == 0
    assert holders(as_("card.officer"), request) == ["deputy.gm"]
    assert follow(door) == 0
    last = as_("card.officer").get(f"/requests/{request}/history").ok()["entries"]
    assert sum(each["verb"] == "restaff" for each in last) == 1


def test_everything_of_a_leaver_moves_in_one_act(as_: As, door: Door, home: Database) -> None:
    """T7: open tasks, substitutions, future assignments; the act lists what moved."""
    first, second = asked(as_("card.officer")), asked(as_("business.officer"))
    mine = away(as_("gm"), "risk.manager", 1, 3).ok(201)["id"]
    for caller in (as_("card.officer"), as_("risk.manager")):
        caller.get("/handovers/preview", person="risk.manager").no(403)
        given = {"person": "risk.manager", "to": "tech.lead", "comment": "离职"}
        caller.post("/handovers", given).no(403)
        caller.get("/handovers").no(403)
    admin = as_("admin")
    seen = admin.get("/handovers/preview", person="risk.manager").ok()
    assert seen.json == {"tasks": sorted([f"{first}-1", f"{second}-1"]), "substitutions": [mine]}
    given = {"person": "risk.manager", "to": "tech.lead", "comment": "离职"}
    made = admin.post("/handovers", given).ok(201)
    assert sorted(each["task"] for each in made["tasks"]) == seen["tasks"]
    assert {each["to"]["id"] for each in made["tasks"]} == {"tech.lead"}
    assert [each["to"]["id"] for each in made["substitutions"]] == ["tech.lead"]
    assert sorted(todo(as_("tech.lead"))) == sorted([first, second])
    assert todo(as_("risk.manager")) == []
    third = asked(as_("card.officer"))
    assert holders(as_("card.officer"), third) == ["tech.lead"]
    known = as_("gm").get("/substitutions").ok()["items"]
    states = {each["state"]: each["substitute"]["id"] for each in known}
    assert states == {"cancelled": "risk.manager", "planned": "tech.lead"}
    (kept,) = admin.get("/handovers").ok()["items"]
    assert kept == made.json
    with home.read() as reader:
        system = journal.entries(reader, "system")
    told = [entry for entry in system if entry.body["verb"] == "handover.made"]
    assert [entry.body["actor"] for entry in told if entry.body["outcome"] == "refused"] == [
        "card.officer",
        "risk.manager",
    ]
    assert [len(entry.body["moved"]["tasks"]) for entry in told[2:]] == [2]


def test_what_is_sent_twice_under_a_key_takes_effect_once(as_: As, door: Door) -> None:
    """K1: substitutions and handovers too; under the same key something else is an error."""
    manager, admin = as_("risk.manager"), as_("admin")
    key = {"Idempotency-Key": "once"}
    given = {"substitute": "tech.lead", "from": at(1), "until": at(2)}
    first = manager.call("POST", "/substitutions", given, headers=key).ok(201)
    assert manager.call("POST", "/substitutions", given, headers=key).ok(201).json == first.json
    manager.call("POST", "/substitutions", {**given, "until": at(3)}, headers=key).no(422)
    assert len(manager.get("/substitutions").ok()["items"]) == 1
    leaver = {"person": "risk.manager", "to": "tech.lead", "comment": "离职"}
    first = admin.call("POST", "/handovers", leaver, headers=key).ok(201)
    assert admin.call("POST", "/handovers", leaver, headers=key).ok(201).json == first.json
    assert len(admin.get("/handovers").ok()["items"]) == 1


def test_who_may_not_hears_that_before_what_is_wrong(as_: As, door: Door) -> None:
    """interface.md: 403 comes before 422."""
    manager = as_("risk.manager")
    manager.post("/handovers", {"nonsense": 1}).no(403)
    manager.get("/handovers/preview").no(403)
    manager.get("/handovers", limit="many").no(403)
    as_("admin").post("/handovers", {"nonsense": 1}).no(422)


def test_long_lists_come_page_by_page(as_: As, door: Door) -> None:
    """Nothing is lost or given twice between the pages, with equal beginnings as well."""
    manager, admin = as_("risk.manager"), as_("admin")
    made = set()
    for day in range(5):
        given = {"substitute": "tech.lead", "from": at(day), "until": at(day + 1)}
        made.add(manager.post("/substitutions", given).ok(201)["id"])
        other = as_("tech.manager").post("/substitutions", given).ok(201)
        made.add(other["id"])
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = admin.get("/substitutions", all="true", limit="3", **cursor).ok()
        found += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert (len(found), set(found)) == (10, made)
    mine = as_("tech.lead").get("/substitutions", limit="4").ok()
    rest = as_("tech.lead").get("/substitutions", limit="10", cursor=mine["next"]).ok()
    assert len({each["id"] for each in [*mine["items"], *rest["items"]]}) == 10
    admin.get("/substitutions", cursor="nonsense").no(422)


def test_a_handover_to_the_requester_goes_above(as_: As, door: Door) -> None:
    """T7, T6: of his own request he gets nothing; that goes to the leaver's superior."""
    request = asked(as_("tech.lead"))
    given = {"person": "risk.manager", "to": "tech.lead", "comment": "离职"}
    made = as_("admin").post("/handovers", given).ok(201)
    assert [each["to"]["id"] for each in made["tasks"]] == ["deputy.gm"]
    assert holders(as_("tech.lead"), request) == ["deputy.gm"]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"to": "risk.manager"}, 422),
        ({"to": "nobody"}, 422),
        ({"person": "nobody"}, 422),
        ({"comment": "  "}, 422),
        ({"comment": ""}, 422),
        ({"to": "admin"}, 403),
    ],
)
def test_a_handover_that_is_refused(
    as_: As, door: Door, given: dict[str, str], status: int
) -> None:
    """T7: to himself, to nobody, without a reason; nor does an administrator name himself."""
    whole = {"person": "risk.manager", "to": "tech.lead", "comment": "离职", **given}
    as_("admin").post("/handovers", whole).no(status)
    assert as_("admin").get("/handovers").ok()["items"] == []


def test_a_handover_taken_back_gives_future_tasks_back(as_: As, door: Door) -> None:
    """T7: what has moved stays; what comes is his again."""
    first = asked(as_("card.officer"))
    given = {"person": "risk.manager", "to": "tech.lead", "comment": "离职"}
    id = as_("admin").post("/handovers", given).ok(201)["id"]
    as_("tech.lead").call("DELETE", f"/handovers/{id}").no(403)
    as_("admin").call("DELETE", "/handovers/none").no(404)
    assert as_("admin").call("DELETE", f"/handovers/{id}").ok()["cancelled_at"]
    assert holders(as_("card.officer"), first) == ["tech.lead"]
    assert holders(as_("card.officer"), asked(as_("card.officer"))) == ["risk.manager"]


def test_all_of_it_is_made_anew_from_the_journal(
    as_: As, door: Door, clock: Clock, home: Database
) -> None:
    """T4, T7, H1: substitutions, handovers and what followed, row by row."""
    asked(as_("card.officer"))
    away(as_("risk.manager"), "tech.lead", -1, 3).ok(201)
    id = away(as_("gm"), "risk.manager", -1, 3).ok(201)["id"]
    as_("gm").call("DELETE", f"/substitutions/{id}").ok()
    given = {"person": "risk.manager", "to": "tech.manager", "comment": "离职"}
    as_("admin").post("/handovers", given).ok(201)
    asked(as_("card.officer"))
    tables = ("slots", "inbox", "handovers")
    kept = "id, person, substitute, since, until, processes, made_by, made_at, cancelled_at"

    def rows() -> list[object]:
        with home.read() as reader:
            found = [sorted(map(repr, reader.all(f"SELECT * FROM {each}"))) for each in tables]
            return [*found, sorted(map(repr, reader.all(f"SELECT {kept} FROM substitutions")))]

    before = rows()
    rebuild(home, clock())
    assert rows() == before


LINE = {
    "line.bpmn": process(
        "line",
        start("ask"),
        task(
            "sign",
            signers="${list('risk.manager', 'finance.manager')}",
            approval="sequential",
            approval__onRejected="end",
        ),
        end(),
        chain("start", "sign", "end"),
    ),
    "ask.form": form("ask", text("topic")),
}


def test_a_turn_that_has_not_come_is_handed_over_too(as_: As, door: Door, home: Database) -> None:
    """T7: the second of a line leaves before it is his turn."""
    deploy(home, LINE)
    request = asked(as_("card.officer"), "line")
    given = {"person": "finance.manager", "to": "tech.lead", "comment": "离职"}
    made = as_("admin").post("/handovers", given).ok(201)
    assert [each["task"] for each in made["tasks"]] == [f"{request}-2"]
    as_("risk.manager").post(f"/tasks/{request}-1/approve", {}).ok()
    assert holders(as_("card.officer"), request) == ["tech.lead"]


def test_over_is_over_before_the_scheduler_comes(as_: As, door: Door, clock: Clock) -> None:
    """T4: half-open: from its last moment on the substitute is refused, and the page says so."""
    request = asked(as_("card.officer"))
    away(as_("risk.manager"), "tech.lead", -1, 1).ok(201)
    clock.turn(days=1)
    seen = as_("tech.lead").get(f"/tasks/{request}-1").ok()
    assert seen["can"]["approve"] is False
    as_("tech.lead").post(f"/tasks/{request}-1/approve", {}).no(403)
    as_("risk.manager").post(f"/tasks/{request}-1/approve", {}).ok()


def test_an_auditor_hears_first_that_it_is_not_his(as_: As) -> None:
    auditor = as_("auditor")
    bodies: tuple[object, ...] = ({}, {"nonsense": 1}, [])
    for body in bodies:
        auditor.post("/substitutions", body).no(403)
    as_("gm").post("/substitutions", {"nonsense": 1}).no(422)
