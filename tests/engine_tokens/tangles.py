"""Random unstructured nets: ways fork, meet and lead back wherever they like.

Nothing leads back but to a task or an event, so that no net runs for ever by itself.
"""

from dataclasses import replace
from random import Random

from engine.tokens import Call, Each, Flow, Graph, Mapped, Step
from engine.tokens.graph import StepKind
from tests.engine_tokens.nets import handler, message, throws, timer
from tests.engine_tokens.shapes import CODES, Edge, event

WAITS = ("task", "catch")
"""Kinds to which a way may lead back."""


class Tangler:
    """Makes nets at random; `called` are those that they call."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0
        self.called: dict[str, Graph] = {}
        self.variables: list[str] = []

    def name(self, kind: str) -> str:
        """An id that is not yet used."""
        self.count += 1
        return f"{kind}{self.count}"

    def net(self, depth: int, size: int = 9) -> Graph:
        """A net with scopes at most `depth` deep."""
        id = self.name("net")
        steps = [Step(id=f"s_{id}", kind="start")]
        steps += [self.step(depth) for _ in range(self.random.randint(2, size))]
        steps.append(Step(id=f"e_{id}", kind="end", ends=True))
        flows = self.flows(steps)
        steps, flows = self.events(steps, flows, depth)
        steps = [self.chosen(step, flows) for step in steps]
        flows = [self.conditional(flow, steps) for flow in flows]
        return Graph(id=id, start=steps[0].id, steps=tuple(steps), flows=tuple(flows))

    def step(self, depth: int) -> Step:
        """A node; scopes only where there is depth left."""
        kinds = ["task"] * 5 + ["exclusive", "parallel", "parallel", "inclusive", "inclusive"]
        kinds += ["timer", "message", "terminate", "escalation", "error"]
        kind = self.random.choice(kinds + ["sub", "sub", "each", "call"] * (depth > 0))
        id = self.name(kind)
        match kind:
            case "timer":
                return timer(id)
            case "message":
                return message(id)
            case "escalation" | "error":
                code = self.random.choice(CODES)
                return throws(id, kind, code, ends=kind == "error")
            case "sub":
                return Step(id=id, kind="sub-process", inner=self.net(depth - 1, 4))
            case "each":
                rule = Each(cardinality="${2}", sequential=self.random.random() < 0.5)
                return Step(id=id, kind="sub-process", inner=self.net(depth - 1, 4), each=rule)
            case "call":
                inner = self.net(depth - 1, 4)
                self.called[inner.id] = inner
                call = Call(process=inner.id, ins=(Mapped(everything=True),))
                return Step(id=id, kind="call", call=call)
            case "terminate":
                return Step(id=id, kind="terminate", ends=True)
            case _:
                known: StepKind = kind  # type: ignore[assignment]
                return Step(id=id, kind=known)

    def flows(self, steps: list[Step]) -> list[Flow]:
        """Every node is led to from an earlier one, and leads on to a later one or back."""
        flows: list[tuple[str, str]] = []
        for place, step in enumerate(steps[:-1]):
            if step.ends:
                continue
            gateway = step.kind in ("exclusive", "parallel", "inclusive")
            for number in range(self.random.randint(1, 3) if gateway else 1):
                back = [s.id for s in steps[1:place] if s.kind in WAITS]
                if number and back and self.random.random() < 0.4:
                    flows.append((step.id, self.random.choice(back)))
                else:
                    near = steps[place + 1 : place + 4]
                    flows.append((step.id, self.random.choice(near).id))
        reached = {target for _, target in flows}
        for place, step in enumerate(steps[1:], 1):
            before = [
                s.id for s in steps[:place] if s.kind in ("exclusive", "parallel", "inclusive")
            ]
            if step.id not in reached and before:
                flows.append((self.random.choice(before), step.id))
        pairs = dict.fromkeys(flows)
        return [Flow(id=f"{a}>{b}", source=a, target=b) for a, b in pairs]

    def events(
        self, steps: list[Step], flows: list[Flow], depth: int
    ) -> tuple[list[Step], list[Flow]]:
        """Events on some edges, which lead anywhere; sometimes an event sub-process."""
        for step in list(steps):
            if step.kind in ("task", "sub-process", "call") and self.random.random() < 0.4:
                edge = self.edge()
                on = event(edge, self.name("on"), step.id)
                target = self.random.choice([s.id for s in steps if s.kind in (*WAITS, "end")])
                steps.append(on)
                flows.append(Flow(id=f"{on.id}>{target}", source=on.id, target=target))
        if depth and self.random.random() < 0.3:
            begins = event(self.edge(), self.name("w"))
            steps.append(handler(self.name("esp"), begins, self.net(depth - 1, 3)))
        return steps, flows

    def edge(self) -> Edge:
        """An event."""
        kind = self.random.choice(["timer", "message", "signal", "error", "escalation"])
        code = self.random.choice(("", *CODES)) if kind in ("error", "escalation") else ""
        interrupting = kind == "error" or self.random.random() < 0.5
        return Edge(kind=kind, interrupting=interrupting, code=code)

    def chosen(self, step: Step, flows: list[Flow]) -> Step:
        """A gateway that chooses has a default way, its first."""
        out = [flow.id for flow in flows if flow.source == step.id]
        if step.kind in ("exclusive", "inclusive") and len(out) > 1:
            self.variables.append(f"v_{step.id}")
            return replace(step, default=out[0])
        return step

    def conditional(self, flow: Flow, steps: list[Step]) -> Flow:
        """The other ways have conditions over one variable."""
        source = next(step for step in steps if step.id == flow.source)
        if source.kind not in ("exclusive", "inclusive") or source.default in ("", flow.id):
            return flow
        number = 1 + len(flow.target) % 2
        more = f" || v_{source.id} >= 5" if source.kind == "inclusive" else ""
        return replace(flow, condition=f"${{v_{source.id} == {number}{more}}}")
