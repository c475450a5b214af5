"""An event log is XES as the standard has it: its schema, its extensions, its globals."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from engine.commands.talk import Comment
from engine.commands.withdraw import Withdraw
from tests.engine.live import actor
from tests.exports.lives import life_in, names_in, row_in
from tests.wild.businesses import EVERY
from tests.wild.telling import Told
from web.exports import xes

SCHEMA = etree.XMLSchema(etree.parse(str(Path(__file__).parent / "xes.xsd")))
STANDARD = {
    "concept": "http://www.xes-standard.org/concept.xesext",
    "time": "http://www.xes-standard.org/time.xesext",
    "lifecycle": "http://www.xes-standard.org/lifecycle.xesext",
    "org": "http://www.xes-standard.org/org.xesext",
}


def written(told: Told, lifecycle: xes.Lifecycle = "complete", **head: Any) -> Any:
    """The log of one request, parsed, once it has been found valid."""
    file = io.BytesIO()
    with xes.Log(file, names_in(told.office), lifecycle).written(head) as log:
        log.add(row_in(told.office, told.request), life_in(told.office, told.request))
    root = etree.fromstring(file.getvalue())
    SCHEMA.assertValid(root)
    return root


def told(key: str, way: str) -> Told:
    """A business, told one of its ways."""
    business = next(each() for each in EVERY if each().key == key)
    found = Told(business)
    found.tell(business.ways[way])
    return found


def values(element: Any) -> dict[str, str]:
    """Its attributes."""
    return {each.get("key"): each.get("value") for each in element if each.get("key")}


def events(root: Any) -> Iterator[dict[str, str]]:
    """Every event."""
    return (values(each) for each in root.iter("event"))


@pytest.mark.parametrize("lifecycle", ["complete", "full"])
@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.__name__)
def test_logs_are_valid(each: Any, lifecycle: xes.Lifecycle) -> None:
    business = each()
    for way in business.ways.values():
        found = Told(business)
        found.tell(way)
        root = written(found, lifecycle)
        assert root.get("xes.version") == "1849.2016"
        extensions = {e.get("prefix"): e.get("uri") for e in root.iter("extension")}
        assert extensions == STANDARD
        keys = {e.get("key") for e in root.iter("*") if e.get("key")}
        assert {key.partition(":")[0] for key in keys if ":" in key} <= set(extensions)


def test_what_is_global_stands_at_every_trace_and_event() -> None:
    root = written(told("expense", "large"), "full")
    trace, event = (
        {each.get("key") for each in root.find(f"global[@scope='{scope}']")}
        for scope in ("trace", "event")
    )
    assert all(trace <= set(values(each)) for each in root.iter("trace"))
    assert all(event <= set(each) for each in events(root))
    for each in root.iter("classifier"):
        assert set(each.get("keys").split()) <= event
    assert values(root)["lifecycle:model"] == "standard"


def test_complete_events_say_who_where_and_how() -> None:
    root = written(told("expense", "large"))
    found = list(events(root))
    assert {each["lifecycle:transition"] for each in found} == {"complete"}
    assert [each["element"] for each in found] == ["manager", "finance", "pay"]
    first = found[0]
    assert first["org:resource"] == "tech.manager"
    assert first["org:group"] == "技术部"
    assert first["org:role"] == "manager"
    assert (first["round"], first["pass"], first["kind"]) == ("1", "1", "userTask")


def test_what_was_withdrawn_is_closed_and_counts_no_more() -> None:
    business = next(each() for each in EVERY if each().key == "expense")
    found = Told(business)
    found.tell("start amount=800; > manager")
    mine = actor("business.officer")
    found.office.do(Comment(actor=mine, request=found.request, comment="坏字符\x07在此"))
    found.office.do(Withdraw(actor=mine, request=found.request))
    assert list(events(written(found))) == []
    full = list(events(written(found, "full")))
    manager = [each["lifecycle:transition"] for each in full if each.get("element") == "manager"]
    assert manager == ["schedule", "assign", "pi_abort"]
    assert "坏字符\ufffd在此" in {each.get("comment") for each in full}


def test_the_filter_stands_in_the_head() -> None:
    root = written(told("expense", "small"), filter={"process": "expense", "q": "<&\"'"})
    assert values(root)["filter"] == '{"process": "expense", "q": "<&\\"\'"}'


@given(st.text(st.characters(codec=None)))
def test_any_text_fits(text: str) -> None:
    around = etree.Element("string", value=xes.fit(text))
    assert etree.fromstring(etree.tostring(around)).get("value") is not None


def test_two_requests_of_one_number_are_two_traces() -> None:
    found = told("expense", "small")
    row, life = row_in(found.office, found.request), life_in(found.office, found.request)
    file = io.BytesIO()
    with xes.Log(file, names_in(found.office), "complete").written({}) as log:
        log.add(row, life)
        log.add(row, life)
    names = [
        values(each)["concept:name"] for each in etree.fromstring(file.getvalue()).iter("trace")
    ]
    assert len(set(names)) == 2
