"""Which tests show which approval rule: `docs/rules.md`, made from the tests' docstrings.

`python -m tests.support.rules` writes it. Tests are read, never imported: a docstring that carries
a rule's key (`V2`, `A1-A4`) shows that rule.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "rules.md"

RULES: Mapping[str, Mapping[str, str]] = {
    "Votes": {
        "V1": "All sign, any signs, or one after the other: when each passes, and when it ends.",
        "V2": "A share of the signers, or of their weight, passes early and fails early, exactly.",
        "V3": "What one rejection does: a veto, one vote, or everyone is heard first.",
        "V4": "Signers added or taken out change the numbers at once, and may decide the node.",
        "V5": "Everybody concerned sees how many of how many, and who is pending.",
        "V6": "One vote per person, node, round and pass, whichever way he came to it.",
        "V7": "Nobody to sign is never an approval.",
        "V8": "A node that is entered again knows nothing of its earlier verdict and answers.",
    },
    "One rejects while others are pending": {
        "R1": "The others end with the cause; votes given stay; their holders are told once.",
        "R2": "Who comes too late hears who decided; nothing changes but the record.",
        "R3": "The node says where a rejection leads.",
    },
    "Adding and removing signers": {
        "A1": "Before me, after me, or beside me; a group of them has a mode of its own.",
        "A2": "Votes already given stay valid.",
        "A3": "Who may not be added is refused by name and reason.",
        "A4": "An added signer's rejection counts as the node says.",
        "A5": "Only added signers who have not decided can be taken out, by those who may.",
        "A6": "Three levels of adding, no circles, and the chain is visible.",
    },
    "Transferring and delegating": {
        "T1": "A transfer moves the responsibility; the chain stays.",
        "T2": "To whom a task can not be given; back to the first once, with a reason.",
        "T3": "A delegate gives an opinion, the owner decides.",
        "T4": "A substitute holds an absent person's tasks beside him, from and until a moment.",
        "T5": "Substitutes of substitutes: three at most, and no circles.",
        "T6": "Nobody decides on his own request, in whatever way the task came to him.",
        "T7": "All that a leaver holds moves in one act that lists what moved.",
    },
    "Returning, withdrawing, taking back": {
        "B1": "Where a return may lead: the requester, or what lies on the path.",
        "B2": "A return within parallel branches ends what it has to, and nothing else.",
        "B3": "A node returned to asks all its signers again, or those whose grounds have changed.",
        "B4": "A return begins a round; what it undoes stays in the history.",
        "B5": "Submitted again it goes to everyone, or straight back where nothing has changed.",
        "B6": "At the limit of rounds the requester's superior says one more, or the end.",
        "B7": "A return that can't be done changes nothing.",
        "W1": "Who may withdraw, until when, and that he may submit again.",
        "W2": "A decision can be taken back while nothing has come of it.",
        "W3": "A withdrawal ends what was added and delegated; against a decision, one wins.",
    },
    "Copies, urging, comments": {
        "C1": "Copies are for reading.",
        "C2": "Who waits may urge, once in four hours.",
        "C3": "Comments and mentions move nothing.",
    },
    "People": {
        "P1": "A leaver's open tasks go to the next who may hold them.",
        "P2": "With each task stands why this person holds it.",
        "P3": "Who approves twice, or his own request: asked again, carried over, or his superior.",
    },
    "Undoing": {
        "U": "A decision is recorded at once and takes effect when it can't be undone any more.",
    },
    "Deadlines": {
        "X1": "A deadline acts on what is pending; votes given stand.",
        "X2": "It acts as the system, never as a person.",
        "X3": "Each fires once, across restarts and schedulers; what was missed too, in order.",
        "X4": "Reminders, and what happens then.",
        "X5": "Working time, holidays and make-up days, by department where it has its own.",
        "X6": "Suspended, no deadline runs; one of a round that is over changes nothing.",
        "X7": "A protected node is never approved by itself.",
    },
    "Concurrency and rights": {
        "K1": "The same click takes effect once; of two different ones the second is too late.",
        "K2": "What each person may do, and why not the rest, is said by the server.",
        "K3": "An administrator acts under his own name, with a reason.",
        "K4": "Several at once: each by itself, and the answer lists what became of each.",
        "K5": "Nobody decides on what has changed since he saw it.",
    },
    "History": {
        "H1": "Every act leaves an entry: who, when, what, from what to what.",
        "H2": "Entries are only added; what is erased by law leaves the chain valid.",
    },
}  # fmt: skip

NOT_BUILT: Mapping[str, str] = {}
"""Rules that no test shows, and what is missing."""

_KEY = re.compile(r"\b(?:([VRATBWCPXKH])([1-9])(?:\s?[-–]\s?(?:\1)?([1-9]))?\b|(U)(?=[:,;.)]|$))")
_NAMED = re.compile(r"\b(refused|not|never|nobody|no|none|cannot|nor|only|late|too)\b")
_SAID = re.compile(r"\b(refus\w+|may not|must not|cannot|can't|40[39]|422|too late)\b")

HEAD = """# The approval rules, and the tests that show them

