"""Several processes in a file: which run, under which key and digest."""

import pytest

import forms
from engine.diagrams.compiler import compile_definition, digest_of, process_keys
from engine.diagrams.definition import Undeployable
from tests.diagrams.bpmn import HEAD, chain, element, task

BODY = element("startEvent", "{0}s") + task("{0}a") + chain("{0}s", "{0}a")


def process(id: str, executable: str = ' isExecutable="true"') -> str:
    return f'<bpmn:process id="{id}"{executable}>{BODY.format(id)}</bpmn:process>'


def whole(*processes: str) -> dict[str, bytes]:
    return {"p.bpmn": f"{HEAD}{''.join(processes)}</bpmn:definitions>".encode()}


def test_the_only_process_has_the_digest_of_its_files() -> None:
    files = whole(process("p"))
    found = compile_definition(files, forms.read)
    assert (process_keys(files), found.digest) == (("p",), digest_of(files))


def test_of_several_each_has_a_digest_of_its_own() -> None:
    files = whole(process("p"), process("q"))
    assert process_keys(files) == ("p", "q")
    first, second = (compile_definition(files, forms.read, key=key) for key in ("p", "q"))
    assert (first.key, second.key) == ("p", "q")
    assert len({first.digest, second.digest, digest_of(files)}) == 3
    assert compile_definition(files, forms.read).digest == first.digest
    assert set(second.nodes) == {"qa"}


def test_pools_that_are_not_executable_are_decoration() -> None:
    other = '<bpmn:process id="q" isExecutable="false"><bpmn:complexGateway id="c"/></bpmn:process>'
    assert process_keys(whole(other, process("p"))) == ("p",)
    assert process_keys(whole(process("q", ""), process("p"))) == ("p",)


def test_where_nothing_is_marked_those_that_begin_are_executable() -> None:
    black_box = '<bpmn:process id="customer"/>'
    assert process_keys(whole(black_box, process("p", ""), process("q", ""))) == ("p", "q")


@pytest.mark.parametrize(
    "processes",
    [
        (),
        (process("p", ' isExecutable="false"'),),
        (process("p"), process("p")),
        (process(""),),
    ],
    ids=["none", "none executable", "one id twice", "no id"],
)
def test_files_without_one_to_run_are_refused(processes: tuple[str, ...]) -> None:
    with pytest.raises(Undeployable) as refused:
        process_keys(whole(*processes))
    assert all(each.message for each in refused.value.problems)


def test_a_key_that_is_not_there_is_refused() -> None:
    with pytest.raises(Undeployable) as refused:
        compile_definition(whole(process("p")), forms.read, key="q")
    assert refused.value.problems[0].rule == "process"


def test_an_id_may_stand_in_each_of_two_processes_but_not_twice_in_one() -> None:
    same = BODY.format("x")
    files = whole(
        f'<bpmn:process id="p" isExecutable="true">{same}</bpmn:process>',
        f'<bpmn:process id="q" isExecutable="true">{same}</bpmn:process>',
    )
    assert compile_definition(files, forms.read, key="q").key == "q"
