"""Sub-processes, called processes, and multi-instances of both."""

from collections.abc import Mapping, Sequence
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from engine.tokens.errors import CallsTooDeep, StepBudget
from engine.tokens.graph import Call, Each, Flow, Mapped, Step
from engine.tokens.nodes import Node
from engine.tokens.token import Scope, Token

INSTANCES_MAX = 1000
"""The most instances that one entry of a multi-instance may have."""
CALLS_MAX = 20
"""The most called processes in one another."""


class SubProcess(Node):
    """Its token stands while the scope below it has a live one."""

    rest = TaskState.STARTED
    numbered = True
    marks_entry = True
    inner: WorkflowSpec

    def _update_hook(self, token: Token) -> bool:
        content = self.content(token)
        values = self.initial(token)
        self.enter(token)
        token._set_state(TaskState.STARTED)
        token.workflow.run.open_scope(token, content, self.parent_path(token), values)
        return False

    def content(self, _token: Token) -> WorkflowSpec:
        """What runs below."""
        return self.inner

    def parent_path(self, token: Token) -> str | None:
        """Where the chain of variables goes on."""
        path: str = token.workflow.path
        return path

    def initial(self, token: Token) -> dict[str, Any]:
        """The variables that the scope begins with."""
        return self.item(token)

    def item(self, token: Token) -> dict[str, Any]:
        """In a multi-instance: the item that this instance is for, and its number."""
        return dict(token.each["values"]) if token.each else {}

    def hand_back(self, token: Token, scope: Scope) -> None:
        """Write what leaves the scope."""

    def emptied(self, token: Token, scope: Scope) -> None:
        """No token is left below: go on."""
        self.hand_back(token, scope)
        token.inner = scope.last_passage
        scope.run.close_scope(scope)
        token._ready()

    def leaving_causes(self, token: Token) -> tuple[int, ...]:
        """Its entry, and what ended it."""
        return (*token.causes, token.inner)

    def _on_cancel(self, token: Token) -> None:
        self.unwatch(token)
        run = token.workflow.run
        scope = run.scopes.get(token.key)
        if scope is not None:
            scope.cancel_all()
            run.close_scope(scope)

    def remember(self, token: Token) -> dict[str, Any]:
        """Its number, and its place among the instances of a multi-instance."""
        kept = super().remember(token)
        if token.each is not None:
            kept["each"] = token.each
        return kept

    def restore(self, token: Token, kept: dict[str, Any]) -> None:
        """The reverse of `remember`; the scope below is opened for its tokens."""
        super().restore(token, kept)
        token.each = kept.get("each")
        token.workflow.run.reopen_scope(token, self.content(token))


class CallActivity(SubProcess):
    """A called process sees only what `in` hands over, and gives back only what `out` names."""

    def __init__(self, spec: WorkflowSpec, step: Step, call: Call, name: str = "") -> None:
        super().__init__(spec, step, name)
        self.call = call

    def content(self, token: Token) -> WorkflowSpec:
        """The called process, in the version that was the right one when the token came."""
        scope = token.workflow
        if not token.definition:
            if scope.calls >= CALLS_MAX:
                raise CallsTooDeep(f"{self.name}: more than {CALLS_MAX} processes in one another")
            view = scope.run.vars.view(scope.path)
            token.definition = scope.run.versions.called(self.call, {**view, **self.item(token)})
        return scope.run.versions.net(token.definition).root

    def parent_path(self, token: Token) -> str | None:
        """The chain ends here."""
        return None

    def initial(self, token: Token) -> dict[str, Any]:
        """What the `in` mappings give."""
        run = token.workflow.run
        outer = {**run.vars.view(token.workflow.path), **self.item(token)}
        return mapped(self.call.ins, outer, run)

    def hand_back(self, token: Token, scope: Scope) -> None:
        """What the `out` mappings give."""
        run = scope.run
        values = mapped(self.call.outs, run.vars.view(scope.path), run)
        run.vars.write(token.workflow.path, values)

    def remember(self, token: Token) -> dict[str, Any]:
        """Which version it runs; that no return goes across, too."""
        return {**super().remember(token), "border": True, "runs": token.definition}

    def restore(self, token: Token, kept: dict[str, Any]) -> None:
        """The reverse of `remember`."""
        token.definition = kept["runs"]
        super().restore(token, kept)


