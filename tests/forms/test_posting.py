"""What a page posts: names with texts become keys, rows and JSON's types."""

from zoneinfo import ZoneInfo

import pytest

import forms
from forms import Invalid, Rights
from tests.forms.desk import Desk, component, form

SHANGHAI = ZoneInfo("Asia/Shanghai")

PAGE = form(
    component("textfield", "title"),
    component("number", "cases", decimalDigits=0),
    component("number", "effort"),
    component("checkbox", "funds"),
    component("checklist", "touches"),
    component("datetime", "at", subtype="datetime"),
    component("filepicker", "files", multiple=True),
    component(
        "dynamiclist",
        "documents",
        components=[component("textfield", "name"), component("checklist", "ways")],
    ),
)
NOTHING = dict.fromkeys(
    ["title", "cases", "effort", "funds", "touches", "at", "files", "documents"]
)


def test_texts_become_what_the_field_holds() -> None:
    assert forms.from_html(
        PAGE,
        {
            "csrf_token": ["x"],
            "_next": ["/"],
            "title": ["充值"],
            "cases": ["64"],
            "effort": ["48.5"],
            "funds": ["false", "true"],
            "touches": ["资金清算", "客户信息"],
            "at": ["2026-10-29T23:00"],
            "files": ["", "a1"],
            "documents.0.name": ["甲"],
            "documents.0.ways": ["查阅", "复印"],
        },
        zone=SHANGHAI,
    ) == {
        "title": "充值",
        "cases": 64,
        "effort": "48.5",
        "funds": True,
        "touches": ["资金清算", "客户信息"],
        "at": "2026-10-29T23:00:00+08:00",
        "files": ["a1"],
        "documents": [{"name": "甲", "ways": ["查阅", "复印"]}],
    }


def test_what_is_not_there_or_empty_is_emptied() -> None:
    assert forms.from_html(PAGE, {"title": [""], "touches": [""], "cases": [" "]}) == NOTHING


def test_gaps_between_rows_are_closed_and_empty_rows_dropped() -> None:
    rows = forms.from_html(
        PAGE,
        {
            "documents.10.name": ["丙"],
            "documents.2.name": ["甲"],
            "documents.3.name": [""],
            "documents.3.ways": [""],
        },
    )["documents"]
    assert rows == [{"name": "甲", "ways": None}, {"name": "丙", "ways": None}]


def test_rows_that_are_fixed_stay_where_they_are() -> None:
    columns = [component("textfield", "doc"), component("textfield", "consent")]
    made = form(component("dynamiclist", "docs", components=columns))
    rights = Rights(edit=frozenset({"docs.consent"}))
    post = {"docs.0.consent": [""], "docs.1.consent": ["同意"]}
    rows = forms.from_html(made, post, rights=rights)["docs"]
    assert isinstance(rows, list)
    assert [row["consent"] for row in rows] == [None, "同意"]


@pytest.mark.parametrize(
    "name",
    [
        "other",
        "documents",
        "documents.0",
        "documents.0.other",
        "documents.00.name",
        "documents.-1.name",
        "documents.9999999.name",
        "documents.0.name.x",
        "title.0.x",
    ],
)
def test_unknown_names_are_refused(name: str) -> None:
    with pytest.raises(Invalid) as caught:
        forms.from_html(PAGE, {name: ["x"]})
    assert list(caught.value.errors) == [name]


def test_one_value_for_one_field() -> None:
    with pytest.raises(Invalid) as caught:
        forms.from_html(PAGE, {"title": ["a", "b"]})
    assert list(caught.value.errors) == ["title"]


def test_what_is_no_number_reaches_the_check_that_says_so() -> None:
    posted = forms.from_html(
        PAGE, {"cases": ["zwölf"], "funds": ["maybe"], "at": ["2026-13-01T00:00"]}, zone=SHANGHAI
    )
    assert set(Desk(PAGE).errors(posted)) == {"cases", "funds", "at"}


def test_a_page_can_empty_a_field_and_untick_a_box() -> None:
    kept = {"title": "alt", "funds": True, "documents": [{"name": "甲", "ways": []}]}
    filled = Desk(PAGE).fills(forms.from_html(PAGE, {"title": [""]}), kept=kept)
    assert (filled["title"], filled["funds"], filled["documents"]) == (None, False, [])
