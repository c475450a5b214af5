"""An interpreter of shapes that knows nothing of tokens, graphs or the library.

It walks the tree of shapes: every block says what is open in it and whether it is done. Keys are
counted as the engine promises: `scope/node#n`, n the n-th entry of the node in that scope.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Union

from tests.engine_tokens.shapes import EDGE, HANDLER, Edge, Shape, Watch

Act = Callable[[], object]
Throw = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Opened:
    """What a command could do now. `kind`: task, timer, again, message, signal, halted. `throw`:
    a task throws an error or escalation of a code; whether it is caught."""

    kind: str
    key: str
    act: Act
    throw: Throw | None = None


class Scope:
    """What runs in one scope: its body, handlers of events beside it, its event sub-process, and
    the ends that throw what nobody catches."""

    def __init__(
        self,
        path: str,
        name: str,
        shape: Shape,
        values: Mapping[str, int],
        owner: Union["Activity", "Watching", None] = None,
        watch: Watch | None = None,
    ) -> None:
        self.path, self.values, self.owner = path, values, owner
        self.counts: dict[str, int] = {}
        self.handlers: list[str] = []
        self.uncaught: list[str] = []
        self.watch = Watching(self, watch, name) if watch is not None else None
        self.body: Block | None = BLOCKS[shape.kind](shape, self, values)

    def key(self, node: str) -> str:
        """The key of the entry that now begins."""
        self.counts[node] = self.counts.get(node, 0) + 1
        return f"{self.path}/{node}#{self.counts[node]}"

    @property
    def done(self) -> bool:
        """Whether nothing is left in it."""
        ended = self.body is None or self.body.done
        beside = self.handlers or self.uncaught or (self.watch and self.watch.running)
        return ended and not beside

    def open(self) -> Iterator[Opened]:
        """What waits in here."""
        if self.done:
            return
        if self.body is not None and not self.body.done:
            yield from self.body.open()
        for key in self.uncaught:
            yield Opened("halted", key, lambda: None)
        for key in self.handlers:
            yield Opened(
                "task",
                key,
                lambda key=key: self.handlers.remove(key),  # type: ignore[misc]
                lambda kind, code: climb(kind, code, None, self),
            )
        if self.watch is not None:
            yield from self.watch.open()

    def advance(self) -> None:
        """Move on as far as it goes."""
        if self.body is not None:
            self.body.advance()
        if self.watch is not None:
            self.watch.advance()


@dataclass(slots=True)
class Watching:
    """The event sub-process of a scope: armed, or running once or several times."""

    scope: Scope
    watch: Watch
    name: str
    armed: bool = True
    key: str = ""
    running: list[Scope] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = self.scope.key("w_" + self.name)

    def open(self) -> Iterator[Opened]:
        """Its event, and what waits in those that run."""
        if self.armed:
            yield from waits(self.watch.event, self.key, self.strike)
        for scope in self.running:
            yield from scope.open()

    def hears(self, kind: str, code: str) -> bool:
        """Whether it would catch this now."""
        return self.armed and catches(self.watch.event, kind, code)

    def strike(self, stay: bool = False) -> None:
        """Its event has come."""
        event = self.watch.event
        if event.interrupting:
            self.scope.body = None
            self.scope.handlers.clear()
            self.scope.uncaught.clear()
        if event.interrupting or (event.kind == "timer" and not stay):
            self.armed = False
        path = self.scope.key("esp_" + self.name)
        inner = Scope(path, "esp_in_" + self.name, self.watch.part, self.scope.values, self)
        self.running.append(inner)

    def advance(self) -> None:
        """Move on in those that run."""
        for scope in self.running:
            scope.advance()
        self.running = [scope for scope in self.running if not scope.done]


def waits(event: Edge, key: str, strike: Callable[..., None]) -> Iterator[Opened]:
    """How an event that is waited for can come from outside."""
    if event.kind in ("timer", "message", "signal"):
        yield Opened(event.kind, key, strike)
    if event.kind == "timer" and not event.interrupting:
        yield Opened("again", key, lambda: strike(stay=True))


def climb(kind: str, code: str, activity: Union["Activity", None], scope: Scope) -> bool:
    """Let the nearest event around catch what was thrown; whether there is one."""
    beyond: Watching | None = None
    while True:
        if activity is not None:
            for edge in sorted(activity.edges, key=lambda each: each.event.code == ""):
                if activity.running and edge.armed and catches(edge.event, kind, code):
                    activity.strike(edge)
                    return True
        watch = scope.watch
        if watch is not None and watch is not beyond and watch.hears(kind, code):
            watch.strike()
            return True
        owner = scope.owner
        if owner is None:
            return False
        if isinstance(owner, Watching):
            activity, beyond, scope = None, owner, owner.scope
        else:
            activity, beyond, scope = owner, None, owner.place


def catches(event: Edge, kind: str, code: str) -> bool:
    """Whether an event catches this."""
    return event.kind == kind and event.code in ("", code)


class Block:
    """A shape that has been entered. `done`: it has been left. `lost`: it can't be left any more,
    as all that is in it throws what nobody catches."""

    def __init__(self, shape: Shape, place: Scope, values: Mapping[str, int]) -> None:
        self.shape, self.place, self.values = shape, place, values
        self.done = False
        self.lost = False
        self.enter()

    def enter(self) -> None:
        """Begin."""

    def open(self) -> Iterator[Opened]:
        """What waits in here."""
        yield from ()

    def advance(self) -> None:
        """Move on as far as it goes; set `done`."""

    def begin(self, shape: Shape) -> "Block":
        """Enter a part."""
        return BLOCKS[shape.kind](shape, self.place, self.values)

    def chosen(self) -> int:
        """The value of its variable."""
        return self.values[f"v_{self.shape.id}"]


@dataclass(slots=True)
class OnEdge:
    """An event on the edge of an activity."""

    event: Edge
    key: str
    handler: str
    armed: bool = True


class Activity(Block):
    """A task or scope with, perhaps, events on its edge."""

    def __init__(self, shape: Shape, place: Scope, values: Mapping[str, int]) -> None:
        self.running = True
        self.handler = ""
        self.edges: list[OnEdge] = []
        super().__init__(shape, place, values)

    def arm(self) -> None:
        """Begin to wait for the events on its edge."""
        id = self.shape.id
        for on, then, edge in zip(EDGE, HANDLER, self.shape.edges, strict=False):
            self.edges.append(OnEdge(edge, self.place.key(on + id), then + id))

    def open(self) -> Iterator[Opened]:
        for edge in self.edges if self.running else ():
            if edge.armed:
                yield from waits(edge.event, edge.key, self.striker(edge))
        if self.handler:
            throw: Throw = lambda kind, code: climb(kind, code, None, self.place)  # noqa: E731
            yield Opened("task", self.handler, self.handled, throw)

    def striker(self, edge: OnEdge) -> Callable[..., None]:
        """What happens when an event on the edge comes."""
        return lambda stay=False: self.strike(edge, stay)

    def strike(self, edge: OnEdge, stay: bool = False) -> None:
        """An event on the edge comes."""
        if edge.event.interrupting:
            self.running = False
            self.handler = self.place.key(edge.handler)
            return
        self.place.handlers.append(self.place.key(edge.handler))
        if edge.event.kind == "timer" and not stay:
            edge.armed = False

    def handled(self) -> None:
        """The interrupting handler has been completed."""
        self.handler = ""
        self.done = True


class Task(Activity):
    """A user task."""

    key = ""

    def enter(self) -> None:
        self.key = self.place.key(self.shape.id)
        self.arm()

    def open(self) -> Iterator[Opened]:
        if self.running:
            throw: Throw = lambda kind, code: climb(kind, code, self, self.place)  # noqa: E731
            yield Opened("task", self.key, self.complete, throw)
        yield from super().open()

    def complete(self) -> None:
        """Done by a person."""
        self.running = False
        self.done = True


class Thrower(Block):
    """A task, and what is thrown after it."""

    key = ""

    def enter(self) -> None:
        self.key = self.place.key("p_" + self.shape.id)

    def open(self) -> Iterator[Opened]:
        throw: Throw = lambda kind, code: climb(kind, code, None, self.place)  # noqa: E731
        if not self.lost:
            yield Opened("task", self.key, self.complete, throw)

    def complete(self) -> None:
        """Done by a person. An error that nobody catches stays where it was thrown."""
        if self.shape.kind == "esc":
            climb("escalation", self.shape.code, None, self.place)
            self.done = True
        elif self.chosen() != 1:
            self.done = True
        elif not climb("error", self.shape.code, None, self.place):
            self.lost = True
            self.place.uncaught.append(self.place.key(self.shape.id))


class Nested(Activity):
    """Sub-process, called process, multi-instance: scopes of their own."""

    def enter(self) -> None:
        self.bodies: list[Scope] = []
        self.halted: list[str] = []
        self.begun = self.ended = 0
        self.total = {"each": 3, "calls": 3, "in-turn": 2}.get(self.shape.kind, 1)
        if self.shape.kind != "call":
            self.arm()
        for _ in range(1 if self.shape.kind == "in-turn" else self.total):
            self.next()

    def next(self) -> None:
        """Begin one instance."""
        self.begun += 1
        self.launch(self.place.key(self.shape.id))

    def launch(self, path: str) -> None:
        """Open one scope; a process that is not there halts the token that calls it."""
        number = self.chosen() if self.shape.kind in ("call", "calls") else 0
        if number == 2:
            self.halted.append(path)
            return
        if self.shape.kind == "call":
            self.arm()
        number = 1 if number == 1 else 0
        part, name = self.shape.parts[number], f"in_{self.shape.id}_{number}"
        scope = Scope(path, name, part, self.values, self, self.shape.watch)
        self.bodies.append(scope)

    def retry(self, path: str) -> None:
        """Call again."""
        self.halted.remove(path)
        self.launch(path)

    def open(self) -> Iterator[Opened]:
        if self.running:
            for body in self.bodies:
                yield from body.open()
            for path in self.halted:
                yield Opened("halted", path, lambda path=path: self.retry(path))  # type: ignore[misc]
        yield from super().open()

    def advance(self) -> None:
        if not self.running:
            return
        enough = 2 if self.shape.kind == "each" else self.total
        for body in list(self.bodies):
            body.advance()
            if body.done:
                self.bodies.remove(body)
                self.ended += 1
                if self.ended == enough:
                    self.running = False
                    self.done = True
                    return
                if self.shape.kind == "in-turn":
                    self.next()
                    self.bodies[-1].advance()


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
            self.lost = self.body.lost
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
        self.lost = all(body.lost for body in self.bodies)
        # An inclusive join does not wait for what can't come.
        excused = self.shape.kind == "some"
        left = [body for body in self.bodies if not (excused and body.lost)]
        self.done = not self.lost and all(body.done for body in left)


class Again(Block):
    """Repeated while its variable is 1."""

    def enter(self) -> None:
        self.body = self.begin(self.shape.parts[0])

    def open(self) -> Iterator[Opened]:
        yield from self.body.open()

    def advance(self) -> None:
        while not self.done:
            self.body.advance()
            self.lost = self.body.lost
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
        yield Opened("timer", self.keys[0], lambda: self.decide(0))
        yield Opened("message", self.keys[1], lambda: self.decide(1))

    def decide(self, way: int) -> None:
        """An event has come."""
        self.body = self.begin(self.shape.parts[way])

    def advance(self) -> None:
        if self.body is not None:
            self.body.advance()
            self.done, self.lost = self.body.done, self.body.lost


BLOCKS: dict[str, type[Block]] = {
    "task": Task,
    "esc": Thrower,
    "fail": Thrower,
    "row": Row,
    "choice": Fork,
    "all": Fork,
    "some": Fork,
    "again": Again,
    "sub": Nested,
    "call": Nested,
    "calls": Nested,
    "each": Nested,
    "in-turn": Nested,
    "race": Race,
}


class Oracle:
    """A whole process."""

    def __init__(self, shape: Shape, values: Mapping[str, int]) -> None:
        self.scope = Scope("", "p", shape, values, watch=shape.watch)
        self.scope.advance()

    def open(self) -> list[Opened]:
        """Everything that a command could do now, by key."""
        return sorted(self.scope.open(), key=lambda each: (each.key, each.kind))

    def act(self, kind: str, key: str, code: str = "") -> None:
        """Do a command. `message` and `signal` are caught by everything that waits for one, `one`
        is a message for this token only; `error` and `escalation` are thrown by a task."""
        if kind in ("message", "signal"):
            keys = [each.key for each in self.open() if each.kind == kind]
        else:
            keys = [key]
        for each in keys:
            self._act("message" if kind == "one" else kind, each, code)
        self.scope.advance()

    def _act(self, kind: str, key: str, code: str) -> None:
        throws = kind in ("error", "escalation")
        found = [
            each
            for each in self.open()
            if each.key == key and (each.throw if throws else each.kind == kind)
        ]
        if throws:
            assert found[0].throw is not None
            found[0].throw(kind, code)
        elif found:
            found[0].act()
