"""`countersign export --format package` and `verify` as they are typed; the call, and the page."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import Database, journal, queries
from tests.packages.conftest import Shelf
from tests.packages.made import House
from tests.packages.verifiers import SCRIPT, both, entries_of, packed, unpacked, with_entries
from tests.pages.visitors import Visitor, application
from web.cli import main
from web.packages import making

Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typed:
    """The command line."""
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "nowhere"))

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["countersign", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as exit:
            code = int(exit.code or 0)
        said = capsys.readouterr()
        return code, said.out, " ".join(said.err.split())

    return run


def at_home(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(database.home))
    monkeypatch.setenv("COUNTERSIGN_DATABASE", database.url)


def test_a_package_is_exported_and_verified(
    house: House, typed: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    request = house.ended()
    at_home(house.database, monkeypatch)
    monkeypatch.setattr(making, "WAIT", 60.0)
    file = tmp_path / "one.zip"
    code, out, err = typed("export", request["id"], "--format", "package", "-o", file, "--json")
    assert code == 0, err
    assert json.loads(out) == {
        "file": str(file), "requests": 1, "entries": 4, "format": "package", "key": house.key,
    }  # fmt: skip
    assert file.stat().st_mode & 0o077 == 0
    assert typed("verify", file)[0] == 0, "by the home's own keys"
    assert typed("verify", file, "--key", house.key)[0] == 0
    code, out, _ = typed("verify", file, "--json")
    assert json.loads(out)["verdict"] == "good"
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "nowhere"))
    assert typed("verify", file, "--key", house.key)[0] == 0, "without any home"
    assert not (tmp_path / "nowhere").exists()
    code, _, err = typed("verify", file, "--key", "ab" * 32)
    assert code == 3
    assert house.key in err


def test_a_tampered_home_exports_nothing(
    small: House, typed: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tests.support.tampering import rewrite, saying, unguard

    request = small.ended()
    small.package(request["id"])
    with small.database.write() as transaction:
        unguard(transaction)
        rewrite(transaction, request["id"], 2, saying(actor="somebody.else"))
    at_home(small.database, monkeypatch)
    file = tmp_path / "one.zip"
    code, out, err = typed("export", request["id"], "--format", "package", "-o", file)
    assert (code, out) == (1, "")
    assert f"Entry 2 of {request['id']}" in err
    assert not list(tmp_path.glob("*one.zip*"))


def test_verify_names_the_first_bad_entry(shelf: Shelf, typed: Typed, tmp_path: Path) -> None:
    files = unpacked(shelf.whole)
    found = entries_of(files)
    found[2]["given"]["input.comment"]["value"] = "changed"
    file = tmp_path / "bad.zip"
    file.write_bytes(packed(with_entries(files, found)))
    code, out, err = typed("verify", file, "--key", shelf.key)
    assert (code, out) == (1, "")
    assert f"Entry 3 of {shelf.request}" in err
    code, out, _ = typed("verify", file, "--key", shelf.key, "--json")
    assert code == 1
    assert json.loads(out)["first_bad_entry"]["seq"] == 3


@pytest.mark.parametrize("content", [None, b"", b"not a package", b"%PDF-1.7\n"])
def test_what_is_no_package_ends_with_two(
    typed: Typed, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    code, out, err = typed("verify", file, "--key", "ab" * 32)
    assert (code, out) == (2, "")
    assert err
    assert "Traceback" not in err


def test_the_script_ends_as_the_command_does(shelf: Shelf, tmp_path: Path) -> None:
    files = unpacked(shelf.whole)
    found = entries_of(files)
    del found[1]
    cases = {
        "whole.zip": (shelf.whole, shelf.key, 0),
        "unknown.zip": (shelf.whole, "ab" * 32, 3),
        "cut.zip": (packed(with_entries(files, found)), shelf.key, 1),
        "none.zip": (b"nothing", shelf.key, 2),
    }
    for name, (content, key, code) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        command = [sys.executable, "-O", str(SCRIPT), str(path), key]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == code, (name, done.stdout, done.stderr)
        assert done.stdout
        assert not done.stderr


def test_the_script_is_short_and_imports_nothing_of_ours() -> None:
    text = SCRIPT.read_text()
    assert len(text.splitlines()) <= 150
    assert not [line for line in text.splitlines() if line.startswith(("import e", "from e"))]


def test_a_package_comes_over_the_api(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "WAIT", 60.0)
    request = house.ended()
    path = f"/requests/{request['id']}/export"
    for who in ("business.officer", "gm", "auditor"):
        answer = house.by(who).get(path, format="package").ok()
        assert answer.headers["Content-Type"] == "application/zip"
        assert "attachment" in answer.headers["Content-Disposition"]
        assert both(answer.data, house.key)[0] == 0
    assert "facts" in entries_of(unpacked(answer.data))[0]["given"]
    house.by("tech.developer").get(path, format="package").no(404)
    house.by("admin").get(path, format="package").no(403)


def test_without_a_seal_the_api_says_so(small: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "WAIT", 0.1)
    (small.keys.folder / "seal.pem").unlink()
    request = small.asked()
    path = f"/requests/{request['id']}/export"
    answer = small.by("business.officer").get(path, format="package").no(503)
    assert "调度" in answer["detail"] or "scheduler" in answer["detail"]


def test_a_tampered_journal_is_a_conflict_in_words(small: House) -> None:
    from tests.support.tampering import unguard

    request = small.ended()
    with small.database.write() as transaction:
        unguard(transaction)
        transaction.execute("DELETE FROM journal WHERE chain = ? AND seq = 2", (request["id"],))
    path = f"/requests/{request['id']}/export"
    answer = small.by("auditor").get(path, format="package").no(409)
    assert "2" in answer["detail"]


def test_an_administrator_with_a_reason_gets_what_he_may_read(
    small: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = small.ended()
    path = f"/requests/{request['id']}/export"
    answer = small.by("admin").get(path, format="package", headers={"Comment": "audit"}).ok()
    assert both(answer.data, small.key)[0] == 0
    with small.database.read() as reader:
        last = queries.kept_history(reader, request["id"])[-1].entry
    assert last.body["verb"] == "look"


def test_the_page_gives_the_file_or_says_why_not(
    small: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "WAIT", 0.1)
    request = small.ended()
    app, path = application(small.database), f"/requests/{request['id']}/package"
    visitor = Visitor(app, small.database, "business.officer")
    assert path in visitor.get(f"/requests/{request['id']}").links("/requests/")
    answer = visitor.client.get(path)
    assert answer.status_code == 200
    assert both(answer.data, small.key)[0] == 0
    answer.close()
    with small.database.read() as reader:
        entry = journal.kept_entries(reader, "system")[-1].entry
    assert entry.body["via"] == "page"
    (small.keys.folder / "seal.pem").unlink()
    answer = visitor.client.get(path)
    assert answer.status_code == 503
    assert "签名" in answer.text
    stranger = Visitor(app, small.database, "tech.developer")
    assert stranger.client.get(path).status_code == 404
