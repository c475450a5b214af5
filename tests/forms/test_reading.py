"""A form file is read once; what cannot be kept is refused by component and in words."""

import json
from typing import Any

import pytest

import forms
from forms import FormProblem
from tests.forms.desk import component, file, form


def problems(data: bytes) -> dict[str, str]:
    with pytest.raises(FormProblem) as caught:
        forms.read(data)
    return dict(caught.value.problems)


def test_a_form_knows_its_key_its_fields_and_its_digest() -> None:
    read = forms.read(
        file(
            {
                "type": "group",
                "id": "g",
                "label": "甲",
                "components": [component("textfield", "a")],
            },
            component("dynamiclist", "rows", components=[component("textfield", "b")]),
            {"type": "separator", "id": "s"},
        )
    )
    assert read.key == "desk"
    assert [field.key for field in read.fields] == ["a", "rows"]
    assert [column.key for column in read.fields[1].columns] == ["b"]
    assert len(read.digest) == 64


@pytest.mark.parametrize("kind", ["iframe", "documentPreview", "x", "__class__"])
def test_components_that_are_not_kept_are_refused(kind: str) -> None:
    assert "not supported" in problems(file({"type": kind, "id": "c"}))["c"]


def test_a_rule_that_is_not_kept_is_refused_rather_than_ignored() -> None:
    found = problems(file(component("textfield", "a", validate={"maximum": 3})))
    assert "Unknown field" in found["a"]
    assert "is for numbers" in problems(file(component("textfield", "a", validate={"min": 3})))["a"]
    assert (
        "is for texts" in problems(file(component("number", "n", validate={"minLength": 3})))["n"]
    )
    assert (
        "for text fields"
        in problems(file(component("number", "n", validate={"pattern": "1"})))["n"]
    )


@pytest.mark.parametrize(
    "key",
    [
        *("_a", "nrOfInstances", "loopCounter", "execution", "task", "typename", "csrf_token"),
        *("b_verdict", "b_answers", "a.b", "1a", "", "__proto__", "a b"),
    ],
)
def test_names_that_mean_something_to_the_engine_are_no_keys(key: str) -> None:
    assert "not a name" in str(problems(file({"type": "textfield", "id": "c", "key": key})))


def test_keys_are_unique_but_tables_have_their_own() -> None:
    twice = file(component("textfield", "a"), {"type": "number", "id": "n", "key": "a"})
    assert "same key" in problems(twice)["a"]
    column = {"type": "textfield", "id": "c", "key": "a"}
    read = form(component("textfield", "a"), component("dynamiclist", "t", components=[column]))
    assert list(read.by_key) == ["a", "t"]


def test_groups_have_no_path_and_tables_no_tables() -> None:
    assert "no path" in problems(file({"type": "group", "id": "g", "path": "x"}))["g"]
    inner = component("dynamiclist", "i", components=[component("textfield", "a")])
    assert (
        "within a table" in problems(file(component("dynamiclist", "t", components=[inner])))["t"]
    )
    assert "needs columns" in problems(file(component("dynamiclist", "t", components=[])))["t"]


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"required.iff": "=true"}, "misspelt"),
        ({"rule.message": "没有规则"}, "belongs to no rule"),
        ({"option.x.en": "X"}, "no option"),
        ({"columns.readonly": "x"}, "no column"),
        ({"readonly": "maybe"}, "true or false"),
        ({"rule": ["=true"]}, "must be a text"),
    ],
)
def test_misspelt_words_of_ours_are_found(properties: dict[str, Any], said: str) -> None:
    values = [{"value": "a", "label": "a"}]
    found = problems(file(component("radio", "r", values=values, properties=properties)))
    assert said in found["r"]


def test_words_of_others_are_let_through() -> None:
    read = form(
        component("textfield", "a", properties={"theirs": "x"}, layout={"row": "1"}, appearance={})
    )
    assert list(read.by_key) == ["a"]


@pytest.mark.parametrize("pattern", [r"\bword", "(?=a)", r"(a)\1", "(?<x>a)", "a{2", "(", "a**"])
def test_patterns_without_a_bound_on_their_time_are_refused(pattern: str) -> None:
    assert (
        "pattern" in problems(file(component("textfield", "a", validate={"pattern": pattern})))["a"]
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "Expected an object"),
        (b'{"id":"a","id":"b","components":[]}', "same name twice"),
        (b'{"id":"a","components":[{"type":"number","key":"n","increment":NaN}]}', "NaN"),
        (b"[" * 100_000, "nested too deeply"),
        (b" " * (256 * 1024 + 1), "larger than 256 KB"),
        (json.dumps({"type": "default", "components": []}).encode(), "id"),
    ],
)
def test_a_file_that_is_none_is_refused(data: bytes, said: str) -> None:
    assert said in str(problems(data))


def test_depth_and_number_of_components_are_limited() -> None:
    nested: dict[str, Any] = component("textfield", "a")
    for level in range(9):
        nested = {"type": "group", "id": f"g{level}", "components": [nested]}
    assert "nested deeper" in str(problems(file(nested)))
    many = [component("textfield", f"a{number}") for number in range(501)]
    assert "more than 500" in str(problems(file(*many)))


def test_all_problems_are_told_at_once() -> None:
    found = problems(
        file(
            component("iframe", "h"),
            component("textfield", "a", validate={"pattern": "("}),
            component("number", "n", decimalDigits="two"),
        )
    )
    assert set(found) == {"h", "a", "n"}


def test_a_default_value_must_fit_its_field() -> None:
    assert (
        "whole number"
        in problems(file(component("number", "n", decimalDigits=0, defaultValue="x")))["n"]
    )


def test_what_a_form_refers_to_can_be_listed() -> None:
    read = form(
        component("textfield", "a", conditional={"hide": "=b"}, properties={"required.if": "=c"}),
        component("select", "p", properties={"options": "list:partners"}),
        component(
            "dynamiclist",
            "t",
            components=[component("textfield", "x", properties={"rule": "=d", "default": "=e"})],
        ),
        {"type": "text", "id": "note", "text": "晚{{f}}天"},
    )
    assert forms.expressions(read) == (
        ("a", "=b"),
        ("a", "=c"),
        ("t.x", "=e"),
        ("t.x", "=d"),
        ("note", "=f"),
    )
    assert forms.sources(read) == (("p", "list:partners"),)
