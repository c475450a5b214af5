"""A large body costs no more than its length."""

from time import process_time

import pytest

from web.api import bodies
from web.api.wrong import Wrong


def test_a_name_that_stands_twice_among_very_many_is_found_at_once() -> None:
    names = [f'"{n}":1' for n in range(60_000)]
    started = process_time()
    with pytest.raises(Wrong):
        bodies.read_json("{" + ",".join([*names, names[-1]]) + "}")
    assert process_time() - started < 5
