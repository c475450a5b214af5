"""`countersign export` with filters, as it is typed."""

import json
from pathlib import Path

import pytest
from lxml import etree

from storage import Database, journal
from tests.exports.test_xes import SCHEMA, values
from tests.web.test_evidence import Typed, number_of, typed

__all__ = ["typed"]


def test_an_event_log_says_what_it_leaves_out(
    typed: Typed, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "log.xes"
    words = ("export", "--process", "document-access", "--format", "xes", "-o", file, "--json")
    code, out, err = typed(*words)
    assert code == 0, err
    said = json.loads(out)
    assert said["requests"] + said["left_out"] == 1
    assert said["filter"] == {"process": "document-access"}
    root = etree.fromstring(file.read_bytes())
    SCHEMA.assertValid(root)
    assert len(root.findall("trace")) == said["requests"]
    with database.read() as reader:
        last = journal.entries(reader, "system")[-1]
    assert (last.body["sha256"], last.body["lifecycle"]) == (said["sha256"], "complete")
    code, out, _ = typed(*words, "--unfinished", "--lifecycle", "full")
    assert json.loads(out)["requests"] == 1
    typed("export", number_of(database), "--format", "xes", "-o", file)
    (trace,) = etree.fromstring(file.read_bytes()).findall("trace")
    assert values(trace)["concept:name"] == number_of(database)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--all", "--since", "gestern"], "--since gestern: a date is expected"),
        (["--all", "--until", "2026-01-01T00:00"], "a date is expected"),
        ([], "Name requests by id or number, or say --all."),
        (["x"], "There is no request “x”."),
    ],
)
def test_what_is_wrong_is_one_sentence(
    typed: Typed, tmp_path: Path, words: list[str], says: str
) -> None:
    code, out, err = typed("export", *words, "-o", tmp_path / "x")
    assert (code, out) == (2, "")
    assert says in err
    assert not (tmp_path / "x").exists()


def test_names_or_filters_not_both(typed: Typed, database: Database, tmp_path: Path) -> None:
    code, _, err = typed("export", number_of(database), "--process", "x", "-o", tmp_path / "x")
    assert (code, err) == (2, "Name requests, or give filters: not both.\n")
