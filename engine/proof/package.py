"""Verifying an evidence package, offline: what was checked, and what is wrong, the first first.

A package is believed only for what a signed head of the log vouches for. The head's tree holds the
digest of every entry, and the entry of the export itself, which names how many entries each request
had, its last digest and the digest of every file: so nothing can be changed, taken out or added.
"""

from collections.abc import Collection, Iterator
from typing import BinaryIO

from engine.journal.canonical import digest, encode
from engine.proof import lines, merkle
from engine.proof.archive import Contents, Member, NotAPackage, read
from engine.proof.attached import Mention, check_attachments, check_processes, mention
from engine.proof.documents import (
    ENTRIES,
    MANIFEST,
    MOST_DOCUMENT,
    PAPER,
    PROOF,
    Manifest,
    Path,
    Proof,
    canonical,
    document_of,
    manifest_of,
    proof_of,
)
from engine.proof.exported import Found, check_export, stands
from engine.proof.heads import Head, signed_by
from engine.proof.lines import Line
from engine.proof.report import Report


def verify(file: BinaryIO, trusted: Collection[str]) -> Report:
    """Check a package against the keys of these fingerprints.

    Raises:
        NotAPackage: the file is none.
    """
    contents = read(file)
    report = Report()
    for fault in contents.faults:
        report.fault("container", fault)
    said = f"{len(contents.members)} files, and not a byte beside what they give"
    report.checked("container", len(contents.members), said)
    check = _Check(report, contents, frozenset(trusted))
    check.everything()
    return report


def content_digest(members: Collection[Member]) -> str:
    """What the export's entry names: over every file's name and SHA-256, in the names' order."""
    listed = [[m.name, m.sha256] for m in members if m.name not in (MANIFEST, PROOF)]
    return digest(encode(sorted(listed, key=lambda each: each[0].encode()))).hex()


