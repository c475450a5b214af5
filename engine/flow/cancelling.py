"""Ending what is open without a decision: it stays in the history with its cause (R1)."""

from engine.case import Case
from engine.flow import external, incidents, receiving, timing, windows
from engine.requests import Node, Slot
from engine.voting import uncount

SETTLED = "a sibling's decision settled it"
SOUGHT = "its signers were looked up anew"
CAUSES = {
    "the process went another way": "流程已走向其他环节",
    SETTLED: "其他审批人的决定已使本环节结束",
    "the request was returned": "申请被退回",
    "the request was withdrawn": "申请被撤回",
    "the request ended": "申请已结束",
    SOUGHT: "管理员已重新查找处理人",
    "taken out by whoever may": "已被减签",
    "another of the added signers has decided": "其他加签人员已作出决定",
    "the decision was taken back": "决定已被拿回",
    "the clock has decided": "已超期,系统按规则作出决定",
}


def cancel_slots(case: Case, node: Node, slots: list[Slot], cause: str) -> None:
    """End pending slots; their holders are told once, their inbox rows go."""
    told: list[str] = []
    for slot in slots:
        if slot.status not in ("open", "waiting"):
            continue
        slot.status = "cancelled"
        slot.decided_at = case.now
        slot.comment = cause
        slot.waits = ""
        windows.forget(case, slot)
        slot.version += 1
        if slot.counted:
            uncount(node, slot.weight)
        told.extend(slot.holders)
        case.touch(slot)
        case.say("cancelled", slot.ordinal, cause)
    case.touch(node)
    if told:
        zh = CAUSES.get(cause, cause)
        case.notify(
            told,  # type: ignore[arg-type]
            "cancelled",
            f"“{case.label}”不再需要您处理:{zh}",
            f"“{case.label}” no longer needs you: {cause}",
        )


def cancel_node(case: Case, node: Node, cause: str, status: str = "cancelled") -> None:
    """End an open node with everything pending in it and its deadlines."""
    pending = [s for s in case.slots_of(node.key) if s.status in ("open", "waiting")]
    cancel_slots(case, node, pending, cause)
    node.status = status  # type: ignore[assignment]
    node.cause = cause
    node.settled_at = case.now
    case.touch(node)
    case.remove_timers([key for key in case.open_timers() if timing.node_of(key) == node.key])


def cancel_everything(case: Case, cause: str) -> None:
    """End everything that is open: nodes, timers, external tasks, incidents."""
    for node in case.open_nodes():
        cancel_node(case, node, cause)
    case.remove_timers(list(case.open_timers()))
    external.end(case)
    incidents.end(case)
    receiving.end(case)
