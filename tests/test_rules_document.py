"""`docs/rules.md` says of every approval rule which tests show it, and says it truly."""

from pathlib import Path

import pytest

from tests.support.rules import NOT_BUILT, PAGE, Shown, collect, keys, keys_in, page


def test_the_document_is_what_the_tests_say() -> None:
    again = "docs/rules.md is not what the tests say: run `python -m tests.support.rules`"
    assert PAGE.read_text() == page(collect()), again


def test_every_rule_is_shown_by_a_test_or_said_not_to_be_built() -> None:
    found = collect()
    assert {key for key, tests in found.items() if not tests} == set(NOT_BUILT)
    assert set(NOT_BUILT) <= set(keys())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("V2: early.", ["V2"]),
        ("K1, R2", ["K1", "R2"]),
        ("A1-A3, A6: all of it", ["A1", "A2", "A3", "A6"]),
        ("T4–T6", ["T4", "T5", "T6"]),
        ("U: at once", ["U"]),
        ("a U-turn of V10, SV2 and B3x", []),
        ("nothing", []),
    ],
)
def test_keys_are_read_from_docstrings(said: str, expected: list[str]) -> None:
    assert list(keys_in(said)) == expected


def test_tests_are_read_without_being_imported(tmp_path: Path) -> None:
    there = tmp_path / "tests"
    there.mkdir()
    source = 'import nothing_like_it\n\ndef test_it_is_refused():\n    """R2: late."""\n'
    (there / "test_one.py").write_text(source)
    assert collect(there)["R2"] == [Shown("tests/test_one.py", "test_it_is_refused", refused=True)]
