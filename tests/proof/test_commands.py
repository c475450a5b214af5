"""`countersign key` and `seal` as they are typed, and the scheduler as a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.proof.heads import fingerprint, read_head, signed_by
from storage import Database, heads_file, journal, sealing
from storage.keys import Keys
from tests.proof.conftest import assert_whole, write
from web.cli import main
from web.door import wall_clock

CLONE = Path(__file__).parents[2]
Typed = Callable[..., tuple[int, str, str]]
"""What is typed after `countersign` -> exit code, stdout, stderr."""


@pytest.fixture
def typed(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Typed:
    """The command line, in a home with three entries and no key yet."""
    write(database, "r1", 3)
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path))
    monkeypatch.setenv("COUNTERSIGN_DATABASE", database.url)

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["countersign", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as exit:
            code = int(exit.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def _sealed(typed: Typed, count: int) -> dict[str, object]:
    """The newest head, once it covers so many (on PostgreSQL others hold it up)."""
    for _ in range(100):
        code, out, err = typed("seal", "--json")
        assert code == 0, err
        document: dict[str, object] = json.loads(out)
        if document["sealed"] == count:
            return document
        time.sleep(0.1)
    raise AssertionError("not everything was sealed")


def test_only_a_home_without_administrators_is_told_to_add_one(typed: Typed) -> None:
    assert "first administrator" in "".join(typed("init")[1:])
    typed("org", "import", CLONE / "workflows" / "demo" / "organisation.yaml")
    assert "first administrator" not in "".join(typed("init")[1:])


def test_a_key_from_its_making_to_its_successor(typed: Typed, database: Database) -> None:
    code, _, err = typed("seal")
    assert (code, "`countersign init` makes one" in err) == (2, True)
    assert typed("init")[0] == 0
    ((known,),) = json.loads(typed("key", "list", "--json")[1]).values()
    assert (known["current"], known["how"], known["trusted"]) == (True, "made", True)
    assert typed("key", "show")[1] == known["public"] + "\n"
    assert typed("key", "show", known["fingerprint"][:8])[1] == known["public"] + "\n"
    document = _sealed(typed, 3)
    assert signed_by(read_head(document["head"]), bytes.fromhex(known["public"]))
    rotated = json.loads(typed("key", "rotate", "--json")[1])
    assert rotated["old"] == known["fingerprint"]
    newer = _sealed(typed, 4)
    assert read_head(newer["head"]).key == rotated["new"]
    code, out, _ = typed("key", "list")
    assert code == 0
    assert [line.split()[1] for line in out.splitlines()] == ["current", "made"]
    assert typed("init")[0] == 0
    assert typed("key", "show")[1] == rotated["public"] + "\n"
    with database.read() as reader:
        assert journal.entries(reader, "system")[-1].body["verb"] == "key.rotated"


def test_another_key_is_trusted_by_its_file_or_its_digits(typed: Typed, tmp_path: Path) -> None:
    assert typed("init")[0] == 0
    one, two = "ab" * 32, "cd" * 32
    (tmp_path / "two.pub").write_text(two + "\n")
    assert typed("key", "trust", one)[0] == 0
    code, out, _ = typed("key", "trust", tmp_path / "two.pub", "--json")
    assert json.loads(out) == {"fingerprint": fingerprint(bytes.fromhex(two)), "public": two}
    (tmp_path / "none.pub").write_text("no key")
    for wrong, says in (
        (tmp_path / "none.pub", "64 hexadecimal digits are wanted"),
        (tmp_path / "missing.pub", "no public key, and no file"),
        (tmp_path, "no public key, and no file"),
        ("x" * 5000, "no public key, and no file"),
        ("\0", "no public key, and no file"),
    ):
        code, out, err = typed("key", "trust", wrong)
        assert (code, out) == (2, "")
        assert says in " ".join(err.split())
    assert len(json.loads(typed("key", "list", "--json")[1])["keys"]) == 3


@pytest.mark.parametrize(("named", "says"), [("zz", "hexadecimal"), ("0" * 64, "no such key")])
def test_a_key_that_is_not_there_is_told(typed: Typed, named: str, says: str) -> None:
    assert typed("init")[0] == 0
    code, out, err = typed("key", "show", named)
    assert (code, out) == (2, "")
    assert says in err


def test_a_key_that_others_may_read_is_refused(typed: Typed, tmp_path: Path) -> None:
    assert typed("init")[0] == 0
    (tmp_path / "keys" / "seal.pem").chmod(0o644)
    for words in (("seal",), ("key", "list"), ("key", "rotate"), ("init",)):
        code, _, err = typed(*words)
        assert code in (1, 2)
        assert "Others may read the key" in " ".join(err.split())
        assert "Traceback" not in err


def test_keys_and_heads_can_lie_elsewhere(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_KEYS", str(tmp_path / "safe" / "keys"))
    monkeypatch.setenv("COUNTERSIGN_HEADS", str(tmp_path / "worm" / "log.jsonl"))
    assert typed("init")[0] == 0
    _sealed(typed, 3)
    assert (tmp_path / "safe" / "keys" / "seal.pem").exists()
    assert [head.size for head in heads_file.read_all(tmp_path / "worm" / "log.jsonl")[0]][-1] == 3
    assert not (tmp_path / "keys").exists()
    assert not (tmp_path / "heads").exists()


def test_a_copy_that_was_brought_back_goes_on_by_an_act(
    sqlite_home: Database, tmp_path: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that was put back by other means than `restore`."""
    monkeypatch.setenv("COUNTERSIGN_DATABASE", sqlite_home.url)
    write(sqlite_home, "r1", 3)
    assert typed("init")[0] == 0
    assert typed("seal", "--restored")[0] == 2, "nothing was sealed yet"
    before = json.loads(typed("seal", "--json")[1])["sealed"]
    copy = tmp_path / "copy.db"
    with sqlite_home._cursor() as cursor:
        cursor.execute("VACUUM INTO ?", (str(copy),))
    write(sqlite_home, "r1", 4)
    assert typed("seal")[0] == 0
    monkeypatch.setenv("COUNTERSIGN_DATABASE", f"sqlite:///{copy}")
    code, _, err = typed("seal")
    assert code == 1
    assert "countersign seal --restored" in " ".join(err.split())
    code, out, err = typed("seal", "--restored", "--json")
    assert code == 0, err
    head = json.loads(out)["head"]
    assert (head["epoch"], head["size"]) == (1, before + 1)
    old = Database(f"sqlite:///{copy}", tmp_path)
    assert_whole(old)
    old.close()


