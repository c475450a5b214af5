"""Heads leave for where nobody here can change them: a mailbox, a time stamping authority."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog

from engine.journal.entry import stamp
from engine.proof.heads import Head
from storage import Database
from storage.witnesses import keep_stamp, witness
from web import stamping
from web.posting import deliverer
from web.settings import Settings

log = structlog.get_logger("sealer")
PAUSE = timedelta(minutes=5)
"""After a failure it is tried again so late."""

Witness = Callable[[datetime], None]


def witnesses(database: Database, settings: Settings) -> list[tuple[str, Witness]]:
    """Where heads go, as the settings say, each with its name.

    Raises NotStamped where a time stamp could never be verified.
    """
    found = []
    zone = ZoneInfo(settings.zone)
    if settings.heads_mail:
        deliver = deliverer(settings.smtp)

        def send(_ordinal: int, head: Head) -> None:
            deliver(letter(head, sender=settings.mail_from, to=settings.heads_mail))

        found.append(("mailed", _patient(database, "mailed", zone, send)))
    if settings.tsa:
        if not stamping.available():
            raise stamping.NotStamped(
                "COUNTERSIGN_TSA needs rfc3161-client: install countersign[timestamps]."
            )
        trusted = stamping.certificates(settings.tsa_certificate)
        authority = urlsplit(settings.tsa).hostname or ""

        def ask(ordinal: int, head: Head) -> None:
            token, at = stamping.ask(settings.tsa, head, trusted)
            with database.write() as transaction:
                keep_stamp(transaction, ordinal, at=at, authority=authority, token=token)

        found.append(("stamped", _patient(database, "stamped", zone, ask)))
    return found


def _patient(
    database: Database, name: str, zone: ZoneInfo, send: Callable[[int, Head], None]
) -> Witness:
    """Sends when it is time, and after a failure not again at once."""
    not_before: list[datetime] = []

    def once(now: datetime) -> None:
        if not_before and now < not_before[0]:
            return
        not_before.clear()
        try:
            sent = witness(database, name, now, zone, send)
        except Exception as error:
            not_before.append(now + PAUSE)
            log.warning(
                "a head could not be sent; it is tried again",
                to=name,
                why=f"{type(error).__name__}: {error}"[:300],
            )
        else:
            if sent is not None:
                log.info("a head was sent", to=name, size=sent.size)

    return once


def letter(head: Head, *, sender: str, to: str) -> EmailMessage:
    """The mail that carries a head; whoever keeps it can hold the log to it later."""
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, to
    mail["Subject"] = f"Countersign 日志签名 · {head.size} 条 · {stamp(head.at)[:16]}Z"
    mail["Message-ID"] = f"<head-{head.signature.hex()[:32]}@{head.log}>"
    mail.set_content(
        f"截至 {stamp(head.at)}，日志共有 {head.size} 条记录，签名如下。"
        "请保存本邮件：日后可据此核对日志未被改动或截短。\n\n"
        f"At {stamp(head.at)} the log has {head.size} entries; its signed head is below. Keep this"
        " mail: by it anyone can show later that the log was neither changed nor cut short.\n\n"
        f"{head.line().decode()}"
    )
    return mail
