"""Answers by chance: what a person might fill in at a desk, right and wrong, by its form."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import forms
from engine.view import TaskView
from tests.engine.live import CALENDAR

TEXTS = ("文字", "8021", "x", "2026", "同意", "长" * 120)
WRONG: tuple[Any, ...] = (None, "", "不是选项", -1, True, [], ["x"], {"a": 1}, "9" * 5000)

Attach = Callable[[str], str]
"""A file's name -> the id of its upload."""


def filled(view: TaskView, random: Random, now: datetime, attach: Attach) -> dict[str, Any]:
    """A desk's form, filled in twice, since answers bring other fields up."""
    assert view.desk is not None
    values: dict[str, Any] = {}
    for _ in range(2):
        drawing = forms.draw(
            view.desk.form,
            values={**view.kept, **values},
            rights=view.desk.rights,
            context=view.context,
            evaluate=view.evaluate,
            lookup=view.lookup,
            locale="zh",
            zone=CALENDAR.zone,
            today=now.astimezone(CALENDAR.zone).date(),
        )
        for field in drawing.fields:
            wanted = field.required or random.random() < 0.7
            again = field.key not in values or random.random() < 0.2
            if wanted and again and not field.readonly:
                values[field.key] = _value(field, random, now, attach)
    return values


def torn(values: dict[str, Any], random: Random) -> dict[str, Any]:
    """The same with something wrong in it, or something that is no field of it."""
    name = random.choice([*values, "task", "develop_verdict", "_x", "unknown"])
    return {**values, name: random.choice(WRONG)}


def _value(
    field: forms.DrawnField | forms.DrawnTable, random: Random, now: datetime, attach: Attach
) -> Any:
    if isinstance(field, forms.DrawnTable):
        return _rows(field, random, now, attach)
    if field.kind in ("checklist", "taglist"):
        offered = [option.value for option in field.options]
        return random.sample(offered, random.randint(min(1, len(offered)), min(3, len(offered))))
    if field.kind in ("radio", "select"):
        return random.choice(field.options).value if field.options else None
    if field.kind == "files":
        return [attach(f"附件{random.randint(1, 9)}.pdf")]
    if field.kind == "checkbox":
        return random.random() < 0.6
    if field.kind in ("integer", "decimal"):
        return _number(field, random)
    return _text(field, random, now)


def _number(field: forms.DrawnField, random: Random) -> Any:
    low = int(float(field.min)) if field.min else 0
    high = int(float(field.max)) if field.max else low + 40
    number = random.randint(low, max(low, high))
    return number if field.kind == "integer" else str(number)


def _text(field: forms.DrawnField, random: Random, now: datetime) -> Any:
    day = now.astimezone(CALENDAR.zone) + timedelta(days=random.choice([0, 1, 3, 7, 20, 45, 90]))
    match field.kind:
        case "date":
            return day.date().isoformat()
        case "time":
            return random.choice(["09:00", "13:30", "18:00"])
        case "datetime":
            return day.replace(microsecond=0).isoformat()
    if field.pattern:
        return random.choice(["8021", "13800138000", "A-001", "123456"])
    text = random.choice(TEXTS)
    return text[: field.maxlength] if field.maxlength else text


def _rows(table: forms.DrawnTable, random: Random, now: datetime, attach: Attach) -> Any:
    blanks = [table.blank] * random.randint(1, 2) if table.blank and not table.rows else []
    rows = []
    for row in [*table.rows, *blanks]:
        cells = [cell for cell in row.cells if cell.visible]
        rows.append(
            {
                cell.key: cell.value if cell.readonly else _value(cell, random, now, attach)
                for cell in cells
                if not cell.readonly or cell.value is not None
            }
        )
    return rows
