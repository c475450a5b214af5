"""Returns: to the requester, or to a node on the path; what they undo and nothing else (B1-B7)."""

from engine.case import Case
from engine.flow import incidents, receiving, shown, standing, straight
from engine.flow.cancelling import cancel_everything, cancel_node
from engine.ids import PersonId
from engine.people.signers import superiors_of
from engine.refusals import TargetNotOnPath
from engine.requests import AMEND_NODE, ROUNDS_NODE, Node, Slot
from engine.tokens import ReturnRefused, Rewound, rewind, targets
from engine.world import World

INITIATOR = "initiator"


def possible(case: Case, node: Node) -> list[str]:
    """Where the holder of an open node may return it to (B1): what its words allow, cut down to
    what lies on the path."""
    words = case.words(node)
    allowed = words.return_to
    if not allowed or allowed == ("none",):
        return []
    found: list[str] = []
    if "any" in allowed or INITIATOR in allowed:
        found.append(INITIATOR)
    if "any" in allowed or set(allowed) - {INITIATOR}:
        past = [p.node for p in targets(case.passages(), case.flow.marking or {}, node.key)]
        for name in dict.fromkeys(past):
            if (
                name in case.definition_of(node).nodes
                and name != node.node
                and ("any" in allowed or name in allowed)
            ):
                found.append(name)
    return found


def go_back(case: Case, node: Node, target: str) -> None:
    """Return from an open (or just rejected) node to `target`: a new round begins.

    Raises TargetNotOnPath where the path does not allow it; then nothing has changed (B7).
    """
    if node.status == "open":
        cancel_node(case, node, "the request was returned", "settled")
    if case.request.round + 1 > case.request.rounds_allowed:
        _ask_for_another(case, node, target)
        return
    resume_return(case, node.key, target)


def check_way(case: Case, node: Node, target: str) -> None:
    """Raise TargetNotOnPath where the path does not allow a return; nothing changes (B7)."""
    if target != INITIATOR and case.request.round < case.request.rounds_allowed:
        _rewound(case, node.key, target)


def _rewound(case: Case, key: str, target: str) -> Rewound:
    marking, scopes = case.run.save()
    passages, world = case.passages(), case.tokens_world()
    try:
        return rewind(case.definition.net, marking, scopes, passages, key, target, world)
    except ReturnRefused as refused:
        raise TargetNotOnPath(target=target, message=str(refused)) from refused


def resume_return(case: Case, key: str, target: str) -> None:
    """A return goes on, perhaps one that waited for one more round (B6)."""
    if target == INITIATOR:
        to_requester(case, key)
    else:
        _to_node(case, key, target)


def to_requester(case: Case, key: str) -> None:
    """The whole way is set aside; the requester gets the start form with its answers."""
    case.request.round += 1
    before = straight.held(case) if straight.wanted(case, key) else {}
    _set_aside(case)
    case.request.status = "returned"
    superseded = supersede(case, None)
    desk = _desk(
        case,
        AMEND_NODE,
        (case.request.requester,),
        ("被退回,请修改后重新提交", "returned: amend it and submit it again"),
    )
    straight.keep(case, key, desk.key, before, superseded, None)


def _to_node(case: Case, key: str, target: str) -> None:
    case.request.round += 1
    before = straight.held(case) if straight.wanted(case, key) else {}
    try:
        back = _rewound(case, key, target)
    except TargetNotOnPath:
        case.request.round -= 1
        raise
    undone = {p.key for p in case.passages() if p.id in back.undone and p.key}
    undone |= {case.flow.instead[each] for each in undone if each in case.flow.instead}
    case.set_run(back.run)
    case.undo(sorted(back.undone))
    superseded = supersede(case, undone | {key})
    straight.keep(case, key, back.entered, before, superseded, back)


def _set_aside(case: Case) -> None:
    waits: dict[str, list[str]] = {}
    if case.flow.marking is not None or case.running:
        waits = receiving.set_aside(case)
        marking, scopes = case.run.save()
        case.flow.scopes = scopes
        case.flow.aside = {"marking": marking}
        case.set_run(None)
        case.flow.marking = None
    cancel_everything(case, "the request was returned")
    receiving.put(case, waits)


