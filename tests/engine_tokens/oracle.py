"""An interpreter of shapes that knows nothing of tokens, graphs or the library.

It walks the tree of shapes: every block says what is open in it and whether it is done. Keys are
counted as the engine promises: `scope/node#n`, n the n-th entry of the node in that scope.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.engine_tokens.shapes import EDGE, HANDLER, Shape

Act = Callable[[], None]
Opened = tuple[str, str, Act]
"""Kind (task, timer, again, message), key, and what the command does."""


@dataclass(slots=True)
class Place:
    """A scope: counts entries, holds the handlers that run beside everything else in it."""

    path: str
    counts: dict[str, int] = field(default_factory=dict)
    handlers: list[str] = field(default_factory=list)

    def key(self, node: str) -> str:
        """The key of the entry that now begins."""
        self.counts[node] = self.counts.get(node, 0) + 1
        return f"{self.path}/{node}#{self.counts[node]}"

    def open(self) -> Iterator[Opened]:
        """The handlers."""
        for key in self.handlers:
            yield "task", key, lambda key=key: self.handlers.remove(key)  # type: ignore[misc]


class Block:
    """A shape that has been entered. `done`: it has been left."""

    def __init__(self, shape: Shape, place: Place, values: Mapping[str, int]) -> None:
        self.shape, self.place, self.values = shape, place, values
        self.done = False
        self.enter()

    def enter(self) -> None:
        """Begin."""

    def open(self) -> Iterator[Opened]:
        """What waits in here."""
        yield from ()

    def advance(self) -> None:
        """Move on as far as it goes; set `done`."""

    def begin(self, shape: Shape, place: Place | None = None) -> "Block":
        """Enter a part."""
        return BLOCKS[shape.kind](shape, place or self.place, self.values)

    def chosen(self) -> int:
        """The value of its variable."""
        return self.values[f"v_{self.shape.id}"]


class Activity(Block):
    """A task or scope with, perhaps, an event on its edge."""

    running = True
    edge_key = ""
    handler = ""

    def enter(self) -> None:
        self.number_it()
        if self.shape.edge is not None:
            self.edge_key = self.place.key(EDGE + self.shape.id)

    def number_it(self) -> None:
        """Count the entry, before that of its edge event."""

    def open(self) -> Iterator[Opened]:
        if self.running and self.edge_key:
            assert self.shape.edge is not None
            yield self.shape.edge.kind, self.edge_key, self.strike
            if self.shape.edge.kind == "timer" and not self.shape.edge.interrupting:
                yield "again", self.edge_key, lambda: self.strike(stay=True)
        if self.handler:
            yield "task", self.handler, self.handled

    def strike(self, stay: bool = False) -> None:
        """The edge event comes."""
        assert self.shape.edge is not None
        if self.shape.edge.interrupting:
            self.running = False
            self.edge_key = ""
            self.handler = self.place.key(HANDLER + self.shape.id)
            return
        self.place.handlers.append(self.place.key(HANDLER + self.shape.id))
        if self.shape.edge.kind == "timer" and not stay:
            self.edge_key = ""

    def handled(self) -> None:
        """The interrupting handler has been completed."""
        self.handler = ""
        self.done = True


class Task(Activity):
    """A user task."""

    key = ""

    def number_it(self) -> None:
        self.key = self.place.key(self.shape.id)

    def open(self) -> Iterator[Opened]:
        if self.running:
            yield "task", self.key, self.complete
        yield from super().open()

    def complete(self) -> None:
        """Done by a person."""
        self.running = False
        self.done = True


class Nested(Activity):
    """Sub-process, called process, multi-instance: scopes of their own."""

    def number_it(self) -> None:
        self.bodies: list[Block] = []
        self.todo = 2 if self.shape.kind in ("each", "in-turn") else 1
        for _ in range(1 if self.shape.kind == "in-turn" else self.todo):
            self.next()

    def next(self) -> None:
        """Open one scope."""
        self.todo -= 1
        path = self.place.key(self.shape.id)
        self.bodies.append(self.begin(self.shape.parts[0], Place(path)))

    def open(self) -> Iterator[Opened]:
        if self.running:
            for body in self.bodies:
                yield from body.open()
                yield from body.place.open()
        yield from super().open()

    def advance(self) -> None:
        if not self.running:
            return
        for body in list(self.bodies):
            body.advance()
            if body.done and not body.place.handlers:
                self.bodies.remove(body)
                if self.todo and self.shape.kind == "in-turn":
                    self.next()
                    self.bodies[-1].advance()
        if not self.bodies:
            self.running = False
            self.done = True


class Row(Block):
    """One after the other."""

    def enter(self) -> None:
        self.at = 0
        self.body = self.begin(self.shape.parts[0])

    def open(self) -> Iterator[Opened]:
        if not self.done:
            yield from self.body.open()

    def advance(self) -> None:
        while not self.done:
            self.body.advance()
            if not self.body.done:
                return
            self.at += 1
            self.done = self.at == len(self.shape.parts)
            if not self.done:
                self.body = self.begin(self.shape.parts[self.at])


class Fork(Block):
    """Side by side: all parts, or those chosen."""

    def enter(self) -> None:
        self.bodies = [self.begin(self.shape.parts[each]) for each in self.ways()]

    def ways(self) -> list[int]:
        """Numbers of the parts that are entered."""
        count = len(self.shape.parts)
        if self.shape.kind == "all":
            return list(range(count))
        value = self.chosen()
        if self.shape.kind == "some" and value >= 5:
            return list(range(1, count))
        return [value] if 0 < value < count else [0]

    def open(self) -> Iterator[Opened]:
        for body in self.bodies:
            if not body.done:
                yield from body.open()

    def advance(self) -> None:
        for body in self.bodies:
            body.advance()
        self.done = all(body.done for body in self.bodies)


class Again(Block):
    """Repeated while its variable is 1."""

    def enter(self) -> None:
        self.body = self.begin(self.shape.parts[0])

    def open(self) -> Iterator[Opened]:
        yield from self.body.open()

    def advance(self) -> None:
        while not self.done:
            self.body.advance()
            if not self.body.done:
                return
            if self.chosen() != 1:
                self.done = True
            else:
                self.body = self.begin(self.shape.parts[0])


class Race(Block):
    """Two events; the first decides which part is entered."""

    def enter(self) -> None:
        self.keys = [self.place.key(f"{prefix}_{self.shape.id}") for prefix in "tg"]
        self.body: Block | None = None

    def open(self) -> Iterator[Opened]:
        if self.body is not None:
            yield from self.body.open()
            return
        yield "timer", self.keys[0], lambda: self.decide(0)
        yield "message", self.keys[1], lambda: self.decide(1)

    def decide(self, way: int) -> None:
        """An event has come."""
        self.body = self.begin(self.shape.parts[way])

    def advance(self) -> None:
        if self.body is not None:
            self.body.advance()
            self.done = self.body.done


BLOCKS: dict[str, type[Block]] = {
    "task": Task,
    "row": Row,
    "choice": Fork,
    "all": Fork,
    "some": Fork,
    "again": Again,
    "sub": Nested,
    "call": Nested,
    "each": Nested,
    "in-turn": Nested,
    "race": Race,
}


class Oracle:
    """A whole process."""

    def __init__(self, shape: Shape, values: Mapping[str, int]) -> None:
        self.place = Place("")
        self.body = BLOCKS[shape.kind](shape, self.place, values)
        self.body.advance()

    def open(self) -> list[Opened]:
        """Everything that a command could do now, by key."""
        found = (
            [*self.body.open(), *self.place.open()]
            if not self.body.done
            else list(self.place.open())
        )
        return sorted(found, key=lambda each: (each[1], each[0]))

    def act(self, kind: str, key: str) -> None:
        """Do a command. A message is caught by everything that waits for it."""
        if kind == "message":
            acts = [act for each, _, act in self.open() if each == "message"]
        else:
            acts = [act for each, other, act in self.open() if (each, other) == (kind, key)]
            assert len(acts) == 1, (kind, key)
        for act in acts:
            act()
        self.body.advance()
