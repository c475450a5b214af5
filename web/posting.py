"""Notices leave as mail, at least once, each with a key the receiver can drop repeats by."""

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import structlog

from storage import Database, outbox
from storage.outbox import Message

BATCH = 50
log = structlog.get_logger("outbox")

Send = Callable[[str, Message], None]
"""Sends a message to an address; raises OSError or SMTPException where it can't."""


def mailer(address: str, sender: str) -> Send:
    """A function that sends by SMTP: `smtp://user:password@host:587`, `smtps://…:465`."""
    deliver, host = deliverer(address), urlsplit(address).hostname

    def send(to: str, message: Message) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, to, _line(message.text)
        mail["Message-ID"] = f"<{message.key}@{host}>"
        mail.set_content(f"{message.text}\n\n{message.text_en}\n")
        deliver(mail)

    return send


def deliverer(address: str) -> Callable[[EmailMessage], None]:
    """A function that delivers a mail by SMTP; it raises OSError or SMTPException."""
    parts = urlsplit(address)
    port = parts.port or (465 if parts.scheme == "smtps" else 587)

    def deliver(mail: EmailMessage) -> None:
        with _connected(parts.scheme, parts.hostname or "", port) as server:
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)

    return deliver


def _line(text: str) -> str:
    """A subject: one line, whatever somebody has written into his comment."""
    return " ".join(text.split())[:120]


def _connected(scheme: str, host: str, port: int) -> smtplib.SMTP:
    """A connection; with TLS unless the server is this machine."""
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=20, context=context)
    server = smtplib.SMTP(host, port, timeout=20)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
    return server


def post(database: Database, now: datetime, send: Send | None) -> int:
    """Send what is due; without a way to send, or an address, it has nowhere to go and is done.

    Returns:
        How many left.
    """
    with database.write() as transaction:
        messages = outbox.take(transaction, now, BATCH)
        people = database.organisation.current(transaction)
    left = 0
    for message in messages:
        person = people.person(message.person)
        to = person.email if person is not None else ""
        problem = _sent(send, to, message) if send is not None and to else None
        with database.write() as transaction:
            if problem is None:
                outbox.sent(transaction, message)
                left += 1
            else:
                outbox.failed(transaction, message, now)
                log.warning("a notice could not be sent", key=message.key, why=problem)
    return left


def _sent(send: Send, to: str, message: Message) -> str | None:
    """What went wrong in sending, if anything."""
    try:
        send(to, message)
    except (OSError, smtplib.SMTPException, ValueError) as error:  # an address can be none
        return f"{type(error).__name__}: {error}"[:200]
    return None
