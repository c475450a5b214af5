"""What a verification has come to: each check with its count, and what is wrong, in order."""

from dataclasses import dataclass, field
from typing import Any, Literal

Verdict = Literal["good", "bad", "untrusted"]

MOST_FAULTS = 50
"""How many faults are told; one is enough to know."""
EXIT: dict[Verdict, int] = {"good": 0, "bad": 1, "untrusted": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    count: int
    """Of what the sentence is about."""
    good: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong."""

    check: str
    what: str
    request: str = ""
    number: str = ""
    """The request's, as the package names it."""
    seq: int = 0
    """The entry's number; 0: it is about no entry."""

    def __str__(self) -> str:
        if not self.seq:
            return plain(f"{self.what[:1].upper()}{self.what[1:]}.")
        named = f"{self.number} ({self.request})" if self.number else self.request
        return plain(f"Entry {self.seq} of {named}: {self.what}.")


@dataclass(slots=True, kw_only=True)
class Report:
    """A verification."""

    checks: list[Check] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    """As the manifest names them: id, number, title, entries, last digest."""
    made_at: str = ""
    head: dict[str, Any] = field(default_factory=dict)
    trusted: bool = False
    """Whether the key that signed the head is one that the verifier was told to trust."""

    @property
    def verdict(self) -> Verdict:
        """`good`; `bad`, something is wrong; `untrusted`, whole, but by a key nobody named."""
        if self.faults:
            return "bad"
        return "good" if self.trusted else "untrusted"

    @property
    def first_bad_entry(self) -> Fault | None:
        """The first entry that something is wrong with, in the order of the package."""
        return next((fault for fault in self.faults if fault.seq), None)

    def fault(self, check: str, what: str, **where: Any) -> None:
        """Note a fault."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(check=check, what=what, **where))

    def checked(self, name: str, count: int, said: str) -> None:
        """Note a check, which is good if none of its faults was noted before."""
        good = all(fault.check != name for fault in self.faults)
        self.checks.append(Check(name=name, count=count, good=good, said=plain(said)))

    def document(self) -> dict[str, Any]:
        """The report as JSON."""
        first = self.first_bad_entry
        return {
            "verdict": self.verdict,
            "checks": [
                {"name": each.name, "count": each.count, "good": each.good, "said": each.said}
                for each in self.checks
            ],
            "faults": [
                {"check": each.check, "request": each.request, "seq": each.seq, "what": each.what}
                for each in self.faults
            ],
            "first_bad_entry": None
            if first is None
            else {"request": first.request, "number": first.number, "seq": first.seq},
            "requests": self.requests,
            "made_at": self.made_at,
            "head": self.head,
            "trusted": self.trusted,
        }


def plain(text: str) -> str:
    """A sentence with what stands in a file, without anything that a terminal would obey."""
    shown = text if len(text) <= 1000 else f"{text[:1000]}…"
    return "".join(char if char.isprintable() else "�" for char in shown)
