"""The rules of real forms, in FEEL as their authors write them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

import forms
from engine.expressions import feel, standard_functions
from tests.forms.desk import Desk, component, form

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(ROOT.glob("workflows/*/*.form"))


class FeelDesk(Desk):
    """A desk whose conditions mean what FEEL says."""

    def evaluate(self, text: str, names: Mapping[str, object]) -> object:
        return feel(text, "null").evaluate(names, standard_functions)


def rule(text: str) -> dict[str, str]:
    return {"rule": text}


def test_dates_numbers_and_lists_compare_as_what_they_are() -> None:
    desk = FeelDesk(
        form(
            component("datetime", "from", properties=rule("=value >= today")),
            component("datetime", "to", properties=rule("=value >= from")),
            component("number", "effort", properties=rule("=value > 0")),
            component("number", "cases", decimalDigits=0),
            component("number", "passed", decimalDigits=0, properties=rule("=value <= cases")),
            component(
                "datetime",
                "scheduled",
                subtype="datetime",
                properties=rule('=value >= @"2026-10-29T23:00:00+08:00"'),
            ),
        )
    )
    good = {
        "from": "2026-09-07",
        "to": "2026-09-07",
        "effort": "0.5",
        "cases": 64,
        "passed": 64,
        "scheduled": "2026-10-29T15:00:00+00:00",
    }
    assert desk.fills(good) == good
    wrong = {
        "from": "2026-09-06",
        "to": "2026-09-05",
        "effort": "0",
        "cases": 9,
        "passed": 10,
        "scheduled": "2026-10-29T22:59:59+08:00",
    }
    assert set(desk.errors(wrong)) == {"from", "to", "effort", "passed", "scheduled"}


def test_what_one_field_says_requires_or_closes_another() -> None:
    waived = '=value != "不适用" or not(list contains(touches, "合作方联调"))'
    tests = [{"value": v, "label": v} for v in ("通过", "不适用")]
    desk = FeelDesk(
        form(
            component("datetime", "expected"),
            component(
                "textarea",
                "late_reason",
                properties={"required.if": "=expected > planned"},
                conditional={"hide": "=not(expected > planned)"},
            ),
            component("radio", "joint_test", values=tests, properties=rule(waived)),
        ),
        planned="2026-11-27",
        touches=["资金清算", "合作方联调"],
    )
    assert set(desk.errors({"expected": "2026-12-04", "joint_test": "不适用"})) == {
        "late_reason",
        "joint_test",
    }
    early = desk.fills({"expected": "2026-11-27", "late_reason": "x", "joint_test": "通过"})
    assert early["late_reason"] is None


def test_a_row_sees_its_own_columns_first() -> None:
    mode = [{"value": v, "label": v} for v in ("查阅", "复印")]
    columns = [
        component("textfield", "name"),
        component("radio", "mode", values=mode),
        component(
            "number",
            "copies",
            decimalDigits=0,
            conditional={"hide": '=mode = "查阅"'},
            properties={"required.if": '=mode != "查阅"'},
        ),
    ]
    limit = "=sum(value.copies) <= 3"
    desk = FeelDesk(
        form(component("dynamiclist", "documents", components=columns, properties=rule(limit))),
        mode="查阅",
    )
    reading = {"name": "甲", "mode": "查阅"}
    assert set(desk.errors({"documents": [reading, {"name": "乙", "mode": "复印"}]})) == {
        "documents[1].copies"
    }
    assert set(desk.errors({"documents": [{"name": "乙", "mode": "复印", "copies": 4}]})) == {
        "documents"
    }
    copying = {"name": "乙", "mode": "复印", "copies": 3}
    assert desk.fills({"documents": [copying]})["documents"] == [copying]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_shipped_forms_are_read_and_their_expressions_too(path: Path) -> None:
    read = forms.read(path.read_bytes())
    for _, text in forms.expressions(read):
        feel(text, "null")
    for _, source in forms.sources(read):
        kind, _, rest = source.partition(":")
        assert kind in ("person", "department", "request", "list")
        assert rest or kind in ("person", "department")


def test_there_are_shipped_forms() -> None:
    assert len(SHIPPED) > 10
