"""In which order decisions can be made that require one another."""

from collections.abc import Mapping


def ordered(required: Mapping[str, list[str]]) -> tuple[list[str], list[tuple[str, str]]]:
    """The ids, each after those that it requires; and each id with one that it requires in a
    circle. What such an id requires does not count for the order."""
    order: list[str] = []
    circles: dict[str, str] = {}
    state: dict[str, str] = {}
    for start in required:
        stack = [start]
        while stack:
            id = stack[-1]
            if state.get(id) == "done":
                stack.pop()
                continue
            wanted = [] if id in circles else required[id]
            waiting = [each for each in wanted if state.get(each) != "done"]
            circle = next((each for each in waiting if state.get(each) == "open" or each == id), "")
            if circle:
                circles[id] = circle
            elif waiting:
                state[id] = "open"
                stack.append(waiting[-1])
            else:
                state[id] = "done"
                order.append(stack.pop())
    return order, list(circles.items())
