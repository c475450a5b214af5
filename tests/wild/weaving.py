"""Diagrams woven at random out of everything that a diagram may have, each block in any other."""

import random
from dataclasses import dataclass
from itertools import pairwise

from tests.wild.drawing import drawn, way
from tests.wild.features.events import BESIDE, TRIGGERS

SIGNERS = ' v:collection="${signers}" v:elementVariable="signer"'
CONDITIONS = ("${amount > 500}", "${ok}", "${kind == 'a'}", "${not empty signers}")
LOOPS = (
    f'<multiInstanceLoopCharacteristics{SIGNERS} isSequential="true" />',
    f"<multiInstanceLoopCharacteristics{SIGNERS} />",
    "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
    "</multiInstanceLoopCharacteristics>",
    f"<multiInstanceLoopCharacteristics{SIGNERS}><completionCondition>"
    "${nrOfCompletedInstances &gt; 0}</completionCondition></multiInstanceLoopCharacteristics>",
)
WAITS = ("timer", "message", "signal", "condition")


@dataclass(frozen=True, slots=True)
class Block:
    """Elements with one way in and one way out."""

    text: str
    first: str
    last: str


class Weaver:
    """Weaves one diagram."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.made = 0

    def diagram(self, style: str = "camunda", size: int = 4) -> bytes:
        """A whole diagram; `size` is how deep blocks lie in one another."""
        block = self.line(size)
        body = f'<startEvent id="start" />{block.text}<endEvent id="end" />'
        body += way("start", block.first) + way(block.last, "end")
        if self.rng.random() < 0.3:
            body += self._handler()
        return drawn(body, style, beside=BESIDE)

    def line(self, size: int) -> Block:
        """A few blocks, one after the other."""
        blocks = [self.block(size - 1) for _ in range(self.rng.randint(1, 2 if size < 3 else 3))]
        text = "".join(block.text for block in blocks)
        for before, after in pairwise(blocks):
            text += way(before.last, after.first)
        return Block(text, blocks[0].first, blocks[-1].last)

    def block(self, size: int) -> Block:
        """Something small, or something with blocks in it."""
        small = (self._task, self._task, self._wait, self._service, self._throw)
        large = (self._choice, self._fork, self._either, self._rework, self._inner, self._call)
        make = self.rng.choice(small if size <= 0 else small + large)
        return make(size) if make in large else make(0)

    def _id(self, kind: str) -> str:
        self.made += 1
        return f"{kind}{self.made}"

    def _one(self, kind: str, tag: str, attributes: str = "", inner: str = "") -> Block:
        id = self._id(kind)
        return Block(f'<{tag} id="{id}" {attributes}>{inner}</{tag}>', id, id)

    def _task(self, size: int) -> Block:
        loop = self.rng.choice(LOOPS) if self.rng.random() < 0.25 else ""
        who = "${signer}" if "signers" in loop else self.rng.choice(("gm", "tech.lead", "${who}"))
        block = self._one("task", "userTask", f'v:assignee="{who}"', loop)
        return self._bordered(block) if self.rng.random() < 0.3 else block

    def _wait(self, size: int) -> Block:
        trigger = TRIGGERS[self.rng.choice(WAITS)]
        return self._one("wait", "intermediateCatchEvent", "", trigger)

    def _throw(self, size: int) -> Block:
        trigger = TRIGGERS[self.rng.choice(("message", "signal", "escalation"))]
        return self._one("throw", "intermediateThrowEvent", "", trigger)

    def _service(self, size: int) -> Block:
        block = self._one("service", "serviceTask", 'v:type="external" v:topic="t"')
        return self._bordered(block, "error") if self.rng.random() < 0.3 else block

    def _bordered(self, block: Block, kind: str = "") -> Block:
        """With an event at its border, whose way leads to an end of its own or back to the line."""
        kind = kind or self.rng.choice((*WAITS, "error", "escalation", "timer-cycle"))
        stops = kind == "error" or (kind != "timer-cycle" and self.rng.random() < 0.5)
        event, other = self._id("border"), self._id("task")
        text = (
            f'<boundaryEvent id="{event}" attachedToRef="{block.first}"'
            f' cancelActivity="{str(stops).lower()}">{TRIGGERS[kind]}</boundaryEvent>'
            f'<userTask id="{other}" v:assignee="gm" />' + way(event, other)
        )
        if not stops or self.rng.random() < 0.5:
            end = self._id("end")
            text += f'<endEvent id="{end}" />' + way(other, end)
            return Block(block.text + text, block.first, block.last)
        meet = self._id("meet")
        text += f'<exclusiveGateway id="{meet}" />' + way(other, meet) + way(block.last, meet)
        return Block(block.text + text, block.first, meet)

    def _gates(self, tag: str, size: int, conditions: bool, default: bool) -> Block:
        split, join = self._id("split"), self._id("join")
        ways = [self.line(size) for _ in range(self.rng.randint(2, 3))]
        text = "".join(block.text + way(block.last, join) for block in ways)
        for number, block in enumerate(ways):
            bare = not conditions or (default and number == 0)
            text += way(split, block.first, "" if bare else self.rng.choice(CONDITIONS))
        named = f' default="{split}_{ways[0].first}"' if default else ""
        gates = f'<{tag} id="{split}"{named} /><{tag} id="{join}" />'
        return Block(gates + text, split, join)

    def _choice(self, size: int) -> Block:
        return self._gates("exclusiveGateway", size, True, self.rng.random() < 0.7)

    def _fork(self, size: int) -> Block:
        return self._gates("parallelGateway", size, False, False)

    def _either(self, size: int) -> Block:
        return self._gates("inclusiveGateway", size, True, self.rng.random() < 0.8)

    def _rework(self, size: int) -> Block:
        meet, ask, block = self._id("meet"), self._id("ask"), self.line(size)
        text = f'<exclusiveGateway id="{meet}" /><exclusiveGateway id="{ask}" />{block.text}'
        # A rework needs somebody in it, else it is no more than a circle.
        desk = self._id("task")
        text += f'<userTask id="{desk}" v:assignee="gm" />'
        text += way(meet, block.first) + way(block.last, desk) + way(desk, ask)
        out = self._id("out")
        text += f'<task id="{out}" />' + way(ask, meet, "${again}") + way(ask, out, "${not again}")
        return Block(text, meet, out)

    def _inner(self, size: int) -> Block:
        id, start, end, block = self._id("sub"), self._id("s"), self._id("e"), self.line(size)
        kind = self.rng.choice(("", "", "error", "escalation", "signal"))
        raises = TRIGGERS[kind] if kind else ""
        loop = self.rng.choice(LOOPS) if self.rng.random() < 0.3 else ""
        handler = self._handler() if self.rng.random() < 0.3 else ""
        text = (
            f'<subProcess id="{id}">{loop}<startEvent id="{start}" />{block.text}'
            f'<endEvent id="{end}">{raises}</endEvent>{handler}'
            + way(start, block.first)
            + way(block.last, end)
            + "</subProcess>"
        )
        made = Block(text, id, id)
        return self._bordered(made) if kind == "error" or self.rng.random() < 0.4 else made

    def _handler(self) -> str:
        kind = self.rng.choice((*WAITS, "error-any", "escalation-any"))
        stops = kind == "error-any" or self.rng.random() < 0.5
        id, start, task, end = (self._id(each) for each in ("handler", "on", "task", "e"))
        return (
            f'<subProcess id="{id}" triggeredByEvent="true"><startEvent id="{start}"'
            f' isInterrupting="{str(stops).lower()}">{TRIGGERS[kind]}</startEvent>'
            f'<userTask id="{task}" v:assignee="tech.manager" /><endEvent id="{end}" />'
            + way(start, task)
            + way(task, end)
            + "</subProcess>"
        )

    def _call(self, size: int) -> Block:
        loop = self.rng.choice(LOOPS) if self.rng.random() < 0.25 else ""
        inner = '<extensionElements><v:in variables="all" /></extensionElements>'
        called = self.rng.choice(("child", "child", "absent"))
        block = self._one("call", "callActivity", f'calledElement="{called}"', inner + loop)
        return self._bordered(block) if self.rng.random() < 0.3 else block
