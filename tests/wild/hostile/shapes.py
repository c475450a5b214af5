"""Diagrams that lead nowhere, round and round, or into themselves."""

from collections.abc import Iterator

from tests.wild.drawing import drawn, line, user, way, ways
from tests.wild.features.events import TRIGGERS
from tests.wild.hostile.made import Hostile, one, plain


def shapes() -> Iterator[Hostile]:
    """Diagrams that lead nowhere, round and round, or into themselves."""
    timer = TRIGGERS["timer"]
    yield one(
        "a border event on itself",
        drawn(line("a") + f'<boundaryEvent id="b" attachedToRef="b">{timer}</boundaryEvent>'),
        refused=False,
    )
    pair = "".join(
        f'<boundaryEvent id="{a}" attachedToRef="{b}">{timer}</boundaryEvent>'
        for a, b in (("b", "c"), ("c", "b"))
    )
    yield one("border events on one another", drawn(line("a") + pair), refused=False)
    yield one(
        "a border event on a gateway",
        drawn(
            '<startEvent id="s" /><exclusiveGateway id="g" /><endEvent id="e" />'
            f'<boundaryEvent id="b" attachedToRef="g">{timer}</boundaryEvent>'
            + ways("s > g > e", "b > e")
        ),
    )
    lanes = '<laneSet id="l"><lane id="l1"><flowNodeRef>l1</flowNodeRef><childLaneSet id="l">'
    lanes += '<lane id="l1"><flowNodeRef>a</flowNodeRef></lane></childLaneSet></lane></laneSet>'
    yield one("lanes in themselves", drawn(line("a") + lanes), refused=False)
    yield one("a task into itself", drawn(line("a") + way("a", "a")), refused=False)
    gate = '<startEvent id="s" /><exclusiveGateway id="g" />'
    yield one("a gateway into itself", drawn(gate + way("s", "g") + way("g", "g")))
    yield one(
        "gateways in a ring",
        drawn(
            '<startEvent id="s" /><exclusiveGateway id="g" /><exclusiveGateway id="h" />'
            + ways("s > g > h > g")
        ),
    )
    yield one(
        "pass-through tasks in a ring",
        drawn('<startEvent id="s" /><task id="g" /><task id="h" />' + ways("s > g > h > g")),
    )
    bomb = "".join(f'<parallelGateway id="g{n}" />' for n in range(30))
    forks = "".join(
        way(f"g{n}", f"g{n + 1}").replace(f'id="g{n}_', f'id="{c}{n}_')
        for n in range(29)
        for c in "xy"
    )
    yield one(
        "a fork bomb",
        drawn(
            '<startEvent id="s" />'
            + bomb
            + '<endEvent id="e" />'
            + forks
            + ways("s > g0", "g29 > e")
        ),
        refused=False,
    )
    bomb = "".join(f'<task id="g{n}" />' for n in range(30))
    yield one(
        "a fork bomb of tasks",
        drawn(
            '<startEvent id="s" />'
            + bomb
            + '<endEvent id="e" />'
            + forks
            + ways("s > g0", "g29 > e")
        ),
        refused=False,
    )
    ring = '<startEvent id="s" /><parallelGateway id="f" /><exclusiveGateway id="m" />'
    ring += '<endEvent id="e" />'
    yield one(
        "a fork that feeds itself", drawn(ring + ways("s > m > f > m", "f > e")), refused=False
    )
    flows = "".join(way("start", "a").replace('"start_a"', f'"f{n}"') for n in range(4_000))
    yield one("thousands of flows between two nodes", drawn(line("a") + flows), refused=False)
    fan = "".join(user(f"t{n}") + way("g", f"t{n}") for n in range(1_500))
    yield one(
        "a fan of 1,500",
        drawn('<startEvent id="s" /><parallelGateway id="g" />' + fan + way("s", "g")),
        refused=False,
    )
    chain = [f"t{n}" for n in range(3_000)]
    yield one("a chain of 3,000", drawn(line(*chain)), refused=False)
    passes = "".join(f'<task id="t{n}" />' for n in range(3_000))
    yield one(
        "3,000 steps in one",
        drawn('<startEvent id="s" />' + passes + ways(" > ".join(["s", *chain]))),
        refused=False,
    )
    inclusive = "".join(f'<inclusiveGateway id="i{n}" />' for n in range(300))
    net = "".join(
        way(f"i{n}", f"i{m}", "${true}")
        for n in range(300)
        for m in (n + 1, n + 2, n + 5)
        if m < 300
    )
    yield one(
        "300 inclusive gateways",
        drawn(
            '<startEvent id="s" /><endEvent id="e" />'
            + inclusive
            + net
            + ways("s > i0", "i299 > e")
        ),
        refused=False,
    )
    deep = ""
    for n in range(55):
        deep = f'<subProcess id="s{n}"><startEvent id="b{n}" />{deep}</subProcess>'
    yield one(
        "55 sub-processes in one another",
        drawn('<startEvent id="s" />' + deep + way("s", "s54")),
        refused=False,
    )
    nested = f'<process id="q" isExecutable="true">{line("b")}</process>'
    yield one("processes in one another", drawn(line("a") + nested), refused=False)
    yield one(
        "definitions in a process",
        drawn(line("a") + plain().decode().partition("\n")[2]),
        refused=False,
    )
    middle = drawn(line("a") + '<startEvent id="t" />' + ways("a > t"))
    yield one("a start in the middle", middle, refused=False)
    yield one("a way out of the end", drawn(line("a") + way("end", "a")))
    over = (
        f'<subProcess id="s">{line("b").replace("start", "s2").replace("end", "e2")}</subProcess>'
    )
    yield one("a flow across a border", drawn(line("a") + over + ways("a > b")))
    yield one("a flow to its process", drawn(line("a") + ways("a > p")))
    inner = '<subProcess id="s"><startEvent id="y" /></subProcess>'
    inner = f'<subProcess id="s"><startEvent id="x" />{inner}</subProcess>'
    yield one("a sub-process within itself", drawn(line("a") + inner))
    link = '<linkEventDefinition name="l" />'
    yield one(
        "links in a ring",
        drawn(
            f'<startEvent id="s" /><intermediateThrowEvent id="t">{link}</intermediateThrowEvent>'
            f'<intermediateCatchEvent id="c">{link}</intermediateCatchEvent>'
            + ways("s > t", "c > t")
        ),
    )
    yield one(
        "a link that nothing catches",
        drawn(
            f'<startEvent id="s" /><intermediateThrowEvent id="t">{link}</intermediateThrowEvent>'
            + ways("s > t")
        ),
    )
    yield one(
        "a link caught twice",
        drawn(
            f'<startEvent id="s" /><intermediateThrowEvent id="t">{link}</intermediateThrowEvent>'
            + "".join(
                f'<intermediateCatchEvent id="{c}">{link}</intermediateCatchEvent>' for c in "cd"
            )
            + ways("s > t")
        ),
    )
    for tag in ("complexGateway", "adHocSubProcess", "transaction", "callConversation", "fooTask"):
        yield one(f"a {tag}", drawn(line("a") + f'<{tag} id="x" />' + ways("a > x")))
    compensate = (
        '<boundaryEvent id="x" attachedToRef="a"><compensateEventDefinition /></boundaryEvent>'
    )
    yield one("compensation", drawn(line("a") + compensate))
    yield one(
        "a cancelling end",
        drawn(line("a") + '<endEvent id="x"><cancelEventDefinition /></endEvent>' + ways("a > x")),
    )
