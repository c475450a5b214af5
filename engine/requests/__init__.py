"""What a request is between two commands: itself, its nodes, slots and timers, its flow.

Owns the rows that commands load, change and save; imports nothing but the standard library and
engine.ids; never a database, never the diagram.
"""

from engine.requests.state import (
    AMEND_NODE,
    ENDED,
    ROUNDS_NODE,
    External,
    Flow,
    Node,
    Request,
    Slot,
    Timer,
    is_virtual,
)
from engine.requests.waiting import INCIDENT_WORDS, Incident, IncidentKind, Place, Subscription

__all__ = [
    "AMEND_NODE",
    "ENDED",
    "INCIDENT_WORDS",
    "ROUNDS_NODE",
    "External",
    "Flow",
    "Incident",
    "IncidentKind",
    "Node",
    "Place",
    "Request",
    "Slot",
    "Subscription",
    "Timer",
    "is_virtual",
]
