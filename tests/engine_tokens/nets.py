"""Nets written as lines, and a hand that moves through them."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal

from engine.diagrams.words import EventWords, NodeId
from engine.expressions import ExpressionError, compile_template
from engine.tokens import Call, Each, Flow, Graph, Mapped, Net, Open, Passage, Run, Step
from engine.tokens.graph import StepKind

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
SEEDS = int(os.environ.get("TOKENS_SEEDS", "6000" if SOAK else "520"))
"""How many random processes each random test takes; `make soak` takes more."""

NOON = datetime(2030, 1, 15, 12, 0, tzinfo=UTC)


class Answers:
    """A world without people: expressions read variables, timers are due at noon. A called process
    goes by its key; its digest is the key with a star."""

    def __init__(self, called: Mapping[str, Graph] | None = None) -> None:
        self.nets: dict[str, Net] = {}
        self.newest: dict[str, str] = {}
        for key, graph in (called or {}).items():
            self.deploy(key, graph)

    def deploy(self, key: str, graph: Graph) -> None:
        self.newest[key] = f"{key}*"
        self.nets[f"{key}*"] = Net(graph)

    def called(self, call: Call, variables: Mapping[str, Any]) -> str:
        key = str(self.evaluate(call.process, variables))
        if key not in self.newest:
            raise LookupError(f"no process {key}")
        return self.newest[key]

    def net(self, digest: str) -> Net:
        return self.nets[digest]

    def within(self, digest: str) -> "Answers":
        return self

    failures: tuple[type[Exception], ...] = (ExpressionError, LookupError)

    def evaluate(self, expression: str, variables: Mapping[str, object]) -> object:
        return compile_template(expression).evaluate(variables)

    def holds(self, expression: str, variables: Mapping[str, object]) -> bool:
        return compile_template(expression).holds(variables)

    def awaited(self, expression: str, variables: Mapping[str, object]) -> bool:
        try:
            return self.holds(expression, variables)
        except ExpressionError:
            if compile_template(expression).reads <= variables.keys():
                raise
            return False

    def due(self, event: EventWords, variables: Mapping[str, object]) -> datetime | None:
        return NOON


WORLD = Answers()

KINDS: dict[str, StepKind] = {
    "+": "parallel",
    "#": "inclusive",
    "?": "exclusive",
    "^": "event-gateway",
    "!": "terminate",
}


def timer(id: str, on: str = "", *, interrupting: bool = True, text: str = "PT1H") -> Step:
    """A timer: on the edge of `on`, or in the flow."""
    return _event(id, on, interrupting, kind="timer", timer="duration", expression=text)


def message(id: str, on: str = "", *, interrupting: bool = True, name: str = "ping") -> Step:
    """A message caught: on the edge of `on`, or in the flow."""
    return _event(id, on, interrupting, kind="message", expression=name, message=name)


def signal(id: str, on: str = "", *, interrupting: bool = True, name: str = "alarm") -> Step:
    """A signal caught: on the edge of `on`, or in the flow."""
    return _event(id, on, interrupting, kind="signal", expression=name, message=name)


def condition(id: str, text: str, on: str = "", *, interrupting: bool = True) -> Step:
    """A condition that is waited for."""
    return _event(id, on, interrupting, kind="condition", expression=f"${{{text}}}")


def error(id: str, on: str, code: str = "", **words: Any) -> Step:
    """An error caught on the edge of `on`."""
    return _event(id, on, True, kind="error", code=code, **words)


def escalation(
    id: str, on: str, code: str = "", *, interrupting: bool = True, **words: Any
) -> Step:
    """An escalation caught on the edge of `on`."""
    return _event(id, on, interrupting, kind="escalation", code=code, **words)


def throws(id: str, kind: str, code: str, *, ends: bool = False, **words: Any) -> Step:
    """An event that throws an error or escalation."""
    event = EventWords(id=NodeId(id), name="", kind=kind, code=code, **words)  # type: ignore[arg-type]
    return Step(id=id, kind="raise", event=event, ends=ends)


def handler(id: str, start: Step, inner: Graph) -> Step:
    """An event sub-process that begins with the event of `start`."""
    return Step(id=id, kind="event-sub-process", event=start.event, inner=inner)


def call(id: str, process: str, *outs: Mapped, each: Each | None = None) -> Step:
    """A call activity that hands over everything."""
    ins = (Mapped(everything=True),)
    return Step(id=id, kind="call", call=Call(process=process, ins=ins, outs=outs), each=each)


def _event(id: str, on: str, interrupting: bool, **words: Any) -> Step:
    event = EventWords(
        id=NodeId(id),
        name="",
        attached_to=NodeId(on) if on else None,
        interrupting=interrupting,
        **words,
    )
    return Step(id=id, kind="boundary" if on else "catch", event=event)


def sub(id: str, inner: Graph, each: Each | None = None) -> Step:
    """A sub-process."""
    return Step(id=id, kind="sub-process", inner=inner, each=each)


def graph(*lines: str, steps: tuple[Step, ...] = (), id: str = "p", **more: Any) -> Graph:
    """A graph from lines such as `s > a > +fork > b > e`.

    `s` is the start, `e`, `e1`, … are ends, `!e` is one that terminates. `+` before a name makes a
    parallel gateway, `#` an inclusive, `?` an exclusive, `^` an event gateway; `steps` are given as
    such; the rest are user tasks. `>(condition)` puts a condition on a flow, `>*` makes it the
    default.
    """
    made: dict[str, Step] = {step.id: step for step in steps}
    flows: list[Flow] = []
    for line in lines:
        first, *rest = re.split(r"\s*>(\([^)]*\)|\*)?\s*", line.strip())
        source = _step(first, made)
        for how, word in zip(rest[::2], rest[1::2], strict=True):
            target = _step(word, made)
            flow = Flow(
                id=f"{source}-{target}-{len(flows)}",
                source=source,
                target=target,
                condition=f"${{{how[1:-1]}}}" if how and how != "*" else "",
            )
            flows.append(flow)
            if how == "*":
                made[source] = replace(made[source], default=flow.id)
            source = target
    return Graph(id=id, start="s", steps=tuple(made.values()), flows=tuple(flows), **more)


def _step(word: str, made: dict[str, Step]) -> str:
    name = word.lstrip("".join(KINDS))
    kind = KINDS.get(word[0], "task")
    if kind == "task" and re.fullmatch(r"s|e\d*", name):
        kind = "start" if name == "s" else "end"
    if name not in made:
        made[name] = Step(id=name, kind=kind, ends=kind in ("end", "terminate"))
    return name


class Hand:
    """Moves through a net. With `reload`, through the marking as JSON before every step."""

    def __init__(
        self, net: Net, *, reload: bool = False, world: Answers = WORLD, **variables: Any
    ) -> None:
        self.net = net
        self.world = world
        self.reload = reload
        self.journal: list[Passage] = []
        self.undone: set[int] = set()
        self.ended: list[str] = []
        self.run = Run.begin(net, variables, world)
        self._note()

    def _note(self) -> None:
        self.journal += self.run.passages
        self.ended += self.run.ended
        self.run.passages.clear()
        self.run.ended.clear()

    @property
    def passages(self) -> list[Passage]:
        """Those that no return has undone."""
        return [passage for passage in self.journal if passage.id not in self.undone]

    def saved(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Marking and scopes, as they come back from JSON."""
        marking, scopes = json.loads(json.dumps(self.run.save()))
        return marking, scopes

    def fresh(self) -> None:
        """Begin a new command."""
        if self.reload:
            self.run = Run.resume(self.net, *self.saved(), self.world)

    def token(self, name: str) -> Open:
        """The open token of that key or, if there is one only, of that node."""
        found = [o for o in self.run.open() if name in (o.key, o.node)]
        assert len(found) == 1, (name, [o.key for o in self.run.open()])
        return found[0]

    def do(self, name: str, **writes: Any) -> None:
        """Complete a task."""
        self.fresh()
        self.run.complete(self.token(name).key, writes)
        self._note()

    def fire(self, name: str, again: datetime | None = None) -> None:
        """Let a timer end."""
        self.fresh()
        self.run.fire(self.token(name).key, again)
        self._note()

    def deliver(self, name: str, kind: Literal["message", "signal"] = "message") -> tuple[str, ...]:
        """Send a message or signal."""
        self.fresh()
        caught = self.run.deliver(name, {}, kind=kind)
        self._note()
        return caught

    def throw(self, name: str, code: str, message: str = "", **writes: Any) -> bool:
        """Let a task end with an error."""
        self.fresh()
        caught = self.run.throw_error(self.token(name).key, code, message, writes)
        self._note()
        return caught

    def escalate(self, name: str, code: str, **writes: Any) -> bool:
        """Let a task escalate."""
        self.fresh()
        caught = self.run.escalate(self.token(name).key, code, writes)
        self._note()
        return caught

    def retry(self, name: str, /, **writes: Any) -> bool:
        """Set variables and try again."""
        self.fresh()
        self.run.write(writes)
        better = self.run.retry(self.token(name).key)
        self._note()
        return better

    def set(self, **values: Any) -> None:
        """Set variables, and have conditions read."""
        self.fresh()
        self.run.write(values)
        self.run.recheck()
        self._note()

    def take(self, run: Run, undone: frozenset[int]) -> None:
        """Go on with the run that a return gave."""
        self.undone |= undone
        self.run = run
        self._note()

    def open(self, *kinds: str) -> str:
        """The open nodes of these kinds (default: tasks), sorted."""
        return " ".join(sorted(o.node for o in self.run.open() if o.kind in (kinds or ("task",))))

    def trouble(self) -> dict[str, str]:
        """What is halted, by key, and what sort of trouble each is in."""
        return {each.key: each.trouble_kind for each in self.run.halted()}

    def joins(self) -> list[tuple[str, str]]:
        """(node, flow) of each token that waits at a join."""
        return sorted(
            (row["at"], row["flow"]) for row in self.run.save()[0]["tokens"] if "flow" in row
        )


def walk(hand: Hand, steps: str) -> None:
    """`a b !timer @message ~signal`."""
    for step in steps.split():
        match step[0]:
            case "!":
                hand.fire(step[1:])
            case "@":
                hand.deliver(step[1:])
            case "~":
                hand.deliver(step[1:], "signal")
            case _:
                hand.do(step)
