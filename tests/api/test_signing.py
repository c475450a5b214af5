"""Signers added, taken out or put in another's place, and decisions taken back, over the API:
A1-A6, T1-T3, W2, W3, K1-K4, X6, V4; of every rule what it allows and what it refuses."""

from itertools import pairwise
from typing import Any

import pytest

from storage import Database
from tests.api.callers import Answer, Caller, Clock
from tests.api.conftest import As
from tests.api.diagrams import deploy
from tests.engine.live import chain, flow, process, task

THREE = "${list('risk.manager', 'finance.manager', 'service.manager')}"
START = '<bpmn:startEvent id="s"/>'
WAYS = (
    '<bpmn:exclusiveGateway id="g" default="g_no"/>'
    + task("work", assignee="tech.lead")
    + '<bpmn:endEvent id="no"/><bpmn:endEvent id="yes"/>'
    + flow("g", "no")
    + flow("g", "work", "${sign_verdict == 'approved'}")
    + flow("work", "yes")
)


class Desk:
    """A node that somebody's request has come to, and those who sign there."""

    def __init__(self, as_: As, database: Database, approval: str, **words: str) -> None:
        alone = approval == "single"
        who: dict[str, Any] = {"assignee": "risk.manager"} if alone else {"signers": THREE}
        node = task("sign", approval=approval, **who, **words)
        deploy(database, {"p.bpmn": process("p", START, node, WAYS, chain("s", "sign", "g"))})
        self.as_ = as_
        self.request: Any = (
            as_("card.officer").post("/requests", {"process": "p", "answers": {}}).ok(201).json
        )

    def now(self) -> Any:
        """The request as it is."""
        return self.as_("card.officer").get(f"/requests/{self.request['id']}").ok().json

    def task(self, person: str) -> str:
        """The id of the open task that a person holds."""
        return next(
            str(each["id"])
            for each in self.now()["open_tasks"]
            if any(holder["id"] == person for holder in each["holders"])
        )

    def holders(self) -> list[str]:
        """Who holds what is open, by node."""
        return sorted(
            f"{each['node']['id']}: {holder['id']}"
            for each in self.now()["open_tasks"]
            for holder in each["holders"]
        )

    def do(self, person: str, verb: str, **body: Any) -> Answer:
        """A verb on the task that the person holds."""
        return self.as_(person).post(f"/tasks/{self.task(person)}/{verb}", body)

    def history(self) -> list[Any]:
        """Every entry."""
        found: list[Any] = (
            self.as_("auditor").get(f"/requests/{self.request['id']}/history").ok()["entries"]
        )
        return found


@pytest.fixture
def single(as_: As, home: Database) -> Desk:
    """One signer, the risk manager."""
    return Desk(as_, home, "single")


@pytest.fixture
def all_sign(as_: As, home: Database) -> Desk:
    """Three signers, who all have to sign."""
    return Desk(as_, home, "all")


def signers(answer: Answer) -> dict[str, str]:
    """What has become of everybody's place, by whose it is."""
    return {each["person"]["id"]: each["status"] for each in answer["task"]["signers"]}


# ---- adding


def test_before_me_then_i_decide(single: Desk) -> None:
    """A1 before: my task waits for those I added, and comes back to me."""
    mine = single.task("risk.manager")
    to = ["risk.reviewer", "tech.lead"]
    found = single.do("risk.manager", "add-signer", to=to, mode="before", comment="请先看").ok()
    assert found["task"]["status"] == "waiting"
    assert found["task"]["votes"] == {"approved": 0, "rejected": 0, "of": 3}
    assert single.holders() == ["sign: risk.reviewer", "sign: tech.lead"]
    added = [each for each in found["task"]["signers"] if each["origin"] == "added"]
    assert [(e["person"]["id"], e["by"]["id"], e["mode"], e["of"], e["level"]) for e in added] == [
        ("risk.reviewer", "risk.manager", "before", mine, 1),
        ("tech.lead", "risk.manager", "before", mine, 1),
    ]
    early = single.as_("risk.manager").post(f"/tasks/{mine}/approve", {}).no(409)
    assert (early["reason"], early["state"]["task"]["status"]) == ("TaskWaits", "waiting")
    assert "加签" in early["detail"]
    for person in to:
        single.do(person, "approve").ok()
    assert single.holders() == ["sign: risk.manager"]
    single.do("risk.manager", "approve").ok()
    assert single.holders() == ["work: tech.lead"]


