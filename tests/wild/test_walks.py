"""Whatever deploys moves: to an end, an incident, or a wait that names what it waits for.

The shipped processes' walks are tests/workflows/test_walks.py.
"""

import os
from functools import cache

import pytest

import forms
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from tests.wild.businesses import EVERY, Business
from tests.wild.features import KINDS, child, family
from tests.wild.telling import definitions
from tests.wild.walker import walk
from tests.wild.weaving import Weaver

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
SEEDS = range(40 if SOAK else 4)
STYLES = ("camunda", "activiti", "flowable", "operaton")


@cache
def called(style: str) -> Definition:
    """The process that the family's callers call."""
    return compile_definition({"child.bpmn": child(style)}, forms.read)


@pytest.mark.parametrize("style", STYLES if SOAK else ("camunda", "activiti"))
@pytest.mark.parametrize("kind", KINDS)
def test_every_feature_of_every_vendor_moves(kind: str, style: str) -> None:
    for _, diagram in family(kind, style):
        definition = compile_definition({"p.bpmn": diagram}, forms.read)
        for seed in SEEDS:
            walk([definition, called(style)], seed)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_feature_of_every_vendor_deploys(kind: str, style: str) -> None:
    for _, diagram in family(kind, style):
        assert compile_definition({"p.bpmn": diagram}, forms.read).key == "p"


@pytest.mark.parametrize("begin", range(0, 2_000 if SOAK else 60, 10))
def test_whatever_is_woven_of_all_this_moves(begin: int) -> None:
    for seed in range(begin, begin + 10):
        diagram = Weaver(seed).diagram(STYLES[seed % 4])
        definition = compile_definition({"p.bpmn": diagram}, forms.read)
        for walker in range(3):
            walk([definition, called("camunda")], walker, steps=60)


@pytest.mark.parametrize("business", [each() for each in EVERY], ids=lambda each: each.key)
def test_every_business_moves(business: Business) -> None:
    for seed in SEEDS:
        walk(definitions(business), seed)
