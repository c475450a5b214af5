"""The auditor's search at a million entries: rows straight in the projection, then every kind of
question, timed, with how the database goes about it.

Run as `python -m web.bench.found [--database URL] [--entries 1000000] [--json]`; without a database
a scratch SQLite file is made and removed.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

from storage import Database, migrate
from storage.finding import Asked, asking, counts
from storage.finding.rows import COLUMNS, Row, index_tokens
from storage.moments import micros
from storage.packing import pack
from storage.queries.cursors import cursor
from storage.reader import Reader
from storage.search import fold
from storage.transaction import marks

ENTRIES = 1_000_000
A_REQUEST = 12
"""Entries of a request; one in `A_SYSTEM` is of the system chain."""
A_SYSTEM = 25
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
STEP = timedelta(seconds=25)
PROCESSES = ("orders", "orders", "changes", "papers", "countersigned")
VERBS = ("submit", "claim", "approve", "approve", "comment", "complete", "approve", "return",
         "timer", "approve", "transfer", "complete")  # fmt: skip
SYSTEM_VERBS = ("sign-in", "sign-in", "sign-in", "read", "export", "person.changed", "deploy")
THINGS = (
    "年费减免", "对公账户", "理财产品", "自助充值", "信用卡换卡",
    "网点装修", "系统升级", "合同用印", "差旅报销", "设备采购",
    "风险排查", "数据导出", "营销活动", "权限调整", "客户投诉",
)  # fmt: skip
SAID = (
    "同意,请尽快办理", "金额与合同不符,退回补充", "Approved, please go ahead",
    "见附件", "材料齐全", "budget exceeded, ask finance",
    "请补充发票", "已核对无误", "转交给同事处理",
)  # fmt: skip
RARE = "饕餮"
"""A word of one entry in ten thousand."""
DEPARTMENTS = ("业务部", "卡部", "产品部", "技术部", "风险部", "财务部", "客服部", "运营部")
PEOPLE = 2_000


def person(number: int) -> str:
    """One of the many."""
    return f"bench.person.{number:04}"


def made(entries: int) -> Iterator[Row]:
    """Rows in the order of time: requests one after another, mixed as days mix them."""
    random = Random(7)  # noqa: S311 - nothing is secret here
    at = BEGIN
    for number in range(entries):
        at += STEP
        system = number % A_SYSTEM == 0
        request = number // A_REQUEST
        verb = SYSTEM_VERBS[request % 7] if system else VERBS[number % A_REQUEST]
        who = person(int(random.random() ** 2 * PEOPLE))
        refused = random.random() < 0.01
        title = f"关于{THINGS[request % 15]}的申请{request % 977}"
        said = RARE if number % 10_000 == 77 else SAID[random.randrange(9)]
        behalf = person(random.randrange(PEOPLE)) if random.random() < 0.02 else ""
        watching = verb in ("read", "export")
        yield Row(
            place=micros(at) // 1000,
            seq=number + 1 if system else number % A_REQUEST + 1,
            at=micros(at),
            chain="system" if system else f"bench{request:08}",
            verb=verb,
            outcome="refused" if refused else "done",
            actor="system:timer" if verb == "timer" else who,
            behalf=behalf,
            subject=who if verb == "person.changed" else "",
            request="" if system and not watching else f"bench{request:08}",
            process="" if system and not watching else PROCESSES[request % 5],
            department="" if system else DEPARTMENTS[request % 8],
            node="" if system else f"task_{number % 9}",
            task=0 if system else number % A_REQUEST + 1,
            override=int(random.random() < 0.005),
            substitution=int(bool(behalf)),
            timer=int(verb == "timer"),
            superseded=int(verb == "return"),
            change=int(verb in ("person.changed", "deploy")),
            watching=int(watching),
            sign_in=int(verb == "sign-in"),
            veiled=0,
            text="\n" + fold(verb if system else "") if system and not watching
            else f"{fold(f'(26)卡字{request:06} {title}')}\n{fold(said)}",
        )  # fmt: skip


def fill(database: Database, entries: int) -> None:
    """Put so many rows into an empty projection, and the requests that they are part of."""
    put = f"INSERT INTO found ({', '.join(COLUMNS)}) VALUES ({marks(len(COLUMNS))})"  # noqa: S608
    sqlite = database.dialect == "sqlite"
    index = (
        "INSERT INTO search_entries (rowid, words) VALUES (?, ?)"
        if sqlite
        else "INSERT INTO search_entries (place, words) VALUES (?, array_to_tsvector(?::text[]))"
    )
    source = made(entries)
    while batch := [row for row, _ in zip(source, range(20_000), strict=False)]:
        with database.write() as transaction:
            transaction.many(put, [row.values for row in batch])
            words = ((row.place, _words(row, sqlite=sqlite)) for row in batch)
            transaction.many(index, words)
    with database.write() as transaction:
        transaction.many(_REQUEST, (_request(each) for each in range(entries // A_REQUEST + 1)))
    if not sqlite:
        with database.write() as transaction:
            transaction.execute("ANALYZE")


def _words(row: Row, *, sqlite: bool) -> Any:
    found = index_tokens(row, [row.request] if row.request else [], single=sqlite)
    return " ".join(found) if sqlite else found


_REQUEST = (
    "INSERT INTO requests (id, process, definition, requester, department, status, number, title,"
    " round, created_at, decided, slots, passages, version, seq, head, rest)"
    " VALUES (?, ?, 1, ?, ?, 'running', ?, ?, 1, ?, 0, 0, 0, 1, 12, ?, ?)"
)


def _request(number: int) -> tuple[Any, ...]:
    return (
        f"bench{number:08}", PROCESSES[number % 5], person(number % PEOPLE),
        DEPARTMENTS[number % 8], f"(26)卡字{number:06}", f"关于{THINGS[number % 15]}的申请",
        micros(BEGIN), b"", pack({}),
    )  # fmt: skip


def questions(entries: int) -> dict[str, Asked]:
    """Every kind of question, the hard ones among them."""
    middle = BEGIN + STEP * (entries // 2)
    many = "orders"
    return {
        "everything": Asked(),
        "a Chinese word of two characters, in one of fifteen": Asked(q="换卡"),
        "a Chinese word in all": Asked(q="申请"),
        "one Chinese character": Asked(q="卡"),
        "a rare Chinese word": Asked(q=RARE),
        "an English word": Asked(q="budget"),
        "the beginning of an English word": Asked(q="ap"),
        "words of title and comment": Asked(q="换卡 发票"),
        "words that never meet": Asked(q="换卡 年费"),
        "a number": Asked(number="(26)卡字004711"),
        "a number among the words": Asked(q="(26)卡字004711"),
        "a person": Asked(person=person(17)),
        "a rare person": Asked(person=person(1999)),
        "nobody": Asked(person="nobody"),
        "a verb": Asked(verb="approve"),
        "verb and process": Asked(verb="approve", process="countersigned"),
        "verb and process that never meet": Asked(verb="deploy", process="countersigned"),
        "person, verb and process": Asked(person=person(17), verb="return", process=many),
        "refused": Asked(kinds=("refused",)),
        "refused by one": Asked(kinds=("refused",), person=person(3)),
        "refused overrides for others": Asked(kinds=("refused", "override", "substitution")),
        "timers of a process with a word": Asked(kinds=("timer",), process=many, q="换卡"),
        "a day": Asked(since=middle, until=middle + timedelta(days=1)),
        "the first week, a verb": Asked(
            since=BEGIN, until=BEGIN + timedelta(days=7), verb="approve"
        ),
        "the first week, a word": Asked(since=BEGIN, until=BEGIN + timedelta(days=7), q="换卡"),
        "a department and a node": Asked(department="风险部", node="task_4"),
        "an owner's": Asked(owned=("countersigned", "papers")),
        "an owner's, a word": Asked(owned=("countersigned",), q="换卡"),
        "exports and readings of a request": Asked(request="bench00004711"),
    }


def measure(database: Database, entries: int, reads: int = 5) -> dict[str, dict[str, float]]:
    """Milliseconds by question: the first page, the hundredth by its cursor, the counts."""
    found: dict[str, dict[str, float]] = {}
    deep = cursor([micros(BEGIN + STEP * (entries // 3)) // 1000])
    for name, asked in questions(entries).items():
        found[name] = {
            "newest": _timed(database, reads, lambda r, a=asked: asking.rows(r, a)),
            "oldest": _timed(database, reads, lambda r, a=asked: asking.rows(r, a, sort="oldest")),
            "deep": _timed(database, reads, lambda r, a=asked: asking.rows(r, a, cursor=deep)),
            "counts": _timed(database, reads, lambda r, a=asked: counts(r, a)),
        }
    return found


def _timed(database: Database, reads: int, read: Any) -> float:
    times = []
    for _ in range(reads):
        with database.read() as reader:
            begin = perf_counter()
            read(reader)
            times.append(perf_counter() - begin)
        if times[-1] > 2:
            break
    return round(median(times) * 1000, 2)


class Told:
    """A reader's cursor that keeps how each statement is carried out."""

    def __init__(self, cursor: Any, explain: str) -> None:
        self._cursor = cursor
        self._explain = explain
        self.plans: list[str] = []

    def execute(self, sql: str, arguments: Any = ()) -> None:
        """As the driver's; the plan first."""
        self._cursor.execute(f"{self._explain} {sql}", arguments)
        lines = [str(row[-1]) for row in self._cursor.fetchall()]
        self.plans.append("\n".join([sql, *lines]))
        self._cursor.execute(sql, arguments)

    def fetchone(self) -> Any:
        """As the driver's."""
        return self._cursor.fetchone()

    def fetchall(self) -> Any:
        """As the driver's."""
        return self._cursor.fetchall()


