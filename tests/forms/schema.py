"""As much of JSON Schema as `forms/form.schema.json` needs."""

import json
import re
from pathlib import Path
from typing import Any

import forms

SCHEMA: dict[str, Any] = json.loads(
    (Path(forms.__file__ or "").parent / "form.schema.json").read_text("utf-8")
)
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def valid(value: Any, schema: dict[str, Any] = SCHEMA) -> bool:
    """Whether the value is what the schema describes."""
    if "$ref" in schema:
        return valid(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    if not all(valid(value, each) for each in schema.get("allOf", ())):
        return False
    if "anyOf" in schema and not any(valid(value, each) for each in schema["anyOf"]):
        return False
    if "const" in schema and value != schema["const"]:
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    return _typed(value, schema) and _within(value, schema) and _parts(value, schema)


def _typed(value: Any, schema: dict[str, Any]) -> bool:
    named = schema.get("type")
    if named is None:
        return True
    names = [named] if isinstance(named, str) else named
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, TYPES[name]) for name in names)


def _within(value: Any, schema: dict[str, Any]) -> bool:
    if isinstance(value, str):
        pattern = schema.get("pattern")
        length = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**9)
        return length and (pattern is None or re.search(pattern, value) is not None)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True


def _parts(value: Any, schema: dict[str, Any]) -> bool:
    if isinstance(value, list):
        few = len(value) <= schema.get("maxItems", len(value))
        return few and all(valid(each, schema.get("items", {})) for each in value)
    if not isinstance(value, dict):
        return True
    known = schema.get("properties", {})
    if any(name not in value for name in schema.get("required", ())):
        return False
    if schema.get("additionalProperties") is False and not set(value) <= set(known):
        return False
    return all(valid(each, known[name]) for name, each in value.items() if name in known)
