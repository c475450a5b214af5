"""The diagrams of one step: what has become of each element by then, how often it was passed; as a
picture, and as a table that says the same."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from engine.diagrams.definition import Definition
from engine.diagrams.drawing import Drawing, Edge, Shape
from engine.replay import GONE, State, Step
from engine.requests import Node, Slot
from engine.tokens import Graph
from web.drawing.glyphs import State as Mark
from web.drawing.labels import name_of
from web.drawing.lines import edge
from web.drawing.shapes import BACKGROUND, background
from web.drawing.svg import WIDEST, shaped, times
from web.drawing.texts import cut
from web.pages import here, words
from web.pages.diagrams import drawing
from web.pages.formats import listed
from web.pages.stepping.desks import state_of
from web.pages.stepping.knowing import Knowing
from web.pages.stepping.rows import Rows
from web.pages.wording import gettext

Element = tuple[str, str]
"""(digest of its version, id)."""


@dataclass(slots=True, kw_only=True)
class Figure:
    """One process as drawn."""

    digest: str
    name: str
    own: bool
    drawing: Drawing
    lines: list[Edge]
    shapes: list[Shape]
    flows: dict[str, tuple[str, str]]
    """Source and target, by the flow's id."""
    names: dict[str, str]
    behind: Markup = field(default_factory=Markup)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height on the page."""
        scale = min(1.0, WIDEST / max(1, self.drawing.width, self.drawing.height))
        return round(self.drawing.width * scale), round(self.drawing.height * scale)


@dataclass(slots=True, kw_only=True)
class Seen:
    """A step's diagrams: the rows that are the parts of each picture, and of each table."""

    parts: dict[str, list[int]]
    tables: dict[str, list[int]]
    there: list[str]
    """Digests of the figures that are to be seen."""


