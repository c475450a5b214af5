"""What the files of one deployment come to: which processes, in which order, and what is wrong.

Pure, so that it can be done where nothing else is (web/compiling.py).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from engine.diagrams import source
from engine.diagrams.boxes import Box
from engine.diagrams.compiler import compile_definition, process_keys
from engine.diagrams.definition import Definition, Problem, Undeployable
from engine.diagrams.drawing import Drawing, Edge, Shape
from engine.diagrams.files import is_diagram
from engine.diagrams.layout import read_drawing
from engine.diagrams.rules import called_process
from engine.diagrams.ways import literal
from engine.tokens.graph import Graph, Step
from engine.world import function_names
from forms import Form, FormProblem
from forms import read as read_form

MOST_TOLD = 200
"""Problems and warnings of one kind that are told: who mends these sees the next."""
MOST_DRAWN = 6_000
"""Shapes and lines of one drawing: no page shows more."""
LONGEST = 1_000
"""Characters of one message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A process that a call activity names by its key."""

    element: str
    process: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One executable process among the files, and what a version of it is kept as.

    `files` are the names of those that belong to it; `starts` what else starts it than a person.
    """

    key: str
    name: str
    name_en: str
    digest: str
    files: tuple[str, ...]
    starts: tuple[tuple[str, str], ...] = ()
    needs: tuple[Need, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """The processes of all files, those of the first diagram first; none where there are
    problems."""

    processes: tuple[Found, ...] = ()
    problems: tuple[Problem, ...] = ()
    drawings: tuple[tuple[str, Drawing], ...] = ()
    """Each diagram that can be drawn, by its file; only where that was asked for."""

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Those of every process; what is said of a file that several share, once."""
        told = (each for process in self.processes for each in process.warnings)
        return tuple(dict.fromkeys(told))

    def missing(self, known: Callable[[str], bool]) -> tuple[tuple[Found, Problem], ...]:
        """A warning for each call of a process that is neither here nor `known`, beside the
        process that calls it."""
        here = {each.key for each in self.processes}
        return tuple(
            (found, _missing(need))
            for found in self.processes
            for need in found.needs
            if need.process not in here and not known(need.process)
        )


def read_files(files: Mapping[str, bytes], *, draw: bool = False) -> Deployment:
    """What these files come to, in the order in which they are given."""
    found = _read(files)
    return replace(found, drawings=tuple(_drawings(files))) if draw else found


def _read(files: Mapping[str, bytes]) -> Deployment:
    diagrams = [name for name in files if is_diagram(name)]
    if not diagrams:
        message = (
            "there is no diagram among the files: forms and tables are deployed together with"
            " the diagram that uses them"
        )
        return Deployment(problems=(Problem(element="files", rule="diagram", message=message),))
    others = {name: each for name, each in files.items() if name not in diagrams}
    found: list[tuple[str, Definition]] = []
    problems: dict[Problem, None] = {}
    read = _remembering()
    for name in diagrams:
        try:
            found += [(name, each) for each in _compiled({name: files[name], **others}, read)]
        except Undeployable as error:
            problems.update(dict.fromkeys(error.problems))
    problems.update(dict.fromkeys(_twice(found)))
    if problems:
        return Deployment(problems=_told(tuple(problems)))
    return Deployment(processes=tuple(_found(definition) for _, definition in found))


def _drawings(files: Mapping[str, bytes]) -> Iterator[tuple[str, Drawing]]:
    for name, content in files.items():
        if is_diagram(name):
            try:
                drawing = read_drawing(source.parse(name, content))
            except Undeployable:
                continue
            if drawing is not None and len(drawing.shapes) + len(drawing.edges) <= MOST_DRAWN:
                yield name, drawing


def _compiled(files: Mapping[str, bytes], read: Callable[[bytes], Form]) -> Iterator[Definition]:
    functions = function_names()
    for key in process_keys(files):
        yield compile_definition(files, read, key=key, functions=functions)


def _remembering() -> Callable[[bytes], Form]:
    """A reader of forms that reads each once, however many diagrams they belong to."""
    kept: dict[bytes, Form | FormProblem] = {}

    def read(content: bytes) -> Form:
        if content not in kept:
            try:
                kept[content] = read_form(content)
            except FormProblem as problem:
                kept[content] = problem
        form = kept[content]
        if isinstance(form, FormProblem):
            raise form
        return form

    return read


def _twice(found: Sequence[tuple[str, Definition]]) -> Iterator[Problem]:
    """A key has one latest version: two files can't both give it."""
    for key, count in Counter(definition.key for _, definition in found).items():
        if count > 1:
            names = ", ".join(name for name, each in found if each.key == key)
            message = f"{count} processes of these files have the id {key}: {names}"
            yield Problem(element=key, rule="process", message=message)


def _found(definition: Definition) -> Found:
    return Found(
        key=definition.key,
        name=definition.name,
        name_en=definition.process.name_en,
        digest=definition.digest,
        files=tuple(definition.files),
        starts=starts_of(definition),
        needs=tuple(dict.fromkeys(_needs(definition.net.graph))),
        # Of one diagram the rule knows what is in the same file; here we know of all files.
        warnings=_told([each for each in definition.warnings if each.rule != called_process.NAME]),
    )


def starts_of(definition: Definition) -> tuple[tuple[str, str], ...]:
    """What starts this process beside people: kind and name, in the diagram's order."""
    return tuple(
        (each.kind, each.message or each.expression)
        for each in definition.process.starts.values()
    )


def _needs(graph: Graph) -> Iterator[Need]:
    for step in _steps(graph):
        process = literal(step.call.process) if step.call is not None else ""
        if process:
            yield Need(element=step.id, process=process)


def _steps(graph: Graph) -> Iterator[Step]:
    waiting = [graph]
    while waiting:
        for step in waiting.pop().steps:
            yield step
            if step.inner is not None:
                waiting.append(step.inner)


def _missing(need: Need) -> Problem:
    message = (
        f"the called process {need.process} is not among the files and not deployed: deploy it"
        " before a request comes here"
    )
    return Problem(element=need.element, rule=called_process.NAME, message=message)


def _told(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    told = [
        Problem(element=each.element[:LONGEST], rule=each.rule, message=each.message[:LONGEST])
        for each in problems[:MOST_TOLD]
    ]
    if len(problems) > MOST_TOLD:
        message = f"and {len(problems) - MOST_TOLD} more"
        told.append(Problem(element="files", rule="more", message=message))
    return tuple(told)


def as_json(deployment: Deployment) -> dict[str, Any]:
    """The deployment as JSON takes it."""
    return asdict(deployment)


def from_json(written: Mapping[str, Any]) -> Deployment:
    """The deployment that was written so.

    Raises:
        KeyError, TypeError: it is none.
    """
    return Deployment(
        processes=tuple(
            Found(
                **{
                    **each,
                    "files": tuple(each["files"]),
                    "starts": tuple((kind, name) for kind, name in each["starts"]),
                    "needs": tuple(Need(**need) for need in each["needs"]),
                    "warnings": _problems(each["warnings"]),
                }
            )
            for each in written["processes"]
        ),
        problems=_problems(written["problems"]),
        drawings=tuple((name, _drawing(each)) for name, each in written["drawings"]),
    )


def _drawing(written: Mapping[str, Any]) -> Drawing:
    def box(each: Mapping[str, Any] | None) -> Box | None:
        return Box(**each) if each is not None else None

    return Drawing(
        width=written["width"],
        height=written["height"],
        shapes=tuple(
            Shape(**{**each, "box": Box(**each["box"]), "label": box(each["label"])})
            for each in written["shapes"]
        ),
        edges=tuple(
            Edge(
                **{
                    **each,
                    "points": tuple((x, y) for x, y in each["points"]),
                    "label": box(each["label"]),
                }
            )
            for each in written["edges"]
        ),
    )


def _problems(written: Sequence[Mapping[str, str]]) -> tuple[Problem, ...]:
    return tuple(Problem(**each) for each in written)
