"""Who can sign in: credentials with their lock-out, sessions and tokens by hashed opaque ids.

Hashing passwords is web's work; here the rows are kept. A disabled account's sessions and tokens
die at once, since every look-up asks for it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from engine.ids import PersonId
from storage.moments import micros, moment, optional_micros, optional_moment
from storage.transaction import Transaction

SEEN_EVERY = timedelta(minutes=1)
"""A session's last use is written at most this often."""

_ACCOUNT = (
    "SELECT person, password_hash, changed_at, must_change, failed, locked_until, disabled"
    " FROM accounts WHERE person = ?"
)
_ENSURE = (
    "INSERT INTO accounts"
    " (person, password_hash, changed_at, must_change, failed, locked_until, disabled)"
    " VALUES (?, NULL, NULL, 0, 0, NULL, 0) ON CONFLICT (person) DO NOTHING"
)
_SESSION = (
    "SELECT s.person, s.ip, s.agent, s.created_at, s.seen_at, s.expires_at, a.must_change"
    " FROM sessions s"
    " JOIN accounts a ON a.person = s.person JOIN people p ON p.id = s.person"
    " WHERE s.digest = ? AND s.revoked_at IS NULL AND s.expires_at > ?"
    " AND a.disabled = 0 AND p.active = 1"
)
_BEARER = (
    "SELECT t.person, t.name, t.created_at, t.seen_at, t.expires_at FROM tokens t"
    " JOIN people p ON p.id = t.person LEFT JOIN accounts a ON a.person = t.person"
    " WHERE t.digest = ? AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > ?)"
    " AND COALESCE(a.disabled, 0) = 0 AND p.active = 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person's credentials. Without a hash nobody signs in with a password."""

    person: PersonId
    password_hash: str | None
    changed_at: datetime | None
    must_change: bool
    failed: int
    """Failed attempts since the last success."""
    locked_until: datetime | None
    disabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A sign-in that is in force."""

    person: PersonId
    ip: str
    agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    must_change: bool = False
    """Whether he has to choose a password of his own before anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An API token that is in force."""

    person: PersonId
    name: str
    created_at: datetime
    seen_at: datetime | None
    expires_at: datetime | None


def digest(secret: str) -> bytes:
    """What is kept of a session's id or a token: both are long and random, so a plain hash does."""
    return sha256(secret.encode()).digest()


def account(transaction: Transaction, person: str) -> Account | None:
    """A person's account, if he has one."""
    row = transaction.one(_ACCOUNT, (person,))
    if row is None:
        return None
    return Account(
        person=PersonId(row[0]),
        password_hash=row[1],
        changed_at=optional_moment(row[2]),
        must_change=bool(row[3]),
        failed=row[4],
        locked_until=optional_moment(row[5]),
        disabled=bool(row[6]),
    )


def set_password(
    transaction: Transaction,
    person: PersonId,
    password_hash: str,
    at: datetime,
    *,
    must_change: bool = False,
) -> None:
    """A new password: failed attempts are forgotten, and every session of his ends."""
    transaction.execute(_ENSURE, (person,))
    transaction.execute(
        "UPDATE accounts SET password_hash = ?, changed_at = ?, must_change = ?, failed = 0,"
        " locked_until = NULL WHERE person = ?",
        (password_hash, micros(at), int(must_change), person),
    )
    revoke_sessions(transaction, person, at)


def note_failure(
    transaction: Transaction, person: PersonId, at: datetime, *, most: int, lock: timedelta
) -> Account | None:
    """Count a failed attempt; every `most`-th one in a row locks the account for `lock`."""
    transaction.execute(
        "UPDATE accounts SET failed = failed + 1, locked_until ="
        " CASE WHEN (failed + 1) % ? = 0 THEN ? ELSE locked_until END WHERE person = ?",
        (most, micros(at + lock), person),
    )
    return account(transaction, person)


def note_success(transaction: Transaction, person: PersonId) -> None:
    """Forget failed attempts."""
    transaction.execute(
        "UPDATE accounts SET failed = 0, locked_until = NULL WHERE person = ? AND failed > 0",
        (person,),
    )


def disable(transaction: Transaction, person: PersonId, at: datetime) -> None:
    """Nobody signs in as him from now on; what is signed in is signed out."""
    transaction.execute(_ENSURE, (person,))
    transaction.execute("UPDATE accounts SET disabled = 1 WHERE person = ?", (person,))
    revoke_sessions(transaction, person, at)
    transaction.execute(
        "UPDATE tokens SET revoked_at = ? WHERE person = ? AND revoked_at IS NULL",
        (micros(at), person),
    )


def can_come_in(transaction: Transaction, person: str) -> bool:
    """Whether he has a password or a token, and his account is not disabled."""
    found = account(transaction, person)
    if found is not None and (found.disabled or found.password_hash is not None):
        return not found.disabled
    sql = "SELECT 1 FROM tokens WHERE person = ? AND revoked_at IS NULL"
    return transaction.one(sql, (person,)) is not None


def enable(transaction: Transaction, person: PersonId) -> None:
    """He may sign in again; old sessions and tokens stay dead."""
    transaction.execute(_ENSURE, (person,))
    transaction.execute("UPDATE accounts SET disabled = 0 WHERE person = ?", (person,))


def open_session(
    transaction: Transaction,
    secret: str,
    person: PersonId,
    at: datetime,
    *,
    expires_at: datetime,
    ip: str = "",
    agent: str = "",
) -> None:
    """Someone has signed in; `secret` is the id in his cookie."""
    transaction.execute(_ENSURE, (person,))
    now = micros(at)
    transaction.execute(
        "INSERT INTO sessions (digest, person, ip, agent, created_at, seen_at, expires_at,"
        " revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
        (digest(secret), person, ip[:100], agent[:300], now, now, micros(expires_at)),
    )


def session(transaction: Transaction, secret: str, at: datetime) -> Session | None:
    """The session of this id, if it is in force: not expired, not revoked, its person active and
    not disabled."""
    row = transaction.one(_SESSION, (digest(secret), micros(at)))
    if row is None:
        return None
    return Session(
        person=PersonId(row[0]),
        ip=row[1],
        agent=row[2],
        created_at=moment(row[3]),
        seen_at=moment(row[4]),
        expires_at=moment(row[5]),
        must_change=bool(row[6]),
    )


def touch_session(
    transaction: Transaction, secret: str, at: datetime, *, expires_at: datetime
) -> None:
    """It was used: its end moves. (Call it once `SEEN_EVERY` has passed, not at each click.)"""
    transaction.execute(
        "UPDATE sessions SET seen_at = ?, expires_at = ? WHERE digest = ? AND revoked_at IS NULL",
        (micros(at), micros(expires_at), digest(secret)),
    )


def close_session(transaction: Transaction, secret: str, at: datetime) -> None:
    """Its person has signed out."""
    transaction.execute(
        "UPDATE sessions SET revoked_at = ? WHERE digest = ? AND revoked_at IS NULL",
        (micros(at), digest(secret)),
    )


def revoke_sessions(transaction: Transaction, person: PersonId, at: datetime) -> int:
    """End all sessions of a person; how many there were."""
    return transaction.execute(
        "UPDATE sessions SET revoked_at = ? WHERE person = ? AND revoked_at IS NULL",
        (micros(at), person),
    )


def add_token(
    transaction: Transaction,
    secret: str,
    person: PersonId,
    at: datetime,
    *,
    name: str = "",
    expires_at: datetime | None = None,
) -> None:
    """A token with which scripts act as this person."""
    transaction.execute(
        "INSERT INTO tokens (digest, person, name, created_at, seen_at, expires_at, revoked_at)"
        " VALUES (?, ?, ?, ?, NULL, ?, NULL)",
        (digest(secret), person, name, micros(at), optional_micros(expires_at)),
    )


def token(transaction: Transaction, secret: str, at: datetime) -> Token | None:
    """The token, if it is in force."""
    row = transaction.one(_BEARER, (digest(secret), micros(at)))
    if row is None:
        return None
    return Token(
        person=PersonId(row[0]),
        name=row[1],
        created_at=moment(row[2]),
        seen_at=optional_moment(row[3]),
        expires_at=optional_moment(row[4]),
    )


def tokens_of(transaction: Transaction, person: PersonId, at: datetime) -> list[tuple[str, Token]]:
    """His tokens in force, newest first, each under the beginning of its digest."""
    rows = transaction.all(
        "SELECT digest, person, name, created_at, seen_at, expires_at FROM tokens"
        " WHERE person = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)"
        " ORDER BY created_at DESC",
        (person, micros(at)),
    )
    return [
        (
            bytes(row[0]).hex()[:16],
            Token(
                person=PersonId(row[1]),
                name=row[2],
                created_at=moment(row[3]),
                seen_at=optional_moment(row[4]),
                expires_at=optional_moment(row[5]),
            ),
        )
        for row in rows
    ]


def revoke_token(transaction: Transaction, person: PersonId, beginning: str, at: datetime) -> bool:
    """End one of his tokens; False if he has none that begins so."""
    rows = transaction.all(
        "SELECT digest FROM tokens WHERE person = ? AND revoked_at IS NULL", (person,)
    )
    for (found,) in rows:
        if bytes(found).hex()[:16] == beginning:
            transaction.execute(
                "UPDATE tokens SET revoked_at = ? WHERE digest = ?", (micros(at), found)
            )
            return True
    return False
