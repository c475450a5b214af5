"""A message, signal, error or escalation without a name, of a name that another has, or that
nothing refers to, is mostly left over."""

from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "global"
SEVERITY: Severity = "warn"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Those of the file that say nothing or the same twice."""
    used = {
        value
        for each in drawn.root.iter(f"{{{source.BPMN}}}*")
        for name, value in each.items()
        if name in ("messageRef", "signalRef", "errorRef", "escalationRef")
    }
    for kind in ("message", "signal", "error", "escalation"):
        seen: set[str] = set()
        for each in source.children(drawn.root, kind):
            here = source.identity(each) or kind
            name = source.title(each)
            said = f"{name}/{each.get('errorCode') or each.get('escalationCode') or ''}"
            if not name and said == "/":
                yield Finding(element=here, message=f"the {kind} has no name: give it one")
            elif said in seen:
                yield Finding(element=here, message=f"a second {kind} named {name}: use the first")
            seen.add(said)
            if here.partition(":")[2] not in used and here not in used:
                yield Finding(element=here, message=f"nothing uses the {kind} {name}: remove it")
