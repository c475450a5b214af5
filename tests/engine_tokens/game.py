"""A token game on a plain graph that knows nothing of the library, markings or passages.

Tokens are small records on nodes; who moves first is who got ready first.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from engine.expressions import compile_template
from engine.tokens import Flow, Graph, Step
from tests.engine_tokens.oracle import Opened, catches
from tests.engine_tokens.shapes import Edge


@dataclass(eq=False, slots=True)
class Piece:
    """A token. `state`: ready, joins, stands, watches (`host`, or the whole scope), inside (it has
    opened a scope, `inner`, or is a multi-instance whose `instances` have), halted, gone. `owner`
    is the multi-instance of an instance, `left` how many of its instances have not begun."""

    step: Step
    area: "Area"
    born: int
    flow: str = ""
    state: str = ""
    number: int = 0
    host: "Piece | None" = None
    inner: "Area | None" = None
    owner: "Piece | None" = None
    instances: list["Piece"] = field(default_factory=list)
    left: int = 0

    @property
    def key(self) -> str:
        """Its key."""
        node = self.step.id
        if self.step.kind == "event-sub-process" and self.state == "watches":
            assert self.step.event is not None
            node = self.step.event.id
        return f"{self.area.path}/{node}#{self.number}"


@dataclass(eq=False, slots=True)
class Area:
    """A scope. `of`: the token that opened it."""

    path: str
    graph: Graph
    of: Piece | None
    pieces: list[Piece] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, node: str) -> int:
        """The number of the entry that now begins."""
        self.counts[node] = self.counts.get(node, 0) + 1
        return self.counts[node]

    def step(self, id: str) -> Step:
        """A node."""
        return next(step for step in self.graph.steps if step.id == id)

    def out(self, id: str) -> list[Flow]:
        """The flows out of a node."""
        return [flow for flow in self.graph.flows if flow.source == id]

    def into(self, id: str) -> list[Flow]:
        """The flows into a node."""
        return [flow for flow in self.graph.flows if flow.target == id]


def edge_of(step: Step) -> Edge:
    """The event of a step."""
    assert step.event is not None
    inter = step.event.interrupting or step.event.kind == "error"
    return Edge(kind=step.event.kind, interrupting=inter, code=step.event.code)


class Game:
    """The whole process."""

    def __init__(
        self, graph: Graph, called: Mapping[str, Graph], values: Mapping[str, int]
    ) -> None:
        self.called, self.values = called, values
        self.births = count(1)
        self.queue: deque[Piece] = deque()
        self.root = Area("", graph, None)
        self.areas = [self.root]
        self.begin(self.root)
        self.settle()

    # moving

    def put(self, area: Area, step: Step, flow: str = "") -> Piece:
        """A new token, which has not arrived yet."""
        piece = Piece(step, area, next(self.births), flow)
        area.pieces.append(piece)
        return piece

    def begin(self, area: Area) -> None:
        """Arm what watches a new scope, and start in it."""
        for step in area.graph.steps:
            if step.kind == "event-sub-process":
                piece = self.put(area, step)
                assert step.event is not None
                piece.state, piece.number = "watches", area.count(step.event.id)
        self.arrive(self.put(area, area.step(area.graph.start)))

    def arrive(self, piece: Piece) -> None:
        """A token comes to its node."""
        step, area = piece.step, piece.area
        many = len(area.into(step.id)) > 1
        if step.kind in ("parallel", "inclusive") and many:
            piece.state = "joins"
            if step.kind == "parallel":
                self.join(area, step, len(area.into(step.id)))
        elif step.kind in ("task", "catch"):
            piece.state = "stands"
            piece.number = area.count(step.id)
            self.watch(piece)
        elif step.kind in ("sub-process", "call", "event-sub-process"):
            self.nest(piece)
        else:
            self.ready(piece)

    def ready(self, piece: Piece) -> None:
        """It leaves as soon as it is its turn."""
        piece.state = "ready"
        self.queue.append(piece)

    def watch(self, host: Piece) -> None:
        """Arm the events on the edge of an activity."""
        for step in host.area.graph.steps:
            if step.kind == "boundary" and step.event and step.event.attached_to == host.step.id:
                piece = self.put(host.area, step)
                piece.state, piece.host = "watches", host
                piece.number = host.area.count(step.id)

    def nest(self, piece: Piece) -> None:
        """Open a scope, or one for each instance."""
        piece.state = "inside"
        each = piece.step.each
        if each is None or piece.owner is not None:
            piece.number = piece.area.count(piece.step.id)
            if piece.owner is None:
                self.watch(piece)
            graph = piece.step.inner
            if piece.step.call is not None:
                graph = self.called[piece.step.call.process]
            assert graph is not None
            area = piece.inner = Area(piece.key, graph, piece)
            self.areas.append(area)
            self.begin(area)
            return
        self.watch(piece)
        piece.left = 2
        for _ in range(1 if each.sequential else 2):
            self.instance(piece)

    def instance(self, piece: Piece) -> None:
        """Begin the next instance."""
        piece.left -= 1
        one = self.put(piece.area, piece.step)
        one.owner = piece
        piece.instances.append(one)
        self.nest(one)

    def oldest(self, area: Area, step: Step) -> dict[str, Piece]:
        """The oldest token that waits on each flow into a join."""
        found: dict[str, Piece] = {}
        for piece in area.pieces:
            if piece.step is step and piece.state == "joins":
                found.setdefault(piece.flow, piece)
        return found

    def join(self, area: Area, step: Step, needed: int) -> bool:
        """Make one token of the oldest on each flow, if enough have one."""
        waiting = list(self.oldest(area, step).values())
        if not waiting or len(waiting) < needed:
            return False
        for piece in waiting[1:]:
            self.drop(piece)
        self.ready(waiting[0])
        return True

    def drop(self, piece: Piece) -> None:
        """A token is gone, with what it opened and what watches over it."""
        if piece.state == "gone":
            return
        piece.state = "gone"
        piece.area.pieces.remove(piece)
        for other in [p for p in piece.area.pieces if p.host is piece]:
            self.drop(other)
        for one in list(piece.instances):
            self.drop(one)
        if piece.owner is not None:
            piece.owner.instances.remove(piece)
        if piece.inner is not None:
            for inner in list(piece.inner.pieces):
                self.drop(inner)
            self.areas.remove(piece.inner)

    def settle(self) -> None:
        """Move everything as far as it goes."""
        while True:
            while self.queue:
                piece = self.queue.popleft()
                if piece.state == "ready":
                    self.leave(piece)
            waiting = [
                p for p in self.pieces() if p.state == "joins" and p.step.kind == "inclusive"
            ]
            places = dict.fromkeys((id(p.area), p.step.id) for p in waiting)
            for place in places:
                piece = next(p for p in waiting if (id(p.area), p.step.id) == place)
                if self.opens(piece.area, piece.step) and self.join(piece.area, piece.step, 1):
                    break
            else:
                return

    def opens(self, area: Area, join: Step) -> bool:
        """BPMN 2.0, 13.4.3: no token can reach a flow without a token, unless it can also reach
        one that has a token, without passing the join."""
        have = self.oldest(area, join)
        flows = area.into(join.id)
        with_token = set().union(*(self.upstream(area, join, f) for f in flows if f.id in have))
        without = set().union(*(self.upstream(area, join, f) for f in flows if f.id not in have))
        return not any(p.step.id in without - with_token for p in area.pieces)

    def upstream(self, area: Area, join: Step, flow: Flow) -> set[str]:
        """Every node from which a token can come to this flow."""
        seen: set[str] = set()
        todo = [flow.source]
        while todo:
            here = todo.pop()
            if here == join.id or here in seen:
                continue
            seen.add(here)
            todo += [each.source for each in area.into(here)]
            step = area.step(here)
            if step.kind == "boundary" and step.event is not None:
                todo.append(str(step.event.attached_to))
        return seen

    def leave(self, piece: Piece) -> None:
        """A token leaves its node."""
        step, area = piece.step, piece.area
        if step.kind == "raise":
            self.throw_from(piece)
            return
        owner = piece.owner
        self.drop(piece)
        if owner is None:
            self.go_on(area, step)
        elif owner.left:
            if owner.step.each is not None and owner.step.each.sequential:
                self.instance(owner)
        elif not owner.instances:
            self.ready(owner)

    def go_on(self, area: Area, step: Step) -> None:
        """What comes after a token has left a node."""
        children = [self.put(area, area.step(f.target), f.id) for f in self.ways(area, step)]
        for child in children:
            if child.state != "gone":
                self.arrive(child)
        if step.kind == "terminate":
            for other in list(area.pieces):
                self.drop(other)
        self.check(area)

    def ways(self, area: Area, step: Step) -> list[Flow]:
        """The flows that a token takes."""
        out = area.out(step.id)
        if step.kind not in ("exclusive", "inclusive") or len(out) < 2:
            return out
        holds = [
            flow
            for flow in out
            if flow.condition and compile_template(flow.condition).holds(self.values)
        ]
        default = [flow for flow in out if flow.id == step.default]
        return (holds[:1] if step.kind == "exclusive" else holds) or default

    def check(self, area: Area) -> None:
        """Where nothing is left but what watches the whole scope, the scope ends."""
        idle = all(p.state == "watches" and p.host is None for p in area.pieces)
        if area not in self.areas or not idle:
            return
        for piece in list(area.pieces):
            self.drop(piece)
        if area.of is not None and area.of.state == "inside":
            self.ready(area.of)

    # events

    def pieces(self) -> list[Piece]:
        """Every token, oldest first."""
        return sorted((p for a in self.areas for p in a.pieces), key=lambda piece: piece.born)

    def strike(self, piece: Piece, stay: bool = False) -> None:
        """An event that is waited for has come."""
        step, area = piece.step, piece.area
        if step.kind == "catch":
            self.ready(piece)
            return
        edge = edge_of(step)
        last = edge.interrupting or (edge.kind == "timer" and not stay)
        if step.kind == "boundary":
            assert piece.host is not None
            host, piece.host = piece.host, (None if last else piece.host)
            if edge.interrupting:
                self.drop(host)
            if last:
                self.ready(piece)
            else:
                self.ready(self.put(area, step))
            return
        if edge.interrupting:
            for other in list(area.pieces):
                self.drop(other)
        elif last:
            self.drop(piece)
        self.nest(self.put(area, step))

    def catcher(self, piece: Piece, kind: str, code: str) -> Piece | None:
        """Who catches what is thrown at `piece`."""
        at: Piece | None = piece
        while at is not None:
            hosts = [each for each in (at.owner, at) if each is not None]
            edges = [p for p in at.area.pieces if p.state == "watches" and p.host in hosts]
            # What an event sub-process throws is not for itself.
            whole = [
                p
                for p in at.area.pieces
                if p.state == "watches"
                and p.host is None
                and not (at.step is p.step and at is not piece)
            ]
            for group in (edges, whole):
                group.sort(key=lambda p: not edge_of(p.step).code)
                for other in group:
                    if catches(edge_of(other.step), kind, code):
                        return other
            at = at.area.of
        return None

    def throw_from(self, piece: Piece) -> None:
        """An event throws."""
        assert piece.step.event is not None
        kind, code = piece.step.event.kind, piece.step.event.code
        found = self.catcher(piece, kind, code)
        if found is None and kind == "error":
            piece.state, piece.number = "halted", piece.area.count(piece.step.id)
            return
        area, step = piece.area, piece.step
        self.drop(piece)
        flows = area.out(step.id) if kind == "escalation" else []
        children = [self.put(area, area.step(flow.target), flow.id) for flow in flows]
        if found is not None:
            self.strike(found)
        for child in children:
            if child.state != "gone":
                self.arrive(child)
        self.check(area)

    # commands

    def open(self) -> list[Opened]:
        """What can be done now."""
        found = [Opened(kind, key, lambda: None) for kind, key in self._open()]
        return sorted(found, key=lambda each: (each.key, each.kind))

    def _open(self) -> Iterator[tuple[str, str]]:
        for piece in self.pieces():
            if piece.state == "halted":
                yield "halted", piece.key
            elif piece.state in ("stands", "watches"):
                event = piece.step.event
                kind = "task" if event is None else event.kind
                if kind in ("task", "timer", "message", "signal"):
                    yield kind, piece.key
                if kind == "timer" and event is not None and not event.interrupting:
                    yield "again", piece.key

    def act(self, kind: str, key: str, code: str = "") -> None:
        """Do one."""
        waits = "message" if kind == "one" else "timer" if kind == "again" else kind
        for piece in self.pieces():
            event = piece.step.event
            mine = piece.key == key or kind in ("message", "signal")
            if piece.state not in ("stands", "watches") or not mine:
                continue
            if kind == "task":
                self.ready(piece)
            elif kind in ("error", "escalation"):
                found = self.catcher(piece, kind, code)
                if found is not None:
                    self.strike(found)
            elif event is not None and event.kind == waits:
                self.strike(piece, stay=kind == "again")
        self.settle()
