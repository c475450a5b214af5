"""`key`, `seal`: the keys that sign the log, and signing it now."""

import re
from pathlib import Path
from typing import Any

import click

from engine.ids import PersonId
from engine.journal.entry import stamp
from storage import journal, leaves, rotating
from storage.keys import KeyRefused, Keys, Known, read_public
from storage.sealing import HeadsDisagree, TreeDamaged
from storage.sealing import seal as seal_now
from storage.sealing import state as state_of
from web.cli.frame import fail, home, keys_of, print_json, say, settings
from web.door import wall_clock

BY = PersonId("system:command line")
_FINGERPRINT = re.compile(r"[0-9a-f]{4,64}")


@click.group()
def key() -> None:
    """The keys that sign the log of all entries."""


@key.command("list")
@click.option("--json", "as_document", is_flag=True, help="One JSON document on stdout.")
def list_(as_document: bool) -> None:
    """Every key that is known here: the one that signs, those before it, those trusted."""
    known = _known(keys_of(settings(need_secret=False)))
    if as_document:
        print_json({"keys": [_document(each) for each in known]})
        return
    for each in known:
        word = "current" if each.current else each.how or "known"
        click.echo(f"{each.fingerprint}  {word:8}  {each.since or ''}".rstrip())


@key.command("show")
@click.argument("fingerprint", required=False)
@click.option("--json", "as_document", is_flag=True, help="One JSON document on stdout.")
def show(fingerprint: str | None, as_document: bool) -> None:
    """Print the public key of FINGERPRINT (its beginning will do), or the current one: what an
    auditor is to be given, and trusts."""
    known = _known(keys_of(settings(need_secret=False)))
    wanted = (fingerprint or "").lower()
    if wanted and _FINGERPRINT.fullmatch(wanted) is None:
        fail("A fingerprint is written in hexadecimal digits, at least four of them.", 2)
    found = [k for k in known if (k.fingerprint.startswith(wanted) if wanted else k.current)]
    if len(found) != 1:
        said = "There is no such key" if not found else "Several keys begin like that"
        fail(f"{said}: `countersign key list` names those that there are.", 2)
    if as_document:
        print_json(_document(found[0]))
    else:
        click.echo(found[0].public.hex())


@key.command("trust")
@click.argument("public", metavar="FILE|HEX")
@click.option("--json", "as_document", is_flag=True, help="One JSON document on stdout.")
def trust(public: str, as_document: bool) -> None:
    """Believe what a key has signed that is not of this home: a file with its 64 hexadecimal
    digits, or the digits."""
    found = read_public(public.encode("utf-8", "replace"))
    if found is None:
        try:
            with Path(public).open("rb") as file:
                found = read_public(file.read(4096))
        except (OSError, ValueError):
            fail(f"“{public}” is no public key, and no file that could be read.", 2)
        if found is None:
            fail(f"There is no public key in {public}: 64 hexadecimal digits are wanted.", 2)
    fingerprint = keys_of(settings(need_secret=False)).trust(found, wall_clock())
    if as_document:
        print_json({"fingerprint": fingerprint, "public": found.hex()})
    else:
        say(f"{fingerprint} is trusted.")


@key.command("rotate")
@click.option("--lost", is_flag=True, help="The current key is lost, and can't name the new one.")
@click.option("--json", "as_document", is_flag=True, help="One JSON document on stdout.")
def rotate(lost: bool, as_document: bool) -> None:
    """Have a new key sign from now on, named by the current one; an entry tells of it."""
    found = settings(need_secret=False)
    database, keys = home(found), keys_of(found)
    try:
        rotation = rotating.rotate(database, keys, wall_clock(), by=BY, lost=lost)
    except KeyRefused as refused:
        fail(str(refused))
    if as_document:
        print_json(
            {
                "old": rotation.old or None,
                "new": rotation.new,
                "public": rotation.public.hex(),
                "signature": rotation.signature.hex() or None,
            }
        )
    else:
        say(f"{rotation.new} signs from now on. Give auditors its public key:")
        click.echo(rotation.public.hex())


@click.command()
@click.option(
    "--restored",
    is_flag=True,
    help="The database was brought back from a copy of it: what was sealed after that is lost.",
)
@click.option("--json", "as_document", is_flag=True, help="One JSON document on stdout.")
def seal(restored: bool, as_document: bool) -> None:
    """Seal what is new now (the scheduler does it every few seconds), and print the newest head."""
    found = settings(need_secret=False)
    database, keys = home(found), keys_of(found)
    _has_key(keys)
    if restored:
        with database.write() as transaction:
            leaves.lock(transaction)
            epoch = leaves.begin_epoch(transaction)
            if not epoch:
                fail("Nothing was ever sealed here, so nothing sealed is lost.", 2)
            body = {"verb": "restore", "outcome": "done", "actor": BY, "via": "command line"}
            journal.record(transaction, at=wall_clock(), body={**body, **epoch}, particulars={})
    try:
        seal_now(database, keys, wall_clock())
    except (KeyRefused, HeadsDisagree, TreeDamaged) as refused:
        fail(str(refused))
    with database.read() as reader:
        state = state_of(reader)
    if as_document:
        head = None if state.head is None else state.head.document()
        print_json({"entries": state.leaves, "sealed": state.sealed, "head": head})
    elif state.head is None:
        say("There is no entry yet.")
    else:
        say(f"{state.sealed} entries are sealed, since {stamp(state.head.at)}.")
        click.echo(state.head.line().decode(), nl=False)


def _has_key(keys: Keys) -> None:
    try:
        key = keys.current()
    except KeyRefused as refused:
        fail(str(refused))
    if key is None:
        fail(f"There is no key to sign with in {keys.folder}: `countersign init` makes one.", 2)


def _known(keys: Keys) -> list[Known]:
    try:
        return keys.known()
    except KeyRefused as refused:
        fail(str(refused))


def _document(known: Known) -> dict[str, Any]:
    return {
        "fingerprint": known.fingerprint,
        "public": known.public.hex(),
        "current": known.current,
        "how": known.how,
        "since": known.since,
        "trusted": True,
    }
