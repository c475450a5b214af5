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


def is_right(account: accounts.Account | None, password: str) -> bool:
    """Whether this is the account's password; takes as long where there is no account. Slow on
    purpose, so it is asked outside every transaction."""
    kept = account.password_hash if account is not None and account.password_hash else _NOBODY
    try:
        right: bool = _hasher.verify(kept, password[:MOST])
    except (VerificationError, InvalidHashError):
        return False
    return right and account is not None and account.password_hash == kept


def admit(
    transaction: Transaction, tried: accounts.Account | None, right: bool, now: datetime
) -> bool:
    """Whether he may come in now, the account read again under the lock: not disabled, not
    waiting, its password still the one that was tried. Counts what is wrong."""
    if tried is None:
        return False
    account = accounts.account(transaction, tried.person)
    if account is None or account.disabled or not account.password_hash:
        return False
    if account.locked_until is not None and account.locked_until > now:
        return False
    if right and account.password_hash == tried.password_hash:
        accounts.note_success(transaction, account.person)
        return True
    lock = WAIT * min(2 ** (account.failed // TRIES), 64)
    accounts.note_failure(transaction, account.person, now, most=TRIES, lock=lock)
    return False
