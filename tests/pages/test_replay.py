"""The replay of a request without scripts: steps, filters, two steps compared, badge, rights."""

from pathlib import Path

import pytest
from flask import Flask

from storage import Database, journal, sealing
from storage.keys import Keys
from storage.packing import unpack
from tests.pages.conftest import Visit
from tests.pages.visitors import NOW, Page


@pytest.fixture
def returned(home: Database) -> str:
    """The demo's request that was returned, and of which timers came due."""
    with home.read() as reader:
        row = reader.one(
            "SELECT chain FROM journal WHERE chain <> 'system' GROUP BY chain"
            " HAVING COUNT(*) < 20 ORDER BY COUNT(*) DESC, chain LIMIT 1"
        )
    assert row is not None
    return str(row[0])


def state(page: Page) -> str:
    """What the badge says of itself."""
    (badge,) = page.all("//*[@data-integrity]")
    return str(badge.get("data-integrity"))


def said(page: Page) -> str:
    """The step in words."""
    return " ".join(page.words("//*[@data-said]").split())


def test_an_auditor_comes_from_the_request_and_steps_by_links(visit: Visit, returned: str) -> None:
    auditor = visit("auditor")
    request = auditor.get(f"/requests/{returned}")
    (link,) = request.links(f"/requests/{returned}/replay")
    last = auditor.get(link)
    of = int(last.all("//*[@data-replay]")[0].get("data-of", "0"))
    assert said(last).startswith(f"第 {of} 步，共 {of} 步 · ")
    (back,) = [str(e.get("href")) for e in last.all("//a[@data-go='before']")]
    before = auditor.get(back)
    assert said(before).startswith(f"第 {of - 1} 步，共 {of} 步 · ")
    (first,) = [str(e.get("href")) for e in before.all("//a[@data-go='first']")]
    assert said(auditor.get(first)).startswith(f"第 1 步，共 {of} 步 · ")


def test_a_step_shows_how_it_stood_then(visit: Visit, returned: str) -> None:
    auditor = visit("auditor")
    first, later = (auditor.get(f"/requests/{returned}/replay?step={n}") for n in (1, 14))
    assert "填写" in first.words("//tbody[@data-panel='values']")
    assert "与记录一致" in first.words("//*[@data-panel='head']")
    assert "版本 1" in first.words("//*[@data-panel='head']")
    desks = first.words("//tbody[@data-panel='desks']")
    assert "进行中" in desks
    assert "待处理" in desks
    assert "填写" not in later.words("//tbody[@data-panel='values']").replace("填写的", "")
    assert len(later.all("//tbody[@data-panel='past']/tr")) > len(
        first.all("//tbody[@data-panel='past']/tr")
    )


def test_the_table_gives_what_the_diagram_gives(visit: Visit, returned: str) -> None:
    page = visit("auditor").get(f"/requests/{returned}/replay?step=14")
    marked = [e for e in page.all("//*[@data-part]/*") if "shape--" in str(e.get("class", ""))]
    rows = [
        " ".join(str(text) for text in row.itertext())
        for row in page.all("//section[@data-figure][not(@hidden)]//tbody[@data-table]/tr")
    ]
    reached = [row for row in rows if "未到达" not in row and "流向" not in row]
    assert len(reached) == len(marked) > 3
    taken = page.all("//*[contains(concat(' ', @class, ' '), ' flow--taken ')]")
    assert len([row for row in rows if "流向" in row]) == len(taken) > 0


@pytest.mark.parametrize("step", ["0", "15", "x", "-1"])
def test_a_step_that_is_none_is_not_there(visit: Visit, returned: str, step: str) -> None:
    assert visit("auditor").get(f"/requests/{returned}/replay?step={step}").status == 404
    assert visit("auditor").get(f"/requests/{returned}/replay?with={step}").status == 404


