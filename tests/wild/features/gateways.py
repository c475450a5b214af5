"""Ways that part and meet."""

from collections.abc import Iterator

from tests.wild.drawing import user, ways

GATE = '<startEvent id="start" /><exclusiveGateway id="gate"{0} />'


TWO = user("yes") + user("no") + '<endEvent id="end" />'


def gateways() -> Iterator[tuple[str, str]]:
    """Ways that part and meet."""
    yield (
        "exclusive with a default",
        GATE.format(' default="gate_no"')
        + TWO
        + ways(
            "start > gate", "gate > yes ? ${amount > 500}", "gate > no", "yes > end", "no > end"
        ),
    )
    yield (
        "exclusive with an implied default",
        GATE.format("")
        + TWO
        + ways(
            "start > gate", "gate > yes ? ${ok == 'true'}", "gate > no", "yes > end", "no > end"
        ),
    )
    yield (
        "exclusive without a default",
        GATE.format("")
        + TWO
        + ways(
            "start > gate",
            "gate > yes ? ${outcome=='agree'}",
            "gate > no ? #{outcome == 'reject'}",
            "yes > end",
            "no > end",
        ),
    )
    yield (
        "a rework loop",
        '<startEvent id="start" />'
        + user("fill", 'v:assignee="${initiator}"')
        + user("check")
        + '<exclusiveGateway id="ok" /><endEvent id="end" />'
        + ways("start > fill > check > ok", "ok > end ? ${pass}", "ok > fill ? ${!pass}"),
    )
    yield (
        "fork and join",
        '<startEvent id="start" /><parallelGateway id="fork" /><parallelGateway id="join" />'
        + TWO
        + ways("start > fork > yes > join > end", "fork > no > join"),
    )
    yield (
        "fork without a join",
        '<startEvent id="start" /><parallelGateway id="fork" />'
        + TWO
        + ways("start > fork > yes > end", "fork > no > end"),
    )
    yield (
        "fork that nests",
        '<startEvent id="start" /><parallelGateway id="f1" /><parallelGateway id="f2" />'
        '<parallelGateway id="j1" /><parallelGateway id="j2" />'
        + "".join(user(each) for each in "abc")
        + '<endEvent id="end" />'
        + ways("start > f1 > a > j1 > end", "f1 > f2 > b > j2 > j1", "f2 > c > j2"),
    )
    yield (
        "inclusive both ways",
        '<startEvent id="start" /><inclusiveGateway id="fork" default="fork_c" />'
        '<inclusiveGateway id="join" />'
        + "".join(user(each) for each in "abc")
        + '<endEvent id="end" />'
        + ways(
            "start > fork",
            "fork > a ? ${amount > 100}",
            "fork > b ? ${amount > 1000}",
            "fork > c",
            "a > join > end",
            "b > join",
            "c > join",
        ),
    )
    yield (
        "several flows out of a task",
        '<startEvent id="start" />'
        + user("task")
        + TWO
        + ways("start > task > yes > end")
        + ways("task > no > end"),
    )
    yield (
        "conditional flows out of a task",
        '<startEvent id="start" />'
        + user("task", 'v:assignee="gm" default="task_no"')
        + TWO
        + ways("start > task", "task > yes ? ${approved}", "task > no", "yes > end", "no > end"),
    )
    yield (
        "conditional flow out of the start",
        '<startEvent id="start" />'
        + TWO
        + ways("start > yes ? ${big}", "start > no ? ${!big}", "yes > end", "no > end"),
    )
    yield "no end", '<startEvent id="start" />' + user("only") + ways("start > only")
    yield (
        "a gateway that is fork and join",
        '<startEvent id="start" /><parallelGateway id="fork" /><parallelGateway id="both" />'
        '<parallelGateway id="join" />'
        + "".join(user(each) for each in "abcd")
        + '<endEvent id="end" />'
        + ways("start > fork > a > both > c > join > end", "fork > b > both > d > join"),
    )
