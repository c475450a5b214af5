"""Heads leave by mail and for a real time stamping authority (openssl's), behind a local server."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from threading import Thread
from zoneinfo import ZoneInfo

import pytest

from engine.proof.heads import Head, read_line, signed_by
from storage import Database
from storage.keys import Keys
from storage.witnesses import keep_stamp, stamps, witness
from tests.proof.conftest import NOW, all_sealed, write
from web import stamping, witnessing
from web.settings import BadSettings, Settings, read
from web.stamping import NotStamped

SHANGHAI = ZoneInfo("Asia/Shanghai")
CONFIG = """
[tsa]
dir = {folder}
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
[extensions]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[req]
distinguished_name = name
prompt = no
[name]
CN = unused
"""


def _settings(database: Database, **others: object) -> Settings:
    settings = Settings(home=database.home, database=database.url, secret_key="x" * 40)
    return replace(settings, **others)  # type: ignore[arg-type]


# When a head is sent.


def test_a_head_is_sent_each_hour_in_which_the_log_has_grown_and_each_day(
    database: Database, keys: Keys
) -> None:
    sent: list[int] = []

    def send(_ordinal: int, head: Head) -> None:
        sent.append(head.size)

    def at(hours: float) -> Head | None:
        return witness(database, "mailed", NOW + timedelta(hours=hours), SHANGHAI, send)

    assert at(0) is None, "there is no head yet"
    write(database, "r1", 2)
    all_sealed(database, keys, 2)
    assert at(0) is not None
    assert at(0.1) is None
    write(database, "r1", 1)
    all_sealed(database, keys, 3)
    assert at(0.9) is None, "an hour has not passed"
    assert at(1) is not None
    assert at(5) is None, "the log has not grown"
    assert at(14.9) is None
    assert at(15) is not None, "a day has begun in Shanghai (16:00 UTC)"
    assert at(15.5) is None
    assert sent == [2, 3, 3]


def test_of_several_schedulers_one_sends(database: Database, keys: Keys) -> None:
    write(database, "r1", 2)
    all_sealed(database, keys, 2)
    sent: list[int] = []
    machines = [Database(database.url, database.home) for _ in range(4)]

    def once(machine: Database) -> None:
        witness(machine, "mailed", NOW, SHANGHAI, lambda _, head: sent.append(head.size))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(once, machines))
    assert sent == [2]
    for machine in machines:
        machine.close()


def test_what_could_not_be_sent_is_tried_again_later(database: Database, keys: Keys) -> None:
    write(database, "r1", 2)
    all_sealed(database, keys, 2)
    tried: list[datetime] = []
    now = NOW

    def send(_ordinal: int, _head: Head) -> None:
        tried.append(now)
        if len(tried) < 3:
            raise OSError("no way")

    once = witnessing._patient(database, "mailed", SHANGHAI, send)
    for minutes in range(0, 20, 2):
        now = NOW + timedelta(minutes=minutes)
        once(now)
    assert [(each - NOW).total_seconds() / 60 for each in tried] == [0, 6, 12]


def test_the_mail_carries_the_head(
    database: Database, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(database, "r1", 2)
    head = all_sealed(database, keys, 2)
    took: list[EmailMessage] = []
    monkeypatch.setattr(witnessing, "deliverer", lambda address: took.append)
    settings = _settings(
        database, smtp="smtp://mail.example", heads_mail="audit@mail.example", mail_from="a@b.c"
    )
    ((name, once),) = witnessing.witnesses(database, settings)
    once(NOW)
    once(NOW)
    (mail,) = took
    assert (name, mail["To"], mail["From"]) == ("mailed", "audit@mail.example", "a@b.c")
    line = next(each for each in mail.get_content().splitlines() if each.startswith("{"))
    assert read_line(line.encode()) == head
    assert signed_by(read_line(line.encode()), keys.publics()[head.key])


# The time stamps.


@pytest.fixture(scope="session")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a time stamping authority: root.pem, tsa.pem, tsa.key, tsa.cnf."""
    openssl = which("openssl")
    if openssl is None:
        pytest.fail("openssl is needed: it is the time stamping authority of these tests.")
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    for name, subject, extensions, signed in (
        ("root", "/CN=Root", "root", ""),
        ("tsa", "/CN=Stamps", "extensions", "-CA root.pem -CAkey root.key"),
        ("other", "/CN=Other", "root", ""),
    ):
        command = (
            f"{openssl} req -x509 -newkey rsa:2048 -nodes -sha256 -days 30 -config tsa.cnf"
            f" -subj {subject} -extensions {extensions} -keyout {name}.key -out {name}.pem {signed}"
        )
        subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return folder


