"""The files of one definition: a diagram, with its forms, decision tables and lists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from engine.decisions import Decision, UnreadableDecisions, read_decisions
from engine.diagrams import source
from engine.diagrams.definition import Undeployable
from engine.diagrams.findings import Findings
from engine.diagrams.source import Element
from engine.diagrams.zeebe import ZEEBE
from forms import Form, FormProblem

DIAGRAMS = (".bpmn", ".bpmn2", ".bpmn20.xml", ".xml")
FORMS = (".form", ".json")
LISTS = (".csv",)
TABLES = (".dmn", ".dmn11.xml", ".dmn.xml")

ReadForm = Callable[[bytes], Form]


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What stands in the files: diagrams by name, forms by key, decisions by id, lists' names."""

    roots: dict[str, Element]
    forms: dict[str, Form]
    decisions: dict[str, Decision]
    lists: frozenset[str]


def read_files(files: Mapping[str, bytes], read_form: ReadForm, findings: Findings) -> Files:
    """Read all of them; what cannot be read is a problem."""
    return Files(
        roots=parse_diagrams(files, findings),
        forms=_read_forms(files, read_form, findings),
        decisions=_read_decisions(files, findings),
        lists=frozenset(name.rpartition(".")[0] for name in files if name.lower().endswith(LISTS)),
    )


def is_diagram(name: str) -> bool:
    """Whether a file of this name is read as a diagram."""
    return name.lower().endswith(DIAGRAMS) and not name.lower().endswith(TABLES)


def parse_diagrams(files: Mapping[str, bytes], findings: Findings) -> dict[str, Element]:
    """The root element of each diagram, by the name of its file."""
    roots: dict[str, Element] = {}
    for name in sorted(files):
        if is_diagram(name):
            try:
                roots[name] = source.parse(name, files[name])
            except Undeployable as error:
                findings.problems.extend(error.problems)
        elif not name.lower().endswith(FORMS + LISTS + TABLES):
            findings.warn(name, "file", "no diagram, form, table or list: kept, but not read")
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


def embedded_forms(process: Element, read_form: ReadForm, findings: Findings) -> dict[str, Form]:
    """Forms that stand in a process of Camunda 8 as their files would, by their ids there."""
    found: dict[str, Form] = {}
    for holder in source.children(process, "extensionElements"):
        for each in holder.iterchildren(f"{{{ZEEBE}}}userTaskForm"):
            id = source.identity(each)
            try:
                found[id] = replace(read_form(source.text(each).encode()), key=id)
            except FormProblem as error:
                for where, what in error.problems:
                    findings.refuse(id or "form", "form", f"{where}: {what}" if where else what)
    return found


def _read_decisions(files: Mapping[str, bytes], findings: Findings) -> dict[str, Decision]:
    found: dict[str, Decision] = {}
    for name in sorted(files):
        if not name.lower().endswith(TABLES):
            continue
        try:
            read = read_decisions(name, files[name])
        except UnreadableDecisions as error:
            for problem in error.problems:
                findings.refuse(problem.element, problem.rule, problem.message)
            continue
        for warning in read.warnings:
            findings.warn(warning.element, warning.rule, warning.message)
        for id, decision in read.by_id.items():
            if id in found:
                findings.refuse(name, "decision", f"a second decision with the id {id}")
            found[id] = decision
    return found
