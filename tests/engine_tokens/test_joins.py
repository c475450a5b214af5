"""Joins count tokens: one per incoming flow, the oldest of each, never one of another round."""

import pytest
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.tokens import Net
from tests.engine_tokens.nets import Hand, graph, walk

LOOP = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 targetNamespace="x"><bpmn:process id="p" isExecutable="true">
 <bpmn:startEvent id="s"/><bpmn:userTask id="fill"/><bpmn:parallelGateway id="fork"/>
 <bpmn:userTask id="a"/><bpmn:userTask id="b"/><bpmn:parallelGateway id="join"/>
 <bpmn:userTask id="z"/><bpmn:exclusiveGateway id="g" default="ok"/><bpmn:endEvent id="e"/>
 <bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="fill"/>
 <bpmn:sequenceFlow id="f2" sourceRef="fill" targetRef="fork"/>
 <bpmn:sequenceFlow id="f3" sourceRef="fork" targetRef="a"/>
 <bpmn:sequenceFlow id="f4" sourceRef="fork" targetRef="b"/>
 <bpmn:sequenceFlow id="f5" sourceRef="a" targetRef="join"/>
 <bpmn:sequenceFlow id="f6" sourceRef="b" targetRef="join"/>
 <bpmn:sequenceFlow id="f7" sourceRef="join" targetRef="z"/>
 <bpmn:sequenceFlow id="f8" sourceRef="z" targetRef="g"/>
 <bpmn:sequenceFlow id="ok" sourceRef="g" targetRef="e"/>
 <bpmn:sequenceFlow id="f9" sourceRef="g" targetRef="fill">
 <bpmn:conditionExpression>again</bpmn:conditionExpression></bpmn:sequenceFlow>
</bpmn:process></bpmn:definitions>"""

ROUND = Net(
    graph(
        "s > fill > +fork > a > +join > z > ?g >* e",
        "fork > b > join",
        "g >(again) fill",
    )
)


def stock(*steps: str) -> list[str]:
    """What the library by itself has open after these tasks."""
    parser = BpmnParser()
    parser.add_bpmn_str(LOOP.encode())
    workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
    workflow.do_engine_steps()
    for step in steps:
        task = workflow.get_next_task(state=TaskState.READY, spec_name=step)
        task.data["again"] = True
        task.run()
        workflow.do_engine_steps()
    return sorted(
        task.task_spec.name for task in workflow.get_tasks(state=TaskState.READY, manual=True)
    )


def test_the_stock_library_opens_on_one_signature_in_the_second_round() -> None:
    """Why we have joins of our own. When this fails, the library has been mended."""
    assert stock("fill", "a", "b", "z", "fill", "b") == ["a", "z"]


@pytest.mark.parametrize("reload", [False, True])
@pytest.mark.parametrize(("first", "second"), ["ab", "ba"])
def test_two_signatures_are_two_in_every_round(reload: bool, first: str, second: str) -> None:
    hand = Hand(ROUND, reload=reload, again=True)
    walk(hand, "fill a b z fill")
    hand.do(first)
    assert hand.open() == second
    hand.do(second)
    assert hand.open() == "z"


@pytest.mark.parametrize("reload", [False, True])
def test_a_second_token_on_one_flow_waits_for_its_own_partner(reload: bool) -> None:
    net = Net(graph("s > +f > a > ?m > +j > z > e", "f > b > m", "f > c > j"))
    hand = Hand(net, reload=reload)
    walk(hand, "a b")
    assert hand.open() == "c"
    hand.do("c")
    assert hand.open() == "z"
    assert len(hand.joins()) == 1
    hand.do("z")
    assert hand.run.stuck() == ("j",)


@pytest.mark.parametrize("reload", [False, True])
def test_an_exclusive_merge_lets_every_token_through(reload: bool) -> None:
    hand = Hand(Net(graph("s > +f > a > ?m > z > e", "f > b > m")), reload=reload)
    walk(hand, "a b")
    assert hand.open() == "z z"
    walk(hand, "/z#1 /z#2")
    assert hand.run.done()


INCLUSIVE = Net(
    graph(
        "s > a > #i >(amount > 100) p > #j > z > e",
        "i >(risk) q > j",
        "i >* r > j",
    )
)


@pytest.mark.parametrize("reload", [False, True])
@pytest.mark.parametrize(
    ("amount", "risk", "opened"),
    [(200, True, "p q"), (200, False, "p"), (1, True, "q"), (1, False, "r")],
)
def test_an_inclusive_join_waits_for_those_that_were_opened(
    reload: bool, amount: int, risk: bool, opened: str
) -> None:
    hand = Hand(INCLUSIVE, reload=reload, amount=amount, risk=risk)
    hand.do("a")
    assert hand.open() == opened
    for name in opened.split():
        assert "z" not in hand.open()
        hand.do(name)
    assert hand.open() == "z"


@pytest.mark.parametrize("reload", [False, True])
def test_a_token_that_can_reach_a_taken_flow_as_well_does_not_hold_an_inclusive_join_up(
    reload: bool,
) -> None:
    """BPMN 2.0, 13.4.3. The token at `c` can reach both flows; the one of `a` has its token."""
    net = Net(graph("s > +f > a > ?m > #j > z > e", "f > c > ?g >(true) m", "g >* b > j"))
    hand = Hand(net, reload=reload)
    hand.do("a")
    assert hand.open() == "c z"


@pytest.mark.parametrize("reload", [False, True])
def test_an_inclusive_join_in_a_loop_forgets_the_round_before(reload: bool) -> None:
    net = Net(
        graph(
            "s > fill > #i >(one) p > #j > z > ?g >* e",
            "i >(two) q > j",
            "g >(again) fill",
        )
    )
    hand = Hand(net, reload=reload, one=True, two=True, again=True)
    walk(hand, "fill p q z")
    hand.do("fill", one=True, two=True)
    hand.do("q")
    assert hand.open() == "p"
    hand.do("p")
    assert hand.open() == "z"


def test_the_way_is_the_first_in_the_order_of_the_xml() -> None:
    net = Net(graph("s > a > ?g >(true) b > e", "g >(true) c > e1"))
    hand = Hand(net)
    hand.do("a")
    assert hand.open() == "b"
