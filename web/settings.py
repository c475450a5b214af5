"""Configuration: one frozen dataclass, read from the environment once; all mistakes are told."""

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.flow.calling import place_of

DEMO_FILE = "demo.json"
"""Marks a home as a demo, and keeps its secret and passwords (0600)."""
MEGABYTE = 1024 * 1024


class BadSettings(ValueError):
    """What is wrong with the environment, one sentence a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this system is set up."""

    home: Path
    database: str
    secret_key: str = field(repr=False)
    demo: bool = False
    demo_passwords: Mapping[str, str] = field(default_factory=dict, repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    zone: str = "Asia/Shanghai"
    attachment_bytes: int = 25 * MEGABYTE
    session_hours: int = 12
    undo_seconds: int = 10
    """How long a decision made on a page can be undone (U); 0: not at all."""
    threads: int = 8
    workers: int = 1
    smtp: str = field(default="", repr=False)
    """Where notices leave as mail: `smtp://user:password@host:587`; empty: nowhere."""
    mail_from: str = ""
    webhooks: frozenset[str] = frozenset()
    """Hosts that processes may call, `host` or `host:port`; none: no web hook is sent."""
    keys: Path | None = None
    """The folder of the keys that sign heads; None: `keys` in the home."""
    heads: Path | None = None
    """The file of signed heads; None: in the home."""
    heads_mail: str = ""
    """An address that heads are sent to; empty: to none."""
    tsa: str = ""
    """An authority that stamps heads (RFC 3161), `https://…`; empty: none does."""
    tsa_certificate: Path = Path()
    """The certificates by which its stamps are believed (PEM)."""
    secure_cookies: bool = True
    """Off only for a demo on a loopback address, which has no TLS."""

    @property
    def body_bytes(self) -> int:
        """The largest body of a call: an attachment, or a form with a few of them."""
        return self.attachment_bytes * 4 + MEGABYTE


def read(environ: Mapping[str, str] | None = None, *, need_secret: bool = True) -> Settings:
    """The settings that the environment gives.

    Raises:
        BadSettings: something is missing or malformed; every such thing is named.
    """
    env = os.environ if environ is None else environ
    problems: list[str] = []
    home = Path(env.get("COUNTERSIGN_HOME") or "var").absolute()
    try:
        demo = read_demo(home)
    except ValueError:
        raise BadSettings(f"{home / DEMO_FILE} can't be read as JSON.") from None
    host = env.get("COUNTERSIGN_HOST") or "127.0.0.1"
    if demo is not None and not is_loopback(host):
        problems.append(f"COUNTERSIGN_HOST={host}: a demo home serves loopback addresses only.")
    secret = env.get("COUNTERSIGN_SECRET_KEY") or (demo or {}).get("secret", "")
    if need_secret and len(str(secret)) < 32:
        problems.append(
            "COUNTERSIGN_SECRET_KEY has to be set, to at least 32 random characters "
            "(a demo home, made by `countersign init --demo`, has its own)."
        )
    passwords = (demo or {}).get("passwords", {})
    settings = Settings(
        home=home,
        database=_database(env, home, problems),
        secret_key=str(secret),
        demo=demo is not None,
        demo_passwords=passwords if isinstance(passwords, dict) else {},
        host=host,
        port=_whole(
            env,
            "PORT",
            _whole(env, "COUNTERSIGN_PORT", 8000, 1, 65535, problems),
            1,
            65535,
            problems,
        ),
        zone=_zone(env, problems),
        attachment_bytes=_whole(env, "COUNTERSIGN_ATTACHMENT_MB", 25, 1, 1024, problems) * MEGABYTE,
        session_hours=_whole(env, "COUNTERSIGN_SESSION_HOURS", 12, 1, 24 * 30, problems),
        undo_seconds=_whole(env, "COUNTERSIGN_UNDO_SECONDS", 10, 0, 60, problems),
        threads=_whole(env, "COUNTERSIGN_THREADS", 8, 1, 256, problems),
        smtp=_smtp(env, problems),
        mail_from=env.get("COUNTERSIGN_MAIL_FROM") or "countersign@localhost",
        webhooks=_hosts(env, problems),
        keys=_path(env, "COUNTERSIGN_KEYS"),
        heads=_path(env, "COUNTERSIGN_HEADS"),
        heads_mail=_heads_mail(env, problems),
        tsa=_tsa(env, problems),
        tsa_certificate=_path(env, "COUNTERSIGN_TSA_CERTIFICATE") or Path(),
        workers=_whole(env, "COUNTERSIGN_WORKERS", 1, 1, 64, problems),
        secure_cookies=not (demo is not None and is_loopback(host)),
    )
    if problems:
        raise BadSettings("\n".join(problems))
    return settings


def _whole(
    env: Mapping[str, str], name: str, default: int, least: int, most: int, problems: list[str]
) -> int:
    text = env.get(name)
    if not text:
        return default
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    problems.append(f"{name}={text}: a whole number from {least} to {most} is wanted.")
    return default


def _database(env: Mapping[str, str], home: Path, problems: list[str]) -> str:
    address = env.get("COUNTERSIGN_DATABASE") or f"sqlite:///{home / 'countersign.db'}"
    if urlsplit(address).scheme.partition("+")[0] not in ("sqlite", "postgresql"):
        # Not repeated: it may have a password in it.
        problems.append("COUNTERSIGN_DATABASE: an address of SQLite or PostgreSQL is wanted.")
    return address


def _heads_mail(env: Mapping[str, str], problems: list[str]) -> str:
    address = env.get("COUNTERSIGN_HEADS_MAIL") or ""
    if address and not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", address):
        problems.append(f"COUNTERSIGN_HEADS_MAIL={address}: one mail address is wanted.")
    if address and not env.get("COUNTERSIGN_SMTP"):
        problems.append("COUNTERSIGN_HEADS_MAIL: heads are sent by COUNTERSIGN_SMTP, not set.")
    return address


def _tsa(env: Mapping[str, str], problems: list[str]) -> str:
    address = env.get("COUNTERSIGN_TSA") or ""
    if not address:
        return ""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        problems.append("COUNTERSIGN_TSA: an address such as https://tsa.example.com is wanted.")
    certificate = env.get("COUNTERSIGN_TSA_CERTIFICATE") or ""
    if not certificate or not Path(certificate).is_file():
        problems.append(
            "COUNTERSIGN_TSA: COUNTERSIGN_TSA_CERTIFICATE has to name the file of certificates"
            " by which its time stamps are believed."
        )
    return address


def _path(env: Mapping[str, str], name: str) -> Path | None:
    return Path(env[name]).absolute() if env.get(name) else None


def _zone(env: Mapping[str, str], problems: list[str]) -> str:
    name = env.get("COUNTERSIGN_ZONE") or "Asia/Shanghai"
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        problems.append(f"COUNTERSIGN_ZONE={name}: there is no such time zone.")
    return name


def _hosts(env: Mapping[str, str], problems: list[str]) -> frozenset[str]:
    """`COUNTERSIGN_WEBHOOKS`: hosts, separated by commas."""
    found = [each.strip() for each in env.get("COUNTERSIGN_WEBHOOKS", "").split(",")]
    hosts = frozenset(each.lower() for each in found if each)
    for each in sorted(hosts):
        if place_of(f"http://{each}/") != each:
            problems.append(f"COUNTERSIGN_WEBHOOKS: {each} is no host, or host:port.")
    return hosts


def _smtp(env: Mapping[str, str], problems: list[str]) -> str:
    address = env.get("COUNTERSIGN_SMTP") or ""
    if address and urlsplit(address).scheme not in ("smtp", "smtps"):
        problems.append("COUNTERSIGN_SMTP: an address such as smtp://user:password@host:587.")
    return address


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def read_demo(home: Path) -> dict[str, object] | None:
    """What a demo home keeps of itself; None for any other."""
    path = home / DEMO_FILE
    if not path.exists():
        return None
    document = json.loads(path.read_text(encoding="utf-8"))
    return document if isinstance(document, dict) else None


def write_demo(home: Path, people: list[str]) -> dict[str, str]:
    """Mark a home as a demo: a random secret and random passwords, readable by its owner only."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    passwords = {person: secrets.token_urlsafe(9) for person in people}
    kept = read_demo(home) or {}
    secret = kept.get("secret") or secrets.token_urlsafe(48)
    _keep_demo(home, {"secret": secret, "passwords": passwords, "filled": False})
    return passwords


def filled_demo(home: Path) -> None:
    """Note that a demo home has everything in it."""
    _keep_demo(home, {**(read_demo(home) or {}), "filled": True})


def _keep_demo(home: Path, document: Mapping[str, object]) -> None:
    path = home / DEMO_FILE
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
