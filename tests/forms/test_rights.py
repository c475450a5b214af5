"""Who may fill in what: fields to edit, fields that are hidden, values that are sent back."""

from forms import Rights
from tests.forms.desk import Desk, component, form


def desk(**words: object) -> Desk:
    return Desk(form(component("textfield", "a"), component("textfield", "b")), **words)  # type: ignore[arg-type]


def only(*keys: str) -> Rights:
    return Rights(edit=frozenset(keys))


KEPT = {"a": "1", "b": "2"}


def test_a_field_without_the_right_may_be_sent_back_unchanged_only() -> None:
    assert desk().fills({"a": "9", "b": "2"}, rights=only("a"), kept=KEPT) == {"a": "9"}
    assert desk().errors({"a": "9", "b": "3"}, rights=only("a"), kept=KEPT) == {
        "b": "You may not change this field here"
    }


def test_answers_hold_only_what_was_his_to_fill_in() -> None:
    assert desk().fills({}, rights=only("a"), kept=KEPT) == {"a": "1"}
    assert desk().fills({}, rights=only(), kept=KEPT) == {}


def test_absent_means_stays_null_means_emptied() -> None:
    assert desk().fills({"a": None}, kept=KEPT) == {"a": None, "b": "2"}
    assert desk().fills({"b": None}, rights=only("a"), kept=KEPT) == {"a": "1"}


def test_a_hidden_field_is_answered_like_one_that_does_not_exist() -> None:
    """Also where the value sent is the right one, or no value at all could be."""
    rights = Rights(hide=frozenset({"b"}))
    for guess in ("2", "3", 5, ["x"]):
        found = desk().errors({"b": guess, "c": guess}, rights=rights, kept=KEPT)
        assert found["b"] == found["c"] == "This form has no such field"


def test_a_hidden_field_is_neither_drawn_nor_shown_nor_required() -> None:
    made = Desk(form(component("textfield", "a", validate={"required": True})))
    rights = Rights(hide=frozenset({"a"}))
    assert made.fills({}, rights=rights) == {}
    assert made.draw({"a": "1"}, rights=rights).items == ()


def test_conditions_see_what_the_person_does_not() -> None:
    made = form(
        component("textfield", "grade"),
        component("textfield", "advice", properties={"required.if": '=grade = "高"'}),
    )
    means = {'=grade = "高"': lambda n: n["grade"] == "高"}
    rights = Rights(edit=frozenset({"advice"}), hide=frozenset({"grade"}))
    assert set(Desk(made, means, rights).errors({}, kept={"grade": "高"})) == {"advice"}
    assert Desk(made, means, rights).fills({}, kept={"grade": "低"}) == {"advice": None}


def test_what_others_filled_in_is_not_checked_again() -> None:
    made = Desk(form(component("number", "n"), component("textfield", "note")))
    assert made.fills({"note": "x"}, rights=only("note"), kept={"n": "no number"}) == {"note": "x"}
    assert set(made.errors({"note": "x"}, kept={"n": "no number"})) == {"n"}


def test_attachments_that_are_there_may_stay() -> None:
    made = Desk(form(component("filepicker", "f", multiple=True)))
    assert made.fills({"f": ["old", "a1"]}, kept={"f": ["old"]}) == {"f": ["old", "a1"]}
    assert set(made.errors({"f": ["other"]}, kept={"f": ["old"]})) == {"f"}


def test_rights_can_open_one_column_of_a_table() -> None:
    """The approver answers row by row; the applicant's columns and rows stay as they are (B3)."""
    columns = [component("textfield", "doc"), component("textfield", "consent")]
    made = Desk(form(component("dynamiclist", "docs", components=columns)))
    kept = {"docs": [{"doc": "甲", "consent": None}, {"doc": "乙", "consent": None}]}
    rights = only("docs.consent")
    filled = made.fills({"docs": [{"consent": "同意"}, {}]}, rights=rights, kept=kept)
    assert filled == {"docs": [{"doc": "甲", "consent": "同意"}, {"doc": "乙", "consent": None}]}
    assert made.errors({"docs": [{"doc": "丙"}]}, rights=rights, kept=kept) == {
        "docs[0].doc": "You may not change this field here"
    }
    three = {"docs": [{}, {}, {"consent": "同意"}]}
    assert set(made.errors(three, rights=rights, kept=kept)) == {"docs"}


def test_rights_can_hide_one_column_of_a_table() -> None:
    columns = [component("textfield", "doc"), component("textfield", "price")]
    made = Desk(form(component("dynamiclist", "docs", components=columns)))
    rights = Rights(hide=frozenset({"docs.price"}))
    kept = {"docs": [{"doc": "甲", "price": "5"}]}
    filled = made.fills({"docs": [{"doc": "乙"}]}, rights=rights, kept=kept)
    assert filled == {"docs": [{"doc": "乙", "price": "5"}]}
    guess = {"docs": [{"doc": "乙", "price": "5"}]}
    assert set(made.errors(guess, rights=rights, kept=kept)) == {"docs[0].price"}
