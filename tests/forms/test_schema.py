"""The meta-schema (forms/form.schema.json) says what `forms.read` takes."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

import forms
from forms import FormProblem
from tests.forms.schema import SCHEMA, valid

SHIPPED = sorted(Path(forms.__file__ or "").parents[1].glob("workflows/*/*.form"))


def reads(file: dict[str, Any]) -> bool:
    try:
        forms.read(json.dumps(file, ensure_ascii=False).encode())
    except FormProblem:
        return False
    return True


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_shipped_forms_are_what_it_describes(path: Path) -> None:
    assert valid(json.loads(path.read_bytes()))


def whole(*components: dict[str, Any], **words: Any) -> dict[str, Any]:
    return {"type": "default", "id": "desk", "components": list(components), **words}


def drawn(random: Random, key: str, depth: int) -> dict[str, Any]:
    """A random component that ought to be read."""
    at = {"id": f"id_{key}", "label": random.choice(["金额", "=total", "sum of {{total}}"])}
    kinds = ["textfield", "textarea", "number", "datetime", "checkbox", "select", "taglist"]
    kinds += ["filepicker", "text", "html", "table", "expression", "separator", "image", "button"]
    kinds += ["group", "dynamiclist"] if depth else []
    kind = random.choice(kinds)
    must: dict[str, Any]
    must = random.choice([{}, {"validate": {"required": True}}, {"validate": {"required": "=x"}}])
    hide = random.choice([{}, {"conditional": {"hide": "=a = 1"}}])
    words: dict[str, dict[str, Any]] = {
        "textfield": {"validate": {"maxLength": random.choice([9, "=n"]), "pattern": "^[a-z]+$"}},
        "number": {"validate": {"min": random.choice([1, "2.5", "=lowest"])}, "decimalDigits": 2},
        "datetime": {"subtype": random.choice(["date", "time", "datetime"])},
        "select": {"values": [{"value": "a", "label": "甲"}, {"value": "b"}]},
        "taglist": {"valuesExpression": "=people"},
        "text": {"text": "# {{name}}\n\n**甲**"},
        "html": {"content": "<p onclick='x()'>甲<b>乙</b></p>"},
        "table": {"dataSource": "=rows", "columns": [{"key": "a", "label": "甲"}, {"key": "b"}]},
        "expression": {"expression": "=1 + 2", "computeOn": "change"},
    }
    more = words.get(kind, {})
    if kind in ("group", "dynamiclist"):
        inner = [drawn(random, f"{key}x{n}", 0) for n in range(3)]
        keyed = [each for each in inner if each["type"] != "table" and "key" in each]
        more = {"components": inner if kind == "group" else [*keyed, field(f"{key}y")]}
    named: dict[str, Any] = {"path": key} if kind == "dynamiclist" else {"key": key}
    named = {} if kind in ("group", "text", "html", "table", "separator", "image") else named
    return {"type": kind, **at, **hide, **(must if named else {}), **named, **more}


def field(key: str) -> dict[str, Any]:
    return {"type": "textfield", "id": key, "key": key}


@pytest.mark.parametrize("seed", range(60))
def test_what_it_describes_is_read(seed: int) -> None:
    random = Random(seed)
    file = whole(*(drawn(random, f"f{n}", 1) for n in range(6)))
    assert valid(file)
    assert reads(file)


@pytest.mark.parametrize(
    "file",
    [
        {"components": []},
        whole(id="1 a"),
        whole(type="other"),
        whole(schemaVersion=0),
        whole({"type": "iframe", "url": "https://example.com"}),
        whole({"type": "textfield"}),
        whole({"type": "textfield", "key": "__proto__"}),
        whole({"type": "textfield", "key": "a_verdict"}),
        whole({"type": "textfield", "key": "nrOfInstances"}),
        whole({"type": "textfield", "key": "a" * 101}),
        whole({"type": "textfield", "key": "a", "validate": {"maximum": 3}}),
        whole({"type": "textfield", "key": "a", "validate": {"min": 3}}),
        whole({"type": "textfield", "key": "a", "validate": {"required": "yes"}}),
        whole({"type": "textarea", "key": "a", "validate": {"pattern": "x"}}),
        whole({"type": "number", "key": "a", "validate": {"minLength": 3}}),
        whole({"type": "number", "key": "a", "validate": {"min": "viel"}}),
        whole({"type": "number", "key": "a", "decimalDigits": 16}),
        whole({"type": "datetime", "key": "a", "subtype": "week"}),
        whole({"type": "select", "key": "a", "values": [{"label": "甲"}]}),
        whole({"type": "select", "key": "a", "values": [{"value": "a", "score": 3}]}),
        whole({"type": "checkbox", "key": "a", "conditional": {"show": "=x"}}),
        whole({"type": "dynamiclist", "path": "a"}),
        whole({"type": "group", "path": "a", "components": []}),
        whole({"type": "table", "columns": [{"key": "a"}]}),
        whole({"type": "expression", "key": "a"}),
        whole({"type": "html", "content": "x" * 20_001}),
        whole(*(field(f"f{n}") for n in range(501))),
    ],
    ids=lambda file: json.dumps(file)[30:100],
)
def test_what_it_does_not_describe_is_refused(file: dict[str, Any]) -> None:
    assert not valid(file)
    assert not reads(file)


def test_it_is_a_schema_of_its_own_words_only() -> None:
    referred = set(json.dumps(SCHEMA).split('"#/$defs/')[1:])
    named = {each.partition('"')[0] for each in referred}
    assert named == set(SCHEMA["$defs"])
