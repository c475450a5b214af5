"""Who may see a request: one predicate, for one request and for lists (interface.md)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.diagrams.definition import Definition
from engine.ids import PersonId, RequestId
from engine.unit_of_work import Link
from storage import Database, queries
from storage.organisation_files import read_file
from storage.organising import import_file
from storage.visibility import Viewer
from tests.storage.test_unit_of_work import a_node, a_request, a_slot

NOW = datetime(2030, 1, 15, 1, 0, tzinfo=UTC)
R = RequestId("r1")
ORGANISATION = """
departments: [{name: 产品部, short: 产, head: head}, {name: 技术部, short: 技, head: other.head}]
groups: []
people:
  - {id: requester, name: 申请人, department: 产品部}
  - {id: holder, name: 处理人}
  - {id: past, name: 前处理人}
  - {id: copied, name: 抄送}
  - {id: claimer, name: 候选}
  - {id: head, name: 部门长, department: 产品部}
  - {id: other.head, name: 别的部门长, department: 技术部}
  - {id: owner, name: 流程主, role: owner}
  - {id: other.owner, name: 别的流程主, role: owner}
  - {id: auditor, name: 审计, role: auditor}
  - {id: admin, name: 管理员, role: administrator}
  - {id: stranger, name: 外人}
"""
SEES = {
    "requester": "all",
    "holder": "all",
    "past": "all",
    "copied": "all",
    "claimer": "all",
    "head": "all",
    "other.head": "no",
    "owner": "all",
    "other.owner": "no",
    "auditor": "all",
    "admin": "state",
    "stranger": "no",
}


@pytest.fixture
def seen(database: Database, definition: Definition) -> Database:
    with database.write() as transaction:
        file = read_file(ORGANISATION.encode(), "o.yaml")
        import_file(transaction, file, by=PersonId("admin"), by_name="", at=NOW)
    with database.unit_of_work() as work:
        request = a_request(
            definition,
            R,
            requester=PersonId("requester"),
            status="running",
            number="N1",
            submitted_at=NOW,
            title="机密采购",
            summary={"amount": "5"},
        )
        work.add_request(request)
        work.add_node(a_node())
        held: dict[str, Any] = {"signer": PersonId("past"), "holders": [PersonId("past")]}
        work.add_slots([a_slot(1, **held)])
        waiting: dict[str, Any] = {"signer": None, "holders": [], "candidates": ["claimer"]}
        work.add_slots([a_slot(2, **waiting)])
        slot = work.slot(R, 1)
        assert slot is not None
        slot.signer, slot.holders = PersonId("holder"), [PersonId("holder")]
        work.save_slots([slot])
        work.copy(R, [PersonId("copied")], PersonId("requester"), NOW)
        draft = a_request(definition, "r2", requester=PersonId("requester"), title="草稿采购")
        work.add_request(draft)
        work.set_links(RequestId("r2"), [Link(source=RequestId("r2"), field="f", target=R)])
        work.commit()
    return database


def viewer(database: Database, person: str) -> Viewer:
    with database.read() as reader:
        found = queries.viewer(reader, person)
    assert found is not None
    return found


@pytest.mark.parametrize("person", SEES)
def test_the_predicate(seen: Database, person: str) -> None:
    sees = SEES[person]
    who = viewer(seen, person)
    with seen.read() as reader:
        assert queries.may_see(reader, who, R) == sees
        row = queries.request(reader, who, R)
        assert (row is not None) == (sees != "no")
        if row is not None:
            assert row.title == ("机密采购" if sees == "all" else "")
            assert bool(row.summary) == (sees == "all")
            assert row.status == "running"
        listed = queries.requests(reader, who, "all").items
        in_list = sees != "no" and person != "claimer"  # what he may claim, his queue lists
        assert [each.id for each in listed] == ([R] if in_list else [])
        found = queries.requests(reader, who, "all", q="机密").items
        assert [each.id for each in found] == ([R] if in_list and sees == "all" else [])
        registers = queries.registers(reader, who, "leave")
        assert len(registers) == len(found)
        offered = queries.referable(reader, who, "leave")
        assert [id for id, _, _ in offered] == [each.id for each in found]
    with seen.unit_of_work() as work:
        assert work.may_see(R, PersonId(person)) == (sees == "all")
        assert len(work.referable("leave", PersonId(person))) == len(found)


@pytest.mark.parametrize("person", SEES)
def test_a_draft_is_its_makers_alone(seen: Database, person: str) -> None:
    who = viewer(seen, person)
    with seen.read() as reader:
        mine = person == "requester"
        assert queries.may_see(reader, who, "r2") == ("all" if mine else "no")
        assert (queries.request(reader, who, "r2") is not None) == mine
        found = queries.requests(reader, who, "mine", q="草稿").items
        assert [each.id for each in found] == (["r2"] if mine else [])
        assert queries.links(reader, who, R) == ((), ())


def test_nobody_sees_what_is_not_there(seen: Database) -> None:
    with seen.read() as reader:
        for person in SEES:
            found = queries.viewer(reader, person)
            assert found is not None
            assert queries.may_see(reader, found, "r9") == "no"
        assert queries.viewer(reader, "nobody") is None


def test_lists_are_read_page_by_page(seen: Database, definition: Definition) -> None:
    with seen.unit_of_work() as work:
        for number in range(3, 9):
            requester = PersonId("requester" if number % 2 else "head")
            id = f"r{number}"
            work.add_request(a_request(definition, id, requester=requester, status="running"))
        work.commit()
    head = viewer(seen, "head")
    with seen.read() as reader:
        found: list[str] = []
        cursor = None
        while True:
            page = queries.requests(reader, head, "all", cursor=cursor, limit=2)
            found += [row.id for row in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert found == ["r8", "r7", "r6", "r5", "r4", "r3", "r1"]
        oldest = queries.requests(reader, head, "mine", sort="oldest", limit=2)
        assert [row.id for row in oldest.items] == ["r4", "r6"]
        assert queries.requests(reader, head, "mine", status="completed").items == ()
        both = queries.requests(reader, head, "mine", status=["running", "completed"])
        assert len(both.items) == 3
        holder = viewer(seen, "holder")
        assert [row.id for row in queries.requests(reader, holder, "involved").items] == [R]


def test_a_row_says_where_the_request_stands(seen: Database) -> None:
    with seen.read() as reader:
        row = queries.request(reader, viewer(seen, "auditor"), R)
    assert row is not None
    assert [open.task_id for open in row.open] == ["r1-1", "r1-2"]
    assert [holder.name for holder in row.open[0].holders] == ["处理人"]
    assert [person.name for person in row.open[1].candidates] == ["候选"]
    assert (row.requester_name, row.department, row.definition_version) == ("申请人", "产品部", 1)
