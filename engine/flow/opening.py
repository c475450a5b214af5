"""A token has come to a user task: the node is entered, its slots open, or it settles at once."""

from typing import Any

from engine.case import Case
from engine.diagrams.words import NodeWords
from engine.flow import copying, incidents, settling, shown, standing, timing
from engine.flow.cancelling import SOUGHT, cancel_slots
from engine.flow.failures import FAILURES
from engine.ids import PersonId
from engine.people.signers import Resolved, Signer, resolve
from engine.requests import Node, Slot
from engine.tokens import Open
from engine.voting import verdict
from engine.world import World


def enter(case: Case, token: Open) -> bool:
    """Open the node of a token. True if it settled at once and tokens moved."""
    words = case.words(token)
    node = Node(
        request=case.request.id,
        key=token.key,
        node=token.node,
        scope=token.scope,
        round=case.request.round,
        pass_=_pass(case, token),
        opened_at=case.now,
        definition=token.definition,
    )
    case.add_node(node)
    _clear(case, node, words)
    variables = case.run.variables(token.scope)
    node.shown = shown.digest_of(case.definition_of(node), words, variables)
    world = case.world(node)
    resolved = _resolved(case, words, variables, world)
    case.say("opened", node.key, node.node, node.round, node.pass_)
    if resolved.skipped:
        case.say("skipped", node.key)
        settling.settle(case, node, words, "skipped")
        return True
    counted: list[str] = []

    def armed() -> None:
        department = _department(resolved, world)
        own = timing.arm_node(case, node, words, department)
        counted.append(department if own else "")

    incidents.attempt(case, "due", node.key, node, "expression", armed)
    if resolved.none:
        settling.settle(case, node, words, None)
        return True
    _open_slots(case, node, words, resolved, world)
    _say_calendar(case, node, counted)
    copying.send(case, words.copies, "entered", variables, node)
    outcome = verdict(words, node) if words.approval is not None else None
    if outcome is not None:
        settling.settle(case, node, words, outcome)
        return True
    return False


def _department(resolved: Resolved, world: World) -> str:
    """The department of all who are to sign, if it is one (X5)."""
    return timing.one_of(
        timing.group_department(each.groups)
        if not each.signer
        else str(world.department(each.signer) or "")
        for each in resolved.signers
    )


def _say_calendar(case: Case, node: Node, departments: list[str]) -> None:
    """Whose calendar the deadline is counted in stands with each place, to be shown (X5)."""
    if departments and node.due is not None and case.words(node).deadline.calendar == "working":
        for slot in case.slots_of(node.key):
            slot.why["calendar"] = departments[0]


def arm(case: Case, node: Node) -> None:
    """A node's deadline and reminder begin."""
    department = timing.department_of(case, node)
    own = timing.arm_node(case, node, case.words(node), department)
    _say_calendar(case, node, [department if own else ""])


def arm_again(case: Case, node: Node) -> None:
    """The deadline, reminder or priority of an open node could not be made out: once more."""
    words, world = case.words(node), case.world(node)
    arm(case, node)
    for slot in case.slots_of(node.key):
        if slot.status in ("open", "waiting"):
            slot.priority = _priority(words, case, node, world)
            slot.due = node.due
            case.touch(slot)
    case.touch(node)


def _resolved(case: Case, words: NodeWords, variables: dict[str, Any], world: World) -> Resolved:
    """Who signs; where the diagram's words fail, nobody, and why."""
    try:
        return resolve(words, case.request.requester, variables, world)
    except FAILURES as failure:
        return Resolved(notes=(str(failure),))


def seek(case: Case, node: Node) -> bool:
    """Look up anew who signs a node that nobody signs; whether somebody does now."""
    words, world = case.words(node), case.world(node)
    resolved = _resolved(case, words, case.run.variables(node.scope), world)
    if not resolved.signers and not resolved.skipped:
        return False
    blocked = [s for s in case.slots_of(node.key) if s.status == "open" and is_blocked(s)]
    cancel_slots(case, node, blocked, SOUGHT)
    node.total -= len(blocked)
    if resolved.skipped:
        case.say("skipped", node.key)
        settling.settle(case, node, words, "skipped")
        return True
    _open_slots(case, node, words, resolved, world)
    case.touch(node)
    outcome = verdict(words, node) if words.approval is not None else None
    if outcome is not None:
        settling.settle(case, node, words, outcome)
    return True


