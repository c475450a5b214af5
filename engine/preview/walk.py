"""One run of a request on a scratch copy: every desk is done in its time, by those who hold it,
with nothing filled in; what follows is the engine's own doing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from engine.actor import Actor
from engine.commands.base import go_on
from engine.commands.submit import Submit
from engine.diagrams.ways import graphs
from engine.diagrams.words import NodeWords
from engine.facts import Facts
from engine.flow import receiving, settling
from engine.flow.failures import FAILURES, Interrupted
from engine.flow.others import Following
from engine.handle import carry_out
from engine.ids import PROCESS, PersonId, RequestId
from engine.preview.knowing import Choice, Knowing, NotKnown, Rehearsal, given_by
from engine.preview.scratch import Scratch
from engine.refusals import Failed, Refused
from engine.requests import Node, Place, Slot, is_virtual
from engine.tokens import Open
from engine.unit_of_work import UnitOfWork

MOST_STEPS = 200
SEVERAL = 5
"""So many reasons are told."""

Why = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A desk that a run came to, as it was when it opened."""

    place: Place
    name: str
    name_en: str
    holders: tuple[PersonId, ...]
    candidates: tuple[PersonId, ...]
    groups: tuple[str, ...]
    why: Why
    due: datetime | None
    after: str
    """The time it has from when the request comes to it, where no moment can be told."""
    choices: int
    """How many things had been supposed before."""
    people: NotKnown | None = None
    """Why it can't be known who holds it."""
    sure: bool = True
    depends: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Next:
    """What happens next: at its time, or some time (None)."""

    at: datetime | None
    order: int
    act: Callable[[Rehearsal], None]


