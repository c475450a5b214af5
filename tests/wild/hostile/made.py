"""What every hostile set of files is made of."""

from dataclasses import dataclass

from tests.wild.drawing import drawn, line

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """One set of files, and whether it must be refused."""

    name: str
    files: Files
    refused: bool = True


def one(name: str, content: bytes, *, refused: bool = True, file: str = "p.bpmn") -> Hostile:
    """A set of one file."""
    return Hostile(name=name, files={file: content}, refused=refused)


def plain() -> bytes:
    """An honest diagram, to be spoilt."""
    return drawn(line("a"))


def quoted(text: str) -> str:
    """As it stands in an attribute."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
