"""What every release has written is replayed by the engine of today, equal (H3)."""

from functools import cache
from pathlib import Path

import pytest

from engine.replay import replay
from tests.engine.live import CALENDAR
from tests.support.histories import FOLDER, Histories, load
from tests.workflows.organised import WORKFLOWS

SETS = sorted(FOLDER.glob("*/histories.json.xz"))
stored = cache(load)


@pytest.fixture(scope="module", params=SETS, ids=lambda path: path.parent.name)
def histories(request: pytest.FixtureRequest) -> Histories:
    file: Path = request.param
    return stored(file)


def test_there_is_a_set_with_every_story(histories: Histories) -> None:
    kinds = {name.partition("/")[0] for name in histories.chains}
    assert kinds == {"walk", *(path.parent.parent.name for path in WORKFLOWS.glob("*/stories/*"))}
    assert len(histories.chains) > 40


@pytest.mark.parametrize(
    "kind", ["change-request", "document-access", "go-live", "walk", "work-order"]
)
def test_every_chain_is_replayed_equal(kind: str, histories: Histories) -> None:
    found = [
        str(different)
        for name in histories.chains
        if name.startswith(f"{kind}/")
        and (different := replay(histories.entries(name), histories.definition, CALENDAR))
    ]
    assert found == []


def test_a_chain_that_was_changed_does_not_pass(histories: Histories) -> None:
    """The sets are worth something only while nobody can change them unseen."""
    name = min(histories.chains)
    body, particulars = histories.chains[name][0]
    changed = {**histories.chains, name: [(body.replace(b"done", b"gone"), particulars)]}
    other = Histories(changed, histories.ends, histories.files, histories.keys)
    with pytest.raises(AssertionError):
        other.entries(name)
