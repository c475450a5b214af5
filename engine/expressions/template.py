"""A compiled text: what the rest of the engine holds of an expression."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from engine.expressions.compiling import Compiler, Frame, Functions, Run, guarded
from engine.expressions.errors import ExpressionError
from engine.expressions.feel import parse_feel
from engine.expressions.feel_compiling import FeelCompiler
from engine.expressions.juel import parse_juel
from engine.expressions.juel_compiling import JuelCompiler
from engine.expressions.juel_rules import truth
from engine.expressions.limits import STEPS, Budget, check_text
from engine.expressions.printing import text_of
from engine.expressions.reading import check_length

_NONE: Functions = {}


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """An expression, or a text with expressions in it, ready to be evaluated many times."""

    text: str
    """As its author wrote it."""
    reads: frozenset[str]
    """The variables that it names."""
    calls: frozenset[str]
    """The functions that it calls, standard ones included; `bean.method` where written so."""
    constant: bool
    """Whether it is plain text without any expression."""
    run: Run
    steps: int
    """What one evaluation may spend beyond its own size."""

    @property
    def size(self) -> int:
        """The steps that one evaluation takes where it goes through no list."""
        return STEPS - self.steps

    def evaluate(self, variables: Mapping[str, object], functions: Functions = _NONE) -> object:
        """The value of a single expression, otherwise the text with the values put in.

        Raises ExpressionError, and nothing else of its own making.
        """
        try:
            return self.run(Frame(variables, functions, Budget(self.steps)))
        except RecursionError:
            raise ExpressionError("The expression calls itself too often") from None

    def holds(self, variables: Mapping[str, object], functions: Functions = _NONE) -> bool:
        """Whether the condition is true; null and empty text are false, other values but true,
        false and their texts an ExpressionError."""
        value = self.evaluate(variables, functions)
        return value if value is True or value is False else truth(value)


def finished(text: str, run: Run, compiler: Compiler, constant: bool = False) -> Template:
    """The template of a compiled expression."""
    return Template(
        text=text,
        reads=frozenset(compiler.reads),
        calls=frozenset(compiler.calls),
        constant=constant,
        run=run,
        steps=STEPS - compiler.size,
    )


def compile_template(text: str, beans: Mapping[str, str] | None = None) -> Template:
    """The template of a text with `${…}` or `#{…}`; raises ExpressionError.

    White space around a single expression does not count. `\\${` stands for the characters
    themselves. A text that begins with one `=` is FEEL, as in Camunda 8: what does not exist is
    null there. `beans` maps methods of beans to provided functions: with
    `{"mail.send": "notify"}`, `${mail.send(x)}` calls `notify(x)`.
    """
    return _template(text, tuple(sorted(beans.items())) if beans else ())


def unknown_methods(template: Template, functions: Collection[str] = ()) -> tuple[str, ...]:
    """The methods of beans (`mail.send`) that the template calls and `functions` do not have."""
    return tuple(sorted(name for name in template.calls if "." in name and name not in functions))


@lru_cache(maxsize=4096)
def _template(text: str, beans: tuple[tuple[str, str], ...]) -> Template:
    if _is_feel(text):
        return _feel(text, "null", (), False)
    check_length(text)
    parts = _split(text)
    compiler = JuelCompiler(dict(beans))
    runs = [part if isinstance(part, str) else _compiled(compiler, part) for part in parts]
    places = [0 if isinstance(part, str) else part.offset for part in parts]
    solid = [run for run in runs if not isinstance(run, str) or run.strip()]
    if len(solid) == 1 and not isinstance(solid[0], str):
        return finished(text, solid[0], compiler)
    if all(isinstance(run, str) for run in runs):
        plain = "".join(run for run in runs if isinstance(run, str))
        return finished(text, lambda _: plain, compiler, constant=True)
    return finished(text, _joined(list(zip(runs, places, strict=True))), compiler)


def _is_feel(text: str) -> bool:
    begin = text.lstrip()[:2]
    return begin[:1] == "=" and begin != "==" and "${" not in text and "#{" not in text


def feel(
    text: str, missing: Literal["error", "null"] = "error", names: tuple[str, ...] = ()
) -> Template:
    """The template of a FEEL expression, which may begin with `=`; raises ExpressionError.

    `missing` says what a variable is that does not exist; `names` are variables whose names are
    not plain words ("Guest count").
    """
    return _feel(text, missing, names, False)


def unary_tests(text: str, names: tuple[str, ...] = (), inputs: tuple[str, ...] = ()) -> Template:
    """The template of a decision table's cell (`-`, `< 5`, `[1..3], 7`, `not("a")`).

    It holds where the variable `?` (the column's input) passes; unknown variables are an error.
    `inputs` are other names that the column's input has.
    """
    return _feel(text if text.strip() else "-", "error", names, True, inputs)


@lru_cache(maxsize=4096)
def _feel(
    text: str, missing: str, names: tuple[str, ...], tests: bool, inputs: tuple[str, ...] = ()
) -> Template:
    check_length(text)
    body = text.lstrip()
    body = body[1:] if body.startswith("=") and not tests else body
    if not body.strip():
        raise ExpressionError("The expression is empty", 0)
    compiler = FeelCompiler(missing_is_null=missing == "null", inputs=inputs)
    compiler.offset = len(text) - len(body)
    run = compiler.compile(parse_feel(body, compiler.offset, names, tests=tests))
    return finished(text, run, compiler)


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    offset: int


def _compiled(compiler: JuelCompiler, part: _Part) -> Run:
    if not part.text.strip():
        raise ExpressionError("There is nothing between the braces", part.offset)
    compiler.offset = part.offset
    return compiler.compile(parse_juel(part.text, part.offset))


def _joined(parts: list[tuple[str | Run, int]]) -> Run:
    printed = [
        part if isinstance(part, str) else guarded(_printed(part), place) for part, place in parts
    ]

    def run(frame: Frame) -> object:
        texts = (part if isinstance(part, str) else str(part(frame)) for part in printed)
        return check_text("".join(texts))

    return run


def _printed(part: Run) -> Run:
    return lambda frame: text_of(part(frame))


def _split(text: str) -> list[str | _Part]:
    """The plain stretches of `text` and the expressions between them."""
    parts: list[str | _Part] = []
    plain: list[str] = []
    place = 0
    while place < len(text):
        if text[place] == "\\" and text[place + 1 : place + 3] in ("${", "#{"):
            plain.append(text[place + 1 : place + 3])
            place += 3
        elif text[place : place + 2] in ("${", "#{"):
            parts.append("".join(plain))
            plain.clear()
            end = _closing(text, place + 2)
            parts.append(_Part(text[place + 2 : end], place + 2))
            place = end + 1
        else:
            plain.append(text[place])
            place += 1
    parts.append("".join(plain))
    return parts


def _closing(text: str, start: int) -> int:
    """Where the brace that closes the expression stands, quotes passed over."""
    quote = ""
    place = start
    while place < len(text):
        char = text[place]
        if quote:
            if char == "\\":
                place += 1
            elif char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        elif char == "}":
            return place
        place += 1
    raise ExpressionError("“${” has no closing “}”", start - 2)