def mapped(rules: Sequence[Mapped], view: Mapping[str, Any], run: Any) -> dict[str, Any]:
    """The variables that `rules` make of `view`."""
    values: dict[str, Any] = {}
    for rule in rules:
        if rule.everything:
            values.update(view)
        else:
            values[rule.target] = run.world.evaluate(rule.expression, view)
    return values


class Instances(Node):
    """A multi-instance: one scope per item, at once or one after the other; it counts itself."""

    rest = TaskState.STARTED
    numbered = True
    marks_entry = True
    child: Node

    def __init__(self, spec: WorkflowSpec, step: Step, each: Each) -> None:
        super().__init__(spec, step)
        self.shown = f"{step.id}:all"
        self.rule = each

    def _update_hook(self, token: Token) -> bool:
        self.enter(token)
        items = self.items(token)
        if not items:
            token.inner = token.causes[0]
            return True
        token.each = {"items": items, "next": 0, "done": 0}
        token._set_state(TaskState.STARTED)
        for _ in range(1 if self.rule.sequential else len(items)):
            self.begin(token)
        return False

    def items(self, token: Token) -> list[Any]:
        """What the instances are for, as evaluated on entry."""
        run = token.workflow.run
        view = run.vars.view(token.workflow.path)
        if self.rule.collection:
            items = run.world.evaluate(self.rule.collection, view)
            found = list(items) if isinstance(items, list | tuple) else [items]
            count = len(found)
        else:
            count = int(run.world.evaluate(self.rule.cardinality, view))
            found = list(range(min(count, INSTANCES_MAX)))
        if count > INSTANCES_MAX:
            raise StepBudget(f"{self.name} has {count} instances")
        return found

    def begin(self, token: Token) -> None:
        """Start the next instance."""
        assert token.each is not None
        index = token.each["next"]
        token.each["next"] = index + 1
        values = {"loopCounter": index}
        if self.rule.variable:
            values[self.rule.variable] = token.each["items"][index]
        child = Token(token.workflow, self.child, token.workflow.task_tree, causes=token.causes)
        child.each = {"of": token.number, "values": values}
        self.child._update(child)

    def instances(self, token: Token) -> list[Token]:
        """The live instances of this entry."""
        return [
            other
            for other in token.workflow.live.values()
            if other.task_spec is self.child and other.each["of"] == token.number
        ]

    def instance_ended(self, child: Token, passage: int) -> None:
        """Count one that ended by itself; go on, begin the next, or wait."""
        assert child.each is not None
        number = child.each["of"]
        token: Token = next(
            other
            for other in child.workflow.live.values()
            if other.task_spec is self and other.number == number
        )
        assert token.each is not None
        token.each["done"] += 1
        token.inner = passage
        if token.each["done"] == len(token.each["items"]) or self.satisfied(token):
            for other in self.instances(token):
                other.cancel()
            token._ready()
        elif self.rule.sequential:
            self.begin(token)

    def satisfied(self, token: Token) -> bool:
        """Whether the completion condition holds."""
        assert token.each is not None
        if not self.rule.done_when:
            return False
        run = token.workflow.run
        counts = {
            "nrOfInstances": len(token.each["items"]),
            "nrOfCompletedInstances": token.each["done"],
            "nrOfActiveInstances": token.each["next"] - token.each["done"],
        }
        holds: bool = run.world.holds(
            self.rule.done_when, {**run.vars.view(token.workflow.path), **counts}
        )
        return holds

    def leaving_causes(self, token: Token) -> tuple[int, ...]:
        """Its entry, and the instance that ended it."""
        return tuple(dict.fromkeys((*token.causes, token.inner)))

    def _on_cancel(self, token: Token) -> None:
        self.unwatch(token)
        for child in self.instances(token):
            child.cancel()

    def remember(self, token: Token) -> dict[str, Any]:
        """Its items and how many of them have begun and ended."""
        return {**super().remember(token), "each": token.each}

    def restore(self, token: Token, kept: dict[str, Any]) -> None:
        """The reverse of `remember`."""
        super().restore(token, kept)
        token.each = dict(kept["each"])


class Instance(SubProcess):
    """One instance of a multi-instance over a sub-process."""

    controller: Instances

    def ways(self, token: Token) -> Sequence[Flow]:
        """None: the multi-instance goes on when all have ended."""
        self.controller.instance_ended(token, token.workflow.last_passage)
        return ()


class CallInstance(CallActivity, Instance):
    """One instance of a multi-instance over a called process."""
