"""Reading an organisation file: YAML with three tables, or CSV with one, every problem at once."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

LONGEST = 100
"""Characters of an id or a name."""
MOST_BYTES = 20 * 1024 * 1024
ROLES = ("", "owner", "auditor", "administrator")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "departments": ("name", "short", "head", "deputy", "worked", "free"),
    "groups": ("name",),
    "people": (
        "id",
        "name",
        "department",
        "posts",
        "groups",
        "superior",
        "email",
        "active",
        "role",
    ),
}
KEYS = {"departments": "name", "groups": "name", "people": "id"}
_LISTS = ("posts", "groups", "superior", "worked", "free")
_DAYS = ("worked", "free")
"""Of a department: the days that it works, or does not, other than the organisation (X5)."""
_TRUE, _FALSE = ("true", "yes", "1", "是"), ("false", "no", "0", "否")

Rows = dict[str, dict[str, Any]]
"""By key: the fields that the file gives, and no others."""


class BadFile(Exception):
    """The organisation file can't be imported; `problems` says why, every one in a sentence."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


@dataclass(slots=True)
class OrganisationFile:
    """What a file says, checked by itself but not yet against what is there."""

    departments: Rows = field(default_factory=dict)
    groups: Rows = field(default_factory=dict)
    people: Rows = field(default_factory=dict)


def read_file(content: bytes, name: str) -> OrganisationFile:
    """What the file says. `.csv` is read as CSV, everything else as YAML.

    Raises:
        BadFile: it can't be read, or something in it is wrong.
    """
    if len(content) > MOST_BYTES:
        raise BadFile([f"{name} is larger than {MOST_BYTES // 2**20} MB."])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile([f"{name} is not UTF-8."]) from None
    tables = _csv(text, name) if name.lower().endswith(".csv") else _yaml(text, name)
    found, problems = OrganisationFile(), list[str]()
    for table, rows in tables.items():
        into: Rows = getattr(found, table)
        for number, row in enumerate(rows, start=1):
            _take(into, table, row, f"{table} {number}", problems)
    if problems:
        raise BadFile(problems)
    return found


def _yaml(text: str, name: str) -> dict[str, list[Any]]:
    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        raise BadFile([f"{name} is not YAML{where}."]) from None
    if not isinstance(document, dict) or not document:
        raise BadFile([f"{name} has none of the tables departments, groups and people."])
    problems = [f"“{key}” is no table." for key in document if key not in COLUMNS]
    tables = {key: rows or [] for key, rows in document.items() if key in COLUMNS}
    problems += [f"“{key}” is not a list." for key in tables if not isinstance(tables[key], list)]
    if problems:
        raise BadFile(problems)
    return tables


def _csv(text: str, name: str) -> dict[str, list[Any]]:
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        header = [column.strip() for column in reader.fieldnames or ()]
        reader.fieldnames = header
        rows = list(reader)
    except csv.Error as error:
        raise BadFile([f"{name} is not CSV: {error}."]) from None
    table = _table_of(header)
    if table is None:
        raise BadFile([f"The columns of {name} are those of no table: {', '.join(header)}."])
    if any(None in row or None in row.values() for row in rows):
        raise BadFile([f"{name} has rows with more or fewer cells than its header."])
    return {table: [_from_cells(row) for row in rows]}


def _table_of(header: list[str]) -> str | None:
    if "id" in header:
        return "people"
    if "name" not in header:
        return None
    return "groups" if header == ["name"] else "departments"


def _from_cells(row: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column, cell in row.items():
        text = cell.strip()
        if column in _LISTS:
            parts = text.replace("；", ";").split(";")
            values[column] = [part.strip() for part in parts if part.strip()]
        elif column == "active":
            lower = text.lower()
            known = lower in _TRUE + _FALSE
            values[column] = lower in _TRUE if known else (text or True)
        else:
            values[column] = text
    return values


def _take(into: Rows, table: str, row: Any, where: str, problems: list[str]) -> None:
    if not isinstance(row, dict):
        problems.append(f"{where}: not a row of names and values.")
        return
    unknown = [str(column) for column in row if column not in COLUMNS[table]]
    if unknown:
        problems.append(f"{where}: there is no column {', '.join(unknown)}.")
        return
    found = {column: _value(column, value, where, problems) for column, value in row.items()}
    key = found.get(KEYS[table])
    if not isinstance(key, str) or not key:
        problems.append(f"{where}: {KEYS[table]} is missing.")
    elif key in into:
        problems.append(f"{where}: {key} stands in the file twice.")
    else:
        if table == "people" and (wrong := _wrong_id(key)):
            problems.append(f"{where}: {wrong}")
        into[key] = found


def _value(column: str, value: Any, where: str, problems: list[str]) -> Any:
    if column == "active":
        if value is None or isinstance(value, bool):
            return value is not False
        problems.append(f"{where}: active is true or false, not {value!r}.")
        return True
    if column in _DAYS:
        return _days(column, value, where, problems)
    if column in _LISTS:
        listed = [] if value is None or value == "" else value
        listed = [listed] if isinstance(listed, str) else listed
        if isinstance(listed, list) and all(_is_name(each) for each in listed):
            return list(dict.fromkeys(each.strip() for each in listed))
        problems.append(f"{where}: {column} is not a name or a list of names.")
        return []
    text = "" if value is None else value
    if not isinstance(text, str) or (text and not _is_name(text)):
        problems.append(f"{where}: {column} is not a text of at most {LONGEST} characters.")
        return ""
    if column == "role" and text not in ROLES:
        problems.append(f"{where}: there is no role {text}; there are {', '.join(ROLES[1:])}.")
    return text.strip()


def _days(column: str, value: Any, where: str, problems: list[str]) -> list[str]:
    """Single days, each as a date."""
    listed = [] if value is None or value == "" else value
    found: set[str] = set()
    for each in listed if isinstance(listed, list) else [listed]:
        try:
            day = each if type(each) is date else date.fromisoformat(str(each).strip())
        except ValueError:
            problems.append(f"{where}: {column}: {str(each)[:LONGEST]} is no date (2026-05-02).")
        else:
            found.add(day.isoformat())
    return sorted(found)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST and value.isprintable()


def _wrong_id(id: str) -> str | None:
    if "/" in id:
        return f"the id {id} has a “/”."
    if id.startswith("system:"):
        return f"ids that begin with “system:” are the system's own, {id} too."
    return None
