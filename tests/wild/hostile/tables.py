"""Decision tables and lists that are not what they say."""

from collections.abc import Iterator

from tests.wild.drawing import drawn, ways
from tests.wild.hostile.made import Files, Hostile, plain, quoted
from tests.wild.hostile.texts import CODE

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
ONE = (
    "<rule><inputEntry><text>1</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>"
)
JAVA = (
    '<functionDefinition kind="Java"><context><contextEntry><variable name="class" />'
    '<literalExpression><text>"java.lang.Runtime"</text></literalExpression></contextEntry>'
    "</context></functionDefinition>"
)
CELLS = (
    *CODE[:6],
    "[1..999999999999]",
    "for i in 1..999999999 return i",
    "not(" * 3_000,
    'matches(?, "(a+)+$")',
    "-" * 50_000,
    "[" * 3_000,
)


def table(inner: str, before: str = "") -> Files:
    """A process that asks the decision `risk`, and a file of decisions."""
    asks = '<businessRuleTask id="r" v:decisionRef="risk" v:resultVariable="x" />'
    head = f'<definitions xmlns="{DMN}" id="d" name="d" namespace="n">'
    return {
        "p.bpmn": drawn(
            f'<startEvent id="s" />{asks}<endEvent id="e" />' + ways("s > r > e"),
        ),
        "risk.dmn": f"{before}{head}{inner}</definitions>".encode(),
    }


def rule(cell: str, output: str = '"x"', policy: str = "UNIQUE") -> str:
    """The decision as a table of one rule."""
    return (
        f'<decision id="risk" name="risk"><decisionTable id="t" hitPolicy="{policy}">'
        '<input id="i"><inputExpression id="ie"><text>amount</text></inputExpression></input>'
        f'<output id="o" name="level" /><rule id="r"><inputEntry id="c"><text>{cell}</text>'
        f'</inputEntry><outputEntry id="w"><text>{output}</text></outputEntry></rule>'
        "</decisionTable></decision>"
    )


def needs(href: str, id: str = "risk") -> str:
    """A decision that needs another."""
    return (
        f'<decision id="{id}" name="{id}"><informationRequirement>'
        f'<requiredDecision href="{href}" /></informationRequirement><literalExpression>'
        "<text>1</text></literalExpression></decision>"
    )


def tables() -> Iterator[Hostile]:
    """Decision tables and lists."""
    for text in CELLS:
        spelled = quoted(text)
        yield Hostile(name=f"the cell {text[:20]}", files=table(rule(spelled)), refused=False)
        yield Hostile(
            name=f"the result {text[:20]}", files=table(rule("-", spelled)), refused=False
        )
    for policy in ("", "FOO", "COLLECT", "' or 1=1"):
        files = table(rule("-", policy=policy))
        yield Hostile(name=f"the hit policy {policy or 'none'}", files=files, refused=False)
    ring = needs("#other") + needs("#risk", "other")
    yield Hostile(name="tables that need one another", files=table(ring))
    yield Hostile(name="a table that needs itself", files=table(needs("#risk")))
    yield Hostile(name="a table that needs a file", files=table(needs("file:///etc/passwd#x")))
    bomb = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    yield Hostile(name="an entity in a table", files=table(rule("-"), bomb))
    long = rule("-").replace("</decisionTable>", ONE * 30_000 + "</decisionTable>")
    yield Hostile(name="30,000 rules", files=table(long), refused=False)
    java = f'<decision id="risk">{JAVA}</decision>'
    yield Hostile(name="a table as a function", files=table(java))
    for name, content in (
        ("in no namespace", b"<definitions/>"),
        ("that is HTML", b"<html><body></body></html>"),
        ("that is nothing", b""),
        ("that is cut off", table(rule("-"))["risk.dmn"][:-30]),
    ):
        yield Hostile(name=f"a table {name}", files={**table(""), "risk.dmn": content})
    for name, content in (
        ("of one long line", b"a,b\n" + b"x" * 3_000_000),
        ("that is no text", b"\xff\xfe\x00\x01" * 1_000),
        ("of formulas", b"a,b\n=cmd|' /C calc'!A0,@SUM(1)\n"),
    ):
        files = {"p.bpmn": plain(), "l.csv": content}
        yield Hostile(name=f"a list {name}", files=files, refused=False)
