"""Where a run takes place: its scratch folder, and what the figures have to be read with."""

import os
import platform
import sqlite3
import tempfile
from importlib.metadata import version
from pathlib import Path

MEMORY = ("tmpfs", "ramfs")


def scratch() -> Path:
    """The folder for scratch files: the usual one for temporary files (TMPDIR), unless that lies
    in memory, where nothing is durable."""
    usual = Path(tempfile.gettempdir())
    other = Path("/var/tmp")  # noqa: S108 - a fresh folder with a random name is made in it
    if file_system(usual) in MEMORY and other.is_dir() and os.access(other, os.W_OK):
        return other
    return usual


def file_system(folder: Path) -> str:
    """The kind of file system that a folder lies on; empty where the machine does not say."""
    try:
        mounts = Path("/proc/mounts").read_text().splitlines()
    except OSError:
        return ""
    found, kind = Path("/"), ""
    for line in mounts:
        _, place, type, *_ = line.split(" ")
        if folder.resolve().is_relative_to(place) and Path(place).is_relative_to(found):
            found, kind = Path(place), type
    return kind


def environment(folder: Path) -> dict[str, object]:
    """What the figures were measured on."""
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "spiffworkflow": version("SpiffWorkflow"),
        "sqlalchemy": version("SQLAlchemy"),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processors": os.cpu_count(),
        "load": [round(each, 2) for each in os.getloadavg()],
        "file_system": file_system(folder.parent),
        "durability": "WAL, synchronous=FULL",
    }
