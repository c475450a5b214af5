"""What a stranger drew is compiled apart: the same is found, and what runs away is stopped."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from time import monotonic, sleep

import pytest

from engine.diagrams.definition import Undeployable
from tests.api.test_attachments import SIMPLE
from web import compiling, nursery
from web.deploying import Deployment, as_json, from_json, read_files

TORN = {"a.bpmn": b"<html>"}


@pytest.fixture
def busy() -> Iterator[None]:
    """A second thread, as in a server: this process can't be copied."""
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    yield
    done.set()
    thread.join()


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process is taken for one without threads, whatever other tests have left running."""
    monkeypatch.setattr(compiling, "_alone", lambda: True)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine takes its time to start a process."""
    monkeypatch.setattr(compiling, "WALL_SECONDS", 60)


@pytest.fixture
def nobody_left() -> Iterator[None]:
    """The nursery ends with the test."""
    yield
    running = list(nursery._running)
    nursery._end()
    assert all(each.process.poll() is not None for each in running)


def same(found: Deployment) -> bool:
    """Whether it is what these files come to."""
    return found == read_files(SIMPLE, draw=True) and len(found.drawings) == 1


def test_a_deployment_is_the_same_written_down_and_read_again() -> None:
    found = read_files(SIMPLE, draw=True)
    assert from_json(as_json(found)) == found


def test_files_are_the_same_packed_and_unpacked() -> None:
    files = {"a b\n.bpmn": b"\n\x00", "流程.form": b"", "c": b"{}\n"}
    assert compiling.unpacked(b"".join(compiling.packed(files, draw=True))) == (files, True)


@pytest.mark.usefixtures("alone", "patient")
def test_a_copy_of_a_process_without_threads_finds_the_same() -> None:
    assert same(compiling.checked(SIMPLE, draw=True))


@pytest.mark.usefixtures("busy", "patient", "nobody_left")
def test_a_copy_of_the_nursery_finds_the_same() -> None:
    for _ in range(3):
        assert same(compiling.checked(SIMPLE, draw=True))
    with pytest.raises(Undeployable):
        compiling.compiled(TORN)


@pytest.mark.usefixtures("busy", "patient", "nobody_left")
def test_a_nursery_that_was_killed_is_replaced() -> None:
    assert same(compiling.checked(SIMPLE, draw=True))
    first = nursery._running[0].process
    first.kill()
    first.wait()
    assert same(compiling.checked(SIMPLE, draw=True))
    assert nursery._running[0].process.pid != first.pid


@pytest.mark.usefixtures("busy")
def test_a_new_process_finds_the_same_where_none_can_be_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nursery, "POSSIBLE", False)
    monkeypatch.setattr(compiling, "WALL_SECONDS", 60)
    assert same(compiling.checked(SIMPLE, draw=True))


def runs_for_ever(*_: object, **__: object) -> Deployment:
    """Takes all the time there is."""
    while True:
        pass


def sleeps_for_ever(*_: object, **__: object) -> Deployment:
    """Takes no time of the processor."""
    sleep(60)
    return Deployment()


def eats_all(*_: object, **__: object) -> Deployment:
    """Takes all the memory there is."""
    return Deployment(problems=(b"x" * 10**12,))  # type: ignore[arg-type]


def dies(*_: object, **__: object) -> Deployment:
    """Is killed, as by a library that fails."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return Deployment()


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("does", [runs_for_ever, sleeps_for_ever, eats_all, dies])
def test_what_runs_away_is_stopped_and_said_in_words(
    monkeypatch: pytest.MonkeyPatch, does: Callable[..., Deployment]
) -> None:
    monkeypatch.setattr(compiling, "read_files", does)
    monkeypatch.setattr(compiling, "SECONDS", 1)
    monkeypatch.setattr(compiling, "WALL_SECONDS", 2)
    begun = monotonic()
    (problem,) = compiling.checked(SIMPLE).problems
    assert monotonic() - begun < 4
    assert (problem.element, problem.rule) == ("files", "limits")
    assert "more time or memory" in problem.message


@pytest.mark.usefixtures("alone", "patient")
def test_what_trips_the_compiler_up_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def trips(files: Mapping[str, bytes], *, draw: bool) -> Deployment:
        raise KeyError(files)

    monkeypatch.setattr(compiling, "read_files", trips)
    (problem,) = compiling.checked(SIMPLE).problems
    assert (problem.rule, problem.message) == ("reading", "it can't be read: KeyError")
