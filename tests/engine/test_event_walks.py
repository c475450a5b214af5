"""Random lives of processes that call, throw, catch and fail: nothing but refusals in words, rows
that say what the tokens say, and every chain replays."""

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from engine.case import Actor, Case
from engine.commands.amend import Amend
from engine.commands.approve import Approve
from engine.commands.complete import Complete
from engine.commands.fire import FireTimer
from engine.commands.publish import Broadcast, Publish
from engine.commands.reject import Reject
from engine.commands.retry import Retry
from engine.commands.return_ import Return
from engine.commands.submit import Submit
from engine.commands.throw import Escalate, ThrowError
from engine.commands.withdraw import Withdraw
from engine.facts import Facts
from engine.ids import PersonId, RequestId
from engine.refusals import Failed, Refused
from engine.requests import Slot
from tests.engine.live import Engine, actor, chain, compiled, flow, task
from tests.engine.test_called import call
from tests.engine.test_events import catch, diagram, event, named, parameters, properties, throw
from tests.engine.test_throwing import ROOTS, on
from tests.engine.test_timers import timer

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'
ADMIN = Actor(id=PersonId("admin"), override=True)
PEOPLE = ("tech.lead", "gm", "finance.manager", "deputy.gm")
VALUES = (None, 0, 1, 5, "soon", "PT2H", "tech.lead", "2026-11-05", [1, "gm"], {"size": 2})
VARIABLES = ("amount", "wait", "whom", "which", "readers")
BOTH = named("message", "paid") + named("signal", "stop") + ROOTS


def outer() -> bytes:
    """A fork: a called process several times over, beside work with timers and signals."""
    watched = (
        task("work", assignee="tech.lead", return__to="initiator", copy__to="${readers}")
        + on("work", "failed", "error", "missing")
        + on("work", "told", "escalation", "late", stays=True)
        + '<bpmn:boundaryEvent id="due" attachedToRef="work" cancelActivity="false">'
        + timer("timeCycle", "R3/${wait}")
        + "</bpmn:boundaryEvent>"
        + event("boundaryEvent", "alarm", "signal", "stop", attachedToRef="work")
    )
    return diagram(
        "outer",
        START,
        '<bpmn:parallelGateway id="f"/>',
        call("c", "inner", each="${whom}", in_who="${item}", in_sum="${amount}"),
        watched,
        task("mend", assignee="gm"),
        task("note", assignee="finance.manager"),
        '<bpmn:exclusiveGateway id="g" default="g_j"/>',
        '<bpmn:inclusiveGateway id="j"/>',
        throw("tell", "message", "paid", properties(message__correlation="${which}")),
        END,
        "".join(f'<bpmn:endEvent id="{id}"/>' for id in ("m", "n")),
        chain("s", "f", "c", "j"),
        chain("f", "work", "g"),
        flow("g", "j"),
        flow("g", "mend", "${amount > 3}"),
        chain("mend", "j"),
        chain("failed", "mend"),
        chain("told", "note", "n"),
        chain("due", "note"),
        chain("alarm", "mend"),
        chain("j", "tell", "e"),
        roots=BOTH,
        withdraw="until-end",
        rounds__max="9",
    )


def inner() -> bytes:
    """A vote that waits for a message, throws a signal, and has a handler of its own."""
    handler = (
        '<bpmn:subProcess id="sub" triggeredByEvent="true">'
        + event("startEvent", "heard", "message", "paid", isInterrupting="false")
        + task("look", assignee="${who}")
        + '<bpmn:endEvent id="h"/>'
        + chain("heard", "look", "h")
        + "</bpmn:subProcess>"
    )
    sign = task("sign", assignee="${who}", approval="single", approval__onRejected="work",
                return__to="work,initiator")  # fmt: skip
    return diagram(
        "inner",
        START,
        task("work", assignee="${who}"),
        sign,
        catch("wait", "message", "paid", parameters("output", got="${sum + 1}")),
        throw("ring", "signal", "stop"),
        handler,
        END,
        chain("s", "work", "sign", "wait", "ring", "e"),
        roots=BOTH,
    )


DEFINITIONS = {"outer": compiled(outer()), "inner": compiled(inner())}


