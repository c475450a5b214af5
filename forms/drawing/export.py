"""A form as the API gives it: form-js components, as this person gets them now."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from forms.drawing.items import Drawing, DrawnField, DrawnGroup, DrawnTable, DrawnText, Item
from forms.markdown import templates
from forms.model import Component, Field, Form, Group, Listing


def as_json(form: Form, drawing: Drawing) -> dict[str, Any]:
    """The form file again, with options resolved into `values`, what is not visible left out,
    `readonly` and `validate.required` as they are for this person, labels in Chinese (English
    stays in `properties`)."""
    return {
        "type": "default",
        "id": form.key,
        "schemaVersion": form.raw.get("schemaVersion", 19),
        "components": _components(form.components, drawing.items),
    }


def _components(components: Iterable[Component], items: Iterable[Item]) -> list[dict[str, Any]]:
    drawn = {item.id: item for item in items}
    found = [(each, drawn[each.id]) for each in components if each.id in drawn]
    return [_component(each, item) for each, item in found]


def _component(component: Component, item: Item) -> dict[str, Any]:
    if isinstance(item, DrawnGroup) and isinstance(component, Group):
        return {
            **_copied(component.raw, "group", component.id),
            **({"label": item.label} if component.label_told else {}),
            "components": _components(component.components, item.items),
        }
    if isinstance(item, DrawnText):
        made = _copied(component.raw, "text", component.id)
        name = "content" if made["type"] == "html" else "text"
        if name == "content" or templates(str(made.get("text", ""))):
            # HTML comes as the text that is shown of it.
            made["type"], made["text"] = "text", _plain(item)
            made.pop("content", None)
        return made
    if isinstance(item, DrawnTable) and isinstance(component, Listing):
        made = _copied(component.raw, "table", component.id)
        headings = [{"key": column.key, "label": column.label} for column in item.columns]
        return {**made, "label": item.label, "columns": headings, "rows": item.value}
    if isinstance(item, DrawnTable) and isinstance(component, Field):
        return _table(component, item)
    if isinstance(item, DrawnField) and isinstance(component, Field):
        return _field(component, item)
    raise TypeError("this drawing is of another form")


def _table(table: Field, item: DrawnTable) -> dict[str, Any]:
    drawn = {column.key: column for column in item.columns}
    made = _marked(_copied(table.raw, "dynamiclist", table.id), item)
    made["allowAddRemove"] = not (item.readonly or item.fixed)
    made["components"] = [
        _field(column, drawn[column.key]) for column in table.columns if column.key in drawn
    ]
    return made


def _field(field: Field, item: DrawnField) -> dict[str, Any]:
    made = _marked(_copied(field.raw, "textfield", field.id), item)
    made.setdefault("key", field.key)
    made.setdefault("label", field.label.zh)
    if field.label_told:
        made["label"] = item.label
    if field.description_told:
        made["description"] = item.description
    if item.options or field.options.source or field.options.key or field.options.expression:
        made.pop("valuesKey", None)
        made.pop("valuesExpression", None)
        made["values"] = [{"label": option.zh, "value": option.value} for option in item.options]
        translated = {f"option.{o.value}.en": o.en for o in item.options if o.en}
        if translated:
            made["properties"] = {**translated, **made.get("properties", {})}
    return made


def _copied(raw: Mapping[str, object], kind: str, ident: str) -> dict[str, Any]:
    return {"type": kind, "id": ident, **copy.deepcopy(dict(raw))}


def _marked(made: dict[str, Any], item: DrawnField | DrawnTable) -> dict[str, Any]:
    made["readonly"] = item.readonly
    if item.required or "validate" in made:
        made["validate"] = {**made.get("validate", {}), "required": item.required}
    return made


def _plain(item: DrawnText) -> str:
    """What a text with expressions in it says now."""
    return "\n\n".join(
        "\n".join("".join(span.text for span in row) for row in block.items)
        for block in item.blocks
    )
