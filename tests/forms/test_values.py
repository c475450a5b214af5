"""What a value must be by itself, kind by kind, and how it is kept."""

from typing import Any

import pytest

from tests.forms.desk import Desk, component, form

VALUES = [{"value": "甲", "label": "甲"}, {"value": "乙", "label": "乙"}]


def one(kind: str, **words: Any) -> Desk:
    return Desk(form(component(kind, "f", **words)))


@pytest.mark.parametrize(
    ("kind", "words", "posted", "kept"),
    [
        ("textfield", {}, "  a b ", "a b"),
        ("textfield", {}, "   ", None),
        ("textarea", {}, "a\r\nb\rc", "a\nb\nc"),
        ("textarea", {}, " \n ", None),
        ("number", {"decimalDigits": 0}, 12, 12),
        ("number", {"decimalDigits": 0}, "-12", -12),
        ("number", {"decimalDigits": 0}, 12.0, 12),
        ("number", {}, "48.50", "48.5"),
        ("number", {}, 48.5, "48.5"),
        ("number", {}, 100, "100"),
        ("number", {}, "+0012.", "12"),
        ("number", {}, "-0.00", "0"),
        ("number", {}, ".5", "0.5"),
        ("number", {}, 1e-7, "0.0000001"),
        ("number", {}, "1" * 30, "1" * 30),
        ("datetime", {}, "2028-02-29", "2028-02-29"),
        ("datetime", {"subtype": "time"}, "09:00:00", "09:00"),
        ("datetime", {"subtype": "time"}, "23:59:30", "23:59:30"),
        (
            "datetime",
            {"subtype": "datetime"},
            "2030-01-15T09:00+08:00",
            "2030-01-15T09:00:00+08:00",
        ),
        ("datetime", {"subtype": "datetime"}, "2030-01-15T01:00:00Z", "2030-01-15T01:00:00+00:00"),
        ("checkbox", {}, True, True),
        ("checkbox", {}, None, False),
        ("radio", {"values": VALUES}, "甲", "甲"),
        ("select", {"values": VALUES}, "", None),
        ("checklist", {"values": VALUES}, ["乙", "甲", "乙"], ["乙", "甲"]),
        ("taglist", {"values": VALUES}, None, []),
        ("filepicker", {"multiple": True}, ["a1", "a2", "a1"], ["a1", "a2"]),
        ("filepicker", {}, ["a1"], ["a1"]),
    ],
)
def test_a_value_is_kept_in_one_form(
    kind: str, words: dict[str, Any], posted: object, kept: object
) -> None:
    assert one(kind, **words).fills({"f": posted}) == {"f": kept}


