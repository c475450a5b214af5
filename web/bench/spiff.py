"""The stock library, in memory and as it is naively kept: the whole state as text at each step."""

import logging
from pathlib import Path
from typing import Any

import sqlalchemy
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import Text, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from storage.database import PRAGMAS
from web.bench import process

# What it says of each step costs it time that nobody reads here.
logging.getLogger("spiff").setLevel(logging.CRITICAL)


class _Base(DeclarativeBase):
    """Of the naive table."""


class _Instance(_Base):
    __tablename__ = "instances"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text)


class InMemory:
    """Nothing is kept: tokens are moved, and that is all."""

    def __init__(self) -> None:
        parser = BpmnParser()
        parser.add_bpmn_str(process.stock_diagram())
        self._spec = parser.get_spec("approval")
        self._subs = parser.get_subprocess_specs("approval")

    def begin(self, signers: int, number: int) -> BpmnWorkflow:
        """A new workflow whose form was filled in."""
        workflow = BpmnWorkflow(self._spec, self._subs)
        workflow.do_engine_steps()
        people = [process.signer(each) for each in range(signers)]
        act(workflow, next_task(workflow), {**process.answers(number), "signers": people})
        return workflow

    def approval(self, signers: int, number: int) -> None:
        """A whole approval."""
        workflow = self.begin(signers, number)
        act(workflow, next_task(workflow), APPROVED)
        # Nothing is automatic between two votes, so that the engine is asked once, at the end.
        for task in workflow.get_tasks(state=TaskState.READY, manual=True):
            task.data.update(SIGNED)
            task.run()
        workflow.do_engine_steps()
        assert workflow.is_completed()


class Naive:
    """Each step loads the whole state, moves on and saves the whole state: one ORM session and
    one commit a step."""

    def __init__(self, folder: Path, memory: InMemory) -> None:
        self._memory = memory
        self._serializer = BpmnWorkflowSerializer()
        self._engine = sqlalchemy.create_engine(f"sqlite:///{folder / 'naive.db'}")
        event.listen(self._engine, "connect", _set)
        _Base.metadata.create_all(self._engine)

    def approval(self, signers: int, number: int) -> None:
        """A whole approval."""
        id = self._submit(signers, number)
        done = self._step(id, APPROVED)
        for each in range(signers):
            done = self._step(id, SIGNED, process.signer(each))
        assert done

    def _submit(self, signers: int, number: int) -> int:
        workflow = self._memory.begin(signers, number)
        with Session(self._engine) as session:
            kept = _Instance(state=self._serializer.serialize_json(workflow))
            session.add(kept)
            session.commit()
            return kept.id

    def _step(self, id: int, data: dict[str, Any], signer: str | None = None) -> bool:
        """Load, bring what waits up to date as the library's manual says, find the task (of this
        signer), complete it, save."""
        with Session(self._engine) as session:
            kept = session.get_one(_Instance, id)
            workflow = self._serializer.deserialize_json(kept.state)
            workflow.refresh_timers()
            tasks = workflow.get_tasks(state=TaskState.READY, manual=True)
            act(workflow, next(t for t in tasks if t.data.get("signer") == signer), data)
            kept.state = self._serializer.serialize_json(workflow)
            session.commit()
            return bool(workflow.is_completed())

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()


APPROVED = {"approve_verdict": "approved", "opinion": process.OPINION}
SIGNED = {"vote": {"verdict": "approved", "opinion": process.OPINION}}


def next_task(workflow: BpmnWorkflow) -> Any:
    """The next task that waits for a person."""
    return workflow.get_next_task(state=TaskState.READY, manual=True)


def act(workflow: BpmnWorkflow, task: Any, data: dict[str, Any]) -> None:
    """Complete a task with its data, and let the workflow go on."""
    task.data.update(data)
    task.run()
    workflow.do_engine_steps()


def _set(connection: Any, _record: Any) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
