"""What can be chosen: lists in the file, looked up by the caller, or computed."""

from tests.forms.desk import Desk, component, form

KIND = '=kind = "业务需求改进"'


def test_a_looked_up_choice_must_be_among_those_found() -> None:
    desk = Desk(form(component("select", "lead", properties={"options": "person:dept:技术部"})))
    assert desk.fills({"lead": "tech.lead"}) == {"lead": "tech.lead"}
    assert set(desk.errors({"lead": "card.officer"})) == {"lead"}


def test_several_people_several_requests() -> None:
    desk = Desk(
        form(
            component("taglist", "staff", properties={"options": "person"}),
            component("taglist", "orders", properties={"options": "request:work-order"}),
        )
    )
    posted = {"staff": ["tech.lead", "card.officer"], "orders": ["r1"]}
    assert desk.fills(posted) == posted
    assert set(desk.errors({"orders": ["r1", "r2"]})) == {"orders"}


def test_options_can_depend_on_other_fields() -> None:
    """A cause belongs to a kind of change (B2)."""
    values = [{"value": v, "label": v} for v in ("市场情况变化", "技术条件")]
    desk = Desk(
        form(
            component("textfield", "kind"),
            component(
                "select",
                "cause",
                values=values,
                properties={"option.市场情况变化.if": KIND, "option.技术条件.en": "Technical"},
            ),
        ),
        {KIND: lambda n: n["kind"] == "业务需求改进"},
    )
    assert desk.fills({"kind": "业务需求改进", "cause": "市场情况变化"})
    assert set(desk.errors({"kind": "需求变更", "cause": "市场情况变化"})) == {"cause"}
    assert [o.value for o in desk.draw({"kind": "需求变更"}).fields[1].options] == ["技术条件"]  # type: ignore[union-attr]


def test_options_can_be_a_list_of_the_context_or_of_an_expression() -> None:
    desk = Desk(
        form(
            component("select", "a", valuesKey="places"),
            component("select", "b", valuesExpression="=places"),
            component("select", "c", properties={"options": "=places"}),
        ),
        {"=places": lambda n: n["places"]},
        places=["资料室", {"label": "办公室档案室", "value": "archive"}],
    )
    posted = {"a": "资料室", "b": "archive", "c": "archive"}
    assert desk.fills(posted) == posted
    assert set(desk.errors({"a": "办公室档案室", "b": "x", "c": ""})) == {"a", "b"}


def test_a_source_is_looked_up_once_and_only_if_needed() -> None:
    desk = Desk(
        form(
            component(
                "dynamiclist",
                "t",
                components=[component("select", "who", properties={"options": "person"})],
            )
        )
    )
    asked: list[str] = []
    find = desk.lookup
    desk.lookup = lambda source: asked.append(source) or find(source)  # type: ignore[func-returns-value,method-assign]
    desk.fills({"t": [{"who": "tech.lead"}, {"who": "card.officer"}]})
    assert asked == ["person"]
    desk.fills({"t": []})
    assert asked == ["person"]
