"""Tells a business's way step by step to the engine (see businesses.py)."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import forms
from engine.commands.claim import Claim
from engine.commands.complete import Complete
from engine.commands.external import CompleteExternal, ThrowExternal
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.ids import RequestId
from engine.requests import ENDED, Slot, Timer
from tests.engine.live import actor
from tests.wild.businesses import Business
from tests.wild.office import REQUESTER, Office

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def definitions(business: Business) -> list[Definition]:
    """The business's process, and after it those that it calls."""
    sets = [business.files, *business.beside]
    return [compile_definition(dict(files), forms.read) for files in sets]


def given(text: str) -> dict[str, Any]:
    """`a=1 b="x y" c=[1,2]` as values: JSON where it is any, else text."""
    found: dict[str, Any] = {}
    for name, value in re.findall(r"(\w+)=(\"[^\"]*\"|\[[^\]]*\]|\S+)", text):
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


class Told:
    """One way, told to the end."""

    def __init__(self, business: Business) -> None:
        self.main, *_ = found = definitions(business)
        self.office = Office(found)
        self.request = RequestId("")

    def tell(self, way: str) -> None:
        """Every step, in order.

        Raises:
            AssertionError: something else happened than the way says.
        """
        for step in way.split(";"):
            self._tell(step.strip())
        assert self.office.replayed(self.request) is None

    def _tell(self, step: str) -> None:
        verb, _, rest = step.partition(" ")
        match verb:
            case "start":
                self.request = self.office.submit(self.main.key, REQUESTER, **given(rest))
            case ">":
                assert self._open() == sorted(rest.split()), (step, self.state())
            case "=":
                row = self.office.row(self.request)
                assert row.status in ENDED, (step, self.state())
                assert sorted(row.ends) == sorted(rest.split()), (step, self.state())
            case "wait":
                self._wait(rest)
            case "timer":
                due = [t.due.isoformat() for t in self._timers()]
                assert [each.timestamp() for each in map(datetime.fromisoformat, due)] == [
                    datetime.fromisoformat(rest).timestamp()
                ], (step, self.state())
            case "is":
                held = self.office.variables(self.request)
                assert given(rest).items() <= held.items(), (step, held)
            case "lacks":
                assert rest not in self.office.variables(self.request), step
            case "has":
                node, *people = rest.split()
                assert self._people(node) == sorted(people), (step, self.state())
            case "incident":
                kinds = [each.kind for each in self.office.incidents(self.request)]
                assert kinds == rest.split(), (step, self.state())
            case "message" | "signal":
                name = re.split(r"\s\w+=", rest)[0]
                self._deliver(verb, name.strip(), given(rest))
            case "worker" | "error":
                self._work(verb, *rest.split(" ", 1))
            case _:
                self._complete(verb, given(rest))

    def _open(self) -> list[str]:
        return sorted(slot.node for slot in self._slots())

    def _timers(self) -> list[Timer]:
        return self.office.uow.timers(self.request)

    def _people(self, node: str) -> list[str]:
        found = [slot for slot in self._slots() if slot.node == node]
        return sorted(str(who) for slot in found for who in slot.holders or slot.candidates)

    def _slots(self) -> list[Slot]:
        return self.office.uow.slots(self.request, status="open")

    def _complete(self, node: str, answers: dict[str, Any]) -> None:
        found = [slot for slot in self._slots() if slot.node == node]
        assert found, (node, self.state())
        slot = found[0]
        if not slot.holders:
            who = actor(slot.candidates[0])
            self.office.do(Claim(actor=who, request=self.request, ordinal=slot.ordinal))
        else:
            who = actor(slot.holders[0])
        self.office.do(
            Complete(actor=who, request=self.request, ordinal=slot.ordinal, answers=answers)
        )

    def _wait(self, text: str) -> None:
        length, unit = int(text[:-1]), _UNITS[text[-1]]
        self.office.turn(self.office.now + timedelta(**{unit: length}))

    def _deliver(self, kind: str, name: str, values: dict[str, Any]) -> None:
        self.office.do(self.office.hears(kind, name, self.request, values))

    def _work(self, verb: str, topic: str, rest: str = "") -> None:
        rows = [row for row in self.office.uow.externals(self.request) if row.topic == topic]
        assert rows, (topic, self.state())
        if verb == "error":
            self.office.do(self.office.says(ThrowExternal, rows[0], code=rest))
        else:
            done = self.office.says(CompleteExternal, rows[0], variables=given(rest))
            self.office.do(done)

    def state(self) -> str:
        """Where it stands, for a message."""
        row, uow = self.office.row(self.request), self.office.uow
        parts = [row.status, f"ends {row.ends}", f"open {self._open()}"]
        parts += [f"{i.kind} at {i.node}: {i.message}" for i in uow.incidents(self.request)]
        parts += [f"worker {e.topic}" for e in uow.externals(self.request)]
        parts += [f"timer {t.key} {t.due}" for t in uow.timers(self.request)]
        return "; ".join(parts)
