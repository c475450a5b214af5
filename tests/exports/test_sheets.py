"""Cells that no spreadsheet takes for a formula, and that can be had back as they were."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.exports import sheets

BAD = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", " =1", "　＝1", "＋1", "－1", "＠x",
       '"=1"', "'=1", "\u200b=1", "\ufeff=1", "\xa0=1", "“=1", "＂=1", "﹦1", "−1", "|cmd",
       "%0A=1", "\x00=1", "\v=1", "⁠=1"]  # fmt: skip
GOOD = ["", "a", "1", "a=b", "已通过", "(=)", "[1]", '{"a":1}', "5-3", "x\n=1".replace("\n", " ")]
SKIPPED = set(" \t\r\n\v\f\x00\xa0\u3000\u200b\ufeff\"'“”＂")
SIGNS = set("=+-@＝＋－＠")


def read(file: io.BytesIO) -> list[list[str]]:
    """The cells of a file, as RFC 4180 has them."""
    text = file.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("text", BAD)
def test_what_could_be_a_formula_is_none(text: str) -> None:
    assert sheets.cell(text) == f"'{text}"


@pytest.mark.parametrize("text", GOOD)
def test_what_could_not_stays_as_it_is(text: str) -> None:
    assert sheets.cell(text) == text


@given(st.text(st.one_of(st.sampled_from(sorted(SKIPPED | SIGNS)), st.characters(codec="utf-8"))))
def test_every_text_comes_back(text: str) -> None:
    cell = sheets.cell(text)
    assert sheets.plain(cell) == text
    left = cell.lstrip("".join(SKIPPED - {"'"}))
    assert left == cell or left[:1] not in SIGNS
    assert cell[:1] not in SIGNS | {"\t", "\r", "\n"}


def test_a_file_is_rfc_4180() -> None:
    file = io.BytesIO()
    sheet = sheets.Sheet(file, ("a", "b", "filter"), {"filter": '{"q": "x"}'})
    sheet.add({"a": 'say "hi", twice\r\nor so', "b": ["=1"], "c": "not a column"})
    sheet.add({"a": None, "b": True})
    data = file.getvalue()
    assert data.startswith(b"\xef\xbb\xbfa,b,filter\r\n")
    assert data.endswith(b"\r\n")
    assert read(file) == [
        ["a", "b", "filter"],
        ['say "hi", twice\r\nor so', '["=1"]', '{"q": "x"}'],
        ["", "true", '{"q": "x"}'],
    ]
