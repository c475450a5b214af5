"""Processes of real offices go the ways that their authors meant."""

import pytest

from tests.wild.businesses import EVERY, Business
from tests.wild.businesses.readings import readings
from tests.wild.businesses.semantics import semantics
from tests.wild.telling import Told

WAYS = [
    pytest.param(business, way, id=f"{business.key}: {way}")
    for business in [*(each() for each in EVERY), *readings(), *semantics()]
    for way in business.ways
]


@pytest.mark.parametrize(("business", "way"), WAYS)
def test_a_request_takes_the_way_that_was_meant(business: Business, way: str) -> None:
    Told(business).tell(business.ways[way])
