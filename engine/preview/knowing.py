"""What can't be known beforehand on a request's way, who will say it, and what is supposed
instead: conditions that read it are taken both ways, one after the other."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.case import Case, Placed
from engine.desk import desk_of
from engine.diagrams.definition import Definition
from engine.diagrams.ways import drawn, graphs
from engine.diagrams.words import NodeWords
from engine.expressions import ExpressionError, Template, compile_template
from engine.requests import Place
from engine.tokens import Flow
from engine.world import TokensWorld, World

OWN = frozenset({"initiator", "me", "department", "round", "filed_on", "loopCounter"})
"""Variables that the engine gives, whatever a desk says."""
_ACTOR = re.compile(r"actor\(\s*['\"]([^'\"]+)['\"]")
TWICE = 2
"""So often a condition is taken both ways in one run; then the way that it was not taken last, so
that a run ends."""


class NotKnown(ExpressionError):
    """An expression reads what only a later desk says."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(sorted(names))
        super().__init__(f"it can't be known yet: {', '.join(self.names)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that was supposed: that a condition holds, an event comes first, a desk agrees."""

    key: tuple[Any, ...]
    """What was supposed; the same in every run."""
    value: bool
    at: Place
    """The gateway, the event or the desk."""
    kind: str
    """`condition`, `event` or `decision`."""
    text: str = ""
    """The condition, as the diagram has it."""
    reads: tuple[str, ...] = ()
    givers: tuple[Place, ...] = ()
    free: bool = True
    """Whether it may be supposed the other way, too."""


@dataclass(slots=True, kw_only=True)
class Knowing:
    """What one run knows: names that later desks give, and what was supposed so far."""

    prefix: tuple[tuple[Any, bool], ...] = ()
    """What this run supposes first, in this order; after that each first thing holds."""
    taken: list[Choice] = field(default_factory=list)
    givers: dict[str, list[Place]] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)
    """How often each name has been given anew."""
    anything: list[Place] = field(default_factory=list)
    """Desks and workers that may set any variable."""
    said: dict[str, NotKnown] = field(default_factory=dict)
    """What could not be known, by what it says."""
    before_any: bool = True
    """Whether no time has passed yet: now is now."""

    def give(self, at: Place, names: Iterable[str], *, anything: bool = False) -> None:
        """From now on these names are what somebody at `at` says."""
        for name in names:
            places = self.givers.setdefault(name, [])
            if at not in places:
                places.append(at)
            self.given[name] = self.given.get(name, 0) + 1
        if anything and at not in self.anything:
            self.anything.append(at)

    def missing(self, template: Template, variables: Mapping[str, Any]) -> tuple[str, ...]:
        """Of what a template reads, what can't be known."""
        found = {name for name in template.reads if name in self.givers}
        if self.anything:
            found |= {n for n in template.reads if n not in variables and n not in OWN}
        for name in template.calls:
            if name in ("now", "today") and not self.before_any:
                found.add(f"{name}()")
        if "actor" in template.calls:
            asked = (f"actor({node})" for node in _ACTOR.findall(template.text))
            found |= {name for name in asked if name in self.givers}
        return tuple(sorted(found))

    def who(self, names: Iterable[str]) -> tuple[Place, ...]:
        """Who says them."""
        found: dict[Place, None] = {}
        for name in names:
            known = self.givers.get(name, () if name.endswith(")") else self.anything)
            found.update(dict.fromkeys(known))
        return tuple(found)

    def not_known(self, names: Iterable[str]) -> NotKnown:
        """What to raise; kept, to be found again where it was told as a failure."""
        error = NotKnown(names)
        self.said[str(error)] = error
        return error

    def unknown_in(self, text: str) -> NotKnown | None:
        """What could not be known, where a failure's text says so."""
        return next((error for said, error in self.said.items() if said in text), None)

    def suppose(self, key: tuple[Any, ...], at: Place, kind: str, **more: Any) -> bool:
        """Whether it holds: as this run is to suppose it, the same again for the same key."""
        known = next((each for each in self.taken if each.key == key), None)
        if known is not None:
            return known.value
        earlier = [each for each in self.taken if each.key[:2] == key[:2]]
        free = len(earlier) < TWICE
        place = sum(1 for each in self.taken if each.free)
        value = True if free else not earlier[-1].value
        if free and place < len(self.prefix):
            value = self.prefix[place][1]
        self.taken.append(Choice(key=key, value=value, at=at, kind=kind, free=free, **more))
        return value