def test_after_me_and_the_node_waits(single: Desk) -> None:
    """A1 after: my decision is recorded now, with its answers and comment; the node completes
    after those I added."""
    said = {"to": "risk.reviewer", "mode": "after", "comment": "同意,请复核"}
    found = single.do("risk.manager", "add-signer", **said).ok()
    assert (found["task"]["status"], found["task"]["comment"]) == ("approved", "同意,请复核")
    [mine] = [s for s in found["task"]["signers"] if s["person"]["id"] == "risk.manager"]
    assert mine["held"] is True
    assert single.holders() == ["sign: risk.reviewer"]
    single.do("risk.reviewer", "approve").ok()
    assert single.holders() == ["work: tech.lead"]


def test_one_more_voter(all_sign: Desk) -> None:
    """A1 parallel, V4: one more of whom all have to sign."""
    all_sign.do("risk.manager", "add-signer", to="tech.lead", mode="parallel").ok()
    for person in ("risk.manager", "finance.manager", "service.manager"):
        all_sign.do(person, "approve").ok()
    assert all_sign.holders() == ["sign: tech.lead"]
    all_sign.do("tech.lead", "approve").ok()
    assert all_sign.holders() == ["work: tech.lead"]


def test_an_added_group_has_its_own_mode(single: Desk) -> None:
    """A1: one of those added is enough with `any`; with `sequential` one after another."""
    to = ["risk.reviewer", "tech.lead"]
    single.do("risk.manager", "add-signer", to=to, mode="before", group="any").ok()
    single.do("tech.lead", "approve").ok()
    assert single.holders() == ["sign: risk.manager"]
    to = ["gm", "deputy.gm"]
    single.do("risk.manager", "add-signer", to=to, mode="before", group="sequential").ok()
    assert single.holders() == ["sign: gm"]
    single.do("gm", "approve").ok()
    assert single.holders() == ["sign: deputy.gm"]


def test_votes_given_stay_and_nothing_is_reopened(all_sign: Desk) -> None:
    """A2"""
    all_sign.do("finance.manager", "approve", comment="无异议").ok()
    found = all_sign.do("risk.manager", "add-signer", to="tech.lead", mode="parallel").ok()
    assert found["task"]["votes"] == {"approved": 1, "rejected": 0, "of": 4}
    assert signers(found)["finance.manager"] == "approved"


@pytest.mark.parametrize(
    ("person", "says"),
    [
        ("card.officer", "申请人"),
        ("finance.manager", "已有席位"),
        ("risk.manager", "本人"),
        ("nobody", "没有这个在职人员"),
        ("", "没有这个在职人员"),
    ],
)
def test_who_can_not_be_added_is_said_by_name(all_sign: Desk, person: str, says: str) -> None:
    """A3: refused by name and reason, and nothing has changed."""
    no = all_sign.do("risk.manager", "add-signer", to=["tech.lead", person]).no(422)
    assert says in no["errors"]["to"]
    assert len(all_sign.holders()) == 3


def test_before_and_after_are_not_mixed(single: Desk) -> None:
    """A3: on one task either before or after."""
    single.do("risk.manager", "add-signer", to="tech.lead", mode="before").ok()
    single.do("tech.lead", "approve").ok()
    mixed = single.do("risk.manager", "add-signer", to="gm", mode="after").no(409)
    assert mixed["reason"] == "Mixed"
    single.do("risk.manager", "add-signer", to="gm", mode="before").ok()


def test_an_added_signers_rejection_counts(single: Desk) -> None:
    """A4: under the node's policy; here one rejection ends it."""
    single.do("risk.manager", "add-signer", to="tech.lead", mode="before").ok()
    single.do("tech.lead", "reject").no(422)
    found = single.do("tech.lead", "reject", comment="风险过高").ok()
    assert found["request"]["status"] == "completed"
    assert signers(found)["risk.manager"] == "cancelled"


