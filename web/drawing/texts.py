"""Breaking a name into lines that fit a shape: SVG does not break lines itself."""

MOST_LINES = 4
_NOT_FIRST = "，。、；：！？)】》」』”,.;:!?)"


def lines(text: str, width: int, size: int) -> list[str]:
    """The text in lines of at most `width` units at this font size; the last may be cut short."""
    found: list[str] = []
    for paragraph in text.splitlines():
        found.extend(_broken(paragraph.strip(), width, size))
    if len(found) > MOST_LINES:
        found = [*found[: MOST_LINES - 1], found[MOST_LINES - 1][:-1] + "…"]
    return found


def _broken(text: str, width: int, size: int) -> list[str]:
    rows, row = [], ""
    for word in _words(text):
        if row and _width(row + word.rstrip(), size) > width and word not in _NOT_FIRST:
            rows.append(row.rstrip())
            row = word.lstrip()
        else:
            row += word
    return [*rows, row.rstrip()] if row.strip() else rows


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
