"""The office that strangers' diagrams run in: the engine in memory, with workers for every topic
and an administrator."""

from collections.abc import Mapping, Sequence

from engine.case import Actor
from engine.commands.base import Command
from engine.commands.external import ExternalCommand
from engine.commands.publish import Broadcast, Publish
from engine.diagrams.definition import Definition
from engine.ids import PersonId, RequestId
from engine.people.directory import Person
from engine.requests import External, Subscription
from tests.engine.live import Engine

REQUESTER = "business.officer"
ADMINISTRATOR = Actor(id=PersonId("admin"), via="api", override=True)
WORKER = Actor(id=PersonId("worker"), via="api")


class Office(Engine):
    """An engine with a worker who has fetched whatever there is."""

    def __init__(self, definitions: Sequence[Definition]) -> None:
        super().__init__(definitions={each.key: each for each in definitions})
        worker = Person(id=WORKER.id, name="worker", groups=("worker:*",))
        self.uow.directory.people[worker.id] = worker  # type: ignore[attr-defined]
        self.uow.external_lock = self._lock  # type: ignore[method-assign]

    @staticmethod
    def _lock(request: RequestId, task: str) -> tuple[str, int]:
        return ("w", 1)

    def definition_of(self, request: RequestId) -> Definition:
        """The version that a request runs."""
        return self.uow.definition(self.row(request).definition)

    def subscriptions(self, request: RequestId) -> list[Subscription]:
        """The messages and signals that it waits for."""
        return list(self.uow._waiting.get(request, ()))

    def hears(
        self, kind: str, name: str, request: RequestId, variables: Mapping[str, object]
    ) -> Command:
        """A message for this request, or a signal for all, from outside."""
        self.made += 1
        new = RequestId(f"n{self.made}")
        if kind == "signal":
            return Broadcast(actor=ADMINISTRATOR, signal=name, variables=variables, new=new)
        return Publish(
            actor=ADMINISTRATOR, message=name, correlation=request, variables=variables, new=new
        )

    def says(self, kind: type[ExternalCommand], row: External, **more: object) -> ExternalCommand:
        """What the worker says of an external task."""
        return kind(actor=WORKER, request=row.request, task=row.task, worker="w", **more)  # type: ignore[arg-type]
