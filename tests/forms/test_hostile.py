"""Form files as a determined outsider writes them: each gets a sentence, soon."""

import json
from time import process_time
from typing import Any

import pytest

import forms
from forms import FormProblem
from forms.markdown import templates
from tests.forms.desk import component, file


def whole(inner: str) -> bytes:
    return f'{{"id":"a","components":[{inner}]}}'.encode()


def nested(depth: int) -> str:
    inner = '{"type":"textfield","key":"k"}'
    for _ in range(depth):
        inner = f'{{"type":"group","components":[{inner}]}}'
    return inner


def one(**words: Any) -> bytes:
    return file({"type": "textfield", "key": "k", **words})


HOSTILE = {
    "a million bytes": b" " * 1_000_000,
    "very many components": whole(",".join(["{}"] * 80_000)),
    "very many numbers": whole(",".join(["1"] * 100_000)),
    "very many options": whole('{"type":"select","key":"k","values":[' + "{}," * 80_000 + "{}]}"),
    "very many columns": whole(
        '{"type":"table","dataSource":"=x","columns":[' + "1," * 90_000 + "1]}"
    ),
    "groups in groups": whole(nested(9)),
    "groups far too deep": whole(nested(4_000)),
    "brackets": b"[" * 200_000,
    "braces": b'{"a":' * 50_000,
    "a default in brackets": whole(
        '{"type":"textfield","key":"k","defaultValue":' + "[" * 900 + "]" * 900 + "}"
    ),
    "a pattern of repeats": one(validate={"pattern": "(a{1,1000}){1,1000}"}),
    "a pattern of ways": one(validate={"pattern": "a|" * 60_000}),
    "a pattern of brackets": one(validate={"pattern": "(" * 50_000 + ")" * 50_000}),
    "a pattern that looks back": one(validate={"pattern": r"^(a+)+\1$"}),
    "a long key": one(key="k" * 200_000),
    "half templates": one(label="{{" * 9_000),
    "a number without end": whole('{"type":"number","key":"k","validate":{"min":1e999999999}}'),
    "a number of a billion digits": file(component("number", "k", validate={"min": "1e999999999"})),
    "a step of a billion digits": file(component("number", "k", increment="1e999999999")),
    "a step with a billion places": file(component("number", "k", increment="1e-999999999")),
    "many digits": whole('{"type":"number","key":"k","increment":' + "9" * 5_000 + "}"),
    "the same name twice": b'{"id":"a","components":[{"type":"number","key":"k","key":"l"}]}',
    "types of odd types": whole('{"type":{"a":1},"key":["x"],"validate":[],"values":{}}'),
    "no text at all": b"\x00\xff\xfe",
    "another encoding": json.dumps({"id": "a"}).encode("utf-32"),
    "half a surrogate": b'{"id":"a","components":[{"type":"textfield","key":"\\ud800"}]}',
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_it_is_refused_in_words_and_soon(data: bytes) -> None:
    began = process_time()
    with pytest.raises(FormProblem) as refused:
        forms.read(data)
    assert process_time() - began < 2
    assert 1 <= len(refused.value.problems) <= 101
    for where, sentence in refused.value.problems:
        assert 0 < len(where) <= 100
        assert 0 < len(sentence) <= 400


@pytest.mark.parametrize(
    "key",
    [
        *("__proto__", "__class__", "__import__", "__subclasses__", "_x", "constructor.prototype"),
        *("nrOfInstances", "nrOfAnything", "loopCounter", "execution", "task", "typename"),
        *("csrf_token", "a_verdict", "a_answers", "a b", "a-b", "${x}", "'; drop table", "", "9"),
    ],
)
@pytest.mark.parametrize("kind", ["textfield", "dynamiclist", "expression", "column"])
def test_no_field_has_a_name_that_means_something(kind: str, key: str) -> None:
    inner = {"components": [component("textfield", "a")]} if kind == "dynamiclist" else {}
    raw = component(kind, key, expression="=1", **inner)
    raw["id"] = "c"
    if kind == "column":
        raw = component("dynamiclist", "t", components=[component("textfield", key) | {"id": "c"}])
    with pytest.raises(FormProblem) as refused:
        forms.read(file(raw))
    assert "not a name" in str(refused.value)


@pytest.mark.parametrize(
    "html",
    [
        "<a <b " * 3_000,
        "<!--" * 4_900,
        "&#" * 9_900,
        "<" * 20_000,
        "<a href=" * 2_000,
        "<p>" * 6_000,
    ],
)
def test_html_of_any_shape_is_read_in_a_moment(html: str) -> None:
    began = process_time()
    read = forms.read(file(*({"type": "html", "id": f"h{n}", "content": html} for n in range(10))))
    assert process_time() - began < 2
    assert "<script" not in str(read.components)


def test_half_templates_are_looked_for_once() -> None:
    began = process_time()
    for text in ("{{" * 10_000, "{{x" * 7_000, "{{" + "x" * 20_000, "}}{{" * 5_000):
        templates(text)
    assert process_time() - began < 1
