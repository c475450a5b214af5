"""What may be said of a person, department, post or group: each field checked, every mistake with
its field."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from forms import Message
from storage.organisation import Snapshot
from storage.organisation_files import COLUMNS, KEYS, LONGEST, ROLES, is_name, wrong_id

Errors = dict[str, Message]
MEMBERED = ("posts", "groups")
"""What one is put into from its own page, too."""

NEEDED = Message("此项必填", "This field is required")
NOT_NAME = Message(
    f"应为文字，至多{LONGEST}字，不含控制字符",
    f"Expected text of at most {LONGEST} characters, without control characters",
)
NOT_LIST = Message("应为名称的列表", "Expected a list of names")
NOT_ID = Message(
    "编号不能含“/”，不能以“system:”开头，也不能是“.”",
    "An id has no “/”, does not begin with “system:”, and is not “.”",
)
NOT_ROLE = Message("没有这个角色", "There is no such role")
NOT_MAIL = Message("应为邮箱地址", "Expected an e-mail address")
NOT_BOOLEAN = Message("应为是或否", "Expected true or false")
NOT_DAYS = Message("应为日期，例如 2026-05-02,以空格分隔", "Expected dates such as 2026-05-02")
BOTH = Message("同一天不能既上班又放假", "A day is either worked or free")
NO_DEPARTMENT = Message("没有这个部门", "There is no such department")
NO_GROUP = Message("没有这个组", "There is no such group")
NOBODY = Message("没有这个人", "There is nobody of this id")
HIMSELF = Message("不能是自己的上级", "Nobody is his own superior")
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
_APART = re.compile(r"[\s,;、,;]+")


def parse(table: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], Errors]:
    """What was given, as the organisation keeps it; only what was given."""
    row: dict[str, Any] = {}
    errors: Errors = {}
    for column in COLUMNS[table]:
        if column in given:
            read: Callable[[Any], Any] = _READ.get(column, _text)
            found = read(given[column])
            if isinstance(found, Message):
                errors[column] = found
            else:
                row[column] = found
    key = KEYS[table]
    if table in ("people", "posts") and row.get(key) and not _is_id(row[key]):
        errors[key] = NOT_ID
    for column in {key, "name"} & row.keys():
        if not row[column]:
            errors[column] = NEEDED
    if not {*row.get("worked", ())}.isdisjoint(row.get("free", ())):
        errors["free"] = BOTH
    return row, errors


def check(table: str, key: str, row: Mapping[str, Any], snapshot: Snapshot) -> Errors:
    """What names somebody or something that is not there."""
    errors: Errors = {}
    if table == "departments":
        for column in ("head", "deputy"):
            if row[column] and row[column] not in snapshot.people:
                errors[column] = NOBODY
    if table != "people":
        return errors
    if row["department"] and row["department"] not in snapshot.units:
        errors["department"] = NO_DEPARTMENT
    if any(name not in snapshot.groups for name in row["groups"]):
        errors["groups"] = NO_GROUP
    if key in row["superior"]:
        errors["superior"] = HIMSELF
    elif any(id not in snapshot.people for id in row["superior"]):
        errors["superior"] = NOBODY
    return errors


def _is_id(text: str) -> bool:
    return wrong_id(text) is None and text not in (".", "..")


def _text(value: Any) -> str | Message:
    if not isinstance(value, str):
        return NOT_NAME
    text = value.strip()
    return text if not text or is_name(text) else NOT_NAME


def names(value: Any) -> list[str] | Message:
    """A list of names or ids, each once; or what is wrong with it."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return NOT_LIST
    if not all(isinstance(each, str) and (not each.strip() or is_name(each)) for each in value):
        return NOT_NAME
    return list(dict.fromkeys(each.strip() for each in value if each.strip()))


def _days(value: Any) -> list[str] | Message:
    listed = _APART.split(value) if isinstance(value, str) else value
    if not isinstance(listed, Sequence) or not all(isinstance(each, str) for each in listed):
        return NOT_DAYS
    try:
        return sorted({date.fromisoformat(each).isoformat() for each in listed if each})
    except ValueError:
        return NOT_DAYS


def _role(value: Any) -> str | Message:
    return value if isinstance(value, str) and value in ROLES else NOT_ROLE


def _mail(value: Any) -> str | Message:
    text = _text(value)
    if isinstance(text, Message) or not text or _MAIL.fullmatch(text):
        return text
    return NOT_MAIL


def _flag(value: Any) -> bool | Message:
    return value if isinstance(value, bool) else NOT_BOOLEAN


_READ: dict[str, Callable[[Any], Any]] = {
    "posts": names,
    "groups": names,
    "superior": names,
    "worked": _days,
    "free": _days,
    "role": _role,
    "email": _mail,
    "active": _flag,
}