class _Check:
    """One verification."""

    def __init__(self, report: Report, contents: Contents, trusted: frozenset[str]) -> None:
        self.report = report
        self.members = contents.members
        self.trusted = trusted
        self.numbers: dict[str, str] = {}
        self.found = Found()
        self.forms = [0, 0, 0, 0]
        """Particulars given, withheld and erased; entries told in part."""

    def everything(self) -> None:
        """Every check that what is there allows."""
        manifest, proof = self._manifest(), self._proof()
        if proof is not None:
            self._head(proof)
        told = list(self._entries(proof))
        if manifest is not None:
            check_attachments(self.report, self.members, manifest, told)
            check_processes(self.report, self.members, manifest, told)
            if proof is not None:
                held = self.members[MANIFEST].sha256
                check_export(self.report, manifest, proof, self.found, held)
        if proof is not None:
            self._older(proof)

    def _manifest(self) -> Manifest | None:
        report, found = self.report, self.members.get(MANIFEST)
        try:
            if found is None:
                raise ValueError(f"there is no {MANIFEST}")
            manifest = manifest_of(document_of(found))
        except ValueError as wrong:
            report.fault("manifest", str(wrong))
            return None
        report.made_at = manifest.made_at
        report.requests = [
            {name: each[name] for name in ("id", "number", "title", "entries", "last")}
            for each in manifest.requests
        ]
        self.numbers = {each["id"]: each["number"] or "" for each in manifest.requests}
        named = {name: m.sha256 for name, m in self.members.items()}
        for name in sorted({*named, *manifest.members} - {MANIFEST, PROOF}):
            if named.get(name) != manifest.members.get(name):
                report.fault("manifest", f"{name!a} {_unlike(name, named, manifest)}")
        for name in {MANIFEST, PROOF} & set(manifest.members):
            report.fault("manifest", f"the manifest names {name}")
        for name in {ENTRIES, PAPER} - set(named):
            report.fault("manifest", f"there is no {name}")
        if content_digest(list(self.members.values())) != manifest.content:
            report.fault("manifest", "the digest over all files is not the one that it names")
        count = len(manifest.members)
        report.checked("manifest", count, f"{count} files have the digests that it names")
        return manifest

    def _proof(self) -> Proof | None:
        found = self.members.get(PROOF)
        try:
            if found is None:
                raise ValueError(f"there is no {PROOF}")
            return proof_of(document_of(found))
        except ValueError as wrong:
            self.report.fault("proof", str(wrong))
            return None

    def _head(self, proof: Proof) -> None:
        report, head = self.report, proof.head
        report.head = head.document()
        report.trusted = head.key in self.trusted
        for each in (head, *proof.heads):
            if not _signed(each, proof):
                report.fault("head", f"the signature of the head over {each.size} entries is bad")
        if set(proof.keys) != {each.key for each in (head, *proof.heads)}:
            report.fault("head", "the keys are not those of the heads")
        told = "trusted" if report.trusted else "which nobody said to trust"
        report.checked("head", 1, f"of {report.head['at']}, signed by {head.key} ({told})")

    def _entries(self, proof: Proof | None) -> Iterator[Mention]:
        """Check every entry; what those that could be read name."""
        count = 0
        for count, (line, wrong) in enumerate(self._lines(), start=1):
            if line is None:
                self._unread(count, wrong)
                continue
            path = proof.entries[count - 1] if proof and count <= len(proof.entries) else None
            expected = self.found.counts.get(line.chain, 0) + 1
            if line.seq > expected:
                self._fault(line, f"it is missing; entry {line.seq} comes next", expected)
            fault = wrong or self._chained(line, expected) or self._sealed(line, path, proof)
            if fault:
                self._fault(line, fault, line.seq)
            self.found.counts[line.chain] = line.seq
            self.found.last[line.chain] = line.digest
            yield mention(line)
        if proof is not None and len(proof.entries) != count:
            what = f"the proof is of {len(proof.entries)} entries, not of the {count} that are here"
            self.report.fault("entries", what)
        given, withheld, erased, parts = self.forms
        said = (
            f"{count} entries of {len(self.found.counts)} requests: digests, chains, places in"
            f" the tree; {given} particulars given, {withheld} withheld, {erased} erased; "
            f"{parts} entries told in part"
        )
        self.report.checked("entries", count, said)

    def _lines(self) -> Iterator[tuple[Line | None, str]]:
        """Each line, and what is wrong with it by itself."""
        found = self.members.get(ENTRIES)
        if found is None:
            return
        with found.open() as content:
            while data := content.readline(MOST_DOCUMENT):
                try:
                    line = lines.read(canonical(data, "the line"))
                    wrong = lines.fault_of(line) or ""
                except (ValueError, TypeError, RecursionError) as error:
                    yield None, str(error)
                    continue
                self._count(line)
                yield line, wrong

    def _unread(self, count: int, wrong: str) -> None:
        """A line that is none: it stands where the next entry of the same request should."""
        request = next(reversed(self.found.counts), next(iter(self.numbers), ""))
        self.found.counts[request] = seq = self.found.counts.get(request, 0) + 1
        what, number = f"{wrong} (line {count} of {ENTRIES})", self.numbers.get(request, "")
        self.report.fault("entries", what, request=request, number=number, seq=seq)

    def _count(self, line: Line) -> None:
        self.forms[0] += len(line.given)
        self.forms[1] += len(line.withheld)
        self.forms[2] += len(line.erased)
        self.forms[3] += line.body is None

    def _chained(self, line: Line, expected: int) -> str:
        """What is wrong with an entry's place in its chain."""
        if line.chain not in self.numbers and self.numbers:
            return "the manifest names no such request"
        if line.seq < expected:
            return f"it stands where entry {expected} should"
        if line.previous != self.found.last.get(line.chain, b""):
            return "it does not follow the entry before it"
        return ""

    def _sealed(self, line: Line, path: Path | None, proof: Proof | None) -> str:
        """What is wrong with an entry's place in the tree."""
        if proof is None:
            return ""
        if path is None or not stands(line, path, proof.head):
            return "it is not in the tree that the head signs"
        if path.index <= self.found.places.get(line.chain, -1):
            return "it stands in the tree before an entry that it follows"
        self.found.places[line.chain] = path.index
        return ""

    def _older(self, proof: Proof) -> None:
        """Older heads: the log has grown from each of them, and nothing in it was changed."""
        report, head = self.report, proof.head
        if len(proof.heads) != len(proof.consistency):
            report.fault("consistency", "there is not a proof of consistency for each older head")
        for older, path in zip(proof.heads, proof.consistency, strict=False):
            same = (older.log, older.epoch) == (head.log, head.epoch)
            good = merkle.verify_consistency(older.size, head.size, older.root, head.root, path)
            if not (same and good):
                what = f"the tree does not continue that of the head over {older.size} entries"
                report.fault("consistency", what)
        count = len(proof.heads)
        report.checked("consistency", count, f"the tree continues those of {count} older heads")

    def _fault(self, line: Line, what: str, seq: int) -> None:
        number = self.numbers.get(line.chain, "")
        self.report.fault("entries", what, request=line.chain, number=number, seq=seq)


def _signed(head: Head, proof: Proof) -> bool:
    public = proof.keys.get(head.key)
    return public is not None and signed_by(head, public)


def _unlike(name: str, named: dict[str, str], manifest: Manifest) -> str:
    if name not in named:
        return "is missing"
    return "was changed" if name in manifest.members else "is not named by it"


__all__ = ["NotAPackage", "content_digest", "verify"]
