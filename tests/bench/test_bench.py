"""The benchmark measures what it says and tells it in the promised shape. Nothing here is about how
long anything takes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from web.bench import approvals, crowded, inbox, process, report, sealing, weight
from web.bench.approvals import Contest, Plan
from web.bench.inbox import Inboxes
from web.bench.ours import Ours
from web.bench.samples import Samples
from web.bench.sealing import Sealed
from web.bench.surroundings import file_system, scratch
from web.bench.targets import Found, doubts
from web.bench.weight import Weight
from web.cli.evidence import replay

ONCE = Plan(approvals={5: 1, 50: 0, 200: 0}, pairs=1)


def test_every_contender_takes_the_approval_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest = Contest(tmp_path)
    ticks: list[int] = []
    contest.approvals(ONCE, lambda: ticks.append(1))
    contest.pairs(ONCE, lambda: ticks.append(1))
    assert len(ticks) == 2
    assert contest.ours.finished() == approvals.BLOCK + 1
    assert contest.ours.replayed() == 0
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path))
    monkeypatch.setenv("COUNTERSIGN_DATABASE", contest.ours.database.url)
    told = CliRunner().invoke(replay, ["--all", "--json"])
    assert (told.exit_code, json.loads(told.stdout)["equal"]) == (0, True)
    counts = {name: len(times) for name, times in contest.samples.times.items()}
    each = approvals.BLOCK
    assert counts == {
        "memory_n5": each,
        "naive_n5": each,
        "approval_n5": each,
        "approval_n5_processor": each,
        # One more approval, with a raw commit before each of its seven commands; and one before
        # each vote of the pair.
        "raw": 7 + 2,
        "start": 1,
        "settling": 1,
        "decision": 4,
        "ending": 1,
        "decision_n5": 1,
        "decision_n200": 1,
    }
    contest.close()


def test_a_finished_approval_is_weighed_with_all_its_tables(tmp_path: Path) -> None:
    found = weight.measure(tmp_path, 3, lambda: None)
    assert found.bytes > 0
    assert "journal" in found.by_table


def test_what_is_sealed_is_counted(tmp_path: Path) -> None:
    found = sealing.measure(tmp_path, 1_200)
    assert min(found.leaves_per_second, found.usual_seal, found.usual_hold) > 0
    assert found.longest_hold < 5_000
    assert 50 < found.bytes_per_entry < 300
    assert not (tmp_path / "sealing.db").exists()


def test_a_crowded_inbox_is_like_one_that_commands_have_filled(tmp_path: Path) -> None:
    ours = Ours(tmp_path)
    crowded.fill(ours, 1_000)
    with ours.database.read() as reader:
        assert reader.value("SELECT COUNT(*) FROM slots WHERE status = 'open'") == 1_000
        assert reader.value("SELECT COUNT(*) FROM inbox") == 800
        held = reader.value("SELECT COUNT(*) FROM inbox WHERE person = ?", (crowded.BUSY,))
        assert held == 50
        # A row for each of eight members, or one for a crowd.
        assert reader.value("SELECT COUNT(*) FROM queue") == 100 * 8 + 100
    request = ours.submit(5, 2)
    ours.handle(request)
    with ours.database.read() as reader:
        assert reader.value("SELECT COUNT(*) FROM inbox WHERE person = ?", (process.MANAGER,)) == 1
    ours.close()


def test_the_inbox_is_read_by_an_index(tmp_path: Path) -> None:
    found = inbox.measure(tmp_path, ["1k"], 1, lambda _: None)
    slowest = found.slowest("1k")
    assert slowest is not None
    assert slowest > 0
    assert found.slowest("1m") is None
    assert set(found.plans) == set(inbox.VIEWS)
    for plan in found.plans.values():
        assert plan
        # Nothing is gone through but the keys that were already picked for the page (k).
        scans = [line for line in plan if line.startswith("SCAN")]
        assert all(line == "SCAN k" or line.endswith("CONSTANT ROWS") for line in scans)
        assert not [line for line in plan if "TEMP B-TREE" in line]


@pytest.fixture
def found(tmp_path: Path) -> Found:
    samples = Samples()
    for name in (approvals.RAW, approvals.START, approvals.DECISION, approvals.SETTLING):
        samples.add(name, 1_000_000)
    for size in process.SIZES:
        samples.add(approvals.memory(size), 1_000_000)
        samples.add(approvals.naive(size), 20_000_000)
        samples.add(approvals.ours(size), 4_000_000)
        samples.add(approvals.processor(size), 3_000_000)
        samples.add(approvals.decision(size), 1_000_000)
    read = Samples()
    for view in inbox.VIEWS:
        read.add(view, 250_000)
        read.add(f"{view}: whole read", 900_000)
    return Found(
        folder=tmp_path,
        samples=samples,
        different=0,
        finished=1,
        weight=Weight(bytes=5000.4),
        inboxes=Inboxes(samples={"1k": read, "100k": read}, plans={}),
        sealed=Sealed(
            leaves_per_second=9e4,
            longest_hold=20,
            usual_seal=9,
            usual_hold=4,
            bytes_per_entry=120,
        ),
    )


def test_the_document_has_the_promised_shape(found: Found) -> None:
    told = json.loads(report.as_json(found))
    assert {"environment", "medians", "ratios", "inbox_ms", "bytes_per_approval"} <= set(told)
    assert {
        "decision",
        "settling",
        "approval_n5",
        "approval_n50",
        "approval_n200",
        "naive_over_ours",
        "naive_over_ours_n200",
        "decision_n200_over_n5",
    } <= set(told["ratios"])
    assert told["ratios"]["approval_n5"] == 4
    assert told["ratios"]["naive_over_ours"] == 5
    assert told["inbox_ms"] == {"1k": 0.25, "100k": 0.25, "1m": None}
    assert told["bytes_per_approval"] == 5000
    assert told["sealing"]["bytes_per_entry"] == 120


def test_a_run_whose_naive_is_too_fast_or_too_slow_says_that_it_is_not_valid(found: Found) -> None:
    assert not [doubt for doubt in doubts(found) if "Naive" in doubt]
    found.samples.times[approvals.naive(5)] = [26.0]
    assert [doubt for doubt in doubts(found) if "26.0" in doubt]
    assert not report.document(found)["valid"]


def test_a_scratch_folder_is_on_a_disk_where_there_is_one() -> None:
    assert scratch().is_dir()
    assert file_system(Path("/proc/self")) in ("proc", "")