@contextmanager
def _serving(folder: Path, spoil: bytes = b"") -> Iterator[str]:
    class Authority(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            (folder / "query").write_bytes(query)
            command = (
                "openssl ts -reply -queryfile query -signer tsa.pem -inkey tsa.key"
                " -config tsa.cnf -section tsa"
            )
            reply = subprocess.run(
                command.split(), cwd=folder, check=True, capture_output=True
            ).stdout
            self.send_response(200)
            self.end_headers()
            self.wfile.write(spoil or reply)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Authority)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_head_is_stamped_by_an_authority(
    database: Database, keys: Keys, tsa: Path, tmp_path: Path
) -> None:
    write(database, "r1", 2)
    head = all_sealed(database, keys, 2)
    with _serving(tsa) as url:
        settings = _settings(database, tsa=url, tsa_certificate=tsa / "root.pem")
        ((name, once),) = witnessing.witnesses(database, settings)
        once(NOW)
        once(NOW)
    with database.read() as reader:
        (stamp,) = stamps(reader)
    assert (name, stamp.head, stamp.ordinal) == ("stamped", head, 1)
    assert stamp.authority == "127.0.0.1"
    assert abs(stamp.at - datetime.now(UTC)) < timedelta(minutes=1)
    trusted = stamping.certificates(tsa / "root.pem")
    assert stamping.verify(stamp.token, head, trusted) == stamp.at
    # And with a tool that is not ours, as docs/proof.md says.
    (tmp_path / "head.json").write_bytes(stamping.stamped(head))
    (tmp_path / "head.tsr").write_bytes(stamp.token)
    command = f"openssl ts -verify -in head.tsr -data head.json -CAfile {tsa / 'root.pem'}"
    said = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False)
    assert b"Verification: OK" in said.stdout + said.stderr


def test_a_stamp_over_another_head_or_by_another_authority_is_not_believed(
    database: Database, keys: Keys, tsa: Path
) -> None:
    write(database, "r1", 2)
    head = all_sealed(database, keys, 2)
    trusted = stamping.certificates(tsa / "root.pem")
    with _serving(tsa) as url:
        token, _ = stamping.ask(url, head, trusted)
        with pytest.raises(NotStamped, match="can't be believed"):
            stamping.ask(url, head, stamping.certificates(tsa / "other.pem"))
    with pytest.raises(NotStamped, match="can't be believed"):
        stamping.verify(token, replace(head, size=3), trusted)
    with pytest.raises(NotStamped, match="can't be believed"):
        stamping.verify(token, head, trusted, nonce=5)
    with pytest.raises(NotStamped, match="can't be believed"):
        stamping.verify(token[:-20], head, trusted)
    for spoil in (b"nothing", b"<html>", token):
        with _serving(tsa, spoil) as url, pytest.raises(NotStamped):
            stamping.ask(url, head, trusted)


def test_an_authority_that_does_not_answer_holds_up_nothing(
    database: Database, keys: Keys, tsa: Path
) -> None:
    write(database, "r1", 2)
    all_sealed(database, keys, 2)
    settings = _settings(database, tsa="http://127.0.0.1:9/", tsa_certificate=tsa / "root.pem")
    ((_, once),) = witnessing.witnesses(database, settings)
    once(NOW)
    with database.read() as reader:
        assert stamps(reader) == []


def test_a_head_keeps_its_first_stamp(database: Database, keys: Keys) -> None:
    write(database, "r1", 2)
    all_sealed(database, keys, 2)
    for token in (b"a", b"b"):
        with database.write() as transaction:
            keep_stamp(transaction, 1, at=NOW, authority="x", token=token)
    with database.read() as reader:
        assert [each.token for each in stamps(reader)] == [b"a"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"COUNTERSIGN_HEADS_MAIL": "nobody"}, "one mail address"),
        ({"COUNTERSIGN_HEADS_MAIL": "a@b.c, d@e.f"}, "one mail address"),
        ({"COUNTERSIGN_HEADS_MAIL": "a@b.c"}, "COUNTERSIGN_SMTP, not set"),
        ({"COUNTERSIGN_TSA": "ftp://x/"}, "COUNTERSIGN_TSA: an address"),
        ({"COUNTERSIGN_TSA": "https://x/"}, "COUNTERSIGN_TSA_CERTIFICATE has to name"),
    ],
)
def test_what_is_wrong_with_the_settings_is_told(
    tmp_path: Path, given: dict[str, str], says: str
) -> None:
    with pytest.raises(BadSettings, match=says):
        read({"COUNTERSIGN_HOME": str(tmp_path), "COUNTERSIGN_SECRET_KEY": "x" * 40, **given})


def test_a_file_without_a_certificate_is_told(tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("nothing")
    for name in ("none.pem", "missing.pem"):
        with pytest.raises(NotStamped, match="no certificate"):
            stamping.certificates(tmp_path / name)
