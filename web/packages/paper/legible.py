"""Texts that the paper's fonts can show, none of them lost: what they lack stands by its number."""

import re
from functools import lru_cache
from pathlib import Path
from struct import unpack_from
from unicodedata import category

import pylopdf_fonts_zh_cn

FONTS: tuple[Path, ...] = (pylopdf_fonts_zh_cn.serif_path(), pylopdf_fonts_zh_cn.sans_path())
"""Noto Serif SC and Noto Sans SC, which come with their package: every machine has the same."""
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
"""What does not show, or turns the line around it: never passed on."""
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_RUN = re.compile(r"[^\s\u200b\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]{33,}")
_PIECE = 24
_BREAK = "\u200b"


def legible(text: str, *, plain: bool = False) -> str:
    """The text with a number for every character that would not show, as in 〔U+1F600〕.

    Long runs without a space may be broken. `plain`: combining marks go by their number as well.
    """
    shown = []
    for char in _SELECTORS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")):
        if char == "\n":
            shown.append(char)
        elif char in "\t\u2028\u2029\u0085":
            shown.append(" " if char == "\t" else "\n")
        elif _shows(char) and not (plain and category(char).startswith("M")):
            shown.append(char)
        else:
            shown.append(f"〔U+{ord(char):04X}〕")
    return _RUN.sub(_broken, "".join(shown))


def _broken(run: re.Match[str]) -> str:
    text = run[0]
    return _BREAK.join(text[at : at + _PIECE] for at in range(0, len(text), _PIECE))


def _shows(char: str) -> bool:
    return category(char) not in _HIDDEN and ord(char) in _covered()


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    """What every font of the paper has."""
    found = [_of_font(path.read_bytes()) for path in FONTS]
    return frozenset(found[0].intersection(*found[1:]))


def _of_font(data: bytes) -> set[int]:
    """The code points of a font's table `cmap`, formats 4 and 12 (OpenType 1.9)."""
    tables = {
        data[at : at + 4]: unpack_from(">I", data, at + 8)[0]
        for at in range(12, 12 + 16 * unpack_from(">H", data, 4)[0], 16)
    }
    start = tables[b"cmap"]
    found: set[int] = set()
    for place in range(unpack_from(">H", data, start + 2)[0]):
        at = start + unpack_from(">I", data, start + 4 + 8 * place + 4)[0]
        kind = unpack_from(">H", data, at)[0]
        if kind == 12:
            for group in range(unpack_from(">I", data, at + 12)[0]):
                first, last, _ = unpack_from(">3I", data, at + 16 + 12 * group)
                found.update(range(first, last + 1))
        elif kind == 4:
            half = unpack_from(">H", data, at + 6)[0]
            lasts = unpack_from(f">{half // 2}H", data, at + 14)
            firsts = unpack_from(f">{half // 2}H", data, at + 16 + half)
            for first, last in zip(firsts, lasts, strict=True):
                found.update(range(first, min(last, 0xFFFE) + 1))
    return found