class Walk:
    """One run, by what it supposes. `stops` in the order in which they open."""

    def __init__(self, command: Submit, real: UnitOfWork, now: datetime, knowing: Knowing) -> None:
        self.knowing = knowing
        self.stops: list[Stop] = []
        self.trouble: list[tuple[Place, str, NotKnown | None]] = []
        """Where it would stand still, why, and whether that is only because it can't be known."""
        self.waits: list[Place] = []
        """Messages, signals and workers that it waited for."""
        self.cut = False
        """Whether it was given up before its end."""
        self.dated = False
        """Whether a date counts on the desks before keeping theirs."""
        self._command = command
        self._scratch = Scratch(real)
        self._now = now
        self._timed = True
        self._seen: set[str] = set()
        self._make = partial(Rehearsal, knowing=knowing)

    @property
    def impossible(self) -> bool:
        """Whether nothing but what it supposed has led it where no way goes on."""
        return bool(self.knowing.taken) and any(unknown is None for _, _, unknown in self.trouble)

    def go(self, enough: Callable[[], bool]) -> None:
        """Submit, and go on until nothing is left.

        Raises:
            Refused: the request would be refused as it is.
        """
        scratch, id = self._scratch, self._command.request
        before = scratch.request(id)
        if before is not None:
            self._seen = {node.key for node in scratch.nodes(id)}
        definition = scratch.latest(self._command.process)
        numbered = before is not None and before.number is not None
        if definition is not None and definition.process.number_pattern and not numbered:
            self.knowing.give(Place(node=definition.process.start), ["number"])
        after = Following()
        try:
            carry_out(self._command, scratch, self._now, None, after, make=self._make)
        except (*FAILURES, Interrupted) as failure:
            raise Failed(message=str(failure)) from failure
        self._follow(after)
        for _ in range(MOST_STEPS):
            if enough():
                break
            if not self._step(id):
                return
        self.cut = True

    def _step(self, id: RequestId) -> bool:
        """Note what is open, and let what comes first happen; whether anything did."""
        request = self._scratch.request(id)
        assert request is not None
        case = self._case(id)
        for node in self._scratch.nodes(id):
            if node.key not in self._seen:
                self._seen.add(node.key)
                self._note(case, node)
        if request.status not in ("running", "suspended"):
            return False
        following = self._next(case)
        if following is None:
            self._stands(case)
            return False
        if following.at is None:
            self._timed = False
        else:
            self._now = max(self._now, following.at)
        self.knowing.before_any = False
        case = self._case(id)
        case.after = after = Following()
        try:
            following.act(case)
            go_on(case)
            case.save()
        except (*FAILURES, Interrupted, Refused) as failure:
            unknown = self.knowing.unknown_in(str(failure))
            self.trouble.append((Place(node=case.definition.process.start), str(failure), unknown))
            return False
        self._follow(after)
        return True

    def _case(self, id: RequestId) -> Rehearsal:
        request = self._scratch.request(id)
        assert request is not None
        return Rehearsal(
            uow=self._scratch,
            facts=Facts(),
            now=self._now,
            actor=Actor(id=PROCESS, via="process"),
            request=request,
            definition=self._scratch.definition(request.definition),
            verb="preview",
            knowing=self.knowing,
        )

    def _follow(self, after: Following) -> None:
        """What it sends itself; others get nothing."""
        while after.waiting:
            command, cause = after.waiting.popleft()
            if command.chain == self._command.request:
                carry_out(command, self._scratch, self._now, cause, after, make=self._make)

    # what is open

    def _note(self, case: Rehearsal, node: Node) -> None:
        if is_virtual(node) or node.status == "cancelled" or node.verdict == "skipped":
            return
        place = Place(node=node.node, definition=node.definition)
        if any(stop.place == place for stop in self.stops):
            return
        words = case.words(node)
        slots = case.slots_of(node.key)
        said = list(dict.fromkeys((s.why.get("zh", ""), s.why.get("en", "")) for s in slots))
        blocked = all(not slot.holders and not slot.candidates for slot in slots)
        unknown = self.knowing.unknown_in(" ".join(en for _, en in said)) if blocked else None
        due = node.due if self._timed or _fixed(words) else None
        self.dated |= due is not None and not self.knowing.before_any and not _fixed(words)
        self.stops.append(
            Stop(
                place=place,
                name=words.name,
                name_en=words.name_en,
                holders=tuple(dict.fromkeys(p for slot in slots for p in slot.holders)),
                candidates=tuple(dict.fromkeys(p for slot in slots for p in slot.candidates)),
                groups=tuple(dict.fromkeys(g for slot in slots for g in slot.groups)),
                why=_joined(said[:SEVERAL]),
                due=due,
                after=words.deadline.after if due is None else "",
                choices=len(self.knowing.taken),
                people=unknown,
            )
        )

    def _stands(self, case: Rehearsal) -> None:
        """Nothing happens any more: what stands still, and why."""
        for row in self._scratch.incidents(case.request.id):
            if row.kind not in ("people", "timer") and not row.key.startswith(("due:", "copy:")):
                unknown = self.knowing.unknown_in(row.message)
                place = Place(node=row.node, definition=row.definition)
                self.trouble.append((place, row.message, unknown))

    # what comes next

    def _next(self, case: Rehearsal) -> _Next | None:
        found: list[_Next] = []
        if case.flow.marking is None:
            return None
        tokens = case.run.open()
        for order, token in enumerate(tokens):
            each = self._of(case, token, order)
            if each is not None:
                found.append(each)
        return min(found, key=lambda e: (e.at is None, e.at or self._now, e.order), default=None)

    def _of(self, case: Rehearsal, token: Open, order: int) -> _Next | None:
        place = Place(node=token.node, definition=token.definition)
        if token.trouble:
            works = token.kind in ("action", "external", "throw")
            if not works or self.knowing.unknown_in(token.trouble) is None:
                return None
            return _Next(at=self._now, order=order, act=partial(self._act, token))
        match token.kind:
            case "task":
                node = case.node(token.key)
                return _Next(at=node.due, order=order, act=partial(self._decide, token.key))
            case "external":
                return _Next(at=None, order=order, act=partial(self._act, token))
            case "timer" if self._is_awaited(case, token) and self._comes(case, token, place):
                return _Next(at=token.due, order=order, act=partial(self._fire, token))
            case "message" | "signal" if self._is_awaited(case, token):
                if self._comes(case, token, place):
                    return _Next(at=None, order=order, act=partial(self._deliver, token))
        return None

    def _is_awaited(self, case: Rehearsal, token: Open) -> bool:
        """Whether the way leads through an event: what may interrupt a desk is not foreseen."""
        if token.attached_to is not None:
            return False
        graph = case.definition_of(token).net.graph
        steps = (step for each in graphs(graph) for step in each.steps)
        return all(
            step.event is None or step.event.id != token.node
            for step in steps
            if step.kind == "event-sub-process"
        )

    def _comes(self, case: Rehearsal, token: Open, place: Place) -> bool:
        """Whether it is this event that comes, where several race."""
        rivals = next((t.rivals for t in case.run.live() if t.key == token.key), 0)
        if not rivals:
            return True
        key = ("event", (token.definition, token.node), token.key)
        return self.knowing.suppose(key, place, "event")

    # acts

    def _decide(self, key: str, case: Rehearsal) -> None:
        """A desk is done: everyone agrees, or has done his work, with nothing filled in."""
        node = case.node(key)
        words, place = case.words(node), Place(node=node.node, definition=node.definition)
        agrees = self._agrees(words, node, place)
        verdict = None if words.approval is None else "approved" if agrees else "rejected"
        uncertain = False
        for slot in case.slots_of(key):
            if slot.status in ("open", "waiting"):
                uncertain |= self._done(case, slot, verdict)
        names, anything = given_by(case.definition_of(node), words)
        who = {f"actor({node.node})", f"{node.node}_answers"} if uncertain else set()
        node.pending, node.done = 0, node.total
        if verdict is not None:
            node.approved = node.total if agrees else 0
        case.touch(node)
        self.knowing.give(place, names | who, anything=anything)
        settling.settle(case, node, words, verdict)

    def _agrees(self, words: NodeWords, node: Node, place: Place) -> bool:
        if words.approval is None or words.on_rejected:
            return True
        key = ("decision", (node.definition, node.node), node.key)
        return self.knowing.suppose(key, place, "decision")

    def _done(self, case: Rehearsal, slot: Slot, verdict: str | None) -> bool:
        """End a slot; whether it is uncertain by whom."""
        people = slot.holders or slot.candidates
        slot.status = "completed" if verdict is None else verdict  # type: ignore[assignment]
        slot.decided_at, slot.held = case.now, False
        slot.decided_by = people[0] if people else None
        case.touch(slot)
        return len(people) != 1

    def _act(self, token: Open, case: Rehearsal) -> None:
        """A worker, or an action that reads what is not known, is done: its results are not."""
        words = case.definition_of(token).actions.get(token.node)
        if words is None:  # what it sends can't be known, and changes nothing here
            case.run.complete(token.key)
            return
        place = Place(node=token.node, definition=token.definition)
        names = {*words.outputs, *({words.result} if words.result not in ("", "*") else set())}
        anything = not words.outputs and (words.kind == "external" or words.result == "*")
        self.knowing.give(place, names, anything=anything)
        if words.kind == "external":
            self.waits.append(place)
            case.remove_externals([token.key])
        case.run.complete(token.key)

    def _fire(self, token: Open, case: Rehearsal) -> None:
        case.remove_timers([token.key])
        case.run.fire(token.key)

    def _deliver(self, token: Open, case: Rehearsal) -> None:
        place = Place(node=token.node, definition=token.definition)
        event = receiving.event_of(case, token)
        self.waits.append(place)
        self.knowing.give(place, event.outputs, anything=not event.outputs)
        kind, name = case.flow.waits[token.key][:2]
        case.run.deliver(name, kind=kind, keys=[token.key])  # type: ignore[arg-type]


def _fixed(words: NodeWords) -> bool:
    """Whether a desk's date does not count from when the request comes to it."""
    text = words.deadline.due
    return bool(text) and not any(name in text for name in ("now(", "today("))


def _joined(said: list[Why]) -> Why:
    return "、".join(zh for zh, _ in said), "; ".join(en for _, en in said)