def test_only_entries_of_a_kind(visit: Visit, returned: str) -> None:
    page = visit("auditor").get(f"/requests/{returned}/replay?step=1&only=timer")
    shown = page.all("//ol[@class='steps']/li[not(@hidden)]")
    assert shown
    assert all("timer" in str(item.get("data-kinds")).split() for item in shown)
    (on,) = [str(e.get("href")) for e in page.all("//a[@data-go='after']")]
    assert "only=timer" in on
    assert f"step={shown[0].xpath('.//a')[0].get('data-to')}" in on  # type: ignore[union-attr,index]
    assert page.all("//input[@value='timer'][@checked]")


def test_two_steps_are_compared(visit: Visit, returned: str) -> None:
    page = visit("auditor").get(f"/requests/{returned}/replay?step=1&with=9")
    told = page.words("//*[@data-compare]")
    assert "第 1 步与第 9 步对比" in told
    assert "进行中" in told
    assert "已同意" in told
    same = visit("auditor").get(f"/requests/{returned}/replay?step=9&with=9")
    assert "没有其他差别" in same.words("//*[@data-compare]")


def test_who_may_not_see_the_history_may_not_step_through_it(visit: Visit, returned: str) -> None:
    assert visit("market.manager").get(f"/requests/{returned}/replay").status in (403, 404)
    assert visit("admin").get(f"/requests/{returned}/replay").status == 403
    assert visit("auditor").get("/requests/nothing/replay").status == 404


def test_the_requester_steps_through_his_own(visit: Visit, home: Database, returned: str) -> None:
    with home.read() as reader:
        requester = str(reader.value("SELECT requester FROM requests WHERE id = ?", (returned,)))
    person = visit(requester)
    assert f"/requests/{returned}/replay" in person.get(f"/requests/{returned}").text
    assert person.get(f"/requests/{returned}/replay?step=3").status == 200
    assert not person.get(f"/requests/{returned}").all("//*[@data-integrity]")


# ---- the badge


def test_nothing_is_green_that_was_not_checked(visit: Visit, returned: str) -> None:
    auditor = visit("auditor")
    request = auditor.get(f"/requests/{returned}")
    assert state(request) == "unchecked"
    (button,) = request.all("//form[@method='get']//button[@name='check']")
    pressed = auditor.get(f"{request.address}?{button.get('name')}={button.get('value')}")
    assert state(pressed) == "open"
    assert "2026-11-24 10:00" in pressed.words("//*[@data-integrity]")
    assert state(auditor.get(f"/requests/{returned}")) == "unchecked"


def test_what_is_sealed_holds_and_says_by_which_head(
    visit: Visit, home: Database, returned: str
) -> None:
    keys = Keys(Path(home.home) / "keys")
    name = keys.ensure(NOW)
    head = sealing.seal(home, keys, NOW)
    assert head is not None
    page = visit("auditor").get(f"/requests/{returned}/replay")
    badge = page.words("//*[@data-integrity]")
    assert state(page) == "holds"
    assert name[:16] in badge
    assert str(head.size) in badge
    assert "只见于数据库" not in badge


def test_a_key_that_only_the_database_names_is_not_taken_for_ours(
    visit: Visit, home: Database, returned: str
) -> None:
    elsewhere = Keys(Path(home.home) / "elsewhere")
    elsewhere.ensure(NOW)
    assert sealing.seal(home, elsewhere, NOW) is not None
    badge = visit("auditor").get(f"/requests/{returned}/replay").words("//*[@data-integrity]")
    assert "只见于数据库" in badge


