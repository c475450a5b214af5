"""The keys that sign tree heads: a folder of files outside the database, readable by one user.

`seal.pem` is the private key that signs now (0600). `<fingerprint>.pub` holds a public key in hex,
for ever; `<fingerprint>.json` beside it says since when, and how it came here.
"""

import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from engine.journal.entry import stamp
from engine.proof.heads import fingerprint, public_of, succession

PRIVATE, NEXT = "seal.pem", "seal.next.pem"
MADE, ROTATED, TRUSTED = "made", "rotated", "trusted"
_PUBLIC = re.compile(r"[0-9a-f]{64}")


class KeyRefused(Exception):
    """The key can't be used as it lies there; the message says why in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A public key, and what its folder says of it."""

    fingerprint: str
    public: bytes
    how: str
    """`made` here, `rotated` to, or `trusted` by somebody's word; empty: nothing says."""
    since: str | None
    current: bool
    """Whether it signs now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """A new key, and the old one's word that it follows."""

    old: str
    """Its fingerprint; empty where the old key is lost."""
    new: str
    public: bytes
    at: datetime
    signature: bytes
    """The old key's, over `engine.proof.heads.succession`; empty where it is lost."""


class Keys:
    """The keys of one folder. Nothing is remembered: what another process changes is seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ensure(self, at: datetime | None = None) -> str:
        """Make the folder and a key where there is none; the current key's fingerprint.

        Raises KeyRefused, and OSError where nothing can be written.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        private = self.current()
        if private is None:
            if not os.access(self.folder, os.R_OK | os.W_OK | os.X_OK):
                raise KeyRefused(f"The folder of keys {self.folder} can't be written.")
            self._keep_public(made := Ed25519PrivateKey.generate(), MADE, at)
            self._keep_private(made, PRIVATE)
            private = self.current()
        assert private is not None
        return fingerprint(public_of(private))

    def current(self) -> Ed25519PrivateKey | None:
        """The key that signs; None where this process has none, or may not read it.

        Raises KeyRefused where others may read it, or it is none.
        """
        return self._private(PRIVATE)

    def publics(self) -> dict[str, bytes]:
        """Every public key of the folder, by fingerprint: those ever used, and those trusted. A
        file that holds no key, or another than its name says, is passed over."""
        found = {}
        try:
            names = sorted(self.folder.glob("*.pub"))
            for path in names:
                public = read_public(path.read_bytes())
                if public is not None and fingerprint(public) == path.stem:
                    found[path.stem] = public
        except PermissionError:
            return found
        return found

    def known(self) -> list[Known]:
        """The same with what is known of each; the current one first, then the newest."""
        private = self.current()
        current = "" if private is None else fingerprint(public_of(private))
        found = []
        for name, public in self.publics().items():
            said = self._said(name)
            found.append(
                Known(
                    fingerprint=name,
                    public=public,
                    how=str(said.get("how", "")),
                    since=said.get("since"),
                    current=name == current,
                )
            )
        found.sort(key=lambda key: key.since or "", reverse=True)
        found.sort(key=lambda key: not key.current)
        return found

    def trust(self, public: bytes, at: datetime | None = None) -> str:
        """Have heads of that key believed; its fingerprint. What is known of it already stays."""
        name = fingerprint(public)
        if name not in self.publics():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._keep(name, public, {"how": TRUSTED, "since": None if at is None else stamp(at)})
        return name

    def rotate(self, at: datetime, *, lost: bool = False) -> Rotation:
        """Make the key that will follow, named by the current one; it signs after `settle`.
        `lost`: there is no current one any more to name it.

        Raises KeyRefused.
        """
        old = self.current()
        if old is None and not lost:
            raise KeyRefused(f"There is no key in {self.folder} that could name its successor.")
        new = Ed25519PrivateKey.generate()
        public = public_of(new)
        before = "" if old is None or lost else fingerprint(public_of(old))
        said = b"" if old is None or lost else old.sign(succession(before, public, at))
        rotation = Rotation(
            old=before, new=fingerprint(public), public=public, at=at, signature=said
        )
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._keep_private(new, NEXT)
        return rotation

    def pending(self) -> str | None:
        """The fingerprint of a key that was made and has not been settled."""
        private = self._private(NEXT)
        return None if private is None else fingerprint(public_of(private))

    def settle(self, rotation: Rotation | None = None) -> None:
        """Have the pending key sign from now on; the old private key is gone."""
        private = self._private(NEXT)
        if private is None:
            raise KeyRefused("There is no key that waits to follow.")
        self._keep_public(private, ROTATED, None if rotation is None else rotation.at, rotation)
        (self.folder / NEXT).replace(self.folder / PRIVATE)
        _sync(self.folder)

    def _private(self, name: str) -> Ed25519PrivateKey | None:
        path = self.folder / name
        try:
            with path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                content = file.read(4096)
            around = self.folder.stat().st_mode
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            return None
        if stat.S_IMODE(mode) & 0o077:
            raise KeyRefused(f"Others may read the key {path}: take that right away (chmod 600).")
        if stat.S_IMODE(around) & 0o022:
            raise KeyRefused(
                f"Others may write into the folder of keys {self.folder}: take that right away"
                " (chmod 700)."
            )
        try:
            private = load_pem_private_key(content, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            private = None
        if not isinstance(private, Ed25519PrivateKey):
            raise KeyRefused(f"There is no Ed25519 key in {path}.")
        return private

    def _keep_private(self, private: Ed25519PrivateKey, name: str) -> None:
        content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write(self.folder / name, content, 0o600)

    def _keep_public(
        self,
        private: Ed25519PrivateKey,
        how: str,
        at: datetime | None,
        rotation: Rotation | None = None,
    ) -> None:
        public = public_of(private)
        said: dict[str, Any] = {"how": how, "since": None if at is None else stamp(at)}
        if rotation is not None:
            said |= {"old": rotation.old, "signature": rotation.signature.hex()}
        self._keep(fingerprint(public), public, said)

    def _keep(self, name: str, public: bytes, said: Mapping[str, Any]) -> None:
        _write(self.folder / f"{name}.json", json.dumps(said).encode() + b"\n", 0o644)
        _write(self.folder / f"{name}.pub", public.hex().encode() + b"\n", 0o644)

    def _said(self, name: str) -> dict[str, Any]:
        try:
            said = json.loads((self.folder / f"{name}.json").read_bytes())
        except (OSError, ValueError):
            return {}
        return said if isinstance(said, dict) else {}


def read_public(content: bytes) -> bytes | None:
    """The public key of a file or argument in hex, or None if it is none."""
    text = content.decode("ascii", "replace").strip()
    return bytes.fromhex(text) if _PUBLIC.fullmatch(text) else None


def _write(path: Path, content: bytes, mode: int) -> None:
    """The whole file or none of it, on the disk."""
    temporary = path.with_name(f".{path.name}.{token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
