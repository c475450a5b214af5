"""New ids: made here, at the edge, and handed to commands."""

from base64 import b32encode
from secrets import token_bytes

from engine.ids import RequestId


def new_request_id() -> RequestId:
    """A request's id: 64 random bits as thirteen small letters and digits (they stand in every
    key of its rows, so short ones pay)."""
    return RequestId(b32encode(token_bytes(8)).decode().rstrip("=").lower())
