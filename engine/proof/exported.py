"""The export's own entry: it says what a package had to hold, and a signed head vouches for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.proof import lines, merkle
from engine.proof.documents import Manifest, Path, Proof
from engine.proof.heads import Head
from engine.proof.lines import Line
from engine.proof.report import Report

SYSTEM_CHAIN = "system"


@dataclass(slots=True, kw_only=True)
class Found:
    """What the entries of a package came to, by request."""

    counts: dict[str, int] = field(default_factory=dict)
    """The last number."""
    last: dict[str, bytes] = field(default_factory=dict)
    """The last digest."""
    places: dict[str, int] = field(default_factory=dict)
    """The last place in the tree."""

    def of(self, request: str) -> list[Any]:
        """A request as the export's entry names it."""
        return [self.counts.get(request, 0), self.last.get(request, b"").hex()]


def stands(line: Line, path: Path, head: Head) -> bool:
    """Whether an entry stands in the tree that a head signs."""
    leaf = merkle.leaf_hash(line.digest)
    return merkle.verify_inclusion(leaf, path.index, head.size, path.hashes, head.root)


def check_export(report: Report, manifest: Manifest, proof: Proof, found: Found, held: str) -> None:
    """Whether the entry is sealed, and tells of this very package. `held` is the manifest's digest,
    in hex."""
    line = proof.export
    wrong = lines.fault_of(line)
    body: Mapping[str, Any] = {}
    if wrong or line.body is None:
        report.fault("export", f"the entry of the export: {wrong or 'it has no body'}")
    else:
        body = line.told()
        if line.chain != SYSTEM_CHAIN or not stands(line, proof.export_path, proof.head):
            report.fault("export", "the entry of the export is not in the tree that the head signs")
    if any(place >= proof.export_path.index for place in found.places.values()):
        report.fault("export", "an entry stands in the tree after its own export")
    for name, value in (
        ("verb", "exported"),
        ("outcome", "done"),
        ("format", "package"),
        ("requests", [each["id"] for each in manifest.requests]),
        ("content", manifest.content),
        ("manifest", held),
    ):
        if body.get(name) != value:
            report.fault("export", f"the entry of the export names another {name}")
    said = f"entry {line.seq} of the system chain tells of this package, by {body.get('actor')}"
    report.checked("export", 1, said)
    _check_whole(report, manifest, body, found)


def _check_whole(report: Report, manifest: Manifest, body: Mapping[str, Any], found: Found) -> None:
    """Whether each request has as many entries as were exported, and the same last one."""
    entries = body.get("entries")
    named = entries if isinstance(entries, dict) else {}
    for each in manifest.requests:
        request, here = each["id"], found.of(each["id"])
        if named.get(request) != here or [each["entries"], each["last"]] != here:
            _cut(report, each, here[0], named.get(request))
    if set(named) != set(found.counts):
        report.fault("whole", "the entries are of other requests than were exported")
    said = "as many entries, and the same last one, as were exported"
    report.checked("whole", len(found.counts), said)


def _cut(report: Report, request: Mapping[str, Any], here: int, named: Any) -> None:
    """A request whose entries are not those that were exported."""
    count = named[0] if isinstance(named, list) and named else 0
    seq = here + 1
    if isinstance(count, int) and count >= seq:
        what = f"it is missing, and all after it: {count} entries were exported"
    else:
        what, seq = f"{count} entries were exported, and another last one", here
    number = request["number"] or ""
    report.fault("whole", what, request=request["id"], number=number, seq=seq)
