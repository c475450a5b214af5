"""Who works for which topic: a person in the group `worker:<topic>`, or `worker:*`."""

from engine.people.directory import Person

PREFIX = "worker:"
EVERY = "worker:*"


def works_for(person: Person | None, topic: str) -> bool:
    """Whether a person may fetch and end external tasks of a topic; administrators may all."""
    if person is None or not person.active:
        return False
    groups = person.groups
    return person.role == "administrator" or PREFIX + topic in groups or EVERY in groups


def works_at_all(person: Person | None) -> bool:
    """Whether there is any topic that he works for: nobody else learns what tasks there are."""
    if person is None or not person.active:
        return False
    return person.role == "administrator" or any(g.startswith(PREFIX) for g in person.groups)
