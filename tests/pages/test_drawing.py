"""The diagram as a picture made by the server."""

import pytest

from tests.workflows.organised import keys, shipped
from web.drawing.texts import lines


def test_names_break_between_chinese_characters_and_at_spaces() -> None:
    assert lines("上线实施与回退", 60, 12) == ["上线实施与", "回退"]
    assert lines("Confirm the specification", 90, 12) == ["Confirm the", "specification"]
    assert lines("", 60, 12) == []


def test_a_stop_is_never_the_first_of_a_line() -> None:
    assert lines("变更已确认，执行", 60, 12)[1].startswith("，") is False


@pytest.mark.parametrize("key", keys())
def test_every_shipped_process_can_be_drawn(key: str) -> None:
    from engine.diagrams.layout import drawing_of

    drawing = drawing_of(shipped(key))
    assert drawing is not None
    assert {shape.id for shape in drawing.shapes} >= set(shipped(key).nodes)
