"""Reading an organisation file: YAML of several tables, or CSV of one, every problem at once."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

import yaml

LONGEST = 100
"""Characters of an id or a name."""
MOST_BYTES = 20 * 1024 * 1024
ROLES = ("", "owner", "auditor", "administrator")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "departments": ("name", "name_en", "short", "head", "deputy", "worked", "free"),
    "posts": ("id", "name", "name_en"),
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
KEYS = {"departments": "name", "posts": "id", "groups": "name", "people": "id"}
SUBSTITUTES = ("person", "substitute", "since", "until", "processes")
"""The columns of who stands in for whom: rows without a key."""
_TABLES = (*COLUMNS, "substitutes")
_MEANT = {
    "boss": "superior", "manager": "superior", "superiors": "superior", "supervisor": "superior",
    "dept": "department", "unit": "department", "title": "posts", "post": "posts",
    "position": "posts", "group": "groups", "mail": "email", "e-mail": "email",
    "enabled": "active", "display_name": "name", "english": "name_en", "from": "since",
    "to": "until", "process": "processes", "deputy_head": "deputy", "abbreviation": "short",
}  # fmt: skip
"""What columns of other systems are called here."""
_LISTS = ("posts", "groups", "superior", "worked", "free", "processes")
_MOMENTS = ("since", "until")
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
    posts: Rows = field(default_factory=dict)
    groups: Rows = field(default_factory=dict)
    people: Rows = field(default_factory=dict)
    substitutes: list[dict[str, Any]] = field(default_factory=list)
    """Who stands in for whom; moments as they are written, ISO."""


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
        if table == "substitutes":
            for number, row in enumerate(rows, start=1):
                _take_substitute(found.substitutes, row, f"{table} {number}", problems)
            continue
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
        raise BadFile([f"{name} has none of the tables {', '.join(_TABLES)}."])
    problems = [
        f"“{key}” is no table{_perhaps(str(key), _TABLES)}."
        for key in document
        if key not in _TABLES
    ]
    tables = {key: rows or [] for key, rows in document.items() if key in _TABLES}
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
    if "substitute" in header:
        return "substitutes"
    if "id" in header:
        return "posts" if "name_en" in header else "people"
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
    if not _known(row, COLUMNS[table], where, problems):
        return
    found = {column: _value(column, value, where, problems) for column, value in row.items()}
    key = found.get(KEYS[table])
    if not isinstance(key, str) or not key:
        problems.append(f"{where}: {KEYS[table]} is missing.")
    elif key in into:
        problems.append(f"{where}: {key} stands in the file twice.")
    else:
        if table in ("people", "posts") and (wrong := wrong_id(key)):
            problems.append(f"{where}: {wrong}")
        into[key] = found


def _known(
    row: Mapping[Any, Any], columns: Iterable[str], where: str, problems: list[str]
) -> bool:
    """Whether the table has all of these columns; the others are told, with what may be meant."""
    unknown = [str(column) for column in row if column not in columns]
    if unknown:
        meant = _perhaps(unknown[0], columns) if len(unknown) == 1 else ""
        problems.append(f"{where}: there is no column {', '.join(unknown)}{meant}.")
    return not unknown


def _perhaps(word: str, known: Iterable[str]) -> str:
    names = list(known)
    meant = _MEANT.get(word.lower(), "")
    near = [meant] if meant in names else get_close_matches(word.lower(), names, 1)
    return f" (is it {near[0]}?)" if near else ""


def _take_substitute(
    into: list[dict[str, Any]], row: Any, where: str, problems: list[str]
) -> None:
    if not isinstance(row, dict):
        problems.append(f"{where}: not a row of names and values.")
        return
    if not _known(row, SUBSTITUTES, where, problems):
        return
    found = {column: _value(column, value, where, problems) for column, value in row.items()}
    missing = [each for each in ("person", "substitute", "since", "until") if not found.get(each)]
    if missing:
        problems.append(f"{where}: {', '.join(missing)} is missing.")
    else:
        into.append({"processes": [], **found, "where": where})


def _value(column: str, value: Any, where: str, problems: list[str]) -> Any:
    if column == "active":
        if value is None or isinstance(value, bool):
            return value is not False
        problems.append(f"{where}: active is true or false, not {value!r}.")
        return True
    if column in _DAYS:
        return _days(column, value, where, problems)
    if column in _MOMENTS:
        return _moment(column, value, where, problems)
    if column in _LISTS:
        listed = [] if value is None or value == "" else value
        listed = [listed] if isinstance(listed, str) else listed
        if isinstance(listed, list) and all(is_name(each) for each in listed):
            return list(dict.fromkeys(each.strip() for each in listed))
        problems.append(f"{where}: {column} is not a name or a list of names.")
        return []
    text = "" if value is None else value
    if not isinstance(text, str) or (text and not is_name(text)):
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


def _moment(column: str, value: Any, where: str, problems: list[str]) -> str:
    """A date or a date-time, as ISO text; which zone it is in is not known here."""
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    try:
        return datetime.fromisoformat(str(value or "").strip()).isoformat()
    except ValueError:
        said = str(value)[:LONGEST]
        problems.append(f"{where}: {column}: {said} is no date (2026-05-02) nor a moment.")
        return ""


def is_name(value: Any) -> bool:
    """Whether this can be an id or a name."""
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST and value.isprintable()


def wrong_id(id: str) -> str | None:
    """What is wrong with an id, as a sentence; None if nothing is."""
    if "/" in id:
        return f"the id {id} has a “/”."
    if id.startswith("system:"):
        return f"ids that begin with “system:” are the system's own, {id} too."
    return None
