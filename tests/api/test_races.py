"""Two processes at one request, a hundred times over, on both databases: exactly one wins, the
other hears that it is too late, and nothing is lost or done twice (K1, R2, W3, X3)."""

import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from engine.commands.approve import Approve
from engine.commands.base import Command
from engine.commands.fire import FireTimer
from engine.commands.reject import Reject
from engine.commands.submit import Submit
from engine.commands.withdraw import Withdraw
from engine.handle import handle
from engine.ids import PersonId, RequestId
from engine.replay import replay
from storage import Database, definitions
from tests.api.racing import Came, race
from tests.engine.live import START, actor, chain, compiled, process, task
from tests.workflows.organised import organise

ROUNDS = 100
LEAST = ROUNDS // 10
"""How often each side has to win, for the two to have met at all."""
DUE = START + timedelta(days=3)
DIAGRAM = process(
    "p",
    '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>',
    task(
        "sign", signers="${list('risk.manager', 'finance.manager')}", approval="any",
        approval__onRejected="end", deadline__after="P2D", deadline__calendar="elapsed",
        deadline__then="approve",
    ),
    chain("s", "sign", "e"),
)  # fmt: skip

Pair = tuple[Command, Command]


def _decisions(request: RequestId) -> Pair:
    """One person in two windows."""
    me: dict[str, Any] = {"actor": actor("risk.manager"), "request": request, "ordinal": 1}
    yes, no = f"yes to {request}", f"no to {request}"
    return Approve(**me, key=yes), Reject(**me, key=no, comment="不")


def _clicks(request: RequestId) -> Pair:
    """The same click, as often as it likes."""
    click = Approve(
        actor=actor("risk.manager"), request=request, ordinal=1, key=f"click on {request}"
    )
    return click, click


def _withdrawal(request: RequestId) -> Pair:
    """Its requester withdraws while a signer approves."""
    approve = Approve(actor=actor("risk.manager"), request=request, ordinal=1)
    return Withdraw(actor=actor("card.officer"), request=request), approve


def _siblings(request: RequestId) -> Pair:
    """Two signers of whom the first decides."""
    reject = Reject(actor=actor("finance.manager"), request=request, ordinal=2, comment="不")
    return Approve(actor=actor("risk.manager"), request=request, ordinal=1), reject


@pytest.fixture
def home(database: Database) -> Database:
    """The organisation, and a process in which the first of two decides."""
    organise(database)
    with database.write() as transaction:
        definitions.deploy(transaction, compiled(DIAGRAM), by=PersonId("owner"), at=START)
    return database


def submitted(home: Database) -> list[RequestId]:
    """A request for each round."""
    made = [RequestId(f"r{number}") for number in range(ROUNDS)]
    for id in made:
        command = Submit(actor=actor("card.officer"), request=id, process="p", answers={})
        home.run(lambda uow, command=command: handle(command, uow, START))  # type: ignore[misc]
    return made


def entries(home: Database, request: RequestId) -> list[Any]:
    """Its history; it arrives where the request stands."""
    with home.unit_of_work() as uow:
        found = list(uow.entries(request))
        assert replay(found, lambda digest: compiled(DIAGRAM), home.calendar) is None
    assert [each.seq for each in found] == list(range(1, len(found) + 1))
    return found


def done(home: Database, request: RequestId) -> list[str]:
    """The verbs that took effect after its submission."""
    return [each.body["verb"] for each in entries(home, request) if each.body["outcome"] == "done"][
        1:
    ]


def both_win(name: str, came: Sequence[tuple[Came, Came]]) -> None:
    """Exactly one of each pair, now this and now that."""
    first = sum(one.done and not one.again for one, _ in came)
    second = sum(other.done and not other.again for _, other in came)
    sys.stdout.write(f"{name}: {first} times the one, {second} times the other\n")
    assert first + second == ROUNDS
    assert min(first, second) >= LEAST


@pytest.mark.parametrize("pair", [_decisions, _withdrawal, _siblings])
def test_one_wins_and_the_other_is_too_late(
    home: Database, pair: Callable[[RequestId], Pair]
) -> None:
    """K1, W3, R2: 409 for the other, recorded as refused; nothing of it took effect."""
    requests = submitted(home)
    pairs = [pair(each) for each in requests]
    came = race(home, START + timedelta(hours=1), pairs)
    both_win(str(pair.__doc__), came)
    for request, commands, (one, other) in zip(requests, pairs, came, strict=True):
        loser = other if one.done else one
        assert (loser.done, loser.not_now) == (False, True), loser
        assert done(home, request) == [commands[0 if one.done else 1].verb]
        refused = [e for e in entries(home, request) if e.body["outcome"] == "refused"]
        assert len(refused) == 1


def test_identical_clicks_take_effect_once_and_get_one_answer(home: Database) -> None:
    """K1"""
    requests = submitted(home)
    came = race(home, START + timedelta(hours=1), [_clicks(each) for each in requests])
    both_win(str(_clicks.__doc__), came)
    for request, (one, other) in zip(requests, came, strict=True):
        assert one.done
        assert other.done
        assert one.seq == other.seq
        assert done(home, request) == ["approve"]


def test_a_timer_fires_once_under_two_schedulers(home: Database) -> None:
    """X3: the second finds it fired, and changes nothing."""
    requests = submitted(home)
    timers = [_due(home, each) for each in requests]
    came = race(home, DUE, [(each, each) for each in timers])
    both_win("Two schedulers", came)
    for request, (one, other) in zip(requests, came, strict=True):
        assert (other if one.done else one).reason == "TimerOver"
        assert done(home, request) == ["timer"]
        with home.unit_of_work() as uow:
            assert not uow.timers(request)


def _due(home: Database, request: RequestId) -> FireTimer:
    with home.unit_of_work() as uow:
        [timer] = uow.timers(request)
    return FireTimer(request=request, timer=timer.key, due=timer.due)
