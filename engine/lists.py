"""Lists that are deployed beside a diagram as CSV files: options to choose from, rows to read."""

import csv
import io
from collections.abc import Mapping
from functools import lru_cache

from engine.diagrams.definition import Definition


def list_rows(definition: Definition, name: str) -> Mapping[str, Mapping[str, str]]:
    """The rows of `<name>.csv` by their first column; empty if there is no such list."""
    data = definition.files.get(f"{name}.csv")
    return _read(data) if data is not None else {}


@lru_cache(maxsize=64)
def _read(data: bytes) -> Mapping[str, Mapping[str, str]]:
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    first = (reader.fieldnames or [""])[0]
    return {row[first]: dict(row) for row in reader if row.get(first)}