Made by `python -m tests.support.rules` from the docstrings of the tests; a test fails when it is
not what they say. “Refused” are the tests that show, perhaps among other things, what is not done.
"""


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """A test that shows a rule."""

    file: str
    name: str
    refused: bool
    """Whether it shows, perhaps among other things, what does not happen."""


def keys() -> list[str]:
    """All rules, in order."""
    return [key for rules in RULES.values() for key in rules]


def collect(tests: Path = ROOT / "tests") -> dict[str, list[Shown]]:
    """By rule: the tests that show it."""
    found: dict[str, list[Shown]] = {key: [] for key in keys()}
    for path in sorted(tests.rglob("test_*.py")):
        file = path.relative_to(tests.parent).as_posix()
        for function in _functions(ast.parse(path.read_text())):
            said = ast.get_docstring(function) or ""
            shown = Shown(file, function.name, _refuses(function, said))
            for key in dict.fromkeys(keys_in(said)):
                if key in found:
                    found[key].append(shown)
    return {key: sorted(set(tests)) for key, tests in found.items()}


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


def _refuses(function: ast.FunctionDef, said: str) -> bool:
    """By its name, by what it says, or because it expects to be refused."""
    if _NAMED.search(function.name.replace("_", " ")) or _SAID.search(said):
        return True
    called = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return any(isinstance(each, ast.Attribute) and each.attr == "raises" for each in called)


def keys_in(text: str) -> Iterator[str]:
    """The keys that a docstring carries, ranges taken apart."""
    for family, first, last, undo in _KEY.findall(text):
        if undo:
            yield undo
            continue
        for number in range(int(first), int(last or first) + 1):
            yield f"{family}{number}"


def page(found: Mapping[str, Sequence[Shown]]) -> str:
    """The document."""
    lines = [HEAD]
    for title, rules in RULES.items():
        lines.append(f"## {title}\n")
        for key, says in rules.items():
            lines.append(f"### {key}\n\n{says}\n")
            if key in NOT_BUILT:
                lines.append(f"Not built: {NOT_BUILT[key]}\n")
            for name, refused in (("Allowed", False), ("Refused", True)):
                tests = [each for each in found[key] if each.refused is refused]
                if tests:
                    lines.append(f"{name}:\n\n{_listed(tests)}\n")
    return "\n".join(lines)


def _listed(tests: Sequence[Shown]) -> str:
    files: dict[str, list[str]] = {}
    for each in tests:
        files.setdefault(each.file, []).append(each.name.removeprefix("test_").replace("_", " "))
    return "\n".join(f"- `{file}`: {'; '.join(names)}" for file, names in files.items())


if __name__ == "__main__":
    PAGE.write_text(page(collect()))