class Lives(RuleBasedStateMachine):
    """Commands of all kinds, by anybody, at any time."""

    @initialize(
        amount=st.sampled_from((*VALUES, 1, 5, 9)),
        wait=st.sampled_from((*VALUES, *["PT2H"] * 9)),
    )
    def begin(self, amount: Any, wait: Any) -> None:
        self.engine = Engine(definitions=DEFINITIONS)
        for number in (1, 2):
            given = {"amount": amount, "wait": wait, "whom": list(PEOPLE[:number])}
            answers = {k: v for k, v in given.items() if not isinstance(v, dict)}
            self.tries(
                Submit(
                    actor=actor("card.officer"),
                    request=RequestId(f"r{number}"),
                    process="outer",
                    answers={**answers, "which": None, "readers": "auditor"},
                )
            )

    def tries(self, command: Any) -> None:
        """Whatever is asked, the answer is done or a refusal, and never a failure."""
        try:
            self.engine.do(command)
        except Failed as failed:
            raise AssertionError(failed.sentence("en")) from failed
        except Refused:
            pass

    def _slot(self, data: st.DataObject) -> Slot | None:
        slots = [s for r in self.engine.uow._requests for s in self.engine.uow.slots(r)]
        likely = [s for s in slots if s.status == "open" and s.holders] or slots
        return data.draw(st.sampled_from(likely)) if likely else None

    def _request(self, data: st.DataObject) -> RequestId:
        return RequestId(data.draw(st.sampled_from(sorted(self.engine.uow._requests))))

    @rule(data=st.data(), times=st.integers(1, 3))
    def somebody_acts(self, data: st.DataObject, times: int) -> None:
        for _ in range(times):
            slot = self._slot(data)
            if slot is None:
                return
            votes = (Approve, Approve, Approve, Reject, Return)
            verb: Any = data.draw(st.sampled_from(votes if slot.node == "sign" else (Complete,)))
            who = slot.holders[0] if slot.holders else "gm"
            more: dict[str, Any] = {"comment": "x"}
            if verb is Return:
                more["to"] = data.draw(st.sampled_from(("work", "initiator")))
            self.tries(verb(actor=actor(who), request=slot.request, ordinal=slot.ordinal, **more))

    @rule(data=st.data(), code=st.sampled_from(("missing", "late", "other")))
    def somebody_throws(self, data: st.DataObject, code: str) -> None:
        slot = self._slot(data)
        if slot is None:
            return
        kind: Any = Escalate if code == "late" else ThrowError
        who = slot.holders[0] if slot.holders else "gm"
        self.tries(kind(actor=actor(who), request=slot.request, ordinal=slot.ordinal, code=code))

    @rule(data=st.data(), value=st.sampled_from(VALUES), name=st.sampled_from(VARIABLES))
    def an_administrator_retries(self, data: st.DataObject, value: Any, name: str) -> None:
        rows = [i for r in self.engine.uow._requests for i in self.engine.incidents(RequestId(r))]
        if not rows:
            return
        found = data.draw(st.sampled_from(rows))
        given = {name: value} if data.draw(st.booleans()) else {}
        command = Retry(actor=ADMIN, request=found.request, incident=found.ordinal, variables=given)
        self.tries(command)

    @rule(
        data=st.data(),
        to=st.sampled_from((None, "r1", "r2", {"amount": 5})),
        given=st.sampled_from(({}, {"sum": 2}, {"sum": "x"})),
    )
    def a_message_comes(self, data: st.DataObject, to: Any, given: dict[str, Any]) -> None:
        new = RequestId("n")
        self.tries(Publish(actor=ADMIN, message="paid", correlation=to, variables=given, new=new))

    @rule(now=st.integers(0, 3))
    def a_signal_comes(self, now: int) -> None:
        if now:
            return
        self.tries(Broadcast(actor=ADMIN, signal="stop", new=RequestId("n")))

    @rule(data=st.data(), name=st.sampled_from(VARIABLES), value=st.sampled_from(VALUES))
    def another_request_amends(self, data: st.DataObject, name: str, value: Any) -> None:
        self.tries(Amend(request=self._request(data), values={name: value}))

    @rule(data=st.data())
    def it_is_withdrawn_or_submitted_again(self, data: st.DataObject) -> None:
        request, asks = self._request(data), actor("card.officer")
        if self.engine.row(request).status == "withdrawn":
            self.tries(Submit(actor=asks, request=request, process="outer", answers=None))
        elif data.draw(st.integers(0, 3)) == 0:
            self.tries(Withdraw(actor=asks, request=request, comment="x"))

    @rule()
    def time_passes(self) -> None:
        self.engine.now += timedelta(hours=5)
        for due in sorted(self.engine.uow._timers.values(), key=lambda t: (t.due, t.key)):
            if due.due <= self.engine.now:
                self.tries(FireTimer(request=due.request, timer=due.key, due=due.due))

    @invariant()
    def rows_say_what_the_tokens_say(self) -> None:
        if hasattr(self, "engine"):
            for id in self.engine.uow._requests:
                self._check(self.engine, RequestId(id))

    def _check(self, engine: Engine, id: RequestId) -> None:
        flow_now, row = engine.uow.flow(id), engine.row(id)
        kept = {i.key: i.ordinal for i in engine.uow.incidents(id)}
        assert kept == flow_now.incidents
        waits = {s.key: [s.kind, s.name] for s in engine.uow._waiting.get(id, ())}
        assert waits == {key: waiting[:2] for key, waiting in flow_now.waits.items()}
        if row.status in ("completed", "withdrawn"):
            assert not kept
            assert not waits
            assert engine.open(id) == {}
        if row.status == "running":
            tokens = _case(engine, id).run.open()
            assert {t.key for t in tokens if t.trouble} <= set(kept)
            assert {t.key for t in tokens if t.kind in ("message", "signal")} >= set(waits)
            entered = {n.key for n in engine.uow.nodes(id, status="open")}
            assert entered == {t.key for t in tokens if t.kind == "task" and not t.trouble}
            moves = {t.kind for t in tokens if not t.trouble}
            assert not moves & {"action", "throw", "halted"}

    def teardown(self) -> None:
        for id in self.engine.uow._requests if hasattr(self, "engine") else ():
            difference = self.engine.replayed(RequestId(id))
            assert difference is None, str(difference)


def _case(engine: Engine, id: RequestId) -> Case:
    request = engine.row(id)
    return Case(
        uow=engine.uow,
        facts=Facts(),
        now=engine.now,
        actor=ADMIN,
        request=request,
        definition=engine.uow.definition(request.definition),
        verb="look",
    )


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
