"""Rules over the whole form: what is required when, what hides what, what has to be true."""

from tests.forms.desk import Desk, component, form

PRIORITIES = [{"value": v, "label": v} for v in ("普通", "紧急", "特急")]


def order() -> Desk:
    """Part of a work order's first desk."""
    return Desk(
        form(
            component("textfield", "title", validate={"required": True, "maxLength": 60}),
            component("radio", "priority", values=PRIORITIES, validate={"required": True}),
            component(
                "textarea",
                "reason",
                conditional={"hide": '=priority = "普通"'},
                properties={"required.if": '=priority != "普通"'},
            ),
            component(
                "datetime",
                "wished",
                properties={
                    "rule": "=value > today",
                    "rule.message": "应晚于今天",
                    "rule.message.en": "Must lie after today",
                },
            ),
        ),
        {
            '=priority = "普通"': lambda n: n["priority"] == "普通",
            '=priority != "普通"': lambda n: n["priority"] != "普通",
            "=value > today": lambda n: n["value"] > n["today"],
        },
    )


def test_what_is_required_is_asked_for() -> None:
    assert order().errors({}) == {
        "title": "This field is required",
        "priority": "This field is required",
        "reason": "This field is required",
    }


def test_what_a_condition_requires_is_asked_for() -> None:
    assert order().errors({"title": "x", "priority": "紧急"}) == {
        "reason": "This field is required"
    }
    assert (
        order().fills({"title": "x", "priority": "特急", "reason": "开门红"})["reason"] == "开门红"
    )


def test_what_a_condition_hides_is_dropped_before_it_is_checked() -> None:
    values = order().fills({"title": "x", "priority": "普通", "reason": "开门红"})
    assert values == {"title": "x", "priority": "普通", "reason": None, "wished": None}


def test_a_rule_compares_with_today() -> None:
    posted = {"title": "x", "priority": "普通"}
    assert order().errors({**posted, "wished": "2026-09-07"}) == {"wished": "Must lie after today"}
    assert order().fills({**posted, "wished": "2026-09-08"})["wished"] == "2026-09-08"


def test_a_draft_or_a_rejection_requires_nothing_but_is_checked() -> None:
    assert order().fills({}, require=False) == {
        "title": None,
        "priority": None,
        "reason": None,
        "wished": None,
    }
    assert order().errors({"wished": "2026-09-01", "priority": "急"}, require=False) == {
        "priority": "Choose one of the options listed",
        "wished": "Must lie after today",
    }


def test_rules_across_fields_hold_in_both_directions() -> None:
    """to >= from, passed <= cases (forms.md, B1 K)."""
    desk = Desk(
        form(
            component("datetime", "from"),
            component("datetime", "to", properties={"rule": "=value >= from"}),
            component("number", "cases", decimalDigits=0),
            component("number", "passed", decimalDigits=0, properties={"rule": "=value <= cases"}),
        ),
        {
            "=value >= from": lambda n: n["value"] >= n["from"] if n["from"] else None,
            "=value <= cases": lambda n: n["value"] <= n["cases"] if n["cases"] else None,
        },
    )
    good = {"from": "2026-10-01", "to": "2026-10-01", "cases": 64, "passed": 64}
    assert desk.fills(good) == good
    assert set(desk.errors({**good, "to": "2026-09-30", "passed": 65})) == {"to", "passed"}
    # What a rule compares with is not there: it can't be true, unless nobody has to be done yet.
    assert set(desk.errors({"to": "2026-10-01"})) == {"to"}
    assert desk.fills({"to": "2026-10-01"}, require=False)["to"] == "2026-10-01"


def test_a_later_date_asks_why() -> None:
    """late_reason is required where expected > planned; planned stands in the request."""
    later = "=expected > planned"
    desk = Desk(
        form(
            component("datetime", "expected"),
            component("textarea", "late_reason", properties={"required.if": later}),
        ),
        {later: lambda n: n["expected"] > n["planned"]},
        planned="2026-11-27",
    )
    assert set(desk.errors({"expected": "2026-12-04"})) == {"late_reason"}
    assert desk.fills({"expected": "2026-11-27"})["late_reason"] is None