def plans(reader: Reader, asked: Asked, *, analyze: bool = False) -> list[str]:
    """How the database goes about a question: each statement with its plan."""
    explain = "EXPLAIN QUERY PLAN" if reader.dialect == "sqlite" else "EXPLAIN"
    behind = reader._cursor
    told = Told(behind, f"{explain} ANALYZE" if analyze else explain)
    reader._cursor = told
    try:
        asking.rows(reader, asked)
    finally:
        reader._cursor = behind
    return told.plans


def main() -> None:
    """Fill, ask, and say how long it took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", default="")
    options.add_argument("--entries", type=int, default=ENTRIES)
    options.add_argument("--json", action="store_true")
    options.add_argument("--plans", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="countersign-found-") as folder:
        database = Database(given.database or f"sqlite:///{folder}/found.db", Path(folder))
        migrate(database)
        with database.read() as reader:
            there = reader.one("SELECT 1 FROM found LIMIT 1")
        if there is None:
            begin = perf_counter()
            fill(database, given.entries)
            sys.stderr.write(f"filled in {perf_counter() - begin:.0f} s\n")
        found = measure(database, given.entries)
        if given.json:
            sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        for name, times in () if given.json else found.items():
            line = "  ".join(f"{each} {value:8.1f}" for each, value in times.items())
            sys.stdout.write(f"{line}  {name}\n")
        for name, asked in questions(given.entries).items() if given.plans else ():
            with database.read() as reader:
                sys.stdout.write("\n".join([f"== {name}", *plans(reader, asked), ""]))
        database.close()


if __name__ == "__main__":
    main()

__all__ = ["fill", "made", "measure", "plans", "questions"]