def tampered(home: Database, sql: str, *values: object) -> None:
    """Somebody who has the file changes it."""
    with home.write() as transaction:
        for name in [
            row[0]
            for row in transaction.all("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ]:
            transaction.execute(f'DROP TRIGGER "{name}"')
        transaction.execute(sql, values)


@pytest.mark.parametrize(
    ("sql", "bad"),
    [
        ("UPDATE journal SET digest = zeroblob(32) WHERE chain = ? AND seq = 4", 4),
        ("UPDATE journal SET body = x'00' WHERE chain = ? AND seq = 6", 6),
        ("UPDATE journal SET particulars = x'2a2a' WHERE chain = ? AND seq = 1", 1),
        ("DELETE FROM journal WHERE chain = ? AND seq = 5", 5),
        ("DELETE FROM journal WHERE chain = ? AND seq > 10", 11),
    ],
)
def test_a_failure_names_the_first_bad_entry(
    visit: Visit, home: Database, returned: str, sql: str, bad: int
) -> None:
    tampered(home, sql, returned)
    page = visit("auditor").get(f"/requests/{returned}/replay")
    assert page.status == 200
    assert state(page) == "failed"
    assert f"第一条有问题的记录是第 {bad} 条" in page.words("//*[@data-integrity]")


def test_a_tail_that_was_sealed_is_missed_though_the_request_knows_of_fewer_entries(
    visit: Visit, home: Database, returned: str
) -> None:
    keys = Keys(Path(home.home) / "keys")
    keys.ensure(NOW)
    sealing.seal(home, keys, NOW)
    tampered(home, "DELETE FROM journal WHERE chain = ? AND seq > 10", returned)
    tampered(home, "UPDATE requests SET seq = 10 WHERE id = ?", returned)
    page = visit("auditor").get(f"/requests/{returned}/replay")
    assert page.status == 200
    assert state(page) == "failed"
    assert "第一条有问题的记录是第 11 条" in page.words("//*[@data-integrity]")


def test_a_place_says_its_post_by_name(visit: Visit, home: Database) -> None:
    """P2: not by the id that the diagram has."""
    with home.read() as reader:
        rows = reader.all("SELECT request, rest FROM slots ORDER BY request, ordinal")
    request = next(id for id, rest in rows if "产品部的 tester" in str(unpack(rest)))
    page = visit("auditor").get(f"/requests/{request}/replay")
    assert "产品部的测试员" in page.text
    assert "产品部的 tester" not in page.text


def test_a_chain_that_was_rewritten_whole_is_not_what_was_sealed(
    visit: Visit, home: Database, returned: str
) -> None:
    """Every digest follows from the one before; the signed head knows better."""
    from engine.journal import seal
    from engine.journal.entry import Particulars
    from storage.packing import pack_bytes

    keys = Keys(Path(home.home) / "keys")
    keys.ensure(NOW)
    sealing.seal(home, keys, NOW)
    with home.read() as reader:
        kept = journal.kept_entries(reader, returned)
    tampered(home, "UPDATE requests SET version = version WHERE id = ?", returned)
    previous = b""
    with home.write() as transaction:
        for each in kept:
            entry = each.entry
            private = Particulars.load(each.particulars)
            if each.seq == 3:
                body = {**entry.body, "via": "api" if entry.body["via"] != "api" else "page"}
                entry = type(entry)(
                    chain=entry.chain, seq=entry.seq, at=entry.at, body=body,
                    particulars=entry.particulars,
                )  # fmt: skip
            sealed = seal(entry, previous, private.secret)
            transaction.execute(
                "UPDATE journal SET body = ?, particulars = ?, digest = ?"
                " WHERE chain = ? AND seq = ?",
                (
                    pack_bytes(
                        sealed.body, journal.context(returned, each.seq, each.at)
                    ), pack_bytes(sealed.particulars), sealed.digest,
                    returned, each.seq,
                ),
            )  # fmt: skip
            previous = sealed.digest
    page = visit("auditor").get(f"/requests/{returned}/replay")
    assert state(page) == "failed"
    assert "不含此条记录" in page.words("//*[@data-integrity]")
    assert "第一条有问题的记录是第 3 条" in page.words("//*[@data-integrity]")


def test_reading_it_leaves_an_entry(
    visit: Visit, home: Database, returned: str, app: Flask
) -> None:
    visit("auditor").get(f"/requests/{returned}/replay")
    with home.read() as reader:
        last = journal.entries(reader, "system")[-1]
    assert (last.body["actor"], last.body.get("request")) == ("auditor", returned)
