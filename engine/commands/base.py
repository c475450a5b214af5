"""What all commands share: who acts, on what, from which version, under which key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from engine.case import Actor, Case
from engine.diagrams.words import Guard, NodeWords
from engine.flow import advance, ending, shown, standing
from engine.flow.cancelling import CAUSES, SETTLED
from engine.ids import RequestId
from engine.journal import Entry
from engine.people import newcomers
from engine.recorded import changed_where
from engine.refusals import (
    Changed,
    CommentNeeded,
    GuardUnmet,
    NotHolder,
    OnePlace,
    OwnInStead,
    OwnRequest,
    RequestOver,
    Suspended,
    TaskDecided,
    TaskOver,
    TaskWaits,
    Unknown,
)
from engine.requests import Node, Slot, is_virtual
from engine.world import World

SYSTEM = Actor(id="system:process", via="process")  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing asked for."""

    verb: ClassVar[str]
    actor: Actor = SYSTEM
    key: str | None = None
    """Idempotency key: the same call under it takes effect once (K1)."""

    @property
    def chain(self) -> RequestId | None:
        """The request that it is about; None where it makes a new one."""
        return getattr(self, "request", None)

    def kept(self) -> dict[str, Any]:
        """What an entry keeps of it, by path, beside who and on what."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCommand(Command):
    """One thing asked of a task."""

    request: RequestId
    ordinal: int
    version: str | None = None
    """What the person was shown; None: act on what is current, and the entry says so (K5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(TaskCommand):
    """A decision: answers and a comment."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""
    window: int = 0
    """Seconds in which approve, reject, complete and return can be undone; 0: at once (U)."""

    def kept(self) -> dict[str, Any]:
        """The comment, the window; the answers are kept as they were checked."""
        said = {"comment": self.comment} if self.comment else {}
        return {**said, **({"window": self.window} if self.window else {})}


@dataclass(slots=True, kw_only=True)
class Held:
    """A task that its actor holds, ready to be acted on."""

    slot: Slot
    node: Node
    words: NodeWords | None
    """None at a desk that is not in the diagram."""


def task_version(slot: Slot, node: Node) -> str:
    """What a task's version is: it changes with its holders and with what its form shows."""
    return f"{slot.version}.{node.shown[:16]}"


def about(case: Case, slot: Slot) -> None:
    """The entry names the task."""
    case.body.update(task=slot.id, node=slot.node, round=slot.round, **{"pass": slot.pass_})
    if slot.definition:
        case.body["called"] = slot.definition[:16]


def hold(case: Case, command: TaskCommand, *, deciding: bool) -> Held:
    """Check, in this order: known, yours, now, unchanged. Claims an unclaimed task by acting."""
    slot = case.slots.get(command.ordinal) or case.uow.slot(command.request, command.ordinal)
    if slot is None:
        raise Unknown()
    case.slots[slot.ordinal] = slot
    node = case.node(slot.node_key)
    actor = case.actor.id
    about(case, slot)
    if actor not in slot.holders and (slot.holders or actor not in slot.candidates):
        if not sees(case, slot):
            raise Unknown()
        raise NotHolder(holders=named(case, slot.holders or slot.candidates))
    if slot.status == "open" and standing.no_longer(case, slot, actor):
        raise NotHolder(holders=named(case, [p for p in slot.holders if p not in slot.standing]))
    words = None if is_virtual(node) else case.words(node)
    decides = deciding and words is not None and words.approval is not None
    if decides and actor == case.request.requester:
        raise OwnRequest()
    if deciding and standing.votes(node, words) and standing.on_his_own(case, slot, actor):
        raise OwnInStead()
    if slot.status != "open":
        raise over(case, slot)
    check_running(case)
    if decides and not slot.holders:
        check_one_place(case, slot)
    check_version(case, command, slot, node)
    return Held(slot=slot, node=node, words=words)


def check_one_place(case: Case, slot: Slot) -> None:
    """Refuse a candidate a second place in the node: one vote per person (V6)."""
    actor = case.actor.id
    if any(
        actor in (*other.holders, other.decided_by)
        for other in case.slots_of(slot.node_key)
        if other.ordinal != slot.ordinal and newcomers.stands(other)
    ):
        raise OnePlace()


def sees(case: Case, slot: Slot | None = None) -> bool:
    """Whether the actor may know of the request at all."""
    actor = case.actor.id
    return (
        actor == case.request.requester
        or (slot is not None and (actor in slot.holders or actor in slot.candidates))
        or case.uow.may_see(case.request.id, actor)
    )


def given(answers: Mapping[str, Any]) -> dict[str, Any]:
    """What of a form a slot keeps as its answers: all that is filled in, nought and “no” too."""
    return {name: value for name, value in answers.items() if value not in (None, [], "")}


def named(case: Case, people: list[Any]) -> str:
    """People by their names, for a sentence."""
    found = [case.uow.directory.person(p) for p in people[:5]]
    return "、".join(p.name for p in found if p is not None)


_ENDED = {
    "approved": ("同意", "approved"),
    "rejected": ("不同意", "rejected"),
    "returned": ("退回", "returned"),
    "completed": ("完成", "completed"),
    "superseded": ("办理,其后被退回", "decided, and returned since"),
    "transferred": ("转办", "transferred it"),
    "advised": ("给出意见", "gave an opinion"),
}
_WAITS = {
    "added": ("等待加签人员先处理", "it waits for the signers who were added before"),
    "delegate": ("等待受托人的意见", "it waits for the opinion that was asked for"),
    "": ("还没有轮到这一席", "its turn has not come yet"),
}


def over(case: Case, slot: Slot) -> TaskOver:
    """A task is over: who decided it and when, or why it was cancelled and by whom (R2)."""
    if slot.decided_by:
        return TaskOver(**_decision(case, slot))
    if slot.undo:
        return _undoable(case, slot)
    if slot.status == "waiting":
        zh, en = _WAITS[slot.waits]
        return TaskWaits(message=zh, message_en=en)
    zh, en = CAUSES.get(slot.comment, slot.comment), slot.comment
    if slot.comment == SETTLED:
        decided = [s for s in case.slots_of(slot.node_key) if s.decided_by and s.decided_at]
        last = max(decided, key=lambda s: (s.decided_at, s.ordinal), default=None)
        if last is not None:
            said = _decision(case, last)
            zh, en = f"{zh}({said['message']})", f"{en} ({said['message_en']})"
    return TaskOver(message=zh, message_en=en)


def _undoable(case: Case, slot: Slot) -> TaskDecided:
    """It is decided, and until when that can be undone; how it was decided is not said (U)."""
    until = datetime.fromisoformat(slot.undo["until"])
    at = until.astimezone(case.uow.calendar.zone).strftime("%H:%M:%S")
    if until <= case.now:
        return TaskDecided(message="即将生效", message_en="and takes effect in a moment")
    return TaskDecided(message=f"可撤销至 {at}", message_en=f"and can be undone until {at}")


def _decision(case: Case, slot: Slot) -> dict[str, str]:
    zh, en = _ENDED.get(slot.status, (slot.status, slot.status))
    at = slot.decided_at or case.now
    told = at.astimezone(case.uow.calendar.zone).strftime("%Y-%m-%d %H:%M")
    who = named(case, [slot.decided_by])
    return {"message": f"{who} {told} {zh}", "message_en": f"{who} {told} {en}"}


def check_running(case: Case) -> None:
    """Refuse what needs a request in progress."""
    status = case.request.status
    if status == "suspended":
        raise Suspended()
    if status not in ("running", "returned"):
        raise RequestOver(status=status, status_zh=ending.STATUS_ZH.get(status, status))


def check_version(case: Case, command: TaskCommand, slot: Slot, node: Node) -> None:
    """Refuse to act on what has changed since the person saw it (K5)."""
    check_unchanged(case, command, slot, node)
    if command.version is None:
        case.body["unversioned"] = True
    case.body["shown"] = node.shown


def check_unchanged(case: Case, command: TaskCommand, slot: Slot, node: Node) -> None:
    """The same of what is no decision: its entry need not say what was shown (K1)."""
    current = task_version(slot, node)
    if command.version not in (None, current) and not case.facts.replaying:
        assert command.version is not None
        raise Changed(
            version=current, changed=difference(case, node, command.version), task=slot.id
        )


def difference(case: Case, node: Node, version: str) -> list[dict[str, Any]]:
    """The fields that changed since a version, old and new, as the node may show them."""
    named_digest = version.partition(".")[2]
    words = None if is_virtual(node) else case.words(node)
    fields = set(shown.fields_shown(case.definition_of(node), words))
    process = _process_of(case, node)
    changes: dict[str, list[Any]] = {}
    for entry in reversed(case.uow.entries(case.request.id)):
        if _opened_with(entry, node.key, named_digest):
            break
        for path, change in entry.particulars.items():
            scope, name = changed_where(path.removeprefix("changed."))
            if path.startswith("changed.") and scope == process and name in fields:
                changes[name] = [change[0], changes.get(name, change)[1]]
    return [
        {"field": name, "old": old, "new": new}
        for name, (old, new) in sorted(changes.items())
        if old != new
    ]


def _process_of(case: Case, node: Node) -> str:
    """The scope of the called process that the node belongs to; "" for the request's own."""
    scopes, path = case.flow.scopes, node.scope
    while path and path in scopes and scopes[path]["parent"] is not None:
        path = scopes[path]["parent"]
    return path


def _opened_with(entry: Entry, key: str, digest: str) -> bool:
    """Whether this entry opened the node, or it showed this digest after it."""
    return any(
        fact[1:2] == [key]
        and (fact[0] == "opened" or (fact[0] == "shown" and fact[2][:16] == digest))
        for fact in entry.body.get("did", ())
    )


def check_comment(comment: str) -> None:
    """Refuse a reject or return without its reason."""
    if not comment.strip():
        from forms import Message

        raise CommentNeeded({"comment": Message("请填写理由。", "A reason is needed.")})


def check_guards(guards: tuple[Guard, ...], variables: dict[str, Any], world: World) -> None:
    """Refuse for now what a guard forbids, with its sentence."""
    for guard in guards:
        if not world.holds(guard.condition, variables):
            zh, en = guard_sentence(guard, variables, world)
            raise GuardUnmet(message=zh, message_en=en)


def guard_sentence(guard: Guard, variables: dict[str, Any], world: World) -> tuple[str, str]:
    """A guard's sentence in both languages, its expressions evaluated."""
    zh = str(world.evaluate(guard.message, variables))
    en = str(world.evaluate(guard.message_en, variables)) if guard.message_en else zh
    return zh, en


def decide(case: Case, held: Held, status: str, command: Decision) -> None:
    """Write a decision into its slot; the vote is counted by the caller."""
    slot = held.slot
    if not slot.holders:
        slot.signer = case.actor.id
        slot.holders = [case.actor.id]
        slot.department = World(case).department(case.actor.id) or ""
        case.involve.append(case.actor.id)
    slot.status = status  # type: ignore[assignment]
    slot.decided_at = case.now
    slot.decided_by = case.actor.id
    principal = slot.standing.get(case.actor.id, slot.signer)
    if principal is not None and principal != case.actor.id:
        slot.on_behalf_of = principal
        case.body["for"] = principal
    slot.comment = command.comment
    slot.shown = held.node.shown
    slot.version += 1
    case.touch(slot, held.node)
    case.uow.drop_task_draft(slot.request, slot.ordinal)
    if case.actor.id != case.request.requester:
        case.request.decided = True


def go_on(case: Case) -> None:
    """Let the process go on after a node was settled, returned or fired."""
    if case.running and case.request.status in ("running", "suspended"):
        advance.advance(case)
        if case.running:
            ending.note_ends(case)
