"""Requests that have come to an end, and packages of them."""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask

from storage import Database
from storage.keys import Keys
from storage.visibility import Viewer
from tests.api.callers import START, Caller, Clock, application, file
from tests.api.diagrams import SECRET, SECRETIVE, deploy
from tests.api.examples import task_of
from tests.workflows.organised import organise
from web.packages import COMMAND_LINE, Exporter, make

PAPER = b"the contract, in full"
PATIENCE = 60.0
"""Seconds: on PostgreSQL the transactions of other tests hold entries back."""


@dataclass(frozen=True, kw_only=True)
class House:
    """A database with people and a process, its keys, and its application."""

    database: Database
    keys: Keys
    app: Flask
    clock: Clock

    @classmethod
    def of(cls, database: Database) -> "House":
        """Furnish a database."""
        clock = Clock()
        keys = Keys(database.home / "keys")
        keys.ensure(START)
        home = organise(database)
        deploy(home, SECRETIVE)
        return cls(database=home, keys=keys, app=application(home, clock), clock=clock)

    def by(self, person: str) -> Caller:
        """Somebody who calls."""
        return Caller(self.app, self.database, person)

    def asked(self, **answers: Any) -> dict[str, Any]:
        """A request that waits for its first signer, who is not shown everything."""
        officer = self.by("business.officer")
        sent = officer.send("/attachments", {"file": file(PAPER, "合同.pdf")}).ok(201)
        given = {**SECRET, "papers": [sent["id"]], **answers}
        made = officer.post("/requests", {"process": "raise", "answers": given}).ok(201)
        self.clock.turn(minutes=5)
        found: dict[str, Any] = made.json
        return found

    def ended(self, **answers: Any) -> dict[str, Any]:
        """A request that both have signed."""
        made = self.asked(**answers)
        self.by("gm").post(f"/tasks/{task_of(made, 'look')}/approve", {"comment": "同意"}).ok()
        self.clock.turn(hours=2)
        self.by("business.officer").post(f"/requests/{made['id']}/comment", {"comment": "谢谢"})
        (task,) = self.by("finance.manager").get("/tasks", request=made["id"]).ok()["items"]
        self.clock.turn(days=1)
        self.by("finance.manager").post(f"/tasks/{task['id']}/approve", {"comment": "可以"}).ok()
        return made

    def package(self, *requests: str, exporter: Exporter = COMMAND_LINE) -> bytes:
        """A package of them."""
        out = io.BytesIO()
        self.clock.turn(seconds=1)
        make(
            self.database,
            self.keys,
            requests,
            exporter,
            clock=self.now,
            out=out,
            wait=PATIENCE,
        )
        return out.getvalue()

    def who(self, id: str) -> Exporter:
        """Somebody who exports what he may see."""
        with self.database.read() as reader:
            organisation = self.database.organisation.current(reader)
            found = organisation.person(id)
            assert found is not None
            viewer = Viewer.of(organisation, found)
        return Exporter(viewer=viewer, name=found.name, origin="10.0.0.7")

    def now(self) -> datetime:
        """The time."""
        return self.clock()

    @property
    def key(self) -> str:
        """The fingerprint of the key that signs."""
        return self.keys.known()[0].fingerprint