def test_the_joint_test_cannot_be_waived_with_a_partner() -> None:
    rule = '=value != "不适用" or not(list contains(touches, "合作方联调"))'
    choices = [{"value": v, "label": v} for v in ("通过", "不适用")]
    made = form(component("radio", "joint", values=choices, properties={"rule": rule}))
    means = {rule: lambda n: n["value"] != "不适用" or "合作方联调" not in n["touches"]}
    assert set(Desk(made, means, touches=["合作方联调"]).errors({"joint": "不适用"})) == {"joint"}
    assert Desk(made, means, touches=[]).fills({"joint": "不适用"}) == {"joint": "不适用"}


def test_several_rules_are_asked_in_their_order() -> None:
    desk = Desk(
        form(
            component(
                "number",
                "n",
                properties={
                    "rule": "=value > 1",
                    "rule.message": "大于1",
                    "rule.message.en": "above 1",
                    "rule.2": "=value < 9",
                },
            )
        ),
        {"=value > 1": lambda n: n["value"] > 1, "=value < 9": lambda n: n["value"] < 9},
    )
    assert desk.errors({"n": "0.5"}) == {"n": "above 1"}
    assert desk.errors({"n": "9"}) == {"n": "This value breaks a rule of the form"}
    assert desk.fills({"n": "8.99"}) == {"n": "8.99"}


def test_a_box_that_must_be_ticked() -> None:
    desk = Desk(form(component("checkbox", "undertaking", validate={"required": True})))
    assert desk.errors({"undertaking": False}) == {"undertaking": "This box must be ticked"}
    assert desk.fills({"undertaking": True}) == {"undertaking": True}
    assert Desk(form(component("checkbox", "touches"))).fills() == {"touches": False}


def test_a_hidden_group_hides_what_is_in_it() -> None:
    inner = component("textfield", "talks", validate={"required": True})
    desk = Desk(
        form(
            component("checkbox", "outside"),
            {
                "type": "group",
                "id": "g",
                "components": [inner],
                "conditional": {"hide": "=not(outside)"},
            },
        ),
        {"=not(outside)": lambda n: not n["outside"]},
    )
    assert desk.fills({"talks": "x"}) == {"outside": False, "talks": None}
    assert set(desk.errors({"outside": True})) == {"talks"}


def test_what_is_hidden_is_empty_for_other_conditions_whatever_their_order() -> None:
    desk = Desk(
        form(
            component("textfield", "c", conditional={"hide": "=b = null"}),
            component("textfield", "b", conditional={"hide": "=a = null"}),
            component("textfield", "a"),
        ),
        {"=a = null": lambda n: n["a"] is None, "=b = null": lambda n: n["b"] is None},
    )
    assert desk.fills({"b": "2", "c": "3"}) == {"a": None, "b": None, "c": None}
    assert desk.fills({"a": "1", "b": "2", "c": "3"}) == {"a": "1", "b": "2", "c": "3"}


def test_conditions_that_go_in_a_circle_end() -> None:
    desk = Desk(
        form(
            component("textfield", "a", conditional={"hide": "=b != null"}),
            component("textfield", "b", conditional={"hide": "=a != null"}),
        ),
        {"=a != null": lambda n: n["a"] is not None, "=b != null": lambda n: n["b"] is not None},
    )
    assert desk.fills({"a": "1", "b": "2"}) == {"a": None, "b": None}


def test_null_hides_nothing_and_requires_nothing() -> None:
    desk = Desk(
        form(
            component(
                "textfield", "a", conditional={"hide": "=x"}, properties={"required.if": "=x"}
            )
        ),
        {"=x": lambda n: None},
    )
    assert desk.fills({"a": "1"}) == {"a": "1"}
    assert desk.fills({}) == {"a": None}


