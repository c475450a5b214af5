"""Code in every place that takes text, and texts that would take for ever."""

from collections.abc import Iterator

from tests.wild.drawing import drawn, line, ways
from tests.wild.features.events import BESIDE
from tests.wild.hostile.made import Hostile, one
from tests.wild.hostile.places import PLACES

CANARY = "countersign-canary"
"""The file that hostile code would make in the working directory, if it ever ran."""


CODE = (
    f"__import__('os').system('touch {CANARY}')",
    "().__class__.__base__.__subclasses__()",
    f"open('{CANARY}','w')",
    "''.getClass().forName('java.lang.Runtime').getRuntime().exec('id')",
    "T(java.lang.Runtime).getRuntime().exec('id')",
    "{{7*7}}{% for x in ().__class__.__mro__ %}{% endfor %}",
    "execution.getEngineServices().getRuntimeService()",
    "globals()['__builtins__']",
    "[x for x in [1]]",
    "(lambda: 1)()",
    "a.__init__.__globals__",
    "exec('1')",
)


def code() -> Iterator[Hostile]:
    """Code in every place that takes text, bare and as an expression."""
    for place, made in PLACES.items():
        for number, text in enumerate(CODE):
            wrapped = f"${{{text}}}" if number % 2 else text
            yield one(f"{text[:24]} as a {place}", made(wrapped), refused=False)
        yield one(
            f"all of it as a {place}", made("".join(f"${{{t}}}" for t in CODE)), refused=False
        )
    for kind in ("groovy", "python", "javascript", "", "juel"):
        script = f'<scriptTask id="x" scriptFormat="{kind}"><script><![CDATA[{CODE[0]}]]></script>'
        script += "</scriptTask>"
        yield one(f"a script in {kind or 'no language'}", drawn(line("a") + script + ways("a > x")))


def weights() -> Iterator[Hostile]:
    """Numbers and texts that would take for ever."""
    for text in (
        "${9**9**9}",
        "${" + "*".join(["99999999999999999999"] * 300) + "}",
        "${" + "(" * 5_000 + "1" + ")" * 5_000 + "}",
        "${" + "!" * 20_000 + "x}",
        "${" + "-" * 20_000 + "1}",
        "${" + "a." * 5_000 + "a}",
        "${" + "a[" * 3_000 + "0" + "]" * 3_000 + "}",
        "${" + " and ".join(["true"] * 20_000) + "}",
        "${" + "x ? " * 3_000 + "1" + " : 0" * 3_000 + "}",
        "${'" + "x" * 900_000 + "'}",
        "${1e999999999}",
        "${" + "9" * 100_000 + "}",
        "${a" + "}" * 3_000,
        "${" * 3_000,
        "= for a in 1..1000000000 return for b in 1..1000000000 return a * b",
        "${'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('(a+)+$')}",
        '=matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")',
        '=replace("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a|aa)+$", "")',
        "=2 ** 99999999999",
        '=string join(for i in 1..99999999 return "x")',
        "=if if if if if if",
    ):
        for place in ("condition", "parameter", "collection"):
            yield one(f"{text[:26]} as a {place}", PLACES[place](text), refused=False)
    for text in (
        "P999999999Y",
        "PT1E99S",
        "R999999999/PT1S",
        "R/PT0S",
        "P-1D",
        "PT99999999999999H",
        "R-1/PT1S",
        "99999-01-01",
        "0000-00-00",
        "P" + "1D" * 10_000,
        "0 0 0 * * * * * *",
        "R1/R1/P1D",
    ):
        yield one(f"the time {text[:20]}", PLACES["timer"](text), refused=False)
        beside = (
            line("a") + f'<boundaryEvent id="b" attachedToRef="a" cancelActivity="false">'
            f"<timerEventDefinition><timeCycle>{text}</timeCycle></timerEventDefinition>"
            '</boundaryEvent><endEvent id="e" />' + ways("b > e")
        )
        yield one(f"the cycle {text[:20]}", drawn(beside), refused=False)
        yield one(f"due {text[:20]}", PLACES["due date"](text), refused=False)
    for count in (
        "1000000000",
        "-1",
        "1e9",
        "0",
        "NaN",
        "999999999999999999999999",
        "${1000000000}",
    ):
        yield one(f"{count} signers", PLACES["cardinality"](count), refused=False)
        loop = f"<loopCardinality>{count}</loopCardinality>"
        loop = f"<multiInstanceLoopCharacteristics>{loop}</multiInstanceLoopCharacteristics>"
        inner = f'<subProcess id="m"><startEvent id="i" />{loop}</subProcess>'
        body = '<startEvent id="s" />' + inner + '<endEvent id="e" />' + ways("s > m > e")
        yield one(f"{count} sub-processes", drawn(body), refused=False)
        call = f'<callActivity id="m" calledElement="p">{loop}</callActivity>'
        body = '<startEvent id="s" />' + call + '<endEvent id="e" />' + ways("s > m > e")
        yield one(f"{count} calls of itself", drawn(body), refused=False)
    call = '<startEvent id="s" /><callActivity id="c" calledElement="{0}" /><endEvent id="e" />'
    body = call.format("p") + ways("s > c > e")
    yield one("a process that calls itself", drawn(body), refused=False)
    yield Hostile(
        name="two that call one another",
        files={
            "p.bpmn": drawn(call.format("q") + ways("s > c > e")),
            "q.bpmn": drawn(call.format("p") + ways("s > c > e"), key="q"),
        },
        refused=False,
    )
    yield one(
        "a message that starts its own process",
        drawn(
            '<startEvent id="s" /><startEvent id="m"><messageEventDefinition messageRef="m_paid" />'
            '</startEvent><endEvent id="e"><messageEventDefinition messageRef="m_paid" />'
            "</endEvent>" + ways("s > e", "m > e"),
            beside=BESIDE,
        ),
        refused=False,
    )
    yield one(
        "a signal that starts its own process",
        drawn(
            '<startEvent id="s" /><startEvent id="m"><signalEventDefinition signalRef="s_alarm" />'
            '</startEvent><endEvent id="e"><signalEventDefinition signalRef="s_alarm" /></endEvent>'
            + ways("s > e", "m > e"),
            beside=BESIDE,
        ),
        refused=False,
    )
