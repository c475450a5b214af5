"""Building the library's specs, of our own classes, from the plain description of a process."""

from collections.abc import Callable, Mapping, Sequence

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from engine.tokens.catching import Boundary, Catch, EventGateway
from engine.tokens.graph import Flow, Graph, Step, StepKind
from engine.tokens.instances import CallInstance, Instance, Instances
from engine.tokens.joins import Inclusive, Parallel
from engine.tokens.nested import CallActivity, Handler, SubProcess, Trigger
from engine.tokens.nodes import Exclusive, Node, Stop, Terminate
from engine.tokens.throwing import Raise

SIMPLE: Mapping[StepKind, Callable[[WorkflowSpec, Step], Node]] = {
    "start": Node,
    "end": Node,
    "pass": Node,
    "terminate": Terminate,
    "raise": Raise,
    "catch": Catch,
    "boundary": Boundary,
    "exclusive": Exclusive,
    "inclusive": Inclusive,
    "parallel": Parallel,
    "event-gateway": EventGateway,
}


class ScopeSpec(WorkflowSpec):  # type: ignore[misc]  # the library is untyped
    """The nodes of one process or sub-process; `triggers` begin its event sub-processes."""

    triggers: tuple[Trigger, ...] = ()


class Net:
    """A compiled process: nothing in it changes while tokens move, so threads may share it.

    `graph` is what it was built from; `calls` says whether it calls other processes.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.calls = _calls(graph)
        self.root = self._scope(graph)

    def _scope(self, graph: Graph) -> WorkflowSpec:
        spec = ScopeSpec(graph.id)
        nodes = {step.id: self._node(spec, step) for step in graph.steps}
        for flow in graph.flows:
            nodes[flow.source].connect(nodes[flow.target])
            nodes[flow.source].outgoing.append(flow)
            nodes[flow.target].incoming.append(flow)
        for node in nodes.values():
            if isinstance(node, Boundary):
                assert node.event.attached_to is not None
                node.host_node = nodes[node.event.attached_to]
                node.host_node.watchers.append(node)
        for node in nodes.values():
            if isinstance(node, Inclusive):
                node.upstream = upstream(node, nodes)
        handlers = [node for node in nodes.values() if isinstance(node, Handler)]
        spec.triggers = tuple(handler.trigger for handler in handlers)
        spec.start = nodes[graph.start]
        return spec

    def _node(self, spec: WorkflowSpec, step: Step) -> Node:
        match step.kind:
            case "task" | "action" | "external" | "throw":
                return Stop(spec, step, step.kind)
            case "event-sub-process":
                return self._handler(spec, step)
            case "sub-process" | "call":
                return self._nested(spec, step)
            case _:
                return SIMPLE[step.kind](spec, step)

    def _handler(self, spec: WorkflowSpec, step: Step) -> Handler:
        assert step.inner is not None
        handler = Handler(spec, step)
        handler.inner = self._scope(step.inner)
        handler.trigger = Trigger(spec, step)
        handler.trigger.handler = handler
        return handler

    def _nested(self, spec: WorkflowSpec, step: Step) -> Node:
        name = f"{step.id}:each" if step.each else step.id
        node: SubProcess
        if step.call is not None:
            kind = CallInstance if step.each else CallActivity
            node = kind(spec, step, step.call, name)
        else:
            assert step.inner is not None
            node = (Instance if step.each else SubProcess)(spec, step, name)
            node.inner = self._scope(step.inner)
        if step.each is None:
            return node
        assert isinstance(node, Instance)
        controller = Instances(spec, step, step.each)
        controller.child = node
        node.controller = controller
        return controller


def _calls(graph: Graph) -> bool:
    return any(
        step.call is not None or (step.inner is not None and _calls(step.inner))
        for step in graph.steps
    )


def upstream(join: Inclusive, nodes: Mapping[str, Node]) -> dict[str, frozenset[str]]:
    """For each flow into `join`, the nodes from which it can be reached without passing `join`.

    A boundary event is reached from its activity.
    """
    before: dict[str, list[str]] = {}
    for node in nodes.values():
        before[node.name] = [each.source for each in node.incoming]
        if isinstance(node, Boundary):
            before[node.name].append(node.host_node.name)
    return {flow.id: _reaching(join.name, flow, before) for flow in join.incoming}


def _reaching(join: str, flow: Flow, before: Mapping[str, Sequence[str]]) -> frozenset[str]:
    seen: set[str] = set()
    todo = [flow.source]
    while todo:
        here = todo.pop()
        if here not in seen and here != join:
            seen.add(here)
            todo.extend(before[here])
    return frozenset(seen)
