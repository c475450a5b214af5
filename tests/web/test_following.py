"""P1, T4, X3: schedulers have open tasks follow the organisation, each request once."""

import time
from collections import Counter
from datetime import timedelta

from engine.commands.submit import Submit
from engine.ids import PersonId, RequestId
from storage import Database, definitions, organising, standing_in
from storage.organisation_files import read_file
from storage.standing_in import Kept
from tests.engine.live import actor, chain, compiled, process, task
from tests.web.test_schedulers import scheduler
from tests.workflows.organised import organise
from web.door import Door, wall_clock

MANY = 25
SIGN = process(
    "p",
    '<bpmn:startEvent id="s"/>',
    task(
        "sign",
        signers="${list('gm', 'risk.manager')}",
        approval="all",
        approval__onRejected="end",
    ),
    '<bpmn:endEvent id="e"/>',
    chain("s", "sign", "e"),
)


def left_and_away(database: Database) -> None:
    """The risk manager is not active any more; the general manager is away, since just now."""
    now = wall_clock()
    file = read_file(b"id,active\nrisk.manager,false\n", "people.csv")
    away = Kept(
        id="s1", person=PersonId("gm"), substitute=PersonId("tech.lead"), since=now,
        until=now + timedelta(hours=1), processes=(), made_by=PersonId("gm"), made_at=now,
    )  # fmt: skip
    with database.write() as transaction:
        organising.import_file(
            transaction, file, by=PersonId("admin"), by_name="", at=now, via="test"
        )
    with database.write() as transaction:
        standing_in.begin(transaction, away, actor("gm"), now)


def held(database: Database) -> Counter[str]:
    """How many open tasks each person holds."""
    with database.read() as reader:
        rows = reader.all("SELECT person, COUNT(*) FROM inbox GROUP BY person")
    return Counter(dict(rows))


def test_two_schedulers_move_each_request_once(database: Database) -> None:
    organise(database)
    definition = compiled(SIGN)
    with database.write() as transaction:
        definitions.deploy(transaction, definition, by=PersonId("owner"), at=wall_clock())
    door = Door(database)
    requests = [RequestId(f"r{n}") for n in range(MANY)]
    for id in requests:
        door.handle(Submit(actor=actor("card.officer"), request=id, process="p", answers={}))
    left_and_away(database)
    running = [scheduler(database), scheduler(database)]
    try:
        wanted = Counter({"gm": MANY, "tech.lead": MANY, "deputy.gm": MANY})
        until = time.monotonic() + 60
        while held(database) != wanted and time.monotonic() < until:
            time.sleep(0.2)
        time.sleep(1)
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait(20)
    assert held(database) == wanted
    with database.unit_of_work() as uow:
        for id in requests:
            verbs = [entry.body["verb"] for entry in uow.entries(id)]
            assert verbs == ["submit", "restaff"], id