def test_every_field_has_a_name_in_expressions_and_decimals_are_numbers() -> None:
    seen: dict[str, object] = {}

    def look(names: object) -> object:
        assert isinstance(names, dict)
        seen.update(names)
        return True

    desk = Desk(
        form(
            component("number", "n", properties={"rule": "=look"}),
            component("checklist", "many"),
            component("checkbox", "box"),
            component("textfield", "text"),
        ),
        {"=look": look},
        text="context",
        number="(26)卡字002",
    )
    desk.fills({"n": "1.50"})
    assert str(seen.pop("n")) == "1.5"
    assert str(seen.pop("value")) == "1.5"
    assert seen == {
        "many": [],
        "box": False,
        "text": None,  # the form's own field wins over the context
        "number": "(26)卡字002",
        "today": "2026-09-07",
    }


def test_defaults_fill_what_was_never_said() -> None:
    desk = Desk(
        form(
            component("textfield", "version", properties={"default": '="V1.0"'}),
            component("number", "days", decimalDigits=0, defaultValue=3),
        ),
        {'="V1.0"': lambda n: "V1.0"},
    )
    assert desk.fills() == {"version": "V1.0", "days": 3}
    assert desk.fills({"version": None, "days": None}) == {"version": None, "days": None}
    assert desk.fills(kept={"version": "V2.0", "days": None}) == {"version": "V2.0", "days": None}
    assert desk.fills(require=False) == {"version": None, "days": None}
    assert [field.input for field in desk.draw().fields if not hasattr(field, "rows")] == [
        "V1.0",
        "3",
    ]


def test_a_computed_field_is_what_the_server_says() -> None:
    """old_dev_end comes from the order (B2), whoever fills in the form."""
    desk = Desk(
        form(
            component(
                "datetime", "old", properties={"readonly": "true", "default": "=order.dev_end"}
            ),
            component("datetime", "new", properties={"rule": "=value > old"}),
        ),
        {
            "=order.dev_end": lambda n: n["order"]["dev_end"],
            "=value > old": lambda n: n["value"] > n["old"],
        },
        order={"dev_end": "2026-11-13"},
    )
    assert desk.fills({"new": "2026-11-20"}) == {"old": "2026-11-13", "new": "2026-11-20"}
    assert set(desk.errors({"new": "2026-11-12"})) == {"new"}
    assert set(desk.errors({"old": "2026-01-01", "new": "2026-11-20"})) == {"old"}
    assert desk.fills({"old": "2026-11-13"}, kept={"old": "2026-10-01"})["old"] == "2026-11-13"


def test_a_field_can_be_closed_by_a_condition() -> None:
    desk = Desk(
        form(component("checkbox", "done"), component("textfield", "note", readonly="=done")),
        {"=done": lambda n: n["done"]},
    )
    assert desk.fills({"note": "x"}) == {"done": False, "note": "x"}
    assert set(desk.errors({"done": True, "note": "x"})) == {"note"}
    assert desk.fills({"done": True, "note": "x"}, kept={"note": "x"}) == {"done": True}


def test_an_error_in_an_expression_is_not_the_persons_mistake() -> None:
    desk = Desk(form(component("textfield", "a", properties={"rule": "=1/0"})))
    desk.means["=1/0"] = lambda n: 1 / 0
    try:
        desk.fills({"a": "x"})
    except ZeroDivisionError:
        return
    raise AssertionError


def test_a_rule_says_nothing_about_what_is_missing_elsewhere() -> None:
    desk = Desk(
        form(
            component("datetime", "from", validate={"required": True}),
            component("datetime", "to", properties={"rule": "=value >= from"}),
        ),
        {"=value >= from": lambda n: n["value"] >= n["from"] if n["from"] else None},
    )
    assert set(desk.errors({"to": "2026-10-01"})) == {"from"}
