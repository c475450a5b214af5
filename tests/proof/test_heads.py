"""A head is what a key has signed, in one form only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.journal.canonical import encode
from engine.proof.heads import (
    DOMAIN,
    Head,
    fingerprint,
    public_of,
    read_head,
    read_line,
    sign,
    signed_by,
    statement,
    succeeds,
    succession,
)

AT = datetime(2030, 1, 15, 9, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = public_of(PRIVATE)


@pytest.fixture
def head() -> Head:
    return sign(PRIVATE, log="0f" * 16, epoch=1, size=7, root=b"\x07" * 32, at=AT)


def test_what_is_signed_is_written_down_exactly(head: Head) -> None:
    """The bytes of docs/proof.md: another program has to come to the same."""
    assert statement(head) == (
        b"countersign-head-1\n"
        b'{"at":"2030-01-15T01:00:00.000005+00:00","epoch":1,'
        b'"key":"56475aa75463474c0285df5dbf2bcab73da651358839e9b77481b2eab107708c",'
        b'"log":"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f",'
        b'"root":"0707070707070707070707070707070707070707070707070707070707070707",'
        b'"size":7}'
    )
    assert signed_by(head, PUBLIC)
    assert head.key == fingerprint(PUBLIC)
    PRIVATE.public_key().verify(head.signature, statement(head))


@pytest.mark.parametrize(
    "other",
    [
        {"log": "0e" * 16},
        {"epoch": 2},
        {"size": 8},
        {"root": b"\x08" * 32},
        {"at": AT + timedelta(microseconds=1)},
        {"key": "0" * 64},
        {"signature": bytes(64)},
        {"signature": b"short"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_nothing_of_a_head_can_be_changed(head: Head, other: dict[str, Any]) -> None:
    assert not signed_by(replace(head, **other), PUBLIC)


def test_another_keys_head_is_not_this_ones(head: Head) -> None:
    assert not signed_by(head, public_of(Ed25519PrivateKey.generate()))
    assert not signed_by(head, b"no key")


def test_a_head_is_read_as_it_was_written(head: Head) -> None:
    assert read_head(head.document()) == head
    assert read_line(head.line()) == head
    assert read_line(head.line()).at.tzinfo is UTC


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log", "0F" * 16),
        ("log", 7),
        ("root", "07" * 31),
        ("root", "07" * 32 + "\n"),
        ("key", None),
        ("signature", "x" * 128),
        ("size", -1),
        ("size", True),
        ("size", 2**53),
        ("size", "7"),
        ("epoch", 1.0),
        ("at", "2030-01-15"),
        ("at", "2030-01-15T01:00:00.000005"),
        ("at", "2030-01-15T09:00:00.000005+08:00"),
        ("at", 5),
        ("more", 1),
    ],
)
def test_what_is_no_head_is_refused_in_words(head: Head, name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"^A head has|^The head's"):
        read_head({**head.document(), name: value})


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b"null"])
def test_a_line_that_is_none_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_line(line)


def test_a_head_in_another_spelling_is_refused(head: Head) -> None:
    """One head, one line: so that whoever has two lines has two heads."""
    with pytest.raises(ValueError, match="canonical"):
        read_line(head.line().replace(b",", b", "))
    with pytest.raises(ValueError, match=r"."):
        read_line(head.line().replace(b'"size":7', b'"size":7,"size":7'))
    with pytest.raises(ValueError, match="A head has"):
        read_head(["at"])


def test_a_key_names_its_successor() -> None:
    new = public_of(Ed25519PrivateKey.generate())
    said = PRIVATE.sign(succession(fingerprint(PUBLIC), new, AT))
    assert succeeds(PUBLIC, new, AT, said)
    assert not succeeds(PUBLIC, PUBLIC, AT, said)
    assert not succeeds(PUBLIC, new, AT + timedelta(seconds=1), said)
    assert not succeeds(new, PUBLIC, AT, said)


def test_no_other_signed_thing_passes_for_a_head(head: Head) -> None:
    bare = PRIVATE.sign(encode({"size": 7}))
    assert not signed_by(replace(head, signature=bare), PUBLIC)
    assert statement(head).startswith(DOMAIN)
    assert not succession(head.key, PUBLIC, AT).startswith(DOMAIN)
