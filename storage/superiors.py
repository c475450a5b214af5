"""Lines of superiors that turn back on themselves."""

from collections.abc import Mapping, Sequence


def rings(superiors: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Circles among superiors, one of each tangle, the shortest through its first person.

    Such a line is followed once around and no further, so nothing hangs on it; it is told because
    it is rarely meant.
    """
    found: list[tuple[str, ...]] = []
    done: set[str] = set()
    for person in sorted(superiors):
        if person in done:
            continue
        ring = _through(person, superiors)
        if ring:
            found.append(ring)
            done.update(ring)
    return found


def _through(person: str, superiors: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The shortest way from a person up to himself; empty if there is none."""
    came: dict[str, str] = {}
    line = [person]
    while line:
        above = []
        for each in line:
            for superior in superiors.get(each, ()):
                if superior == person:
                    way = [each]
                    while way[-1] != person:
                        way.append(came[way[-1]])
                    return tuple(reversed(way))
                if superior not in came:
                    came[superior] = each
                    above.append(superior)
        line = above
    return ()