def test_what_is_wrong_with_adding_is_told_last(single: Desk) -> None:
    """K2: 404, 403, 409, 422 in this order."""
    path = f"/tasks/{single.task('risk.manager')}/add-signer"
    wrong = {"to": 7, "mode": "sideways", "group": "most", "x": 1}
    single.as_("sales.manager").post(path, wrong).no(404)
    assert single.as_("card.officer").post(path, wrong).no(403)["reason"] == "NotHolder"
    errors = single.as_("risk.manager").post(path, wrong).no(422)["errors"]
    assert errors.keys() == {"to", "mode", "group", "x"}
    assert single.as_("risk.manager").post(path, {}).no(422)["errors"].keys() == {"to"}
    answered = {"to": "tech.lead", "answers": {"x": 1}}
    assert single.as_("risk.manager").post(path, answered).no(422)["errors"].keys() == {"answers"}
    single.do("risk.manager", "approve").ok()
    assert single.as_("risk.manager").post(path, wrong).no(409)["reason"] == "TaskOver"


def test_three_levels_and_no_more(single: Desk) -> None:
    """A6: and the chain is visible."""
    people = ["risk.manager", "tech.lead", "gm", "deputy.gm"]
    for person, to in pairwise(people):
        single.do(person, "add-signer", to=to, mode="before").ok()
    last = single.as_("deputy.gm").get(f"/tasks/{single.task('deputy.gm')}").ok()
    chain = [(e["person"]["id"], e["level"], e["by"] and e["by"]["id"]) for e in last["signers"]]
    assert chain == [
        ("risk.manager", 0, None),
        ("tech.lead", 1, "risk.manager"),
        ("gm", 2, "tech.lead"),
        ("deputy.gm", 3, "gm"),
    ]
    assert (last["can"]["add_signer"], last["can"]["approve"]) == (False, True)
    assert "三层" in last["why_not"]["add_signer"]
    assert single.do("deputy.gm", "add-signer", to="sales.manager").no(409)["reason"] == (
        "TooManyLevels"
    )


# ---- taking out


def test_an_added_signer_is_taken_out_by_who_added_him(all_sign: Desk) -> None:
    """A5: nobody else among the signers may; a decided one stays; V4: N falls."""
    all_sign.do("risk.manager", "add-signer", to=["tech.lead", "gm"], mode="parallel").ok()
    mine = all_sign.as_("risk.manager").get(f"/tasks/{all_sign.task('risk.manager')}").ok()
    assert [each["id"] for each in mine["can"]["remove_signer"]] == ["tech.lead", "gm"]
    theirs = all_sign.as_("gm").get(f"/tasks/{all_sign.task('gm')}").ok()
    assert theirs["can"]["remove_signer"] == []
    assert all_sign.do("gm", "remove-signer", to="tech.lead").no(403)["reason"] == "NotYours"
    assert all_sign.do("risk.manager", "remove-signer", to="finance.manager").no(422)["errors"]
    all_sign.do("tech.lead", "approve").ok()
    decided = all_sign.do("risk.manager", "remove-signer", to="tech.lead").no(409)
    assert decided["reason"] == "NotRemovable"
    found = all_sign.do("risk.manager", "remove-signer", to="gm", comment="不必再看").ok()
    assert signers(found)["gm"] == "removed"
    assert found["task"]["votes"] == {"approved": 1, "rejected": 0, "of": 4}


def test_the_process_owner_and_an_administrator_take_signers_out(all_sign: Desk) -> None:
    """A5, K3: the administrator under his own name, with a reason, marked as an override."""
    all_sign.do("risk.manager", "add-signer", to=["tech.lead", "gm"], mode="parallel").ok()
    path = f"/tasks/{all_sign.task('risk.manager')}/remove-signer"
    all_sign.as_("owner").post(path, {"to": "gm"}).ok()
    admin = all_sign.as_("admin")
    can = admin.get(path.removesuffix("/remove-signer")).ok()["can"]
    assert [each["id"] for each in can["remove_signer"]] == ["tech.lead"]
    assert admin.post(path, {"to": "tech.lead"}).no(422)["errors"].keys() == {"comment"}
    admin.post(path, {"to": "tech.lead", "comment": "误加"}).ok()
    last = all_sign.history()[-1]
    assert (last["verb"], last["override"], last["comment"]) == ("remove-signer", True, "误加")
    assert [each["id"] for each in last["to"]] == ["tech.lead"]
    all_sign.as_("auditor").post(path, {"to": "tech.lead"}).no(403)
    all_sign.as_("sales.manager").post(path, {"to": "tech.lead"}).no(404)