class Figures:
    """The diagrams, step after step."""

    def __init__(self, knowing: Knowing, rows: Rows) -> None:
        self._knowing = knowing
        self._rows = rows
        self._english = here.locale() == "en"
        self._scopes: dict[str, str | None] = {}
        self._times: Counter[Element] = Counter()
        self._live: Counter[Element] = Counter()
        self._taken: Counter[tuple[str, str, str]] = Counter()
        self._passages: dict[int, Element] = {}
        self._nodes: dict[Element, Mark] = {}
        self._last: dict[Element, Node] = {}
        self._asked: dict[int, Slot] = {}
        self._made: dict[Any, int] = {}
        self.figures = self._figures()

    def _figures(self) -> dict[str, Figure]:
        """The request's own version (or versions, while it was a draft), then those it called."""
        known = self._knowing
        digests: dict[str, bool] = {}
        for step in known.steps.steps:
            request = step.delta.request
            if request is not None and step.by == "engine":
                digests[request.definition] = True
        digests.setdefault(known.row.definition, True)
        for definition in known.definitions:
            digests.setdefault(definition.digest, False)
        for scope in {scope for step in known.steps.steps for scope, _ in step.delta.passed}:
            if (called := self._digest(scope)) is not None:
                digests.setdefault(called, False)
        found = {}
        for digest, own in digests.items():
            try:
                figure = self._figure(known.versions.at(digest), own)
            except KeyError:
                continue  # an altered entry names a version that never was
            if figure is not None:
                found[digest] = figure
        return found

    def _figure(self, definition: Definition, own: bool) -> Figure | None:
        drawn = drawing(definition)
        if drawn is None:
            return None
        behind = [shape for shape in drawn.shapes if shape.kind in BACKGROUND]
        return Figure(
            digest=definition.digest,
            name=here.said(definition.name, definition.process.name_en),
            own=own,
            drawing=drawn,
            lines=list(drawn.edges),
            shapes=[shape for shape in drawn.shapes if shape.kind not in BACKGROUND],
            flows=_flows(definition.net.graph),
            names={shape.id: cut(name_of(shape, self._english)) for shape in drawn.shapes},
            behind=Markup("").join(
                background(shape, cut(name_of(shape, self._english))) for shape in behind
            ),
        )

    def _digest(self, scope: str) -> str | None:
        if scope not in self._scopes:
            found = self._knowing.places.at(scope)
            self._scopes[scope] = found.digest if found is not None else None
        return self._scopes[scope]

    # ---- a step

    def at(self, step: Step, state: State) -> Seen:
        """The diagrams after a step; steps are asked for one after the other."""
        self._pass(step)
        marks, who = self._marks(step, state), self._who(step)
        assert state.request is not None
        own = state.request.definition
        own = own if own in self.figures else self._knowing.row.definition
        seen = Seen(parts={}, tables={}, there=[])
        for digest, figure in self.figures.items():
            there = digest == own if figure.own else any(d == digest for d, _ in self._times)
            if there:
                seen.there.append(digest)
            seen.parts[digest] = self._parts(figure, marks)
            seen.tables[digest] = self._table(figure, marks, who)
        return seen

    def _pass(self, step: Step) -> None:
        """Take over which elements tokens have passed, and which of that was undone."""
        body = step.entry.body
        for passage in body.get("reached", ()):
            digest = self._digest(str(passage[2]))
            name, inner, _half = str(passage[1]).partition(":")
            if digest is None:
                continue
            for cause in passage[3]:
                before = self._passages.get(cause)
                if before is not None and before[0] == digest:
                    self._taken[digest, before[1], name] += 1
            element = self._passages[passage[0]] = (digest, name)
            if not inner:
                self._times[element] += 1
                self._live[element] += 1
        for undone in body.get("undone", ()):
            if undone in self._passages:
                self._live[self._passages[undone]] -= 1

    def _marks(self, step: Step, state: State) -> dict[Element, Mark]:
        """What has become of each element: of a desk its last entry says."""
        own = self._knowing.versions.own.digest
        for node in step.delta.nodes.values():
            if node is not GONE and self._is_last(node, state):
                self._nodes[node.definition or own, node.node] = state_of(node)
        found: dict[Element, Mark] = {
            element: "done" if self._live[element] > 0 else "undone" for element in self._times
        }
        found |= self._nodes
        for token in state.tokens:
            digest = self._digest(token.scope)
            if digest is not None:
                found[digest, token.element] = "halt" if token.halted else "open"
        return found

    def _is_last(self, node: Node, state: State) -> bool:
        """Whether no later entry of the same desk says what has become of it."""
        element = (node.definition, node.node)
        self._last.setdefault(element, node)
        if node.opened_at >= self._last[element].opened_at:
            self._last[element] = node
        return self._last[element].key == node.key

    def _who(self, step: Step) -> dict[Element, list[str]]:
        """Whom each open desk waits for."""
        own, names = self._knowing.versions.own.digest, self._knowing.names
        for ordinal, slot in step.delta.slots.items():
            if slot is not GONE and slot.status == "open":
                self._asked[ordinal] = slot
            else:
                self._asked.pop(ordinal, None)
        found: dict[Element, list[str]] = {}
        for slot in self._asked.values():
            element = (slot.definition or own, slot.node)
            found.setdefault(element, []).extend(names.all(slot.holders or slot.candidates))
        return found

    def _parts(self, figure: Figure, marks: dict[Element, Mark]) -> list[int]:
        """The lines, the shapes, and how often each shape was passed."""
        digest = figure.digest
        return [
            *(self._line(figure, line) for line in figure.lines),
            *(self._shape(digest, shape, marks.get((digest, shape.id))) for shape in figure.shapes),
            *(self._count(digest, shape, self._times[digest, shape.id]) for shape in figure.shapes),
        ]

    def _line(self, figure: Figure, line: Edge) -> int:
        key = (figure.digest, line.id, self._often(figure, line) > 0)
        if key not in self._made:
            drawn = edge(line, passed=key[2], english=self._english)
            self._made[key] = self._rows.number(str(drawn))
        return self._made[key]

    def _often(self, figure: Figure, line: Edge) -> int:
        ends = figure.flows.get(line.id)
        return self._taken[(figure.digest, *ends)] if ends is not None else 0

    def _shape(self, digest: str, shape: Shape, mark: Mark | None) -> int:
        key = (digest, shape.id, mark)
        if key not in self._made:
            self._made[key] = self._rows.number(str(shaped(shape, mark, self._english)))
        return self._made[key]

    def _count(self, digest: str, shape: Shape, often: int) -> int:
        key = ("times", digest, shape.id, max(often, 1))
        if key not in self._made:
            drawn = str(times(shape, often)) if often > 1 else ""
            self._made[key] = self._rows.number(drawn)
        return self._made[key]

    # ---- the same as a table

    def _table(
        self, figure: Figure, marks: dict[Element, Mark], who: dict[Element, list[str]]
    ) -> list[int]:
        found = []
        for shape in figure.shapes:
            kind = _kind(shape)
            if not kind:
                continue
            element = (figure.digest, shape.id)
            mark, often = marks.get(element), self._times[element]
            people = listed(dict.fromkeys(who.get(element, ())))
            found.append(self._element(figure, shape, kind, mark, often, people))
        for line in figure.lines:
            if often := self._often(figure, line):
                found.append(self._flow(figure, line, often))
        return found

    def _element(
        self, figure: Figure, shape: Shape, kind: str, mark: Mark | None, often: int, people: str
    ) -> int:
        key = ("row", figure.digest, shape.id, mark, often, people)
        if key not in self._made:
            name = figure.names[shape.id] or shape.id
            sign = words.sign(words.NODE, mark) if mark else None
            self._made[key] = self._rows.made("element", name, kind, sign, often, people)
        return self._made[key]

    def _flow(self, figure: Figure, line: Edge, often: int) -> int:
        key = ("flow", figure.digest, line.id, often)
        if key not in self._made:
            ends = [figure.names.get(end) or end for end in figure.flows[line.id]]
            label = cut(name_of(line, self._english))
            name = " → ".join(ends) + (f" ({label})" if label else "")
            self._made[key] = self._rows.made(
                "element", name, gettext("flow"), words.NODE["done"], often, ""
            )
        return self._made[key]


def _flows(graph: Graph | None) -> dict[str, tuple[str, str]]:
    """Where every flow leads, those inside sub-processes too."""
    if graph is None:
        return {}
    found = {flow.id: (flow.source, flow.target) for flow in graph.flows}
    for step in graph.steps:
        found |= _flows(step.inner)
    return found


def _kind(shape: Shape) -> str:
    """What an element is, in a word; empty for what tokens never pass."""
    if shape.kind.endswith("Event"):
        return gettext("event")
    if shape.kind.endswith("Gateway"):
        return gettext("gateway")
    if shape.kind == "callActivity":
        return gettext("call")
    if shape.kind in ("subProcess", "transaction", "adHocSubProcess"):
        return gettext("sub-process")
    return gettext("task") if shape.kind.lower().endswith("task") else ""