def supersede(case: Case, keys: set[str] | None) -> list[str]:
    """Decisions that a return undoes stay, marked superseded; their verdicts and answers are
    cleared from the variables (B4, V8). `keys` None: everything decided so far.

    Returns:
        The keys of the nodes that count no more.
    """
    found: list[str] = []
    cleared: dict[str, dict[str, object]] = {}
    for node in case.all_nodes():
        if node.status != "settled" or (keys is not None and node.key not in keys):
            continue
        node.status = "superseded"
        node.cause = "the request was returned"
        case.touch(node)
        case.say("superseded", node.key)
        found.append(node.key)
        if node.node in (AMEND_NODE, ROUNDS_NODE):
            continue
        words = case.words(node)
        if words.approval is not None:
            values = cleared.setdefault(node.scope, {})
            values[words.verdict or f"{words.id}_verdict"] = None
            values[f"{words.id}_answers"] = []
            values.update(dict.fromkeys(words.field_variables))
    for scope, values in cleared.items():
        _clear(case, scope, values)
    return found


def _clear(case: Case, scope: str, values: dict[str, object]) -> None:
    """Clear variables in the scope that holds them, if it is still there."""
    if case.running:
        if scope in case.run.scopes:
            case.run.write(values, scope)
    elif scope in case.flow.scopes or not scope:
        held = case.flow.scopes[scope]["values"] if scope else case.flow.root
        held.update({name: value for name, value in values.items() if name in held})


def _ask_for_another(case: Case, node: Node, target: str) -> None:
    """The limit of rounds is reached: the requester's superior says one more, or the end (B6)."""
    world = World(case)
    above = superiors_of(case.request.requester, {case.request.requester}, world) or ()
    _set_aside(case)
    assert case.flow.aside is not None
    case.flow.aside["target"] = target
    case.flow.aside["from"] = node.key
    case.request.status = "returned"
    _desk(
        case,
        ROUNDS_NODE,
        above,
        (
            f"已退回{case.request.round - 1}次,达到轮次上限,由申请人上级决定是否再来一轮",
            "the limit of rounds is reached: the requester's superior allows one more or ends it",
        ),
    )


def seek(case: Case, node: Node) -> bool:
    """Look up anew who allows one more round; whether there is somebody now."""
    world = World(case)
    above = superiors_of(case.request.requester, {case.request.requester}, world) or ()
    for slot in case.slots_of(node.key):
        if above and slot.status == "open" and not slot.holders:
            slot.holders = [PersonId(person) for person in above]
            slot.signer = slot.holders[0]
            slot.version += 1
            case.touch(slot)
            case.involve.extend(slot.holders)
            standing.refresh(case, slot, node, None)
            case.say("assigned", slot.ordinal, list(slot.holders), [])
            said = f"“{case.label}”等您处理", f"“{case.label}” waits for you"
            case.notify(slot.holders, "held", *said, slot.id)
    return bool(above)


def _desk(case: Case, name: str, holders: tuple[str, ...], why: tuple[str, str]) -> Node:
    """Open a desk that is not in the diagram."""
    passes = case.flow.passes.get(name, [0, 0])
    count = passes[1] + 1
    case.flow.passes[name] = [case.request.round, count]
    node = Node(
        request=case.request.id,
        key=f"{name}#{count}",
        node=name,
        scope="",
        round=case.request.round,
        pass_=1,
        opened_at=case.now,
        total=1,
        pending=1,
        shown=shown.digest_of(case.definition, None, case.flow.answers),
    )
    case.add_node(node)
    case.request.slots += 1
    slot = Slot(
        request=case.request.id,
        ordinal=case.request.slots,
        node_key=node.key,
        node=name,
        round=node.round,
        pass_=1,
        signer=PersonId(holders[0]) if holders else None,
        holders=[PersonId(p) for p in holders],
        why={"zh": why[0], "en": why[1]},
        opened_at=case.now,
    )
    case.add_slot(slot)
    standing.refresh(case, slot, node, None)
    case.say("opened", node.key, name, node.round, 1)
    case.say("assigned", slot.ordinal, list(slot.holders), [])
    if not slot.holders:
        said = "nobody is above the requester"
        incidents.note(case, f"people:{node.key}", node, "people", said, tell=False)
    people = slot.holders or case.uow.directory.administrators()
    case.notify(
        people,
        "held" if slot.holders else "administrator",
        f"“{case.label}”:{why[0]}",
        f"“{case.label}”: {why[1]}",
        slot.id,
    )
    return node
