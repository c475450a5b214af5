"""Timers of events, and reminders and deadlines of nodes (X1-X5)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from engine.calendars import parse_cycle
from engine.case import Case
from engine.diagrams.words import Deadline, NodeWords
from engine.flow import due as times
from engine.flow import incidents, standing
from engine.flow.failures import FAILURES
from engine.people.signers import superiors_of
from engine.requests import AMEND_NODE, ROUNDS_NODE, Node, Timer
from engine.tokens import Open
from engine.world import World

REMIND, DUE = "remind:", "due:"


def belongs_to_node(key: str) -> bool:
    """Whether a timer is a node's reminder or deadline rather than an event of the diagram."""
    return key.startswith((REMIND, DUE))


def node_of(key: str) -> str | None:
    """The key of the node whose reminder or deadline this is."""
    return key.partition(":")[2] if belongs_to_node(key) else None


def of_virtual(key: str) -> bool:
    """Whether it belongs to a desk that is not in the diagram."""
    node = node_of(key) or ""
    return node.startswith((AMEND_NODE, ROUNDS_NODE))


def arm(case: Case, token: Open, *, anew: bool = False) -> None:
    """Write down when a timer event is due."""
    known = case.open_timers().get(token.key)
    if known is not None and not anew:
        return
    if token.due is None:
        case.remove_timers([token.key])
        return
    world = case.world(token)
    event = case.definition_of(token).events[token.node]
    try:
        left, every = times.cycle_of(event, case.run.variables(token.scope), world)
    except FAILURES as failure:
        incidents.halt(case, token.key, "timer", str(failure))
        case.remove_timers([token.key])
        return
    if known is not None and known.due == token.due:
        return
    case.put_timer(
        Timer(
            request=case.request.id,
            key=token.key,
            due=token.due,
            left=left,
            every=every,
            attached_to=token.attached_to,
        )
    )
    case.say("armed", token.key, _stamp(token.due))


def department_of(case: Case, node: Node) -> str:
    """The department whose calendar a node's deadline is counted in, if it has one: that of all
    who hold it; "": they are of several."""
    slots = [slot for slot in case.slots_of(node.key) if not slot.origin]
    return one_of(group_department(s.groups) if not s.signer else s.department for s in slots)


def group_department(groups: Sequence[str]) -> str:
    """The department whose people these groups are: `dept:…`, `post:…@…`."""
    return one_of(
        name.removeprefix("dept:") if name.startswith("dept:") else name.partition("@")[2]
        for name in groups
    )


def one_of(departments: Iterable[str]) -> str:
    """The one that they all are."""
    found = set(departments)
    return found.pop() if len(found) == 1 else ""


def world_of(case: Case, node: Node, department: str) -> tuple[World, bool]:
    """What a node's deadline is counted with; whether that is its department's calendar (X5)."""
    world = case.world(node)
    working = case.words(node).deadline.calendar == "working"
    return world, bool(working and department and world.count_for(department))


def arm_node(case: Case, node: Node, words: NodeWords, department: str = "") -> bool:
    """A node's own reminder and deadline, counted from its entry; whether in the calendar of this
    department."""
    deadline = words.deadline
    if not (deadline.due or deadline.after or deadline.remind):
        return False
    world, own = world_of(case, node, department)
    variables = case.run.variables(node.scope) if case.running else {}
    due = _node_due(deadline, variables, world, case.now)
    node.due = due
    if deadline.remind:
        every = parse_cycle(deadline.remind) if deadline.remind.startswith("R") else None
        text = every.text if every else deadline.remind
        case.put_timer(
            Timer(
                request=case.request.id,
                key=REMIND + node.key,
                due=times.after(case.now, text, deadline.calendar, world),
                left=1 if every is None else (-1 if every.repeat is None else every.repeat),
                every=text if every else "",
                attached_to=node.key,
            )
        )
    if due is not None:
        case.put_timer(
            Timer(request=case.request.id, key=DUE + node.key, due=due, attached_to=node.key)
        )
    return own


def _node_due(
    deadline: Deadline, variables: dict[str, object], world: World, now: datetime
) -> datetime | None:
    if deadline.due:
        return times.moment(world.evaluate(deadline.due, variables), "18:00", world)
    if deadline.after:
        return times.after(now, deadline.after, deadline.calendar, world)
    return None


def remind(case: Case, node: Node) -> None:
    """Tell the holders of what is pending that it waits for them."""
    name = case.words(node)
    for slot in case.slots_of(node.key):
        if slot.status == "open":
            case.notify(
                slot.holders or slot.candidates,
                "reminder",
                f"请尽快处理:“{case.label}”在“{name.name}”等您",
                f"A reminder: “{case.label}” waits for you at “{name.name_en or name.name}”",
                slot.id,
            )
            case.say("reminded", slot.ordinal)


def escalate(case: Case, node: Node) -> None:
    """Overdue: the superior of each pending signer joins him as a second holder of his slot; the
    first decision counts, and none is made by the clock (X2, X4)."""
    world = World(case)
    words = case.words(node)
    never = {case.request.requester}
    for slot in case.slots_of(node.key):
        if slot.status != "open":
            continue
        own = [p for p in slot.holders if p not in slot.standing]
        for holder in own or list(slot.candidates)[:1]:
            known = set(slot.holders or slot.candidates) | _taken(case, node)
            above = superiors_of(holder, never | known, world)
            if not above:
                continue
            # Unclaimed, it stays the group's as well.
            joins = slot.holders or slot.candidates
            joins.extend(p for p in above if p not in joins)  # type: ignore[misc]
            slot.version += 1
            case.touch(slot)
            case.involve.extend(above)  # type: ignore[arg-type]
            standing.refresh(case, slot, node, words)
            case.say("escalated", slot.ordinal, list(above))
            case.notify(
                above,  # type: ignore[arg-type]
                "held",
                f"“{case.label}”在“{words.name}”已超期,转到您手上,可与原审批人任一处理",
                f"“{case.label}” is overdue at “{words.name_en or words.name}”: "
                "it is yours too now, the first decision counts",
                slot.id,
            )


def _taken(case: Case, node: Node) -> set[str]:
    """Who already has a place in this node, round and pass (T2: nobody gets a second one)."""
    return {
        person
        for slot in case.slots_of(node.key)
        for person in [*slot.holders, slot.decided_by]
        if person
    }


def _stamp(moment: datetime) -> str:
    from engine.journal.entry import stamp

    return stamp(moment)
