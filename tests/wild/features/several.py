"""Multi-instance, of every kind."""

from collections.abc import Iterator

from tests.wild.drawing import around, user, ways

MANY = "<multiInstanceLoopCharacteristics{0}>{1}</multiInstanceLoopCharacteristics>"


SIGNERS = ' v:collection="${signers}" v:elementVariable="signer"'


def several() -> Iterator[tuple[str, str]]:
    """Multi-instance, of every kind."""
    loops = {
        "parallel collection": MANY.format(' isSequential="false"' + SIGNERS, ""),
        "sequential collection": MANY.format(' isSequential="true"' + SIGNERS, ""),
        "bare collection name": MANY.format(
            ' v:collection="signers" v:elementVariable="signer"', ""
        ),
        "cardinality": MANY.format("", "<loopCardinality>3</loopCardinality>"),
        "cardinality expression": MANY.format(
            ' isSequential="true"',
            '<loopCardinality xsi:type="tFormalExpression">${howMany}</loopCardinality>',
        ),
        "collection and cardinality": MANY.format(SIGNERS, "<loopCardinality>2</loopCardinality>"),
        "completion condition": MANY.format(
            SIGNERS,
            '<completionCondition xsi:type="tFormalExpression">'
            "${nrOfCompletedInstances/nrOfInstances &gt;= 0.5}</completionCondition>",
        ),
        "completion by a variable": MANY.format(
            SIGNERS, "<completionCondition>${refused == true}</completionCondition>"
        ),
        "standard BPMN": MANY.format(
            "",
            '<loopDataInputRef>signers</loopDataInputRef><inputDataItem id="item" name="signer" />',
        ),
    }
    for name, loop in loops.items():
        task = user("sign", 'v:assignee="${signer}"' if "card" not in name else "", loop)
        yield f"task: {name}", around(task, "sign")
        inner = (
            f'<subProcess id="each"><startEvent id="in" />{user("inside")}<endEvent id="out" />'
            + ways("in > inside > out")
            + f"{loop}</subProcess>"
        )
        yield f"sub-process: {name}", around(inner, "each")
    for name in ("parallel collection", "cardinality"):
        call = f'<callActivity id="each" calledElement="child">{loops[name]}</callActivity>'
        yield f"call: {name}", around(call, "each")
        worker = f'<serviceTask id="each" v:type="external" v:topic="t">{loops[name]}</serviceTask>'
        yield f"service: {name}", around(worker, "each")
