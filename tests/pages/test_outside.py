"""What a request's page tells of work that another system does."""

from typing import Any

from engine.case import Actor
from engine.commands.external import FailExternal
from engine.commands.submit import Submit
from engine.handle import handle
from engine.ids import PersonId, RequestId
from storage import Database, queries
from storage.fetching import Wanted, fetch
from tests.api.diagrams import deploy
from tests.engine.test_workers import charge, line
from tests.pages.conftest import Visit
from tests.pages.visitors import NOW

R = RequestId("outside")


def done(home: Database, command: Any) -> None:
    """Carry a command out."""
    home.run(lambda uow: handle(command, uow, NOW))


def waiting(home: Database) -> None:
    """A request that waits for a card to be charged."""
    deploy(home, {"p.bpmn": line(charge())})
    officer = Actor(id=PersonId("card.officer"), name="何雨")
    done(home, Submit(actor=officer, request=R, process="p", answers={}))


def test_it_names_the_system_that_it_waits_for(visit: Visit, home: Database) -> None:
    waiting(home)
    page = visit("card.officer").get(f"/requests/{R}")
    assert "等待外部系统：charge-card" in page.words("//section[.//h2[contains(., '当前处理')]]")
    assert "等待外部系统：charge-card" in page.words("//section[@aria-labelledby='history-title']")
    words = visit("card.officer", "en").get(f"/requests/{R}").words()
    assert "waits for an outside system: charge-card" in words


def test_it_tells_what_the_system_said(visit: Visit, home: Database) -> None:
    waiting(home)
    with home.write() as transaction:
        wanted = [Wanted(topic="charge-card", lock=NOW - NOW)]
        fetch(transaction, home.definitions, "w", wanted, NOW, 1)
    with home.read() as reader:
        (row,) = queries.externals(reader, R)
    admin = Actor(id=PersonId("admin"), name="系统管理员")
    done(
        home,
        FailExternal(actor=admin, request=R, task=row.task, worker="w", message="网关没有回答"),
    )
    said = visit("card.officer").get(f"/requests/{R}").words()
    assert "未能完成外部任务" in said
    assert "外部系统处理失败，剩余尝试次数：2" in said
    assert said.count("网关没有回答") == 2