def test_without_those_after_me_my_decision_takes_effect(single: Desk) -> None:
    """A5: all *after* signers removed."""
    mine = single.task("risk.manager")
    single.do("risk.manager", "add-signer", to="tech.lead", mode="after").ok()
    single.as_("risk.manager").post(f"/tasks/{mine}/remove-signer", {"to": "tech.lead"}).ok()
    assert single.holders() == ["work: tech.lead"]


# ---- transfer and delegate


def test_a_transfer_moves_the_responsibility(single: Desk) -> None:
    """T1: the original slot ends as transferred, the chain stays visible; the history says to
    whom and why."""
    mine = single.task("risk.manager")
    found = single.do("risk.manager", "transfer", to="tech.lead", comment="出差").ok()
    assert signers(found) == {"risk.manager": "transferred", "tech.lead": "open"}
    assert found["task"]["signers"][1]["of"] == mine
    assert single.holders() == ["sign: tech.lead"]
    last = single.history()[-1]
    assert (last["verb"], last["to"], last["comment"]) == (
        "transfer",
        [{"id": "tech.lead", "name": found["task"]["signers"][1]["person"]["name"]}],
        "出差",
    )
    late = single.as_("risk.manager").post(f"/tasks/{mine}/approve", {}).no(409)
    assert "转办" in late["detail"]
    single.do("tech.lead", "approve").ok()
    assert single.holders() == ["work: tech.lead"]


@pytest.mark.parametrize("verb", ["transfer", "delegate"])
@pytest.mark.parametrize("person", ["card.officer", "finance.manager", "risk.manager", "nobody"])
def test_to_whom_a_task_can_not_go(all_sign: Desk, verb: str, person: str) -> None:
    """T2, A6: the requester, who has a place here, oneself, somebody unknown."""
    no = all_sign.do("risk.manager", verb, to=person, comment="请代看").no(422)
    assert no["errors"].keys() == {"to"}
    two = all_sign.do("risk.manager", verb, to=["tech.lead", "gm"]).no(422)
    assert two["errors"].keys() == {"to"}
    assert all_sign.do("risk.manager", verb).no(422)["errors"].keys() == {"to"}
    assert len(all_sign.holders()) == 3


def test_there_and_back_once_with_a_reason(single: Desk) -> None:
    """T2: A to B to A once, with a reason."""
    single.do("risk.manager", "transfer", to="tech.lead").ok()
    assert single.do("tech.lead", "transfer", to="risk.manager").no(422)["errors"].keys() == {
        "comment"
    }
    single.do("tech.lead", "transfer", to="risk.manager", comment="应由您决定").ok()
    single.do("risk.manager", "transfer", to="tech.lead", comment="再看一次").ok()
    again = single.do("tech.lead", "transfer", to="risk.manager", comment="又一次").no(409)
    assert again["reason"] == "TransferredBack"


def test_a_delegates_opinion_comes_back_to_the_owner(single: Desk) -> None:
    """T3: who still decides; delegated again, the owner stays the first one."""
    mine = single.task("risk.manager")
    found = single.do("risk.manager", "delegate", to="tech.lead", comment="技术上可行吗").ok()
    assert (found["task"]["status"], found["task"]["votes"]["of"]) == ("waiting", 1)
    waits = single.as_("risk.manager").post(f"/tasks/{mine}/approve", {}).no(409)
    assert waits["reason"] == "TaskWaits"
    single.do("tech.lead", "delegate", to="gm").ok()
    found = single.do("gm", "reject", comment="我看不行").ok()
    assert (found["task"]["status"], found["request"]["status"]) == ("advised", "running")
    [advice] = [s for s in found["task"]["signers"] if s["advice"]]
    assert (advice["person"]["id"], advice["advice"]) == ("gm", "reject")
    assert single.holders() == ["sign: risk.manager"]
    single.do("risk.manager", "approve").ok()
    assert single.holders() == ["work: tech.lead"]


