"""Honest diagrams however their files are written: codings, pools, several processes, drawings."""

import pytest

import forms
from engine.diagrams.compiler import compile_definition, process_keys
from tests.wild.drawing import drawn, line, whole
from tests.wild.walker import walk

PLAIN = drawn(line("work"), "flowable").decode()
DRAWN = (
    '<bpmndi:BPMNDiagram id="bd"><bpmndi:BPMNPlane id="bp" bpmnElement="p">'
    '<bpmndi:BPMNShape id="s1" bpmnElement="gone"><omgdc:Bounds x="1" y="1" width="9" height="9" />'
    '</bpmndi:BPMNShape><bpmndi:BPMNShape id="s1" bpmnElement="work"><omgdc:Bounds x="-5" y="1.5"'
    ' width="100" height="80" /></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
)


def coded(coding: str, text: str = PLAIN) -> bytes:
    """The diagram in another coding, which its first line names."""
    return text.replace("UTF-8", coding).encode(coding)


def two(first: str = "true", second: str = "true") -> bytes:
    """Two pools, each with a process."""
    pools = (
        '<collaboration id="c"><participant id="p1" processRef="one" /><participant id="p2"'
        ' processRef="two" /><participant id="p3" name="nobody" /><messageFlow id="m"'
        ' sourceRef="a" targetRef="p2" /></collaboration>'
    )
    other = line("b").replace('"start', '"s2').replace('end"', 'e2"')
    return whole(
        f'{pools}<process id="one" isExecutable="{first}">{line("a")}</process>'
        f'<process id="two" isExecutable="{second}">{other}</process>'
    )


FILES = {
    "a mark of byte order": b"\xef\xbb\xbf" + PLAIN.encode(),
    "blank lines at first": b"\r\n\n " + PLAIN.encode(),
    "no declaration": PLAIN.partition("\n")[2].encode(),
    "Windows' line ends": PLAIN.replace(">", ">\r\n").encode(),
    "UTF-16": coded("UTF-16"),
    "GBK": coded("GBK", PLAIN.replace('name="work"', 'name="部门经理审批"')),
    "GB18030": coded("GB18030", PLAIN.replace('name="work"', 'name="部门经理审批"')),
    "Latin-1": coded("ISO-8859-1", PLAIN.replace('name="work"', 'name="prüfen"')),
    "comments": PLAIN.replace("?>\n", "?>\n<!-- by hand -->", 1)
    .replace("<userTask", "<!-- here: --><userTask")
    .encode(),
    "a processing instruction": PLAIN.replace("?>\n", "?>\n<?modeler v1?>", 1).encode(),
    "executable in capitals": PLAIN.replace('"true"', '"True"').encode(),
    "executable as a digit": PLAIN.replace('isExecutable="true"', 'isExecutable="1"').encode(),
    "a drawing of what is gone": PLAIN.replace("</definitions>", f"{DRAWN}</definitions>").encode(),
    "two drawings": PLAIN.replace("</definitions>", f"{DRAWN}{DRAWN}</definitions>").encode(),
    "a namespace declared inside": PLAIN.replace(' xmlns:flowable="http://flowable.org/bpmn"', "")
    .replace("flowable:assignee", 'xmlns:flowable="http://flowable.org/bpmn" flowable:assignee')
    .encode(),
    "extensions of five vendors": PLAIN.replace(
        "<userTask",
        '<extensionElements><x:y xmlns:x="urn:x"><z xmlns="" id="work" /></x:y></extensionElements>'
        '<userTask xmlns:s="http://www.signavio.com" s:colour="red" process_id="" unknown="1"',
        1,
    ).encode(),
    "no name anywhere": PLAIN.replace('name="p" ', "").replace('name="work" ', "").encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_it_deploys_and_moves_as_if_it_had_been_drawn_here(name: str) -> None:
    definition = compile_definition({"p.bpmn": FILES[name]}, forms.read)
    assert [str(node) for node in definition.nodes] == ["work"]
    assert definition.nodes[next(iter(definition.nodes))].assignee == "finance.manager"
    assert walk([definition], seed=1).end == "completed"


@pytest.mark.parametrize("ending", [".bpmn", ".BPMN", ".bpmn20.xml", ".bpmn2", ".xml"])
def test_a_diagram_is_known_by_any_of_its_endings(ending: str) -> None:
    assert compile_definition({f"p{ending}": PLAIN.encode()}, forms.read).key == "p"


def test_every_executable_process_of_a_file_is_one_of_its_own() -> None:
    assert process_keys({"x.bpmn": two()}) == ("one", "two")
    assert process_keys({"x.bpmn": two("false")}) == ("two",)
    for key in ("one", "two"):
        definition = compile_definition({"x.bpmn": two()}, forms.read, key=key)
        assert walk([definition], seed=1).end == "completed"
