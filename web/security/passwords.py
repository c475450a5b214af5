"""Passwords: argon2, a length that means something, and a lock-out that does not tell."""

from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from storage import accounts
from storage.transaction import Transaction

LEAST = 12
"""Characters of a password outside demo."""
MOST = 200
TRIES = 5
"""Wrong passwords in a row before the account waits."""
WAIT = timedelta(minutes=5)

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")


class WeakPassword(ValueError):
    """The password is too short or too long."""


def hashed(password: str, *, demo: bool = False) -> str:
    """The argon2 hash of a password.

    Raises:
        WeakPassword: it has fewer than 12 or more than 200 characters.
    """
    if not demo and not LEAST <= len(password) <= MOST:
        raise WeakPassword(f"A password has {LEAST} to {MOST} characters.")
    return _hasher.hash(password)


def check(transaction: Transaction, person: str, password: str, now: datetime) -> bool:
    """Whether this is the person's password, and he may sign in now. Counts what is wrong; takes
    as long for someone who does not exist."""
    account = accounts.account(transaction, person)
    waits = account is not None and account.locked_until is not None and account.locked_until > now
    kept = account.password_hash if account is not None and account.password_hash else _NOBODY
    try:
        right: bool = _hasher.verify(kept, password[:MOST])
    except (VerificationError, InvalidHashError):
        right = False
    if account is None or account.disabled or waits or not account.password_hash:
        return False
    if right:
        accounts.note_success(transaction, account.person)
        return True
    lock = WAIT * min(2 ** (account.failed // TRIES), 64)
    accounts.note_failure(transaction, account.person, now, most=TRIES, lock=lock)
    return False
