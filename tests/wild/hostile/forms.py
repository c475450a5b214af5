"""Forms that lie, explode, or want what is not theirs."""

import json
from collections.abc import Iterator

from tests.wild.drawing import drawn, line
from tests.wild.hostile.made import Files, Hostile
from tests.wild.hostile.texts import CODE


def forms() -> Iterator[Hostile]:
    """Forms that lie, explode, or want what is not theirs."""

    def form(content: object) -> Files:
        written = content if isinstance(content, bytes) else json.dumps(content).encode()
        return {"p.bpmn": drawn(line("a", who='v:formRef="f"')), "f.form": written}

    def fields(*found: dict[str, object]) -> object:
        return {"type": "default", "id": "f", "schemaVersion": 17, "components": list(found)}

    def text(key: str, **more: object) -> dict[str, object]:
        return {"type": "textfield", "key": key, "label": "x", "id": "f1", **more}

    for name in (
        "typename",
        "__class__",
        "__proto__",
        "_x",
        "a.b",
        "a[0]",
        "",
        "x" * 5_000,
        "a b",
        "initiator",
        "number",
        "me",
        "${x}",
        "a'b",
        "‮",
    ):
        shown = name[:16].encode("unicode_escape").decode()
        yield Hostile(name=f"a field {shown!r}", files=form(fields(text(name))), refused=False)
    for pattern in (
        "(a+)+$",
        "(a|aa)*b",
        "(.*)*x",
        "((((a*)*)*)*)*b",
        "(?:" * 5_000,
        "a{1,99999999}",
        "(?P<x>a)\\1+",
        "[",
        "\\",
    ):
        made = fields(text("x", validate={"pattern": pattern}))
        yield Hostile(name=f"the pattern {pattern[:20]}", files=form(made), refused=False)
    for formula in (
        "=" + CODE[0],
        "=" + "(" * 5_000,
        "=for a in 1..999999999 return a",
        '=matches("a", "(a+)+$")',
    ):
        made = fields(text("x", conditional={"hide": formula}))
        yield Hostile(name=f"hidden by {formula[:24]}", files=form(made), refused=False)
        made = fields({"type": "expression", "key": "x", "expression": formula, "id": "e"})
        yield Hostile(name=f"computed by {formula[:24]}", files=form(made), refused=False)
    deep: object = text("x")
    for n in range(3_000):
        deep = {"type": "group", "id": f"g{n}", "components": [deep]}
    yield Hostile(name="groups in groups", files=form(_dumped(deep)))
    yield Hostile(name="brackets", files=form(b"[" * 500_000))
    yield Hostile(
        name="20,000 fields",
        files=form(fields(*[text(f"k{n}") for n in range(20_000)])),
        refused=False,
    )
    yield Hostile(
        name="a form with NaN",
        files=form(
            b'{"type":"default","id":"f","components":[{"type":"number","key":"n","validate":{"min":NaN}}]}'
        ),
        refused=False,
    )
    yield Hostile(
        name="a key twice in JSON",
        files=form(b'{"id":"f","id":"g","type":"default","components":[]}'),
        refused=False,
    )
    yield Hostile(name="a form that is a list", files=form([1, 2]))
    yield Hostile(name="a form that is a number", files=form(b"1e999999"))
    yield Hostile(
        name="a form in UTF-16", files=form(json.dumps(fields()).encode("utf-16")), refused=False
    )
    yield Hostile(
        name="a form with a lone surrogate",
        files=form(b'{"type":"default","id":"\\ud800","components":[]}'),
        refused=False,
    )
    yield Hostile(
        name="HTML in a form",
        files=form(fields({"type": "html", "content": "<script>alert(1)</script>", "id": "h"})),
        refused=False,
    )
    yield Hostile(
        name="a script in a text view",
        files=form(
            fields(
                {
                    "type": "text",
                    "text": "<img src=x onerror=alert(1)>[x](javascript:alert(1))",
                    "id": "h",
                }
            )
        ),
        refused=False,
    )
    yield Hostile(
        name="an outside frame",
        files=form(fields({"type": "iframe", "url": "http://127.0.0.1:9/", "id": "h"})),
        refused=False,
    )
    yield Hostile(
        name="an outside picture",
        files=form(fields({"type": "image", "source": "http://127.0.0.1:9/x.png", "id": "h"})),
        refused=False,
    )
    yield Hostile(
        name="values by a path",
        files=form(
            fields(
                {
                    "type": "select",
                    "key": "s",
                    "label": "s",
                    "valuesKey": "../../etc/passwd",
                    "id": "h",
                }
            )
        ),
        refused=False,
    )
    yield Hostile(
        name="two forms of one id",
        files={**form(fields()), "g.form": json.dumps(fields()).encode()},
    )
    yield Hostile(name="a form without a diagram", files={"f.form": json.dumps(fields()).encode()})


def _dumped(deep: object) -> bytes:
    """JSON of any depth, which `json` itself would refuse to write."""
    depth, inner = 0, deep
    while isinstance(inner, dict) and inner["type"] == "group":
        depth, inner = depth + 1, inner["components"][0]
    head = '{"type":"group","id":"g","components":['
    written = head * depth + json.dumps(inner) + "]}" * depth
    return f'{{"type":"default","id":"f","components":[{written}]}}'.encode()
