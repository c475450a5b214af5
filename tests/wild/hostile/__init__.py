"""Files as a determined outsider would write them, made by rule: none is kept as a file."""

from collections.abc import Callable, Iterator, Mapping

from tests.wild.hostile.forms import forms
from tests.wild.hostile.made import Files, Hostile
from tests.wild.hostile.markup import foreign, xml
from tests.wild.hostile.references import names
from tests.wild.hostile.shapes import shapes
from tests.wild.hostile.tables import tables
from tests.wild.hostile.texts import code, weights

GROUPS: Mapping[str, Callable[[], Iterator[Hostile]]] = {
    "xml": xml,
    "foreign": foreign,
    "names": names,
    "shapes": shapes,
    "code": code,
    "weights": weights,
    "forms": forms,
    "tables": tables,
}
"""The hostile files by what they abuse."""


def every() -> Iterator[Hostile]:
    """All of them."""
    for group in GROUPS.values():
        yield from group()


__all__ = ["GROUPS", "Files", "Hostile", "every"]
