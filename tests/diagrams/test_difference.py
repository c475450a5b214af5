"""What differs between two versions, as whoever releases one reads it."""

import json
from collections.abc import Mapping
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from engine.diagrams.difference import Difference, differences
from tests.api.diagrams import end, form, start, text
from tests.engine.live import flow, process, task

WORKFLOWS = Path(__file__).parents[2] / "workflows"
BEFORE = process(
    "memo",
    start("memo"),
    task("read", assignee="gm", approval="single"),
    end(),
    flow("start", "read"),
    flow("read", "end"),
)


def told(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[tuple[str, str, object]]:
    """(kind, element, facts) of each difference."""

    def facts(each: Difference) -> list[tuple[str, str, str]]:
        return [(fact.name, fact.old, fact.new) for fact in each.facts]

    return [(each.kind, each.element, facts(each)) for each in differences(old, new)]


def test_who_signs_and_how_is_told_by_property() -> None:
    after = BEFORE.replace(b'assignee="gm"', b'assignee="deputy.gm"')
    after = after.replace(b'value="single"', b'value="any"')
    (found,) = differences({"memo.bpmn": BEFORE}, {"memo.bpmn": after})
    assert (found.kind, found.element, found.type) == ("changed", "read", "userTask")
    assert {(fact.name, fact.old, fact.new) for fact in found.facts} == {
        ("camunda:assignee", "gm", "deputy.gm"),
        ("approval", "single", "any"),
    }


def test_what_comes_and_goes_is_told_with_its_flows() -> None:
    after = process(
        "memo",
        start("memo"),
        task("read", assignee="gm", approval="single"),
        task("file", assignee="office.archivist"),
        end(),
        flow("start", "read"),
        flow("read", "file"),
        flow("file", "end"),
    )
    there = {(kind, element) for kind, element, _ in told({"m.bpmn": BEFORE}, {"m.bpmn": after})}
    assert ("added", "file") in there
    assert {kind for kind, _ in there} == {"added", "removed"}
    back = {(kind, element) for kind, element, _ in told({"m.bpmn": after}, {"m.bpmn": BEFORE})}
    assert ("removed", "file") in back


def test_the_drawing_and_the_order_of_attributes_are_no_difference() -> None:
    content = (WORKFLOWS / "work-order" / "work-order.bpmn").read_bytes()
    moved = content.replace(b' x="', b' x="1', 1)
    assert moved != content
    assert differences({"w.bpmn": content}, {"w.bpmn": moved}) == ()


def test_a_form_differs_field_by_field() -> None:
    old, new = form("memo", text("title"), text("why")), form("memo", text("title"), text("who"))
    there = {(kind, element) for kind, element, _ in told({"m.form": old}, {"m.form": new})}
    assert there == {("removed", "why"), ("added", "who")}
    document = json.loads(old)
    document["components"][0]["validate"] = {"required": True}
    required = json.dumps(document, indent=3).encode()
    ((kind, element, facts),) = told({"m.form": old}, {"m.form": required})
    assert (kind, element) == ("changed", "title")
    assert ("validate.required", "", "true") in facts  # type: ignore[operator]


def test_lists_differ_line_by_line_and_files_come_and_go() -> None:
    found = told({"a.csv": b"x,y\n1,2\n"}, {"a.csv": b"x,y\n1,3\n", "b.csv": b"z\n"})
    assert found[0] == ("changed", "", [("line", "1,2", ""), ("line", "", "1,3")])
    assert found[1][0] == "added"


def test_tables_differ_row_by_row() -> None:
    folder = Path(__file__).parents[1] / "decisions"
    tables = sorted(folder.rglob("*.dmn")) or sorted(Path("workflows").rglob("*.dmn"))
    for path in tables[:5]:
        content = path.read_bytes()
        assert differences({path.name: content}, {path.name: content + b"\n"}) == ()


@given(
    st.binary(max_size=60), st.binary(max_size=60), st.sampled_from(["a.bpmn", "a.form", "a.csv"])
)
def test_whatever_the_files_are_a_difference_is_told(old: bytes, new: bytes, name: str) -> None:
    """Never an exception; the same files never differ."""
    assert differences({name: old}, {name: old}) == ()
    differences({name: old}, {name: new})
    assert differences({name: old}, {})[0].kind == "removed"


def test_every_process_against_itself_and_nothing() -> None:
    for folder in sorted(WORKFLOWS.iterdir()):
        files = {
            each.name: each.read_bytes() for each in folder.glob("*.*") if each.suffix != ".md"
        }
        if files:
            assert differences(files, dict(files)) == ()
            assert all(each.kind == "added" for each in differences({}, files))
