"""Processes of real offices, in the manner of the systems that they come from, each with the ways
that a request must take through it.

A way is told step by step, with semicolons between: `start a=1` submits with these answers, `> x
y` says that exactly these tasks are open (`>` alone: none), `x a=1` completes one of them, `wait
2d` lets time pass, `message m`, `signal s`, `worker topic a=1` and `error topic CODE` are what
comes from outside, `= e` says at which end events it is over.
"""

from tests.wild.businesses.approvals import account, expense, invoice, jbpm
from tests.wild.businesses.machines import levels, loan, order, parcel, purchase
from tests.wild.businesses.made import Business
from tests.wild.businesses.offices import choice, leave, seal, vacation
from tests.wild.businesses.together import claim, contract, countersign, in_turn, onboarding, veto
from tests.wild.businesses.waiting import (
    lending,
    maintenance,
    offer,
    outage,
    publishing,
    ticket,
    travel,
)

EVERY = (
    leave,
    vacation,
    expense,
    loan,
    onboarding,
    outage,
    invoice,
    purchase,
    order,
    countersign,
    in_turn,
    contract,
    offer,
    travel,
    publishing,
    maintenance,
    seal,
    ticket,
    claim,
    choice,
    veto,
    parcel,
    levels,
    lending,
    account,
    jbpm,
)
"""The processes, each as a function that draws it."""

__all__ = ["EVERY", "Business"]
