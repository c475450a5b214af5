"""Keys: made once, readable by one user, followed by the next by the old one's word."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.journal.entry import stamp
from engine.proof.heads import fingerprint, public_of, signed_by, succeeds
from storage import Database, journal, sealing
from storage.keys import KeyRefused, Keys, read_public
from storage.rotating import rotate
from tests.proof.conftest import NOW, all_sealed, assert_whole, write


def test_a_key_is_made_once_and_is_its_users_alone(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "home" / "keys")
    assert keys.current() is None
    assert keys.publics() == {}
    name = keys.ensure(NOW)
    assert keys.ensure(NOW) == name
    assert keys.folder.stat().st_mode & 0o777 == 0o700
    assert (keys.folder / "seal.pem").stat().st_mode & 0o777 == 0o600
    assert list(keys.publics()) == [name]
    (known,) = keys.known()
    assert (known.current, known.how, known.since) == (True, "made", stamp(NOW))
    content = (keys.folder / f"{name}.pub").read_text()
    assert content == known.public.hex() + "\n"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_that_others_may_read_is_refused_in_a_sentence(keys: Keys, mode: int) -> None:
    (keys.folder / "seal.pem").chmod(mode)
    with pytest.raises(KeyRefused, match=r"^Others may read the key .*chmod 600"):
        keys.current()


def test_a_folder_that_others_may_write_is_refused(keys: Keys) -> None:
    keys.folder.chmod(0o770)
    with pytest.raises(KeyRefused, match=r"Others may write into the folder"):
        keys.current()


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\n", b"\xff" * 10_000])
def test_what_is_no_key_is_refused(keys: Keys, content: bytes) -> None:
    (keys.folder / "seal.pem").write_bytes(content)
    with pytest.raises(KeyRefused, match="no Ed25519 key"):
        keys.current()


def test_a_process_that_may_not_read_the_key_has_none(keys: Keys) -> None:
    keys.folder.chmod(0)
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)  # root may read everything
    try:
        assert keys.current() is None
        assert keys.publics() == {}
    finally:
        os.seteuid(before)
        keys.folder.chmod(0o700)


def test_public_keys_that_are_none_are_passed_over(keys: Keys) -> None:
    (keys.folder / f"{'0' * 64}.pub").write_text("11" * 32)
    (keys.folder / "readme.pub").write_text("hello")
    assert len(keys.publics()) == 1
    assert read_public(b"AB" * 32) is None
    assert read_public(b" " + b"ab" * 32 + b"\r\n") == b"\xab" * 32
    assert read_public("é".encode() * 32) is None


def test_another_systems_key_is_trusted_and_never_signs(keys: Keys) -> None:
    other = public_of(Ed25519PrivateKey.generate())
    name = keys.trust(other, NOW)
    assert keys.publics()[name] == other
    assert [(each.how, each.current) for each in keys.known()] == [
        ("made", True),
        ("trusted", False),
    ]
    mine = next(each for each in keys.known() if each.current)
    keys.trust(mine.public, NOW + timedelta(days=1))
    assert next(each for each in keys.known() if each.current) == mine


def test_a_rotation_is_an_entry_that_the_old_key_has_signed(database: Database, keys: Keys) -> None:
    write(database, "r1", 2)
    first = all_sealed(database, keys, 2)
    rotation = rotate(database, keys, NOW + timedelta(days=1), by="admin")
    second = all_sealed(database, keys, 3)
    assert (first.key, second.key) == (rotation.old, rotation.new)
    old, new = keys.publics()[rotation.old], keys.publics()[rotation.new]
    assert signed_by(second, new)
    with database.read() as reader:
        entry = journal.entries(reader, "system")[-1]
        assert sealing.publics(reader) == keys.publics()
    body = entry.body
    assert (body["verb"], body["old"], body["new"]) == ("key.rotated", first.key, second.key)
    assert fingerprint(bytes.fromhex(body["public"])) == rotation.new
    assert body["since"] == stamp(rotation.at)
    assert succeeds(old, new, rotation.at, bytes.fromhex(body["signature"]))
    assert [each.how for each in keys.known()] == ["rotated", "made"]
    private = keys.current()
    assert private is not None
    assert public_of(private) == new, "the old private key is nowhere any more"
    assert_whole(database)


def test_a_new_key_is_signed_with_at_once(database: Database, keys: Keys) -> None:
    write(database, "r1", 2)
    all_sealed(database, keys, 2)
    rotate(database, keys, NOW, by="admin")
    all_sealed(database, keys, 3)
    assert sealing.seal(database, keys, NOW) is None


def test_a_key_that_is_not_the_logs_signs_nothing(
    database: Database, keys: Keys, tmp_path: Path
) -> None:
    """Who loses the key has to say so; nobody slips another in."""
    write(database, "r1", 2)
    first = all_sealed(database, keys, 2)
    other = Keys(tmp_path / "other")
    other.ensure(NOW)
    write(database, "r1", 1)
    with pytest.raises(KeyRefused, match="not the one that this log is signed with"):
        sealing.seal(database, other, NOW)
    with pytest.raises(KeyRefused, match="not the one that this log is signed with"):
        rotate(database, other, NOW, by="admin")
    rotation = rotate(database, other, NOW, by="admin", lost=True)
    assert (rotation.old, rotation.signature) == ("", b"")
    assert all_sealed(database, other, 4).key == rotation.new
    with database.read() as reader:
        body = journal.entries(reader, "system")[-1].body
    assert (body["lost"], body["old"], body["signature"]) == (True, first.key, "")
    assert_whole(database)


def test_without_a_key_nothing_is_rotated(database: Database, tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="no key"):
        rotate(database, Keys(tmp_path / "none"), NOW, by="admin")
    with pytest.raises(KeyRefused, match="no key that waits"):
        Keys(tmp_path / "none").settle()
