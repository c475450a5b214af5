"""What words of other systems mean, each shown by the one way that tells it from its neighbours."""

from tests.wild.businesses.made import Business
from tests.wild.drawing import drawn, line
from tests.wild.features.events import BESIDE
from tests.wild.features.gateways import gateways
from tests.wild.features.leftovers import rest
from tests.wild.features.oddities import odd
from tests.wild.features.people import people
from tests.wild.features.several import several

TOLD = {
    "a wait: cron of six": "start; first; timer 2026-11-03T09:00:00+08:00",
    "a wait: cycle in the way": "start; first; wait 2h; = end",
    "a wait: date without a zone": "start; first; timer 2026-12-24T18:00:00+08:00",
    "a wait: day": "start; first; timer 2026-12-24T00:00:00+08:00",
    "a wait: duration in parts": "start; first; wait 26h; >; wait 1h; = end",
    "a wait: message by expression": "start; first; message paid; = end",
    "a wait: signal by expression": "start; first; signal alarm; = end",
    "a wait: message that is nowhere": "start; first; message nowhere; = end",
    "an error by its code alone": 'start; first; > mend; is code="E42"; mend; = end out',
    "collection as an element": (
        'start signers=["gm","tech.manager"]; first; > each each; each; each; = end'
    ),
    "assignee by the index": (
        'start signers=["gm","tech.manager"]; first; has each gm tech.manager; each; each; = end'
    ),
    "a call mapped by the standard": "start amount=7; first; > inner; inner; = end",
    "terminate all": "start; first; work; = stop",
    "a default with a condition": "start ok=false; > no; no; = end",
    "a choice of plain words": "start approved=true rejected=false; > yes; yes; = end",
    "conditions without braces": "start amount=700; > yes; yes; = end",
    "an empty condition": "start; > yes; yes; = end",
    "conditions out of a fork": "start ok=false; > no yes; no; yes; = end end",
    "an inclusive gateway without conditions": "start; > no yes; no; yes; = end end",
    "a gateway with one conditional way": "start ok=true; > yes; yes; = yes:end",
    "conditional flow out of the start": "start big=true; > yes; yes; = end",
    "several flows out of a task": "start; task; > no yes; no; yes; = end end",
    "task: cardinality": "start; first; > sign sign sign",
    "task: collection and cardinality": (
        'start signers=["gm","tech.manager","risk.manager"]; first; > sign sign sign'
    ),
    "task: sequential collection": (
        'start signers=["gm","tech.manager"]; first; has sign gm; sign; '
        "has sign tech.manager; sign; = end"
    ),
    "task: completion by a variable": (
        'start signers=["gm","tech.manager"] refused=false; first; > sign sign; sign refused=true; '
        "= end"
    ),
    "for candidates": "start; has work finance.manager tech.manager",
    "for a department": "start; > work",
    "by potentialOwner user(finance.manager), group(财务部)": "start; first; > work",
    "by humanPerformer finance.manager": "start; first; has work finance.manager",
    "for due in a while": "start; > work",
    "with input and output": 'start amount=7; first; work; is said="yes"; = end',
}


def readings() -> list[Business]:
    """A business of one diagram for each."""
    bodies = {
        name: body for kind in (gateways, several, people, rest, odd) for name, body in kind()
    }
    child = {"child.bpmn": drawn(line("inner"), "flowable", key="child")}
    return [
        Business(
            key=name,
            files={"p.bpmn": drawn(bodies[name], "flowable", beside=BESIDE)},
            beside=(child,),
            ways={"as meant": way},
        )
        for name, way in TOLD.items()
    ]
