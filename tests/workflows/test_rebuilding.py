"""`countersign rebuild`: everything but journal, definitions, attachments and accounts is made anew
from the journal, equal row by row; and what was half done then goes on to its end."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.ids import PersonId
from storage import Database, drafts, journal
from storage.packing import pack_bytes, unpack
from storage.rebuilding import DERIVED, CannotRebuild, rebuild
from storage.tables import METADATA
from tests.support.tampering import unguard
from tests.workflows.organised import WORKFLOWS, organise
from web.replaying import replayed
from web.stories import DatabaseStage, Player, Story, play, read_story
from web.stories.expecting import Expecting
from web.stories.playing import play_steps

AT = datetime(2027, 6, 1, tzinfo=UTC)
WORLDS = {"revisions": ("value",), "notices": ("read_at", "send_at", "attempts")}
"""Columns that no entry tells of."""
PACKED = {"flows": ["flow"], "requests": ["rest"], "slots": ["rest"], "notices": ["text"]}
"""Columns of packed JSON, in which the order of keys means nothing."""
STORIES = (
    "change-request/production-finding",
    "change-request/two-changes",
    "document-access/archived",
    "document-access/returned",
    "go-live/returned-by-signer",
    "go-live/schedule-changed",
    "work-order/change-takes-it-back",
    "work-order/withdrawn",
)


def rows(database: Database) -> dict[str, list[Any]]:
    """Every row of every table; places by their order, since a rolled-back insert leaves a gap."""
    found: dict[str, list[Any]] = {}
    with database.read() as reader:
        places = [row[0] for row in reader.all("SELECT place FROM requests ORDER BY place")]
        rank = {place: index for index, place in enumerate(places)}
        for table in METADATA.sorted_tables:
            left = WORLDS.get(table.name, ())
            names = [column.name for column in table.columns if column.name not in left]
            columns = ", ".join(f'"{name}"' for name in names)
            kept = []
            for row in reader.all(f'SELECT {columns} FROM "{table.name}"'):
                named = dict(zip(names, map(plain, row), strict=True))
                for column in PACKED.get(table.name, ()):
                    named[column] = unpack(named[column])
                if table.name == "searched":
                    named["text"] = sorted(named["text"].split())
                if "place" in named and table.name != "definitions":
                    named["place"] = rank[named["place"]]
                kept.append(named)
            found[table.name] = sorted(kept, key=repr)
    return found


def plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def emptied(database: Database) -> None:
    """As after a disaster: of what is derived, nothing is there."""
    with database.write() as transaction:
        for name in DERIVED:
            transaction.execute(f'DELETE FROM "{name}"')


def story_of(name: str) -> Story:
    process, _, story = name.partition("/")
    return read_story(WORKFLOWS / process / "stories" / f"{story}.yaml")


def rebuilt_equal(database: Database) -> None:
    before = rows(database)
    emptied(database)
    assert list(replayed(database)) == []  # with nothing but journal and definitions
    rebuild(database, AT)
    after = rows(database)
    assert after["journal"].pop(_last(after["journal"]))["chain"] == "system"
    for name in before:
        assert after[name] == before[name]


def _last(entries: list[Any]) -> int:
    return max(range(len(entries)), key=lambda index: entries[index]["position"])


@pytest.mark.parametrize("name", STORIES)
def test_what_was_half_done_goes_on_to_its_end(name: str, database: Database) -> None:
    """And what came to its end is made anew row by row, too."""
    organise(database)
    story = story_of(name)
    assert story.start is not None
    player = Player(DatabaseStage(database), story.start, seed=story.name)
    expecting = Expecting(player)
    half = len(story.steps) // 2
    play_steps(story, player, expecting, story.steps[:half])
    rebuilt_equal(database)
    play_steps(story, player, expecting, story.steps[half:], first=half + 1)
    expecting.end(story)
    rebuilt_equal(database)
    assert list(replayed(database)) == []


def test_a_rebuild_keeps_what_no_entry_tells(database: Database) -> None:
    """Drafts, idempotency keys, what was read, what was sent: nothing is asked or sent again."""
    organise(database)
    story = story_of("document-access/returned")
    assert story.start is not None
    player = Player(DatabaseStage(database), story.start, seed=story.name)
    play_steps(story, player, Expecting(player), story.steps[:2])
    with database.unit_of_work() as uow:
        (slot,) = uow.slots(player.aliases[player.default], status="open")
    holder = (slot.holders or slot.candidates)[0]
    with database.write() as transaction:
        assert drafts.save_task_draft(transaction, slot.id, holder, {"opinion": "未完"}, AT)
        assert drafts.read_notices(transaction, holder, None, AT) > 0
        transaction.execute("UPDATE notices SET send_at = NULL")
    before = told(database)
    rebuild(database, AT)
    assert told(database) == before
    with database.read() as reader:
        assert drafts.task_draft(reader, slot.id, PersonId(holder)) == {"opinion": "未完"}


def told(database: Database) -> list[Any]:
    with database.read() as reader:
        return reader.all(
            "SELECT request, ordinal, person, read_at, send_at, attempts FROM notices"
            " ORDER BY request, ordinal"
        )


def test_a_journal_that_was_tampered_with_is_not_built_from(database: Database) -> None:
    """The first bad entry is named, and nothing has changed."""
    organise(database)
    play(story_of("document-access/refused"), database)
    with database.write() as transaction:
        chain = journal.chains(transaction)[-1]
        unguard(transaction)
        nothing = pack_bytes(b'{"p":{},"s":"00"}')
        transaction.execute(
            "UPDATE journal SET particulars = ? WHERE chain = ? AND seq = 1", (nothing, chain)
        )
    before = rows(database)
    with pytest.raises(CannotRebuild, match=f"entry 1 of {chain}"):
        rebuild(database, AT)
    assert rows(database) == before
