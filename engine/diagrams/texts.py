"""Texts that are, or ought to be, expressions."""

import re

from engine.diagrams import source
from engine.diagrams.findings import Findings
from engine.diagrams.source import Element
from engine.expressions import ExpressionError, compile_template

JUEL = frozenset({"", "juel", "el", "uel", "expression"})
"""What `language` or `scriptFormat` calls the expressions between `${` and `}`."""
FEEL = frozenset({"feel"})

_WORDS = re.compile(r"[\w\s,.?!’，。、？！：:（）“”≥≤%€$¥￥£&+/-]+")
_ELSEWHERE = (("!==", "!="), ("===", "=="))
"""How other languages write what is written otherwise here."""
_NEITHER = "write it as ${…}, or in FEEL as = …"


def is_expression(text: str) -> bool:
    """Whether something in the text is to be evaluated."""
    return "${" in text or "#{" in text or is_feel(text)


def is_feel(text: str) -> bool:
    """Whether the text is a FEEL expression: it begins with one `=`."""
    begin = text.lstrip()[:2]
    return begin[:1] == "=" and begin != "==" and "${" not in text and "#{" not in text


def is_single(text: str) -> bool:
    """Whether the text is one expression, with nothing before or after it."""
    text = text.strip()
    if is_feel(text):
        return True
    return text[:2] in ("${", "#{") and _closing(text) == len(text) - 1


def inside(text: str) -> str:
    """What stands between the braces of a single expression, or after the `=`."""
    text = text.strip()
    return text[1:].strip() if is_feel(text) else text[2:-1].strip()


def _closing(text: str) -> int:
    """Where the brace that closes the expression at the beginning stands; -1: nowhere."""
    quote = ""
    skip = False
    for place, char in enumerate(text[2:], 2):
        if skip:
            skip = False
        elif quote and char == "\\":
            skip = True
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "}":
            return place
    return -1


def literally(text: str) -> str:
    """The text as a template that gives just this text."""
    return text.replace("${", "\\${").replace("#{", "\\#{")


def language(element: Element, attribute: str = "language") -> str:
    """The language that an element's text is said to be in, as one of ours or as written."""
    said = element.get(attribute, "").strip()
    return said.rpartition("/")[2].lower() if "feel" in said.lower() else said.lower()


def read_condition(
    element: Element | None, about: str, findings: Findings, choice: str = ""
) -> str:
    """A condition as an expression; "" where there is none, or after saying what is wrong.

    `choice` is the variable that says by its name which of several ways is taken, where there are
    several: plain words as a condition are such a name.
    """
    if element is None:
        return ""
    text = source.text(element)
    if source.attribute(element, "resource"):
        return _script(about, "in a file of its own", findings)
    if not text:
        return ""
    said = language(element)
    if not is_expression(text):
        return _bare(text, said, choice, about, findings)
    if findings.template(about, "condition", text) is None:
        return ""
    if not is_single(text):
        findings.refuse(
            about,
            "expression",
            f"condition {text!r} is more than one expression: write all of it between ${{ and }}",
        )
        return ""
    return text


def _script(about: str, where: str, findings: Findings) -> str:
    message = f"a script as condition ({where}) is not run: {_NEITHER}"
    findings.refuse(about, "script", message)
    return ""


def _bare(text: str, said: str, choice: str, about: str, findings: Findings) -> str:
    """A text without braces that can be read as an expression is one; plain words are a choice."""
    if not findings.takes(f"={text}"):
        return ""
    is_script = said not in JUEL | FEEL and not said.startswith("http")
    found = _comparison(text) if is_script else as_template(text, said) or _comparison(text)
    if not found and is_script:
        return _script(about, f"in {said}", findings)
    if not found and choice and _WORDS.fullmatch(text):
        found = chosen(choice, " ".join(text.split()))
    if not found:
        message = f"condition {text!r} is no expression: {_NEITHER}"
        findings.refuse(about, "expression", message)
        return ""
    findings.warn(about, "expression", f"condition {text!r} is read as {found}")
    return found


def _comparison(text: str) -> str:
    """What a script says that only compares: it means the same here. "" where it does more."""
    bare = text.removesuffix(";").strip()
    bare = bare.removeprefix("return ").strip()
    for theirs, ours in _ELSEWHERE:
        bare = bare.replace(theirs, ours)
    template = f"${{{bare}}}"
    try:
        return template if is_single(template) and not compile_template(template).calls else ""
    except ExpressionError:
        return ""


def as_template(text: str, said: str = "") -> str:
    """The bare expression `text` as a template: JUEL if it can be read so, else FEEL; "" where it
    is neither. `said` is the language that it is said to be in."""
    tries = (f"={text}",) if said in FEEL else (f"${{{text}}}", f"={text}")
    for each in tries:
        try:
            if is_single(each):
                compile_template(each)
                return each
        except ExpressionError:
            continue
    return ""


def chosen(variable: str, value: str) -> str:
    """A condition that holds where the variable names this way."""
    return f"${{{variable} == {quoted(value)}}}"


def choice_of(node: str) -> str:
    """The variable that says which way is taken at a gateway."""
    plain = node.isidentifier() and not node.startswith("_")
    return node if plain else "way_" + re.sub(r"\W", "_", node)


def quoted(text: str) -> str:
    """A text as an expression writes it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_CALL = re.compile(r"\b([^\W\d][\w$]*)\s*\.\s*([^\W\d][\w$]*)\s*\(")


def with_functions(text: str, functions: dict[str, str]) -> str:
    """The text with `bean.method(` written as the function that stands for it."""
    if not functions or not is_expression(text):
        return text

    def replaced(found: re.Match[str]) -> str:
        name = functions.get(f"{found[1]}.{found[2]}")
        return found[0] if name is None else f"{name}("

    return _CALL.sub(replaced, text)