def test_withdrawing_cancels_those_added_and_those_asked(single: Desk) -> None:
    """W3"""
    single.do("risk.manager", "add-signer", to="tech.lead", mode="before").ok()
    single.do("tech.lead", "delegate", to="gm").ok()
    task = single.task("gm")
    path = f"/requests/{single.request['id']}/withdraw"
    gone = single.as_("card.officer").post(path, {"comment": "不办了"}).ok()
    assert (gone["status"], gone["open_tasks"]) == ("withdrawn", [])
    assert single.as_("gm").post(f"/tasks/{task}/approve", {}).no(409)["reason"] == "TaskOver"
    seen = single.as_("gm").get(f"/tasks/{task}").ok()
    assert {each["status"] for each in seen["signers"]} == {"cancelled"}


# ---- taking back


def test_a_decision_is_taken_back_while_nothing_has_come_of_it(all_sign: Desk) -> None:
    """W2: in an open node, and after it has been left."""
    mine = all_sign.task("risk.manager")
    all_sign.do("risk.manager", "approve").ok()
    path = f"/tasks/{mine}/take-back"
    assert all_sign.as_("finance.manager").post(path, {}).no(403)
    all_sign.as_("sales.manager").post(path, {}).no(404)
    assert all_sign.as_("risk.manager").get(f"/tasks/{mine}").ok()["can"]["take_back"] is True
    found = all_sign.as_("risk.manager").post(path, {"comment": "看漏了一处"}).ok()
    assert (found["task"]["status"], found["task"]["can"]["take_back"]) == ("open", False)
    for person in ("risk.manager", "finance.manager", "service.manager"):
        last = all_sign.task(person)
        all_sign.do(person, "approve").ok()
    assert all_sign.holders() == ["work: tech.lead"]
    all_sign.as_("service.manager").post(f"/tasks/{last}/take-back", {}).ok()
    assert all_sign.holders() == ["sign: service.manager"]


def test_what_somebody_has_acted_on_is_not_taken_back(single: Desk) -> None:
    """W2: refused with the reason; `why_not` says it before anybody presses."""
    mine = single.task("risk.manager")
    single.do("risk.manager", "approve").ok()
    single.do("tech.lead", "complete").ok()
    seen = single.as_("risk.manager").get(f"/tasks/{mine}").ok()
    assert seen["can"]["take_back"] is False
    no = single.as_("risk.manager").post(f"/tasks/{mine}/take-back", {}).no(409)
    assert no["detail"] == seen["why_not"]["take_back"]


def test_the_same_transfer_twice_takes_effect_once(single: Desk) -> None:
    """K1: under a key and the version he saw; with another body the key is refused."""
    task = single.task("risk.manager")
    risk = single.as_("risk.manager")
    seen = risk.get(f"/tasks/{task}").ok()["version"]
    keyed = {"Idempotency-Key": "t-1", "If-Match": seen}
    for _ in range(2):
        risk.post(f"/tasks/{task}/transfer", {"to": "tech.lead"}, headers=keyed).ok()
    assert [e["verb"] for e in single.history()].count("transfer") == 1
    other = risk.post(f"/tasks/{task}/transfer", {"to": "gm"}, headers=keyed).no(422)
    assert other["reason"] == "KeyReused"


# ---- suspend, resume, terminate


@pytest.fixture
def admin(as_: As) -> Caller:
    """An administrator."""
    return as_("admin")


