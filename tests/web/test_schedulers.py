"""X3: each timer fires once, with two schedulers running and one of them killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import forms
from engine.commands.submit import Submit
from engine.diagrams.compiler import compile_definition
from engine.ids import PersonId, RequestId
from storage import Database, definitions
from tests.engine.live import actor, chain, process, task
from tests.workflows.organised import organise
from web.door import Door

MANY = 60
REMIND = process(
    "p",
    '<bpmn:startEvent id="s"/>',
    task("look", assignee="gm", deadline__remind="PT1S", deadline__calendar="elapsed"),
    '<bpmn:endEvent id="e"/>',
    chain("s", "look", "e"),
)


def scheduler(database: Database) -> subprocess.Popen[bytes]:
    """A scheduler as a process of its own."""
    environ = {
        **os.environ,
        "COUNTERSIGN_HOME": str(database.home),
        "COUNTERSIGN_DATABASE": database.url,
        "COUNTERSIGN_SECRET_KEY": "x" * 40,
    }
    code = "from web.cli import main; import sys; sys.argv = ['countersign', 'scheduler']; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code], env=environ, cwd=Path(__file__).parents[2]
    )


def fired(database: Database, requests: list[RequestId]) -> list[int]:
    """How often each request's reminder fired, by its journal."""
    with database.unit_of_work() as uow:
        return [
            sum(e.body["verb"] == "timer" and e.body["outcome"] == "done" for e in uow.entries(r))
            for r in requests
        ]


def test_each_timer_fires_once_though_a_scheduler_is_killed(database: Database) -> None:
    organise(database)
    definition = compile_definition({"p.bpmn": REMIND}, forms.read)
    now = datetime.now(UTC)
    with database.write() as transaction:
        definitions.deploy(transaction, definition, by=PersonId("owner"), at=now)
    door = Door(database, lambda: now - timedelta(minutes=1))
    requests = [RequestId(f"r{number}") for number in range(MANY)]
    for request in requests:
        door.handle(Submit(actor=actor("card.officer"), request=request, process="p", answers={}))
    both = [scheduler(database), scheduler(database)]
    try:
        until = time.monotonic() + 60
        killed = False
        while time.monotonic() < until:
            counts = fired(database, requests)
            if not killed and sum(counts) >= MANY // 4:
                both[0].send_signal(signal.SIGKILL)
                killed = True
            if all(counts):
                break
            time.sleep(0.02)
        time.sleep(2.5)
    finally:
        for one in both:
            one.kill()
            one.wait()
    assert killed
    assert fired(database, requests) == [1] * MANY