class Foreseeing(World):
    """The functions of expressions, for a request that is only tried out."""

    @property
    def _knowing(self) -> Knowing:
        found: Rehearsal = self._case  # type: ignore[assignment]
        return found.knowing

    def evaluate(self, expression: str, variables: Mapping[str, object]) -> object:
        """The value of a template.

        Raises:
            NotKnown: it reads what a later desk says.
        """
        template = compile_template(expression)
        names = self._knowing.missing(template, variables)
        if not names and expression in _decided(self.definition):
            names = self._decision(str(super().evaluate(expression, variables)))
        if not names:
            return super().evaluate(expression, variables)
        targets = _mapped(self.definition).get(expression)
        if targets is None:
            raise self._knowing.not_known(names)
        for place in self._knowing.who(names):
            self._knowing.give(place, targets)
        return None

    def _decision(self, id: str) -> tuple[str, ...]:
        decision = self.definition.decisions.get(id)
        reads = decision.reads if decision is not None else ()
        return tuple(name for name in reads if name in self._knowing.givers)

    def holds(self, expression: str, variables: Mapping[str, object]) -> bool:
        """Whether a condition holds; of a gateway's that can't be known, what is supposed."""
        knowing, template = self._knowing, compile_template(expression)
        names = knowing.missing(template, variables)
        if not names:
            return super().holds(expression, variables)
        flow = _flows(self.definition).get(expression)
        if flow is None:
            if expression in _waited(self.definition):
                return False
            raise knowing.not_known(names)
        digest = "" if self.definition is self._case.definition else self.definition.digest
        at = Place(node=drawn(flow.source), definition=digest)
        given = tuple(knowing.given.get(name, 0) for name in names)
        return knowing.suppose(
            ("condition", (digest, expression), given, variables.get("loopCounter")),
            at,
            "condition",
            text=expression,
            reads=names,
            givers=knowing.who(names),
        )

    def within(self, digest: str) -> World:
        """The same for a called process."""
        return type(self)(self._case, self._case.version(digest)) if digest else self


class ForeseeingTokens(Foreseeing, TokensWorld):
    """The same, as tokens ask it."""


@dataclass(slots=True, kw_only=True)
class Rehearsal(Case):
    """A command that is only tried out."""

    knowing: Knowing

    def world(self, row: Placed | None = None) -> World:
        """What expressions at a row may ask."""
        called = row is not None and row.definition
        return Foreseeing(self, self.version(called) if called else None)

    def tokens_world(self) -> World:
        """What tokens may ask."""
        return ForeseeingTokens(self)


def given_by(definition: Definition, words: NodeWords) -> tuple[frozenset[str], bool]:
    """The names that whoever ends a desk gives, and whether he may give any other, too."""
    desk = desk_of(definition, words.id)
    if desk.answers_are_variables:
        edit = desk.rights.edit
        names = {f.key for f in desk.form.fields} if edit is None else {*edit}
        numbers = {f"{words.id}_number"} if words.number_pattern else set()
        return frozenset(_whole(names) | numbers), desk.form.generated
    names = {*words.fields_edit, *words.field_variables}
    if desk.own and desk.form.fields:
        names.add(f"{words.id}_answers")
    return frozenset(_whole(names)), False


def _whole(names: Iterable[str]) -> set[str]:
    """Tables, where their columns are named."""
    return {name.partition(".")[0] for name in names}


def _once(read: Callable[[Definition], Any]) -> Callable[[Definition], Any]:
    return lru_cache(maxsize=1024)(read)


@_once
def _flows(definition: Definition) -> dict[str, Flow]:
    """Flows by their condition; of several with one condition, the first."""
    found: dict[str, Flow] = {}
    for graph in graphs(definition.net.graph):
        for flow in graph.flows:
            if flow.condition:
                found.setdefault(flow.condition, flow)
    return found


@_once
def _waited(definition: Definition) -> frozenset[str]:
    """Conditions that events wait for, and that end a multi-instance early."""
    rules = {e.expression for e in definition.events.values() if e.kind == "condition"}
    for graph in graphs(definition.net.graph):
        rules |= {step.each.done_when for step in graph.steps if step.each is not None}
    return frozenset(rules)


@_once
def _mapped(definition: Definition) -> dict[str, list[str]]:
    """Targets of what goes into called processes and comes out, by expression."""
    found: dict[str, list[str]] = {}
    for graph in graphs(definition.net.graph):
        for step in graph.steps:
            if step.call is not None:
                for rule in (*step.call.ins, *step.call.outs):
                    if rule.target:
                        found.setdefault(rule.expression, []).append(rule.target)
    return found


@_once
def _decided(definition: Definition) -> frozenset[str]:
    """Texts that name a decision to be made."""
    return frozenset(a.decision for a in definition.actions.values() if a.decision)
