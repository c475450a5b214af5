"""From files to a `Definition`: everything that could not run is refused here, in words."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from engine.diagrams import source
from engine.diagrams.beans import map_functions
from engine.diagrams.checks import Known, check, check_elements
from engine.diagrams.choosing import provide
from engine.diagrams.definition import Definition, Undeployable
from engine.diagrams.diagram import read_diagram
from engine.diagrams.executables import Executable, executables
from engine.diagrams.files import DIAGRAMS as DIAGRAMS
from engine.diagrams.files import ReadForm, embedded_forms, parse_diagrams, read_files
from engine.diagrams.findings import Findings
from engine.diagrams.formdata import forms_in
from engine.diagrams.graphs import read_graph
from engine.diagrams.processes import read_process
from engine.diagrams.sketch import Sketch, refuse_duplicates
from engine.diagrams.unsaid import complete
from engine.tokens import Net


def compile_definition(
    files: Mapping[str, bytes],
    read_form: ReadForm,
    *,
    key: str = "",
    functions: Collection[str] | None = None,
    deployed: bool = False,
) -> Definition:
    """The definition that these files (name to content) make of one executable process.

    `key` says which where there are several, "" the first. `functions` are the names that
    expressions may call; None: that is not checked. A form that is named but not among the files
    is a warning: such a desk takes variables. `deployed`: they are, and requests run by them; what
    has come to be refused since then changes nothing for these.

    Raises:
        Undeployable: they make none; every problem is named.
    """
    findings = Findings(deployed=deployed)
    read = read_files(files, read_form, findings)
    findings.raise_if_any()
    found = executables(read.roots, findings)
    findings.raise_if_any()
    chosen = _chosen(found, key, next(iter(read.roots), "files"), findings)
    root, process = chosen.root, chosen.process
    refuse_duplicates(process, findings)
    findings.raise_if_any()

    complete(process, findings)
    map_functions(root, process)
    diagram = read_diagram(root, process, findings)
    sketch = Sketch(process)
    graph = read_graph(sketch, diagram)
    check_elements(root, process, sketch.left_out, findings)
    diagram.words.forms.update(forms_in(process, findings))
    diagram.words.forms.update(embedded_forms(process, read_form, findings))
    findings.raise_if_any()
    if graph is None:
        raise Undeployable(tuple(findings.problems or findings.warnings))
    words = diagram.words
    start = next(
        each for each in source.children(process, "startEvent") if each.get("id") == graph.start
    )
    about = read_process(process, start, words.starts, findings)
    forms = provide(words, about, {**words.forms, **read.forms}, findings)
    known = Known(
        functions=None if functions is None else frozenset(functions),
        lists=read.lists,
        decisions=frozenset(read.decisions),
        processes=frozenset(each.key for each in found),
        asked={id: decision.calls for id, decision in read.decisions.items()},
    )
    check(graph, about, words, forms, known, findings)
    findings.raise_if_any()
    return Definition(
        key=about.key,
        name=about.name,
        digest=digest_of(files, about.key if len(found) > 1 else ""),
        files=MappingProxyType(dict(files)),
        process=about,
        nodes=MappingProxyType(words.nodes),
        actions=MappingProxyType(words.actions),
        events=MappingProxyType(words.events),
        ends=MappingProxyType(words.ends),
        forms=MappingProxyType(forms),
        decisions=MappingProxyType(read.decisions),
        names=MappingProxyType(words.names),
        names_en=MappingProxyType(words.names_en),
        warnings=tuple(findings.warnings),
        net=Net(graph),
    )


def process_keys(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The keys of the executable processes in these files, in the order in which they stand.

    Raises:
        Undeployable: a diagram cannot be read, or none is executable.
    """
    findings = Findings()
    found = executables(parse_diagrams(files, findings), findings)
    findings.raise_if_any()
    return tuple(each.key for each in found)


def digest_of(files: Mapping[str, bytes], key: str = "") -> str:
    """SHA-256, hexadecimal, over the files sorted by name, each name and content with its length
    before it; then the process's key, where the files hold several."""
    digest = hashlib.sha256()
    parts = [part for name in sorted(files) for part in (name.encode(), files[name])]
    for part in [*parts, key.encode()] if key else parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _chosen(found: Sequence[Executable], key: str, name: str, findings: Findings) -> Executable:
    for each in found:
        if key in ("", each.key):
            return each
    findings.refuse(name, "process", f"there is no executable process {key} in these files")
    raise Undeployable(tuple(findings.problems))