@pytest.mark.parametrize(
    ("kind", "words", "posted", "said"),
    [
        ("textfield", {}, 5, "Expected text"),
        ("textfield", {}, "a\nb", "single line"),
        ("textfield", {}, "a\x00b", "control characters"),
        ("textarea", {}, "\ud800", "control characters"),
        ("textarea", {}, "x" * 65_537, "64 KB"),
        ("textarea", {}, "字" * 22_000, "64 KB"),
        ("textfield", {"validate": {"minLength": 2}}, "a", "At least 2"),
        ("textfield", {"validate": {"maxLength": 2}}, "abc", "At most 2"),
        ("textfield", {"validate": {"pattern": "^[A-Z]{2}$"}}, "ab", "format"),
        ("textfield", {"validate": {"validationType": "email"}}, "a@b", "e-mail"),
        ("textfield", {"validate": {"validationType": "phone"}}, "abc", "phone"),
        ("number", {"decimalDigits": 0}, "1.5", "whole number"),
        ("number", {"decimalDigits": 0}, 1.5, "whole number"),
        ("number", {"decimalDigits": 0}, True, "whole number"),
        ("number", {"decimalDigits": 0}, 10**15, "15 digits"),
        ("number", {"decimalDigits": 0}, "²", "whole number"),
        ("number", {}, "1e5", "Expected a number"),
        ("number", {}, "1,000", "Expected a number"),
        ("number", {}, "NaN", "Expected a number"),
        ("number", {}, float("inf"), "Expected a number"),
        ("number", {}, float("nan"), "Expected a number"),
        ("number", {}, True, "Expected a number"),
        ("number", {}, "1" * 31, "30 digits"),
        ("number", {}, 10**400, "30 digits"),
        ("number", {}, 1e300, "30 digits"),
        ("number", {}, 0.1234567890123456789, "string"),
        ("number", {"decimalDigits": 2}, "1.005", "2 decimal places"),
        ("number", {"validate": {"min": 0.5}}, "0.4", "At least 0.5"),
        ("number", {"validate": {"max": 10}}, "10.01", "At most 10"),
        ("datetime", {}, "2027-02-29", "Expected a date"),
        ("datetime", {}, "20270228", "Expected a date"),
        ("datetime", {}, "2027-W01-1", "Expected a date"),
        ("datetime", {}, "0001-01-01", "Expected a date"),
        ("datetime", {"disallowPassedDates": True}, "2026-09-06", "before today"),
        ("datetime", {"subtype": "time"}, "24:00", "Expected a time"),
        ("datetime", {"subtype": "datetime"}, "2030-01-15T09:00:00", "with its offset"),
        ("datetime", {"subtype": "datetime"}, "2030-01-15", "with its offset"),
        ("checkbox", {}, "true", "true or false"),
        ("checkbox", {}, 1, "true or false"),
        ("radio", {"values": VALUES}, "丙", "options"),
        ("radio", {"values": VALUES}, ["甲"], "options"),
        ("select", {"values": VALUES}, 1, "options"),
        ("checklist", {"values": VALUES}, ["甲", "丙"], "options"),
        ("checklist", {"values": VALUES}, "甲", "list"),
        ("checklist", {"values": VALUES}, [["甲"]], "options"),
        ("taglist", {"values": VALUES}, [str(n) for n in range(201)], "200"),
        ("filepicker", {}, ["a1", "a2"], "one file"),
        ("filepicker", {}, "a1", "attachment ids"),
        ("filepicker", {}, ["b1"], "No such attachment"),
        ("filepicker", {"multiple": True}, [{"id": "a1"}], "attachment ids"),
        ("filepicker", {"multiple": True}, [str(n) for n in range(101)], "100 files"),
    ],
)
def test_a_value_of_another_kind_is_refused_in_words(
    kind: str, words: dict[str, Any], posted: object, said: str
) -> None:
    errors = one(kind, **words).errors({"f": posted})
    assert list(errors) == ["f"]
    assert said in errors["f"]


def test_a_pattern_error_says_what_the_form_wants() -> None:
    words = {"pattern": "^V[0-9]+$", "patternErrorMessage": "版本如 V1"}
    desk = one("textfield", validate=words, properties={"pattern.message.en": "Like V1"})
    assert desk.errors({"f": "1"}) == {"f": "Like V1"}


def test_a_pattern_is_never_slow() -> None:
    desk = one("textfield", validate={"pattern": "^(a+)+$"})
    assert desk.errors({"f": "a" * 1999 + "b"})
    assert desk.errors({"f": "a" * 3000}) == {"f": "At most 2000 characters"}


def test_many_errors_come_together_at_their_paths() -> None:
    table = component(
        "dynamiclist",
        "rows",
        components=[component("number", "n", decimalDigits=0), component("textfield", "t")],
    )
    desk = Desk(form({**component("number", "n"), "id": "top"}, table))
    errors = desk.errors({"n": "x", "rows": [{"n": 1}, {"n": "x", "u": 1}, 5, None], "other": 1})
    assert set(errors) == {"n", "rows[1].n", "rows[1].u", "rows[2]", "rows[3]", "other"}