def test_a_scheduler_that_is_run_once_seals_too(
    typed: Typed, sqlite_home: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_DATABASE", sqlite_home.url)
    monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", "x" * 40)
    write(sqlite_home, "r9", 1)
    assert typed("scheduler", "--once") == (0, "", "0 timers fired.\n")
    assert typed("init")[0] == 0
    assert typed("scheduler", "--once") == (0, "", "0 timers fired.\n")
    with sqlite_home.read() as reader:
        state = sealing.state(reader)
    assert state.sealed == state.leaves > 0


def test_the_scheduler_seals_within_five_seconds(database: Database, tmp_path: Path) -> None:
    """What is committed while it runs is under a signed head on the disk soon after."""
    keys = Keys(database.home / "keys")
    keys.ensure()
    write(database, "r1", 1)
    environ = {
        **os.environ,
        "COUNTERSIGN_HOME": str(database.home),
        "COUNTERSIGN_DATABASE": database.url,
        "COUNTERSIGN_SECRET_KEY": "x" * 40,
    }
    code = "from web.cli import main; import sys; sys.argv = ['countersign', 'scheduler']; main()"
    scheduler = subprocess.Popen([sys.executable, "-c", code], env=environ, cwd=CLONE)
    try:
        sealing.sealed_by_now(database, None, wall_clock(), "r1", 1, 60)
        write(database, "r1", 3)
        began = time.monotonic()
        head = sealing.sealed_by_now(database, None, wall_clock(), "r1", 4, 60)
        # Three seconds and its work; more only where the machine has a lot else to do.
        assert time.monotonic() - began < 15
        assert head in heads_file.read_all(database.heads)[0]
    finally:
        scheduler.send_signal(signal.SIGTERM)
        assert scheduler.wait(60) == 0
