"""Which names a field or a variable from outside may have."""

import re

_KEY = re.compile(r"[^\W\d_]\w{0,99}")
_FORBIDDEN = re.compile(r"_.*|nrOf.*|.*_verdict|.*_answers")
_RESERVED = frozenset({"loopCounter", "execution", "task", "typename", "csrf_token"})


def is_ordinary_key(key: str) -> bool:
    """Whether a field may have this key."""
    return _KEY.fullmatch(key) is not None and not _is_forbidden(key)


def is_ordinary_variable(name: str) -> bool:
    """Whether a variable from outside may have this name."""
    return name.isidentifier() and len(name) <= 100 and not _is_forbidden(name)


def _is_forbidden(name: str) -> bool:
    return name in _RESERVED or _FORBIDDEN.fullmatch(name) is not None
