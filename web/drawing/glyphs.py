"""The strokes of marks and signs: what stands inside a shape, or at its edge.

Each is the `d` of a path. Those of events and gateways are drawn around their middle, those of
activities from their upper left corner, those at the foot of an activity around its middle.
"""

from collections.abc import Mapping
from typing import Literal

from markupsafe import Markup

State = Literal["done", "open", "back", "gone", "undone", "halt", "added", "changed", "removed"]
"""What has become of a node; `undone`: it counts no more, a return went back before it; `halt`: it
failed there and waits for an administrator. The last three
say what a new version does to it."""

SIGNS: Mapping[State, str] = {
    "done": "m-4 0 3 3 5-6",
    "open": "M0-4a4 4 0 1 0 .01 0zM0 0h.01",
    "back": "M1-4-3 0 1 4M-3 0h7",
    "gone": "m-3-3 6 6m0-6-6 6",
    "undone": "m-1-4-3 3 3 3M-4-1h5a3 3 0 0 1 0 6h-2",
    "halt": "M0-5v5M0 4h.01",
    "added": "M0-5v10M-5 0H5",
    "changed": "m-4 4 1-3 5-5 2 2-5 5z",
    "removed": "M-5 0H5",
}

EVENTS: Mapping[str, str] = {
    "timer": "M0-7a7 7 0 1 0 .01 0M0-4v4l3 2",
    "message": "M-7-5H7V5H-7zM-7-5 0 1 7-5",
    "signal": "M0-7 7 5H-7z",
    "error": "M-7 6-3-5 2 1 7-7 3 5-2-1z",
    "escalation": "M0-7 5 6 0 1-5 6z",
    "conditional": "M-5-7H5V7H-5zM-3-4H3M-3-1H3M-3 2H3M-3 5H3",
    "link": "M-7-3H1v-4L7 0 1 7V3h-8z",
    "compensate": "M0-5v10l-7-5zM7-5v10L0 0z",
    "cancel": "m-6-4 2-2 4 4 4-4 2 2-4 4 4 4-2 2-4-4-4 4-2-2 4-4z",
    "terminate": "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0",
    "multiple": "M0-7 7-2 4 6h-8l-3-8z",
}
"""By the kind of event; a throwing one is filled."""

GATEWAYS: Mapping[str, str] = {
    "exclusiveGateway": "m-6-6 12 12m0-12-12 12",
    "parallelGateway": "M-8 0H8M0-8V8",
    "inclusiveGateway": "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0",
    "complexGateway": "M-8 0H8M0-8V8M-6-6 6 6M6-6-6 6",
    "eventBasedGateway": (
        "M-10 0a10 10 0 1 0 20 0a10 10 0 1 0-20 0M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0"
        "M0-5 5-1.500 3 4.500h-6l-2-6z"
    ),
}

TASKS: Mapping[str, str] = {
    "userTask": "M8 12a3 3 0 1 1 .01 0M2 20c.5-5 3-7 6-7s5.500 2 6 7z",
    "serviceTask": (
        "M9 7.500a3.500 3.500 0 1 0 .01 0M9 4v3.500M9 14.500V18M2 11h3.500M12.500 11H16"
        "M4 6l2.500 2.500M11.500 13.500 14 16M14 6l-2.500 2.500M6.500 13.500 4 16"
    ),
    "sendTask": "M2 6h14v10H2z",
    "receiveTask": "M2 6h14v10H2zM2 6l7 6 7-6",
    "manualTask": (
        "M3 9l5-3h3c1 0 1 1.500 0 1.500H8M8 9h8c1 0 1 1.500 0 1.500H9"
        "M9 10.500h6c1 0 1 1.500 0 1.500H9M9 12h5c1 0 1 1.500 0 1.500H9c1 0 2 2-1 2.500H4l-1-1z"
    ),
    "businessRuleTask": "M2 5h15v12H2zM2 9h15M7 9v8M2 13h15",
    "scriptTask": "M5 4h10c-4 3 2 6-2 12H3c4-6-2-9 2-12zM6 7h5M6 10h6M6 13h5",
}
"""By the kind of task, in its upper left corner."""

FEET: Mapping[str, str] = {
    "parallel": "M-4-4v8M0-4v8M4-4v8",
    "sequential": "M-5-3H5M-5 0H5M-5 3H5",
    "loop": "M3 4a5 5 0 1 0-5-.5M-5 5h3.500V1.500",
    "collapsed": "M-6-6H6V6H-6zM0-3.500v7M-3.500 0h7",
    "adHoc": "M-6 1c2-4 4-2 6 0s4 3 6-1",
}
"""At the lower edge of an activity."""


def glyph(path: str, x: float, y: float, *, kind: str = "glyph", scale: str = "") -> Markup:
    """A path moved to its place; nothing where there is none to draw."""
    if not path:
        return Markup("")
    grown = Markup(" scale({})").format(scale) if scale else Markup("")
    return Markup('<path class="{}" transform="translate({} {}){}" d="{}"/>').format(
        kind, x, y, grown, path
    )
