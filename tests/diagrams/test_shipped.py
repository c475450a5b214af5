"""The shipped diagrams: walked at random, and torn at random."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random

import pytest
from lxml import etree

import forms
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition, Undeployable
from engine.diagrams.layout import drawing_of
from engine.tokens import Run, rewind, targets
from tests.engine_tokens.nets import SEEDS, Answers

WORKFLOWS = Path(__file__).parents[2] / "workflows"
DIAGRAMS = sorted(WORKFLOWS.glob("*/*.bpmn"))
READ_ONCE = cache(forms.read)
READ = (".bpmn", ".form", ".csv")


def files_of(diagram: Path) -> dict[str, bytes]:
    return {
        each.name: each.read_bytes() for each in diagram.parent.iterdir() if each.suffix in READ
    }


class Chance(Answers):
    """A world that answers by chance: any condition may hold, any list has two people."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self.random = random

    def evaluate(self, expression: str, variables: Mapping[str, object]) -> object:
        return ["one", "two"]

    def holds(self, expression: str, variables: Mapping[str, object]) -> bool:
        return self.random.random() < 0.4


def walk(definition: Definition, seed: int) -> bool:
    """A random life, saved and read again at each step; whether it came to its end.

    By chance no condition may hold at a gateway whose conditions cover every case: then it stands.
    """
    random = Random(seed)
    world = Chance(random)
    run = Run.begin(definition.net, {}, world)
    passages = list(run.passages)
    for _ in range(120):
        assert not run.stuck()
        if run.done():
            assert run.save()[0]["tokens"] == []
            return True
        if run.halted():
            return False
        marking, scopes = json.loads(json.dumps(run.save()))
        run = Run.resume(definition.net, marking, scopes, world)
        assert [marking, scopes] == json.loads(json.dumps(run.save()))
        token = random.choice(run.open())
        if token.kind == "task" and random.random() < 0.1:
            offered = targets(passages, marking, token.key)
            for target in random.sample(offered, k=min(1, len(offered))):
                back = rewind(
                    definition.net, marking, scopes, passages, token.key, target.node, world
                )
                passages = [each for each in passages if each.id not in back.undone]
                run = back.run
        else:
            _act(
                run,
                token.kind,
                token.key,
                definition.events[token.node].message if token.kind == "message" else "",
            )
        passages += run.passages
    return False


def _act(run: Run, kind: str, key: str, message: str) -> None:
    match kind:
        case "timer":
            run.fire(key)
        case "message":
            assert run.deliver(message, {})
        case _:
            run.complete(key)


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda path: path.stem)
def test_no_way_through_a_shipped_diagram_gets_stuck(diagram: Path) -> None:
    definition = compile_definition(files_of(diagram), READ_ONCE)
    ended = 0
    for seed in range(20):
        ended += walk(definition, seed)
    assert ended > 2


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda path: path.stem)
def test_every_node_of_a_shipped_diagram_is_drawn(diagram: Path) -> None:
    definition = compile_definition(files_of(diagram), READ_ONCE)
    drawing = drawing_of(definition)
    assert drawing is not None
    drawn = {shape.id for shape in drawing.shapes}
    assert drawn >= {*definition.nodes, *definition.actions, *definition.events}
    assert all(shape.box.x + shape.box.width <= drawing.width for shape in drawing.shapes)


def torn(content: bytes, random: Random) -> bytes:
    """The diagram with a few elements or attributes dropped, doubled, swapped or made nonsense."""
    root = etree.fromstring(content)
    for _ in range(random.randint(1, 4)):
        elements = [each for each in root.iter() if each.getparent() is not None]
        one, other = random.choice(elements), random.choice(elements)
        match random.randint(0, 5):
            case 0:
                parent = one.getparent()
                assert parent is not None
                parent.remove(one)
            case 1 if one.attrib:
                del one.attrib[random.choice(list(one.attrib))]
            case 2 if one.attrib:
                name = random.choice(list(one.attrib))
                one.set(name, random.choice(["", "x", "${", "${1/0}", "-1", other.get("id", "y")]))
            case 3:
                one.tag = other.tag
            case 4:
                one.text = random.choice(["", "${x", "${a.b.c[9]}", "PT", "\u202e"])
            case _:
                one.append(etree.fromstring(etree.tostring(other)))
    return etree.tostring(root)


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda path: path.stem)
def test_a_torn_diagram_is_compiled_or_refused_in_words_never_worse(diagram: Path) -> None:
    files = files_of(diagram)
    told = 0
    for seed in range(SEEDS // 20):
        random = Random(seed)
        definition = compiled_or_refused({**files, diagram.name: torn(files[diagram.name], random)})
        if definition is None:
            told += 1
            continue
        told += bool(definition.warnings)
        drawing_of(definition)
        try:
            walk(definition, seed)
        except AssertionError:
            # It may well come to stand at a join now; what it must not do is fail otherwise.
            continue
    assert told


def compiled_or_refused(files: dict[str, bytes]) -> Definition | None:
    """None: refused, every problem with its element, rule and sentence."""
    try:
        return compile_definition(files, READ_ONCE)
    except Undeployable as error:
        told = [each.element and each.rule and each.message for each in error.problems]
    assert told
    assert all(told)
    return None
