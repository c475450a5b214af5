"""Time stamps of an authority over heads (RFC 3161): asked for, and verified before they are kept.

What is stamped is the head's line in the heads file, without its line end. The package
rfc3161-client is an extra: it is needed only where COUNTERSIGN_TSA is set.
"""

import http.client
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from cryptography import x509

from engine.proof.heads import Head

SECONDS = 20
LARGEST = 1024 * 1024


class NotStamped(Exception):
    """No time stamp that could be believed; the message says why."""


def available() -> bool:
    """Whether the package that reads time stamps is installed."""
    return find_spec("rfc3161_client") is not None


def certificates(file: Path) -> list[x509.Certificate]:
    """The certificates that are trusted. Raises NotStamped."""
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise NotStamped(f"There is no certificate in {file} ({error}).") from error


def stamped(head: Head) -> bytes:
    """The bytes that a stamp is over."""
    return head.line().removesuffix(b"\n")


def ask(url: str, head: Head, trusted: list[x509.Certificate]) -> tuple[bytes, datetime]:
    """The authority's response, verified, and the time that it says.

    Raises NotStamped, and OSError where nobody answers.
    """
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    query = TimestampRequestBuilder().data(stamped(head)).hash_algorithm(HashAlgorithm.SHA256)
    asked = query.build()
    request = Request(  # noqa: S310 - the settings let only http and https through
        url,
        data=asked.as_bytes(),
        method="POST",
        headers={"Content-Type": "application/timestamp-query", "User-Agent": "Countersign"},
    )
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 # nosec B310
            content = answer.read(LARGEST + 1)
    except (http.client.HTTPException, ValueError) as error:
        raise NotStamped(f"{urlsplit(url).hostname} answered nothing useful: {error}.") from error
    return content, verify(content, head, trusted, nonce=asked.nonce)


def verify(
    token: bytes, head: Head, trusted: list[x509.Certificate], *, nonce: int | None = None
) -> datetime:
    """The time at which an authority has seen this head. Raises NotStamped."""
    from rfc3161_client import VerifierBuilder, decode_timestamp_response
    from rfc3161_client.errors import VerificationError

    builder = VerifierBuilder() if nonce is None else VerifierBuilder(nonce=nonce)
    for certificate in trusted:
        builder = builder.add_root_certificate(certificate)
    try:
        response = decode_timestamp_response(token)
        builder.build().verify_message(response, stamped(head))
        return response.tst_info.gen_time
    except (VerificationError, ValueError) as error:
        raise NotStamped(f"The time stamp can't be believed: {error}.") from error
