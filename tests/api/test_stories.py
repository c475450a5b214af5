"""Stories of the shipped processes, told by people who only have the API."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask

from engine.commands.base import Command, TaskCommand
from engine.commands.submit import SaveDraft, Submit
from engine.ids import RequestId, task_id
from engine.refusals import Invalid, NotNow, NotYours, Refused, Unknown
from storage import Database
from tests.api.callers import Answer, Caller, application
from tests.workflows.organised import WORKFLOWS, organise
from tests.workflows.test_stories import STORIES
from web.replaying import replayed
from web.stories import read_story
from web.stories.expecting import Expecting
from web.stories.playing import Player
from web.stories.stage import DatabaseStage

TOLD = [
    "work-order/filed",
    "work-order/refused-by-gm",
    "work-order/period-returned",
    "change-request/two-changes",
    "change-request/dates-moved",
    "document-access/returned-to-applicant",
    "document-access/archived",
    "go-live/live",
    "go-live/returned-by-signer",
]
"""One happy way of each process, and ways with refusals, returns, claims and deadlines."""


class ApiPlayer(Player):
    """Plays a story's steps as calls of the API; timers fire at the door."""

    def __init__(self, database: Database, story: Any) -> None:
        super().__init__(DatabaseStage(database), story.start, seed=story.name)
        self.database = database
        self.app: Flask = application(database, self.clock.now)  # type: ignore[arg-type]
        self.people: dict[str, Caller] = {}
        self.within = self.door
        self.door = self  # type: ignore[assignment]

    def fire_due(self, **given: Any) -> int:
        """What is due fires as the scheduler fires it."""
        return self.within.fire_due(**given)

    def handle(self, command: Command) -> None:
        """Make the call that a command stands for. Raises what the answer says."""
        person = command.actor.id
        if person not in self.people:
            self.people[person] = Caller(self.app, self.database, person)
        method, path, body = self._call(command)
        answer = self.people[person].call(method, path, body)
        if answer.status >= 400:
            raise refusal(answer)
        self._name(command, answer)

    def _call(self, command: Command) -> tuple[str, str, dict[str, Any]]:
        if isinstance(command, Submit | SaveDraft):
            return self._submission_call(command)
        body = {
            name: list(value) if isinstance(value, tuple) else value
            for name in ("answers", "comment", "to")
            if (value := getattr(command, name, None))
        }
        if isinstance(command, TaskCommand):
            task = task_id(command.request, command.ordinal)
            return "POST", f"/tasks/{task}/{command.verb}", body
        return "POST", f"/requests/{command.chain}/{command.verb}", body

    def _submission_call(self, command: Submit | SaveDraft) -> tuple[str, str, dict[str, Any]]:
        answers = {} if command.answers is None else {"answers": dict(command.answers)}
        draft = isinstance(command, SaveDraft)
        with self.stage.unit_of_work() as uow:
            known = uow.request(command.request, lock=False) is not None
        if not known:
            return "POST", "/requests", {"process": command.process, "draft": draft, **answers}
        if draft:
            return "PUT", f"/requests/{command.request}/draft", answers
        return "POST", f"/requests/{command.request}/submit", answers

    def _name(self, command: Command, answer: Answer) -> None:
        """The API makes ids of its own: the story goes on with that."""
        if isinstance(command, Submit | SaveDraft):
            for alias, id in self.aliases.items():
                if id == command.request:
                    self.aliases[alias] = RequestId(answer["id"])


def refusal(answer: Answer) -> Refused:
    """What the problem document says, as the stories compare it."""
    kinds: Mapping[int, type[Refused]] = {404: Unknown, 403: NotYours, 409: NotNow}
    kind = kinds.get(answer.status, Invalid)
    sentence = " ".join([answer["detail"], *answer.json.get("errors", {}).values()])
    said = type(answer.json.get("reason", kind.__name__), (kind,), {"zh": "{said}"})
    made: Refused = said(said=sentence)
    return made


@pytest.mark.parametrize("name", TOLD)
def test_story_over_the_api(name: str, sqlite_home: Database) -> None:
    """On one database: the stories themselves run on both."""
    process, _, title = name.partition("/")
    story = read_story(WORKFLOWS / process / "stories" / f"{title}.yaml")
    player = ApiPlayer(organise(sqlite_home), story)
    expecting = Expecting(player)
    for step in story.steps:
        expecting.begin()
        player.turn_to(step.at or player.clock.at)
        expecting.turned()
        expecting.after(step, player.step(step))
    expecting.end(story)
    assert list(replayed(sqlite_home)) == []
    sqlite_home.close()
    assert len(STORIES) >= len(TOLD)
