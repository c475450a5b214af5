"""What no proof speaks for, and why: docs/verifying.md says the same, and a test compares them."""

from collections.abc import Mapping

TABLES: Mapping[str, str] = {
    "accounts": "passwords and locks: who signs in, not what was done",
    "sessions": "who is signed in now",
    "tokens": "API tokens in force; making and revoking them are entries",
    "idempotency": "answers to repeated calls, kept for a day",
    "drafts": "what was filled in and not sent",
    "snoozed": "tasks that somebody has put off for himself",
    "posts": "the outbox of calls to other systems",
    "beginnings": "when a process begins by itself the next time: the scheduler's own plan",
    "revisions": "a random number that tells processes to read the organisation anew",
    "followers": "how far what follows the sealed order has come",
    "found": "an index for auditors' search, made of sealed entries; what it finds is read there",
    "readings": "when a reading was last recorded; the readings themselves are entries",
    "stamps": "tokens of a time-stamping authority, which prove themselves",
}
"""Tables."""
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "definitions": {
        "place": "only a number by which rows name the version; their order is compared"
    },
    "attachments": {
        "name": "what the uploader called the file",
        "at": "when it was uploaded; when it was submitted is an entry",
    },
}
"""Columns of tables that are proved (those of derived tables: storage.verifying.derived)."""
ROWS: Mapping[str, tuple[str, ...]] = {"log": ("behind", "floor")}
"""Rows by their first column: with these the sealer only finds its way."""
