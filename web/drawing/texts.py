"""Breaking a name into lines that fit a shape: SVG does not break lines itself."""

from collections.abc import Iterable, Iterator

MOST_LINES = 4
LONGEST = 300
"""Characters of a name that are drawn or told: no honest one has more."""
_NOT_FIRST = "，。、；：！？)】》」』”,.;:!?)"


def cut(text: str) -> str:
    """The text, or its beginning where it is beyond all sense."""
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def lines(text: str, width: int, size: int, most: int = MOST_LINES) -> list[str]:
    """The text in lines of at most `width` units at this font size; the last may be cut short."""
    found: list[str] = []
    for paragraph in cut(text).splitlines():
        found.extend(_broken(paragraph.strip(), width, size))
    if len(found) > most:
        found = [*found[: most - 1], found[most - 1][:-1] + "…"]
    return found


def _broken(text: str, width: int, size: int) -> list[str]:
    rows, row = [], ""
    for word in _pieces(_words(text), width, size):
        if row and _width(row + word.rstrip(), size) > width and word not in _NOT_FIRST:
            rows.append(row.rstrip())
            row = word.lstrip()
        else:
            row += word
    return [*rows, row.rstrip()] if row.strip() else rows


def _pieces(words: Iterable[str], width: int, size: int) -> Iterator[str]:
    """The words; one that is much wider than a line is broken where it has to be."""
    for word in words:
        while len(word) > 1 and _width(word, size) > width * 1.25:
            fits = max(1, int(width / (size * 0.58)))
            yield word[:fits]
            word = word[fits:]
        yield word


def _words(text: str) -> list[str]:
    """Where a line may break: between any two Chinese characters, after a space or a slash."""
    words, word = [], ""
    for char in text:
        if _wide(char):
            words += [word, char] if word else [char]
            word = ""
        else:
            word += char
            if char in " /-":
                words.append(word)
                word = ""
    return [*words, word] if word else words


def _wide(char: str) -> bool:
    return ord(char) > 0x2E7F


def _width(text: str, size: int) -> float:
    return sum(size if _wide(char) else size * 0.58 for char in text)
