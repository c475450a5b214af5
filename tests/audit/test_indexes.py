"""Every kind of question is answered by the index, on both databases; and finds what it should."""

import pytest

from storage import Database
from storage.finding import asking, counts
from web.bench import found

ENTRIES = 6_000


@pytest.fixture
def crowded(database: Database) -> Database:
    """A small copy of what the measurement fills."""
    found.fill(database, ENTRIES)
    return database


def test_no_question_reads_everything(crowded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite the index of tokens leads each; on PostgreSQL it does wherever it can, and what
    has too many rows for a list is gone through by its place."""
    for name, asked in found.questions(ENTRIES).items():
        for few in (asking.FEW, 0):
            monkeypatch.setattr(asking, "FEW", few)
            with crowded.read() as reader:
                if crowded.dialect == "postgresql":
                    reader.execute("SET LOCAL enable_seqscan = off")
                plans = [plan for plan in found.plans(reader, asked) if " found f" in plan
                         or " search_entries" in plan]  # fmt: skip
            for plan in plans:
                sql, _, how = plan.partition("\n")
                assert "SCAN f\n" not in f"{how}\n" or "WHERE 1 = 1" in sql, (name, plan)
                assert "Seq Scan" not in how, (name, plan)
                assert "INDEX" in how.upper() or "PRIMARY KEY" in how or "SCAN f" in how, (
                    name,
                    plan,
                )
                if crowded.dialect == "sqlite" and "search_entries" in sql:
                    assert "USE TEMP B-TREE" not in how, (name, plan)


def test_both_ways_of_making_a_list_give_the_same(
    crowded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few or many: page by page, and counted."""
    for name, asked in found.questions(ENTRIES).items():
        answers = []
        for few in (asking.FEW, 0):
            monkeypatch.setattr(asking, "FEW", few)
            with crowded.read() as reader:
                places, cursor = [], None
                for _ in range(4):
                    page = asking.rows(reader, asked, cursor=cursor, limit=40)
                    places += [row.place for row in page.items]
                    cursor = page.next
                    if cursor is None:
                        break
                answers.append((places, counts(reader, asked)[""]))
                oldest = [row.place for row in asking.rows(reader, asked, sort="oldest").items]
            assert places == sorted(set(places), reverse=True), name
            assert oldest == sorted(oldest), name
            if counts_all(crowded, asked) <= 40:
                assert oldest == places[::-1], name
        assert answers[0] == answers[1], name


def counts_all(database: Database, asked: asking.Asked) -> int:
    with database.read() as reader:
        return counts(reader, asked)[""]


def test_the_questions_find_what_was_put_there(crowded: Database) -> None:
    """So that what is timed at a million is no empty list."""
    nothing = {
        "nobody", "words that never meet", "verb and process that never meet", "a rare person",
        "the beginning of an English word", "exports and readings of a request", "a number",
        "a number among the words", "refused overrides for others", "refused by one",
        "timers of a process with a word",
    }  # fmt: skip
    for name, asked in found.questions(ENTRIES).items():
        with crowded.read() as reader:
            there = bool(asking.rows(reader, asked).items)
        assert there or name in nothing, name


def test_counts_of_kinds_are_those_of_lists(crowded: Database) -> None:
    for asked in (asking.Asked(), asking.Asked(q="换卡"), asking.Asked(process="go-live")):
        with crowded.read() as reader:
            told = counts(reader, asked)
            for kind in asking.KINDS:
                one = asking.Asked(q=asked.q, process=asked.process, kinds=(kind,))
                places = len(asking.rows(reader, one, limit=200).items)
                assert min(told[kind], 200) == places, kind
