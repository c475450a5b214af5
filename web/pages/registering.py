"""Registers, as a process's properties describe them.

`register.<id>` names one, `.columns` its columns (`key` or `key:标题:Heading`), `.rows` a variable
whose rows it lists, `.if` which requests.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.diagrams.definition import Definition
from storage import queries
from storage.reader import Reader
from storage.visibility import Viewer
from web.pages import here, looking, words
from web.pages.names import Names
from web.pages.values import Texts, fields_of

PREFIX = "register."


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A register one can open."""

    process: str
    process_name: str
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a register, and the request that it comes from."""

    request: queries.RequestRow
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register as a page shows it."""

    name: str
    process_name: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def registers(reader: Reader) -> list[Link]:
    """Every register that a deployed process has."""
    found = []
    for row in queries.processes(reader):
        words = reader.definitions.process(reader, row.digest)
        for id in _ids(words.properties):
            name = here.said(
                words.properties[PREFIX + id], words.properties.get(f"{PREFIX}{id}.en")
            )
            found.append(
                Link(
                    process=row.key, process_name=here.said(row.name, row.name_en), id=id, name=name
                )
            )
    return found


def register(reader: Reader, viewer: Viewer, process: str, id: str) -> Register | None:
    """A register's lines, of the requests that one may see; None where there is none."""
    definition = reader.definitions.latest(reader, process)
    if definition is None or id not in _ids(definition.process.properties):
        return None
    properties = definition.process.properties
    columns = _columns(definition, properties.get(f"{PREFIX}{id}.columns", "number,title"))
    cells = _Cells(texts=Texts(names=Names.of_reader(reader), fields=fields_of(definition)))
    condition = properties.get(f"{PREFIX}{id}.if", "")
    case = looking.new_case(reader, definition)
    lines = []
    for row in queries.registers(reader, viewer, process):
        if condition and not looking.holds(case, condition, row.variables):
            continue
        for inner in _rows(row.variables, properties.get(f"{PREFIX}{id}.rows", "")):
            texts = tuple(cells.text(key, row, inner) for key, _ in columns)
            lines.append(Line(request=row.request, cells=texts))
    return Register(
        name=here.said(properties[PREFIX + id], properties.get(f"{PREFIX}{id}.en")),
        process_name=here.said(definition.process.name, definition.process.name_en),
        headings=tuple(heading for _, heading in columns),
        lines=tuple(lines),
    )


def _ids(properties: Mapping[str, str]) -> list[str]:
    names = (name.removeprefix(PREFIX) for name in properties if name.startswith(PREFIX))
    return [name for name in names if "." not in name]


def _rows(variables: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    if not name:
        yield {}
        return
    rows = variables.get(name)
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, Mapping):
            yield row


def _columns(definition: Definition, text: str) -> Sequence[tuple[str, str]]:
    """(key, heading) of each column; a heading that is not given is the field's label."""
    fields = fields_of(definition)
    found = []
    for part in text.split(","):
        key, _, heading = part.strip().partition(":")
        zh, _, en = heading.partition(":")
        field = fields.get(key)
        if not zh:
            zh, en = _known(key) or ((field.label.zh, field.label.en) if field else (key, key))
        found.append((key, here.said(zh, en)))
    return found


def _known(key: str) -> tuple[str, str] | None:
    names = {
        "number": ("编号", "No."),
        "title": ("名称", "Title"),
        "department": ("部门", "Department"),
        "requester": ("申请人", "Requester"),
        "status": ("状态", "Status"),
        "filed_on": ("日期", "Date"),
    }
    return names.get(key.removeprefix("request."))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """Values as a register shows them."""

    texts: Texts

    def text(self, key: str, row: queries.RegisterRow, inner: Mapping[str, Any]) -> str:
        """The cell of a column: of the inner row, of the request, or one of its variables."""
        name = key.removeprefix("request.")
        if key not in inner:
            known = self._of_request(name, row.request)
            if known is not None:
                return known
        value = inner[key] if key in inner else row.variables.get(name)
        return self.texts.said(key, value)

    def _of_request(self, name: str, request: queries.RequestRow) -> str | None:
        match name:
            case "number":
                return request.number or ""
            case "title":
                return request.title
            case "department":
                return request.department
            case "requester" | "initiator":
                return request.requester_name
            case "status":
                return str(words.sign(words.STATUS, request.status).word)
        return None