def is_blocked(slot: Slot) -> bool:
    """Whether nobody holds or may claim it (V7)."""
    return not slot.holders and not slot.candidates


def _pass(case: Case, token: Open) -> int:
    """This entry's pass: the k-th of the node within the round. No id has an `@`."""
    name: str = token.node
    if token.definition:
        name = f"{name}@{token.definition[:16]}"
    known = case.flow.passes.get(name)
    count = known[1] + 1 if known is not None and known[0] == case.request.round else 1
    case.flow.passes[name] = [case.request.round, count]
    return count


def _clear(case: Case, node: Node, words: NodeWords) -> None:
    """Entering clears the verdict and the answers, in the scope that holds the token (V8)."""
    if words.approval is None and not (words.collection or words.cardinality):
        return
    values: dict[str, Any] = {f"{words.id}_answers": []}
    if words.approval is not None:
        values[words.verdict or f"{words.id}_verdict"] = None
    case.run.write_local(values, node.scope)
    case.run.write(dict.fromkeys(words.field_variables), node.scope)


def _open_slots(case: Case, node: Node, words: NodeWords, resolved: Resolved, world: World) -> None:
    if not resolved.signers:
        _block(case, node, words, resolved.notes)
        return
    kept = kept_signatures(case, node, words)
    slots = []
    for position, signer in enumerate(resolved.signers):
        slot = _slot(case, node, words, signer, position, world)
        node.total += 1
        node.pending += 1
        node.weight_open += slot.weight
        case.add_slot(slot)
        slots.append(slot)
    # Only now: whoever has a place of his own stands in for nobody else.
    waits = False
    for slot in slots:
        earlier = kept.get(str(slot.signer)) if slot.signer else None
        if earlier is not None:
            _keep(case, node, slot, earlier)
            continue
        if waits:
            slot.status = "waiting"
        else:
            announce(case, slot, words)
        waits = words.approval == "sequential" or (words.approval is None and words.sequential)
    if any(is_blocked(slot) for slot in slots):
        _call_administrators(case, node, words, "", slots)


def _slot(
    case: Case, node: Node, words: NodeWords, signer: Signer, position: int, world: World
) -> Slot:
    case.request.slots += 1
    department = world.department(signer.signer) if signer.signer else None
    return Slot(
        request=case.request.id,
        ordinal=case.request.slots,
        node_key=node.key,
        node=node.node,
        round=node.round,
        pass_=node.pass_,
        signer=PersonId(signer.signer) if signer.signer else None,
        holders=[PersonId(p) for p in signer.holders],
        candidates=[PersonId(p) for p in signer.candidates],
        groups=list(signer.groups),
        department=department or "",
        position=position,
        element=signer.element if not isinstance(signer.element, str) else None,
        weight=words.weights.get(signer.signer or "", 1),
        why=_why(words, signer),
        opened_at=case.now,
        due=node.due,
        optional=words.optional,
        priority=_priority(words, case, node, world),
        definition=node.definition,
    )


def _why(words: NodeWords, signer: Signer) -> dict[str, str]:
    """The reason in words, and the rule as the diagram has it (P2)."""
    rule = (
        words.collection
        or words.assignee
        or ", ".join([*words.candidate_users, *words.candidate_groups])
    )
    return {"zh": signer.why[0], "en": signer.why[1], "rule": rule}


def _priority(words: NodeWords, case: Case, node: Node, world: World) -> str:
    if not words.priority:
        return ""
    try:
        value = world.evaluate(words.priority, case.run.variables(node.scope))
    except FAILURES as failure:
        incidents.note(case, f"due:{node.key}", node, "expression", str(failure))
        return ""
    return "" if value is None else str(value)


def announce(case: Case, slot: Slot, words: NodeWords) -> None:
    """A slot is open: who holds it, or may claim it, is told."""
    slot.status = "open"
    slot.opened_at = case.now
    standing.refresh(case, slot, case.node(slot.node_key), words)
    holders = [p for p in slot.holders if p not in slot.standing] or slot.candidates
    case.say("assigned", slot.ordinal, list(slot.holders), list(slot.candidates))
    standing.tell_substitutes(
        case, slot, list(slot.standing), words.name, words.name_en or words.name
    )
    case.notify(
        holders,
        "held",
        f"“{case.label}”在“{words.name}”等您处理",
        f"“{case.label}” waits for you at “{words.name_en or words.name}”",
        slot.id,
    )


