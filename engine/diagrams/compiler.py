"""From files to a `Definition`: everything that could not run is refused here, in words."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from engine.diagrams import source
from engine.diagrams.checks import Known, check
from engine.diagrams.definition import Definition, Undeployable
from engine.diagrams.findings import Findings
from engine.diagrams.graphs import read_graph
from engine.diagrams.nodes import Collected, Diagram, read_lanes
from engine.diagrams.processes import read_process
from engine.diagrams.source import Element
from engine.tokens import Net
from forms import Form, FormProblem

DIAGRAMS = (".bpmn", ".bpmn20.xml", ".xml")
FORMS = (".form", ".json")
LISTS = (".csv",)

ReadForm = Callable[[bytes], Form]


def compile_definition(
    files: Mapping[str, bytes],
    read_form: ReadForm,
    *,
    functions: Collection[str] | None = None,
) -> Definition:
    """The definition that these files (name to content) make; one executable process.

    `functions` are the names that expressions may call; None: that is not checked. A
    form that is named but not among the files is a warning: such a desk takes variables.

    Raises:
        Undeployable: they make none; every problem is named.
    """
    findings = Findings()
    roots = _parse(files, findings)
    forms = _read_forms(files, read_form, findings)
    findings.raise_if_any()
    root, process = _executable(roots, findings)
    _refuse_duplicates(root, findings)
    findings.raise_if_any()

    words = Collected()
    diagram = Diagram(
        messages={
            source.identity(each): source.title(each) for each in source.children(root, "message")
        },
        lanes=read_lanes(process),
        words=words,
        findings=findings,
    )
    graph = read_graph(process, diagram)
    findings.raise_if_any()
    assert graph is not None, "a process without a start is a problem"
    start = next(
        each for each in source.children(process, "startEvent") if each.get("id") == graph.start
    )
    about = read_process(process, start, findings)
    known = Known(functions=None if functions is None else frozenset(functions))
    check(graph, about, words, forms, known, findings)
    findings.raise_if_any()
    return Definition(
        key=about.key,
        name=about.name,
        digest=digest_of(files),
        files=MappingProxyType(dict(files)),
        process=about,
        nodes=MappingProxyType(words.nodes),
        actions=MappingProxyType(words.actions),
        events=MappingProxyType(words.events),
        ends=MappingProxyType(words.ends),
        forms=MappingProxyType(forms),
        names=MappingProxyType(words.names),
        names_en=MappingProxyType(words.names_en),
        warnings=tuple(findings.warnings),
        net=Net(graph),
    )


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256, hexadecimal, over the files sorted by name, each name and content with its length
    before it."""
    digest = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


def _parse(files: Mapping[str, bytes], findings: Findings) -> dict[str, Element]:
    roots: dict[str, Element] = {}
    for name in sorted(files):
        if not name.lower().endswith(DIAGRAMS + FORMS + LISTS):
            findings.warn(name, "file", "no diagram, form or list: kept, but not read")
        elif name.lower().endswith(DIAGRAMS):
            try:
                roots[name] = source.parse(name, files[name])
            except Undeployable as error:
                findings.problems.extend(error.problems)
    return roots


def _read_forms(
    files: Mapping[str, bytes], read_form: ReadForm, findings: Findings
) -> dict[str, Form]:
    forms: dict[str, Form] = {}
    for name in sorted(files):
        if not name.lower().endswith(FORMS):
            continue
        try:
            form = read_form(files[name])
        except FormProblem as error:
            for where, what in error.problems:
                findings.refuse(name, "form", f"{where}: {what}" if where else what)
            continue
        if form.key in forms:
            findings.refuse(name, "form", f"a second form with the id {form.key}")
        forms[form.key] = form
    return forms


def _executable(roots: Mapping[str, Element], findings: Findings) -> tuple[Element, Element]:
    """The one process that is to run, and the root that holds it."""
    every = [
        (root, process) for root in roots.values() for process in source.children(root, "process")
    ]
    marked = [each for each in every if each[1].get("isExecutable") == "true"]
    unmarked = [each for each in every if each[1].get("isExecutable") is None]
    found = marked
    if not marked and len(every) == 1 and unmarked:
        found = unmarked
        findings.warn(
            source.identity(found[0][1]), "process", "not marked as executable: taken as such"
        )
    if len(found) != 1:
        name = next(iter(roots), "files")
        findings.refuse(
            name, "process", f"exactly one executable process is needed, {len(found)} are there"
        )
        findings.raise_if_any()
    root, process = found[0]
    if not source.identity(process):
        findings.refuse("process", "id", "the process has no id")
    return root, process


def _refuse_duplicates(root: Element, findings: Findings) -> None:
    counts = Counter(each.get("id") for each in root.iter() if each.get("id"))
    for identity, count in counts.items():
        if identity is not None and count > 1:
            findings.refuse(identity, "id", f"{count} elements have this id")
