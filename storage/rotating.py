"""A new key for the log: made beside the old one, told by an entry, and only then used."""

from datetime import datetime

from engine.journal.entry import stamp
from engine.proof.heads import fingerprint, public_of
from storage import journal, leaves
from storage.database import Database
from storage.keys import KeyRefused, Keys, Rotation
from storage.sealing import KEY, PUBLIC

VERB = "key.rotated"


def rotate(
    database: Database, keys: Keys, at: datetime, *, by: str, lost: bool = False
) -> Rotation:
    """Have a new key sign from now on; that the old one named it is an entry of the system chain.

    A crash on the way leaves the old key, or a new one that the next seal takes up: never a key
    that no entry tells of. `lost`: the old key is gone, and the entry says so instead.

    Raises KeyRefused, and OSError where the key can't be written.
    """
    with database.read() as reader:
        own = leaves.said(reader, KEY)
    current = keys.current()
    name = None if current is None else fingerprint(public_of(current))
    if not lost and own is not None and name is not None and own != name:
        raise KeyRefused(f"The key in {keys.folder} is not the one that this log is signed with.")
    rotation = keys.rotate(at, lost=lost)
    with database.write() as transaction:
        leaves.lock(transaction)
        if leaves.said(transaction, KEY) != own:
            raise KeyRefused("Somebody else has just rotated the key.")
        body = {
            "verb": VERB,
            "outcome": "done",
            "actor": by,
            "via": "command line",
            "old": own or rotation.old,
            "new": rotation.new,
            "public": rotation.public.hex(),
            "since": stamp(at),
            "signature": rotation.signature.hex(),
            "lost": lost,
        }
        journal.record(transaction, at=at, body=body, particulars={})
        leaves.say(transaction, KEY, rotation.new)
        leaves.say(transaction, PUBLIC + rotation.new, rotation.public.hex())
    keys.settle(rotation)
    return rotation