def test_nothing_is_decided_while_it_is_suspended(
    single: Desk, admin: Caller, clock: Clock
) -> None:
    """K3, X6: with a reason, under his own name, marked; and then it goes on."""
    path = f"/requests/{single.request['id']}"
    task = single.task("risk.manager")
    assert admin.post(f"{path}/suspend", {}).no(422)["errors"].keys() == {"comment"}
    assert admin.post(f"{path}/resume", {"comment": "x"}).no(409)["reason"] == "NotSuspended"
    held = admin.post(f"{path}/suspend", {"comment": "等法务意见"}).ok()
    assert (held["status"], held["can"]["suspend"], held["can"]["resume"]) == (
        "suspended",
        False,
        True,
    )
    assert admin.post(f"{path}/suspend", {"comment": "再来"}).no(409)["reason"] == "Suspended"
    for verb, body in (("approve", {}), ("transfer", {"to": "gm"}), ("add-signer", {"to": "gm"})):
        no = single.as_("risk.manager").post(f"/tasks/{task}/{verb}", body).no(409)
        assert no["reason"] == "Suspended"
    clock.turn(days=2)
    assert admin.post(f"{path}/resume", {"comment": "可以继续"}).ok()["status"] == "running"
    single.do("risk.manager", "approve").ok()
    told = [e for e in single.history() if e["verb"] in ("suspend", "resume")]
    done = [(e["override"], e["comment"]) for e in told if e["outcome"] == "done"]
    assert done == [(True, "等法务意见"), (True, "可以继续")]


@pytest.mark.parametrize("verb", ["suspend", "resume", "terminate"])
def test_only_an_administrator_holds_a_request_up(single: Desk, verb: str) -> None:
    """K3: not the requester, a signer, the owner or an auditor; who may not know of it: 404."""
    path = f"/requests/{single.request['id']}/{verb}"
    for person in ("card.officer", "risk.manager", "owner", "auditor"):
        no = single.as_(person).post(path, {"comment": 7}).no(403)
        assert no["reason"] == "NotYours"
    single.as_("sales.manager").post(path, {}).no(404)
    assert single.now()["can"][verb] is False


def test_an_administrator_ends_a_request(single: Desk, admin: Caller) -> None:
    """K3: what was open is cancelled with the cause; a second time is too late."""
    path = f"/requests/{single.request['id']}/terminate"
    task = single.task("risk.manager")
    gone = admin.post(path, {"comment": "重复提交"}).ok()
    assert (gone["status"], gone["open_tasks"]) == ("cancelled", [])
    assert single.now()["outcome"] == "terminated"
    assert single.as_("risk.manager").get(f"/tasks/{task}").ok()["status"] == "cancelled"
    assert admin.post(path, {"comment": "再次"}).no(409)["reason"] == "RequestOver"


# ---- several at once


def test_one_comment_rejects_and_returns_many(as_: As, home: Database) -> None:
    """K4: each item its own transaction, the comment each one's; what can't be done says why."""
    desk = Desk(as_, home, "single")
    officer, risk = as_("card.officer"), as_("risk.manager")
    made = [desk.request] + [
        officer.post("/requests", {"process": "p", "answers": {}}).ok(201).json for _ in range(3)
    ]
    tasks = [each["open_tasks"][0]["id"] for each in made]
    body = {"verb": "return", "tasks": tasks[:2], "to": "initiator"}
    silent = risk.post("/tasks/batch", body).ok()["results"]
    assert [each["status"] for each in silent] == [422, 422]
    results = risk.post("/tasks/batch", {**body, "comment": "请补充材料"}).ok()["results"]
    assert [each["status"] for each in results] == [200, 200]
    body = {"verb": "reject", "tasks": tasks[1:], "comment": "额度不足"}
    results = risk.post("/tasks/batch", body).ok()["results"]
    assert [each["status"] for each in results] == [409, 200, 200]
    assert results[0]["problem"]["reason"] == "TaskOver"
    said = ["请补充材料"] * 2 + ["额度不足"] * 2
    for one, comment in zip(made, said, strict=True):
        entries = officer.get(f"/requests/{one['id']}/history").ok()["entries"]
        assert [e["comment"] for e in entries if e["outcome"] == "done"][-1] == comment


def test_what_binds_is_not_decided_in_a_batch(as_: As, home: Database) -> None:
    """K4: a protected node; nor is it rejected or returned there."""
    desk = Desk(as_, home, "single", approval__protected="true")
    task = desk.task("risk.manager")
    for verb in ("approve", "reject", "return"):
        body = {"verb": verb, "tasks": [task], "comment": "一并处理"}
        [result] = as_("risk.manager").post("/tasks/batch", body).ok()["results"]
        assert (result["status"], result["problem"]["reason"]) == (403, "NotInBatch")
