"""Ids and references that are meant for whoever puts them into something else."""

from collections.abc import Iterator

from tests.wild.drawing import drawn, line, user, way, ways, whole
from tests.wild.features.events import TRIGGERS
from tests.wild.hostile.made import Hostile, one


def names() -> Iterator[Hostile]:
    """Ids and references that are meant for whoever puts them into something else."""
    for id in (
        "a' or '1'='1",
        'a"]/../*["',
        "//userTask",
        "a]|//*[",
        "../../x",
        "a\nb",
        "a\tb",
        "${7*7}",
        "{{7*7}}",
        "<b>",
        "x" * 10_000,
        "a;drop table requests",
        "a/b#1",
        ":end",
        "a:split",
        "__class__",
        "‮a",
        "",
        " ",
    ):
        spelled = id.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        spelled = spelled.replace("\n", "&#10;").replace("\t", "&#9;")
        shown = id[:20].encode("unicode_escape").decode()
        body = line("NODE").replace("start_NODE", "in").replace("NODE_end", "out")
        yield one(f"an element {shown!r}", drawn(body.replace("NODE", spelled)), refused=False)
        yield one(f"a process {shown!r}", drawn(line("a"), key=spelled), refused=False)
        lost = way("start", spelled).replace(f"start_{spelled}", "lost")
        yield one(f"a reference to {shown!r}", drawn(line("a") + lost))
    for id in ("Start", "End", "Root", "typename", "data", "__proto__", "constructor", "self"):
        yield one(f"a task {id}", drawn(line(id)), refused=False)
    yield one("the same id twice", drawn(line("a") + user("a")))
    yield one("a flow named like a task", drawn(line("a").replace('"start_a"', '"a"')))
    inner = f'<subProcess id="s">{line("a")}</subProcess>'
    yield one("the same ids in a sub-process", drawn(line("s2") + inner))
    yield one(
        "two processes of one id",
        whole(2 * f'<process id="p" isExecutable="true">{line("a")}</process>'),
    )
    yield one("a process named like a task", drawn(line("p")), refused=False)
    border = f'<boundaryEvent id="b" attachedToRef="nowhere">{TRIGGERS["timer"]}</boundaryEvent>'
    yield one("a border of nothing", drawn(line("a") + border + ways("b > end")))
    body = line("a").replace('id="a"', 'id="a" default="nowhere"')
    yield one("a default to nowhere", drawn(body), refused=False)
    catch = '<receiveTask id="b" messageRef="nowhere" />'
    yield one("a message from nowhere", drawn(line("a") + catch + ways("a > b")), refused=False)
