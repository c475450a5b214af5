"""Whoever asks names nobody who decides on it, by administrator's right either (T6, K3)."""

import pytest

from engine.case import Actor
from engine.commands.assign import Assign
from engine.refusals import OwnRequest
from tests.engine.live import Engine, chain, process, task

SIGN = task("sign", assignee="gm", approval="single", approval__onRejected="end")
WORK = task("work", assignee="gm")


def _assign(engine: Engine, request: str, to: str) -> None:
    boss = Actor(id="admin", override=True)  # type: ignore[arg-type]
    engine.do(Assign(actor=boss, request=request, ordinal=1, to=to, comment="出差"))  # type: ignore[arg-type]


def _engine(node: str, id: str) -> Engine:
    ends = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'
    return Engine(process("p", ends[0], node, ends[1], chain("s", id, "e")))


def test_an_administrator_does_not_name_who_decides_on_his_own_request() -> None:
    engine = _engine(SIGN, "sign")
    request = engine.submit("p", "admin")
    for to in ("admin", "tech.lead"):
        with pytest.raises(OwnRequest):
            _assign(engine, request, to)
    assert engine.open(request) == {"sign": ["gm"]}


def test_of_another_he_does_and_of_his_own_where_nothing_is_decided() -> None:
    engine = _engine(SIGN, "sign")
    request = engine.submit("p", "card.officer")
    _assign(engine, request, "tech.lead")
    assert engine.open(request) == {"sign": ["tech.lead"]}
    engine = _engine(WORK, "work")
    request = engine.submit("p", "admin")
    _assign(engine, request, "tech.lead")
    assert engine.open(request) == {"work": ["tech.lead"]}
