"""What people are told when something is refused: every sentence whole in its language."""

import re

import pytest

from engine import refusals
from engine.refusals import NotPlain, Refused


def every(kind: type[Refused] = Refused) -> list[type[Refused]]:
    """Each refusal there is."""
    found = [each for below in kind.__subclasses__() for each in [below, *every(below)]]
    return [each for each in found if each.__module__ == refusals.__name__]


@pytest.mark.parametrize("verb", sorted(NotPlain._ENGLISH))
def test_a_verb_is_named_in_the_readers_language(verb: str) -> None:
    said = NotPlain(verb=verb)
    assert verb in said.sentence("zh")
    assert not re.search(r"[\u4e00-\u9fff]", said.sentence("en"))


@pytest.mark.parametrize("kind", every(), ids=lambda kind: str(kind.__name__))
def test_every_refusal_has_a_sentence_in_both_languages(kind: type[Refused]) -> None:
    assert kind.zh == "{message}" or re.search(r"[\u4e00-\u9fff]", kind.zh)
    english = " ".join((kind.__doc__ or "").split())
    assert not re.search(r"[\u4e00-\u9fff]", english)
    assert english.endswith((".", "}", "”", "!"))