def _block(case: Case, node: Node, words: NodeWords, notes: tuple[str, ...]) -> None:
    """Nobody to sign: one place that an administrator has to fill (V7)."""
    what = ";".join(notes)
    signer = Signer(
        signer=None,
        why=(
            f"找不到处理人,等管理员指定{':' + what if what else ''}",
            f"nobody found, an administrator has to name someone {what}",
        ),
    )
    slot = _slot(case, node, words, signer, 0, case.world(node))
    node.total, node.pending, node.weight_open = 1, 1, 1
    case.add_slot(slot)
    _call_administrators(case, node, words, what, [slot])


def _call_administrators(
    case: Case, node: Node, words: NodeWords, what: str, slots: list[Slot]
) -> None:
    """There are places that nobody can take: an administrator names who does (V7)."""
    slot = next(each for each in slots if is_blocked(each))
    case.say("blocked", node.key, what)
    why = what or "nobody found"
    incidents.note(case, f"people:{node.key}", node, "people", why, tell=False)
    case.notify(
        case.uow.directory.administrators(),
        "administrator",
        f"“{case.label}”的“{words.name}”找不到处理人{':' + what if what else ''}",
        f"Nobody found for “{words.name_en or words.name}” of “{case.label}” {what}",
        slot.id,
    )


def kept_signatures(case: Case, node: Node, words: NodeWords) -> dict[str, Slot]:
    """Signatures that need not be given again: by signer.

    Under `return.resubmit=changed`, the approvals of the node's last entry in an earlier round, so
    not what was taken back, whose signers were shown then what they would be shown now (B3). Under
    `approval.repeat=carry`, on the first
    pass, the approvals that a person gave in this round at another node (P3). Where it goes
    straight back, the votes that stand (B5).
    """
    if node.key in case.standing:
        return {str(slot.signer): slot for slot in case.standing[node.key]}
    if words.approval is None:
        return {}
    found: dict[str, Slot] = {}
    if (
        words.approval != "sequential"
        and words.repeat == "carry"
        and node.pass_ == 1
        and not words.protected
    ):
        for slot in _decided(case):
            elsewhere = slot.round == node.round and not _same_node(slot, node)
            if elsewhere and slot.decided_by and case.node(slot.node_key).status == "settled":
                found[slot.decided_by] = slot
    if words.resubmit == "changed" and node.round > 1 and node.pass_ == 1:
        earlier = [s for s in _decided(case) if _same_node(s, node) and s.round < node.round]
        entered = [n for n in case.all_nodes() if _same_node(n, node) and n.round < node.round]
        last = max(((n.round, n.pass_) for n in entered), default=(0, 0))
        for slot in earlier:
            if (slot.round, slot.pass_) == last and slot.shown == node.shown and slot.signer:
                found[slot.signer] = slot
    return found


def _same_node(slot: Slot | Node, node: Node) -> bool:
    """A called process may use an id of its caller's."""
    return (slot.node, slot.definition) == (node.node, node.definition)


def _decided(case: Case) -> list[Slot]:
    known = {s.ordinal: s for s in case.uow.slots(case.request.id, status="approved")}
    known.update({o: s for o, s in case.slots.items() if s.status == "approved"})
    return [known[ordinal] for ordinal in sorted(known)]


def _keep(case: Case, node: Node, slot: Slot, earlier: Slot) -> None:
    """The slot comes back signed, and says from which round."""
    from engine.voting import count

    slot.status = earlier.status
    slot.kept_from = earlier.round
    slot.decided_at = earlier.decided_at
    slot.decided_by = earlier.decided_by
    slot.on_behalf_of = earlier.on_behalf_of
    slot.comment = earlier.comment
    slot.shown = node.shown
    if _same_node(earlier, node):
        slot.answers = dict(earlier.answers)
    if earlier.status == "completed":
        node.done += 1
        node.pending -= 1
    else:
        count(node, earlier.status, slot.weight)
    case.say("kept", slot.ordinal, earlier.ordinal, earlier.round)
