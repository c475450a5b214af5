"""Notices with their outbox, answers to repeated calls, and attachments as commands see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.ids import PersonId, RequestId, split_task_id
from engine.unit_of_work import Notice, Post
from storage.moments import micros
from storage.packing import digest_of, keep_digest, pack, pack_plain, pack_text, unpack
from storage.transaction import marks
from storage.unit_of_work.base import Base

_NOTIFY = (
    "INSERT INTO notices"
    " (request, ordinal, person, at, read_at, send_at, attempts, kind, task, text)"
    " VALUES (?, (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM notices WHERE request = ?),"
    " ?, ?, ?, ?, 0, ?, ?, ?)"
)
_POST = (
    "INSERT INTO posts (request, ordinal, url, payload, at, send_at, attempts) VALUES"
    " (?, (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM posts WHERE request = ?), ?, ?, ?, ?, 0)"
)
_ANSWERED = "SELECT body, outcome FROM idempotency WHERE person = ? AND key = ?"
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))"
_REMEMBER = (
    "INSERT INTO idempotency (person, key, body, outcome, at) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (person, key) DO UPDATE SET body = excluded.body, outcome = excluded.outcome,"
    " at = excluded.at"
)
_ATTACH = "UPDATE attachments SET request = ? WHERE id = ? AND request IS NULL"


class Answering(Base):
    """What goes back to people and what came with their call."""

    def notify(self, notice: Notice) -> None:
        """A notice on the person's page; until it was sent, the same row is in the outbox."""
        at = micros(notice.at)
        # What a rebuild finds in the journal was told and sent long ago.
        read_at, send_at = (None, at) if self._recording else (at, None)
        task = None if notice.task is None else split_task_id(notice.task)
        self._notices.append(
            (
                notice.request,
                notice.request,
                notice.person,
                at,
                read_at,
                send_at,
                notice.kind,
                None if task is None else task[1],
                pack([notice.text, notice.text_en]),
            ),
        )

    def may_call(self, where: str) -> bool:
        """Whether this system may call that host (and port, if it is not the usual one)."""
        return where in self.callable

    def post(self, post: Post) -> None:
        """An outbox row for a call to another system. What a rebuild finds in the journal was
        sent long ago."""
        if self._recording:
            kept = (pack_text(post.payload), micros(post.at), micros(post.at))
            self._transaction.execute(_POST, (post.request, post.request, post.url, *kept))

    def _deliver(self) -> None:
        """Write the notices of this command."""
        if self._notices:
            self._transaction.many(_NOTIFY, self._notices)
            self._notices = []

    def answered(self, person: PersonId, key: str) -> tuple[str, Mapping[str, Any]] | None:
        """The body digest and the outcome recorded last under this key, if any. A second call
        under the same key waits here until the first has ended (K1)."""
        if self._dialect == "postgresql":
            self._transaction.execute(_ONE_AT_A_TIME, (f"{person}\n{key}",))
        row = self._transaction.one(_ANSWERED, (person, key))
        return None if row is None else (digest_of(row[0]), unpack(row[1]))

    def remember(
        self, person: PersonId, key: str, body: str, outcome: Mapping[str, Any], at: datetime
    ) -> None:
        """Adds, or replaces what stands under this key."""
        kept = (person, key, keep_digest(body), pack_plain(dict(outcome)), micros(at))
        self._transaction.execute(_REMEMBER, kept)

    def attachments_usable(
        self, ids: Sequence[str], person: PersonId, request: RequestId | None
    ) -> set[str]:
        """Of these ids, those uploaded by this person and not yet submitted, and those that are
        part of this request already."""
        if not ids:
            return set()
        rows = self._transaction.all(
            "SELECT id FROM attachments"  # noqa: S608 - only question marks are put in
            f" WHERE id IN ({marks(len(ids))})"
            " AND ((request IS NULL AND uploaded_by = ?) OR request = ?)",
            (*ids, person, request or ""),
        )
        return {row[0] for row in rows}

    def attach(self, ids: Sequence[str], request: RequestId) -> None:
        """They belong to the request from now on, and are seen by who sees it."""
        if ids:
            self._transaction.many(_ATTACH, [(request, id) for id in ids])

    def attachment_digests(self, ids: Sequence[str]) -> Mapping[str, str]:
        """id -> sha256 in hex."""
        if not ids:
            return {}
        rows = self._transaction.all(
            f"SELECT id, sha256 FROM attachments WHERE id IN ({marks(len(ids))})",  # noqa: S608
            tuple(ids),
        )
        return {id: bytes(digest).hex() for id, digest in rows}
