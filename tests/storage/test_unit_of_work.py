"""What a command saves is what the next one loads, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.diagrams.definition import Definition
from engine.ids import PersonId, RequestId, TaskId
from engine.journal import Entry
from engine.requests import Flow, Node, Request, Slot, Timer
from engine.unit_of_work import Link, Notice, UnitOfWork
from storage import Database

NOW = datetime(2030, 1, 15, 1, 0, 0, 123456, tzinfo=UTC)
ANN, BEN, CY = PersonId("ann"), PersonId("本"), PersonId("cy")
R = RequestId("r1")


def a_request(definition: Definition, id: str = R, **over: Any) -> Request:
    values: dict[str, Any] = {
        "id": RequestId(id),
        "process": "leave",
        "definition": definition.digest,
        "requester": ANN,
        "department": "产品部",
        "created_at": NOW,
    }
    return Request(**values | over)


def a_node(**over: Any) -> Node:
    values: dict[str, Any] = {
        "request": R,
        "key": "/look#1",
        "node": "look",
        "scope": "",
        "round": 1,
        "pass_": 1,
        "opened_at": NOW,
    }
    return Node(**values | over)


def a_slot(ordinal: int = 1, **over: Any) -> Slot:
    values: dict[str, Any] = {
        "request": R,
        "ordinal": ordinal,
        "node_key": "/look#1",
        "node": "look",
        "round": 1,
        "pass_": 1,
        "signer": BEN,
        "holders": [BEN],
        "opened_at": NOW,
    }
    return Slot(**values | over)


def test_it_is_what_the_engine_asks_for(database: Database) -> None:
    """The type checker compares every signature."""
    with database.unit_of_work() as work:
        asked: UnitOfWork = work
    assert asked is work


def test_a_request_comes_back_as_it_was_saved(database: Database, definition: Definition) -> None:
    full = a_request(
        definition,
        status="completed",
        outcome={"id": "e", "name": "完"},
        number="(30)产字001",
        title="题目",
        summary={"amount": "48.5", "days": 3},
        round=2,
        rounds_allowed=4,
        submitted_at=NOW,
        ended_at=NOW + timedelta(days=1),
        ends=["end"],
        decided=True,
        slots=7,
        passages=9,
        version=11,
        seq=12,
        head=b"\x00" * 32,
        last_at=NOW,
    )
    with database.unit_of_work() as work:
        work.add_request(a_request(definition))
        work.commit()
    with database.unit_of_work() as work:
        assert work.request(R) == a_request(definition)
        work.save_request(full)
        work.commit()
    with database.unit_of_work() as work:
        assert work.request(R, lock=False) == full
        assert work.find_number("(30)产字001") == R
        assert work.find_number("(30)产字002") is None
        assert work.request(RequestId("nobody's")) is None


def test_a_vote_saves_only_what_it_changes(database: Database, definition: Definition) -> None:
    with database.unit_of_work() as work:
        work.add_request(a_request(definition, summary={"a": [1]}))
        work.commit()
    with database.unit_of_work() as work:
        request = work.request(R)
        assert request is not None
        request.version, request.seq, request.head, request.decided = 5, 6, b"x", True
        work.save_request(request)
        request.summary["a"].append(2)
        work.save_request(request)
        work.commit()
    with database.unit_of_work() as work:
        assert work.request(R) == request


def test_what_was_not_kept_never_was(database: Database, definition: Definition) -> None:
    with database.unit_of_work() as work:
        work.add_request(a_request(definition))
        assert work.next_number("n") == 1
    with pytest.raises(KeyError), database.unit_of_work() as work:
        work.involve(RequestId("nobody's"), [ANN])
    with database.unit_of_work() as work:
        assert work.request(R) is None
        assert work.next_number("n") == 1


def test_flow_nodes_slots_and_timers_come_back(database: Database, definition: Definition) -> None:
    flow = Flow(
        marking={"v": 1},
        scopes={"": {"a": "48.5", "b": None}},
        passes={"look": [1, 2]},
        aside={"x": []},
        answers={"t": "文"},
        extra={"e": True},
        undone=[3],
        first_passage=2,
    )
    node = a_node(
        status="settled",
        total=3,
        approved=2,
        rejected=1,
        pending=0,
        done=3,
        weight_approved=4,
        weight_open=5,
        verdict="approved",
        shown="ab" * 32,
        due=NOW,
        settled_at=NOW,
        cause="why",
    )
    slot = a_slot(
        candidates=[ANN, BEN],
        groups=["dept:产品部"],
        department="产品部",
        position=2,
        element={"k": 1},
        weight=3,
        status="approved",
        why={"zh": "规则", "en": "rule"},
        due=NOW,
        version=4,
        decided_at=NOW,
        decided_by=CY,
        on_behalf_of=BEN,
        comment="好",
        answers={"opinion": "同意"},
        shown="digest",
        kept_from=1,
        number="(30)1",
        optional=True,
        priority="50",
    )
    timer = Timer(request=R, key="due:/look#1", due=NOW, left=-1, every="P1D", attached_to="/l#1")
    with database.unit_of_work() as work:
        work.add_request(a_request(definition))
        assert work.flow(R) == Flow()
        work.save_flow(R, flow)
        work.add_node(a_node())
        work.add_node(a_node(key="/b#1"))
        work.add_node(a_node(key="/a#1"))
        work.save_node(node)
        work.add_slots([a_slot(1), a_slot(2, signer=None, holders=[])])
        work.save_slots([slot])
        work.put_timer(timer)
        work.put_timer(Timer(request=R, key="k", due=NOW - timedelta(1)))
        work.commit()
    with database.unit_of_work() as work:
        assert work.flow(R) == flow
        assert work.node(R, node.key) == node
        assert work.node(R, "/none") is None
        assert [n.key for n in work.nodes(R)] == ["/look#1", "/b#1", "/a#1"]
        assert [n.key for n in work.nodes(R, status="open")] == ["/b#1", "/a#1"]
        assert work.slot(R, 1) == slot
        assert work.slots(R) == [slot, a_slot(2, signer=None, holders=[])]
        assert [s.ordinal for s in work.slots(R, node_key="/look#1", status="open")] == [2]
        assert work.slots(R, node_key="/other") == []
        assert work.timers(R) == [Timer(request=R, key="k", due=NOW - timedelta(1)), timer]
        work.remove_timers(R, ["k", "unknown"])
        assert work.timers(R) == [timer]


def test_links_drafts_answers_and_involvement(database: Database, definition: Definition) -> None:
    with database.unit_of_work() as work:
        work.add_request(a_request(definition))
        work.add_request(a_request(definition, "r2", status="running", submitted_at=NOW))
        earlier = NOW - timedelta(1)
        work.add_request(a_request(definition, "r3", status="running", submitted_at=earlier))
        for source in ("r1", "r2", "r3"):
            link = Link(source=RequestId(source), field="order", target=RequestId("r9"))
            work.set_links(RequestId(source), [link])
        assert [link.source for link in work.linked(RequestId("r9"))] == ["r3", "r2"]
        work.set_links(RequestId("r3"), [])
        assert [link.source for link in work.linked(RequestId("r9"))] == ["r2"]

        work.add_slots([a_slot(1, holders=[CY, BEN])])
        work.involve(R, [BEN])
        work.copy(R, [ANN], BEN, NOW)
        work.copy(R, [ANN], BEN, NOW)
        assert work.involved(R) == sorted([ANN, BEN, CY])
        assert work.participants(R) == sorted([BEN, CY])
        assert work.is_involved(R, ANN)
        assert not work.is_involved(R, PersonId("dan"))

        assert work.answered(ANN, "k") is None
        work.remember(ANN, "k", "ab" * 32, {"seq": 1}, NOW)
        work.remember(ANN, "k", "body", {"seq": 2}, NOW)
        assert work.answered(ANN, "k") == ("body", {"seq": 2})
        assert work.answered(BEN, "k") is None

        task = TaskId("r1-1")
        for _ in range(2):
            work.notify(
                Notice(
                    person=BEN, kind="held", request=R, task=task, text="到", text_en="e", at=NOW
                )
            )
        work.commit()


def test_the_chain_is_read_as_it_was_written(database: Database) -> None:
    with database.unit_of_work() as work:
        head = b""
        for seq in (1, 2):
            entry = Entry(chain=R, seq=seq, at=NOW, body={"verb": "v"}, particulars={"p": "人"})
            head = work.append(entry, head)
        work.commit()
    with database.unit_of_work() as work:
        assert [e.seq for e in work.entries(R)] == [1, 2]
        assert work.entries(R, after=1) == [entry]
        assert work.entries("other") == []
