"""Multi-instances over sub-processes and called processes: they count their instances."""

from collections.abc import Sequence
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from engine.tokens.errors import StepBudget, TokensError
from engine.tokens.graph import Each, Flow, Step
from engine.tokens.nested import INSTANCES_MAX, CallActivity, SubProcess
from engine.tokens.nodes import Node
from engine.tokens.token import Token


class Instances(Node):
    """A multi-instance: one scope per item, at once or one after the other; it counts itself."""

    rest = TaskState.STARTED
    numbered = True
    marks_entry = True
    child: "Instance"

    def __init__(self, spec: WorkflowSpec, step: Step, each: Each) -> None:
        super().__init__(spec, step)
        self.shown = f"{step.id}:all"
        self.rule = each

    def _update_hook(self, token: Token) -> bool:
        items = self.items(token)
        first = items[:1] if self.rule.sequential else items
        token.workflow.run.room_for(2 * len(first))
        self.enter(token)
        token.each = {"items": items, "next": 0, "done": 0}
        if not items:
            token.inner = token.causes[0]
            return True
        token._set_state(TaskState.STARTED)
        for _ in first:
            self.begin(token)
        return False

    def items(self, token: Token) -> list[Any]:
        """What the instances are for, as evaluated on entry.

        Raises:
            StepBudget: they are too many.
        """
        scope = token.workflow
        view = scope.run.vars.view(scope.path)
        if self.rule.collection:
            found = scope.world.evaluate(self.rule.collection, view)
            items = [] if found is None else found
            items = list(items) if isinstance(items, list | tuple) else [items]
            count = len(items)
        else:
            count = _number(scope.world.evaluate(self.rule.cardinality, view))
            items = list(range(min(count, INSTANCES_MAX)))
        if count > INSTANCES_MAX:
            raise StepBudget(f"{count} instances, at most {INSTANCES_MAX} are possible")
        return items

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

    def of(self, child: Token) -> Token:
        """The multi-instance that `child` is an instance of."""
        assert child.each is not None
        number = child.each["of"]
        found: Token = next(
            other
            for other in child.workflow.live.values()
            if other.task_spec is self and other.number == number
        )
        return found

    def satisfied_with(self, child: Token) -> bool:
        """Whether the completion condition holds once `child` has ended, which it is about to."""
        if not self.rule.done_when:
            return False
        token, scope = self.of(child), child.workflow
        assert token.each is not None
        done = token.each["done"] + 1
        counts = {
            "nrOfInstances": len(token.each["items"]),
            "nrOfCompletedInstances": done,
            "nrOfActiveInstances": token.each["next"] - done,
        }
        view = scope.run.vars.view(scope.path)
        holds: bool = scope.world.holds(self.rule.done_when, {**view, **child.values, **counts})
        return holds

    def instance_ended(self, child: Token, passage: int) -> None:
        """Count one that ended by itself; go on, begin the next, or wait."""
        token = self.of(child)
        assert token.each is not None
        token.each["done"] += 1
        token.inner = passage
        if token.each["done"] == len(token.each["items"]) or child.last:
            for other in self.instances(token):
                other.cancel()
            token._ready()
        elif self.rule.sequential:
            self.begin(token)

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


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise TokensError(f"{value!r} is no number of instances") from error


class Instance(SubProcess):
    """One instance of a multi-instance over a sub-process."""

    controller: Instances

    def plan(self, token: Token) -> None:
        """Whether it is the last that is needed is worked out, too."""
        super().plan(token)
        token.last = self.controller.satisfied_with(token)

    def ways(self, _token: Token) -> Sequence[Flow]:
        """None: the multi-instance goes on when all have ended."""
        return ()

    def _on_complete_hook(self, token: Token) -> None:
        super()._on_complete_hook(token)
        self.controller.instance_ended(token, token.workflow.last_passage)


class CallInstance(CallActivity, Instance):
    """One instance of a multi-instance over a called process."""
