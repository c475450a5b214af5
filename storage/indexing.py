"""What entries of the system chain are about: people, departments, posts and groups.

The table `organisation_changes` follows from the journal; it is written with each entry, and when
everything is rebuilt.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.journal import Entry
from storage.moments import micros
from storage.transaction import Transaction

VERB = {
    "departments": "department.changed",
    "posts": "post.changed",
    "groups": "group.changed",
    "people": "person.changed",
}
"""The verb of a change's entry, by table."""
REMOVED = {
    "departments": "department.removed",
    "posts": "post.removed",
    "groups": "group.removed",
}
"""The verb of a removal's entry, by table."""
RENAMED = "department.renamed"
TABLE_OF = {
    **{verb: table for verbs in (VERB, REMOVED) for table, verb in verbs.items()},
    RENAMED: "departments",
}
STANDING = "standing"
"""The kind of what is about a person and no change of his row: substitutions, handovers, his
account."""
MEMBERS = ".members"
"""What is behind the table's name where somebody came into or left a department, group or post."""
_ABOUT = {
    "substitution.made", "substitution.cancelled", "handover.made", "handover.cancelled",
    "user.disabled", "user.enabled", "password.changed", "token.added", "token.revoked",
}  # fmt: skip
_NAMED = ("subject", "substitute", "heir")
_INDEX = (
    "INSERT INTO organisation_changes (kind, subject, seq, at) VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING"
)


def touched(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What an entry of the system chain is about, as (kind, subject); nothing for most."""
    if body.get("outcome") != "done":
        return
    verb, subject = body.get("verb", ""), body.get("subject")
    if verb in _ABOUT:
        for name in _NAMED:
            if isinstance(body.get(name), str):
                yield STANDING, body[name]
        return
    table = TABLE_OF.get(verb)
    if table is None or not isinstance(subject, str):
        return
    yield table, subject
    for kind, name in body.get("also", ()):
        yield kind + MEMBERS, name
    if verb == RENAMED:
        yield table, body["to"]
        for person in body["people"]:
            yield "people", person


def index(transaction: Transaction, entry: Entry) -> None:
    """Have an entry of the system chain found again by what it is about."""
    rows = [(*each, entry.seq, micros(entry.at)) for each in dict.fromkeys(touched(entry.body))]
    if rows:
        transaction.many(_INDEX, rows)
