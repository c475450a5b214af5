"""The OpenAPI 3.1 document, made from the calls as they are registered."""

import re
from functools import cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from web.api.calls import CALLS, Call
from web.api.shapes import Problem

_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_SECURITY: list[dict[str, list[str]]] = [{"token": []}, {"session": [], "csrf": []}]
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same call under the same key takes effect once.",
    "schema": {"type": "string", "maxLength": 200},
}
_REASON = {
    "name": "Comment",
    "in": "header",
    "description": "An administrator's reason to read the content, in percent-encoded UTF-8;"
    " it is recorded.",
    "schema": {"type": "string"},
}
_VERSION = {
    "name": "If-Match",
    "in": "header",
    "description": "The task's version as you were shown it; 409 if it has changed since.",
    "schema": {"type": "string"},
}
FAILURES = {
    "400": "The call can't be read",
    "401": "Nobody is signed in",
    "403": "Not yours to do",
    "404": "Not there, or not yours to know of",
    "409": "Not now: `state` says how things stand",
    "413": "Too large",
    "415": "Another content type is expected",
    "422": "Not right: `errors` by field",
    "429": "Too often",
    "503": "Not now: the reading can't be recorded, or no head covers the export yet",
}


@cache
def describe() -> dict[str, Any]:
    """The whole document, worked out once: it is the same for every application."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec(
        title="Countersign",
        version="1",
        openapi_version="3.1.0",
        info={"description": "Approvals on BPMN diagrams."},
        servers=[{"url": "/api/v1"}],
        plugins=[plugin],
    )
    plugin.converter.add_attribute_function(_own_words)  # type: ignore[union-attr]
    schemes = spec.components
    schemes.security_scheme("token", {"type": "http", "scheme": "bearer"})
    cookie = {"type": "apiKey", "in": "cookie", "name": "__Host-countersign"}
    schemes.security_scheme("session", cookie)
    schemes.security_scheme("csrf", {"type": "apiKey", "in": "header", "name": "X-CSRFToken"})
    for call in CALLS:
        path = _PART.sub(r"{\1}", call.path)
        spec.path(path=path, operations={call.method.lower(): _operation(call)})
    document = dict(spec.to_dict())
    for schema in document["components"]["schemas"].values():
        for each in schema.get("properties", {}).values():
            if each.get("default", "") is None:  # that it may be left out says this already
                del each["default"]
    return document


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return str(kind.__name__)


def _own_words(_converter: Any, field: Any, **_: Any) -> dict[str, Any]:
    """What our own kinds of field say of themselves."""
    words = ("type", "enum", "anyOf", "items", "minimum", "maximum", "maxLength", "maxItems",
             "additionalProperties")  # fmt: skip
    return {name: each for name, each in field.metadata.items() if name in words}


def _operation(call: Call) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": call.name,
        "summary": call.says.split("\n")[0],
        "parameters": [*_path(call), *_query(call)],
        "responses": _responses(call),
        "security": [] if call.open else _SECURITY,
    }
    if call.reason:
        made["parameters"].append(_REASON)
    if call.verb:
        made["parameters"] += [_KEY, _VERSION]
    if call.body is not None:
        made["requestBody"] = {"content": {"application/json": {"schema": call.body}}}
    if call.files:
        made["requestBody"] = {"content": {"multipart/form-data": {"schema": _upload(call)}}}
    return made


def _path(call: Call) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PART.findall(call.path)
    ]


def _query(call: Call) -> list[dict[str, Any]]:
    if call.query is None:
        return []
    found: Schema = call.query()
    return [
        {"name": name, "in": "query", "required": each.required, "schema": _own_words(None, each)}
        for name, each in found.load_fields.items()
    ]


def _upload(call: Call) -> dict[str, Any]:
    one = {"type": "string", "format": "binary"}
    if call.files == "file":
        return {"type": "object", "properties": {"file": one}, "required": ["file"]}
    several = {"type": "array", "items": one}
    owners = {"type": "array", "items": {"type": "string"}}
    return {
        "type": "object",
        "properties": {call.files: several, "owners": owners, "comment": {"type": "string"}},
        "required": [call.files],
    }


def _responses(call: Call) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "As it is now"}
    if call.answer is not None:
        good["content"] = {"application/json": {"schema": call.answer}}
    found = {str(call.status): good}
    if call.files == "files":
        found["200"] = {**good, "description": "The same content is deployed already"}
        found["202"] = {**good, "description": "Proposed: a second owner releases it"}
    if not call.open:
        for code, says in FAILURES.items():
            content = {"application/problem+json": {"schema": Problem}}
            found[code] = {"description": says, "content": content}
    return found
