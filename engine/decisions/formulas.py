"""The expressions of a file of decisions, each compiled when the file is read.

FEEL unless the file, the table or the cell says JUEL; nothing else is run.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.decisions.kinds import Convert, converter, own
from engine.decisions.problems import Problem
from engine.decisions.source import Element, identity, title
from engine.expressions import ExpressionError, Template, compile_template, feel, unary_tests
from engine.expressions.compiling import Frame, Run
from engine.expressions.feel_functions import FUNCTIONS
from engine.expressions.functions import STANDARD
from engine.expressions.juel_rules import same

CHARACTERS_MAX = 300_000
"""Characters of all the expressions of one file."""
NAMES_MAX = 500
"""Names of several words in one file."""
INPUT = "?"
DEFAULT_INPUT = "cellInput"
"""How a cell may call its column's input where the column names it not otherwise."""
_NAMED = (
    "variable",
    "formalParameter",
    "itemComponent",
    "column",
    "output",
    "inputData",
    "decision",
    "businessKnowledgeModel",
    "decisionService",
    "contextEntry",
)
_OPERATOR = re.compile(r"==|!=|<=?|>=?")
_LABEL = re.compile(r"[^\W\d][\w ]*")


def unreadable(_: Frame) -> object:
    """Stands for an expression that has a problem; the file is refused before it could run."""
    raise ExpressionError("This expression could not be read")


def nothing(_: Frame) -> object:
    """Null."""
    return None


@dataclass(slots=True)
class Formulas:
    """Compiles the expressions of one file and gathers what is wrong with them."""

    name: str
    root: Element
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)
    """The variables that what was compiled since the last `fresh` reads; `inputs` those that the
    inputs of tables read. `bound` are names that it binds itself, `columns` those by which cells
    call their input, `calls` its functions that are not of the language."""
    inputs: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    types: Mapping[str, Element] = field(init=False)
    _names: tuple[str, ...] = field(init=False)
    _characters: int = 0

    def __post_init__(self) -> None:
        self.types = own(self.root)
        self._names = tuple(sorted(set(_long_names(self.root))))
        if len(self._names) > NAMES_MAX:
            self.refuse(self.root, "size", f"more than {NAMES_MAX} names of several words")
            self._names = self._names[:NAMES_MAX]

    def fresh(self) -> None:
        """Forget what was read and called: another decision begins."""
        self.reads, self.inputs, self.columns = set(), set(), set()
        self.bound, self.calls = set(), set()

    def unbound(self) -> set[str]:
        """The variables that must be there for what was compiled since the last `fresh`."""
        return (self.reads - self.bound - self.columns) | (self.inputs - self.bound)

    def refuse(self, element: Element, rule: str, message: str) -> None:
        """This keeps the file from being used."""
        self.problems.append(
            Problem(element=identity(element) or self.name, rule=rule, message=message)
        )

    def warn(self, element: Element, rule: str, message: str) -> None:
        """This should be known to whoever deploys the file."""
        self.warnings.append(
            Problem(element=identity(element) or self.name, rule=rule, message=message)
        )

    def convert(self, reference: str) -> Convert:
        """What makes a value one of the type that `typeRef` names."""
        return converter(reference, self.types)

    def expression(self, element: Element, what: str, text: str) -> Run:
        """What gives the value of the expression `text`, which stands in `element`."""
        language = self._language(element, text)
        if language == "juel" and "${" not in text and "#{" not in text:
            text = f"${{{text}}}"
        compiler = compile_template if language == "juel" else self._feel
        return self._run(element, what, text, compiler, language)

    def input(self, element: Element, text: str) -> Run:
        """What gives the value of the input expression `text`; cells do not change what it sees."""
        before, self.reads = self.reads, set()
        run = self.expression(element, "the input", text)
        self.inputs |= self.reads
        self.reads = before
        return run

    def tests(self, element: Element, what: str, text: str, name: str) -> Run:
        """What says whether an input passes the cell `text`; `name` is the input's name in it."""
        inputs = (name, DEFAULT_INPUT)
        self.columns.update(inputs, (INPUT,))
        language = self._language(element, text)
        if language == "juel":
            return _verdict(self.expression(element, what, _compared(text)))
        return self._run(
            element,
            what,
            text[1:] if text.startswith("==") else text,  # as Flowable writes “=”
            lambda written: unary_tests(written, self.names_in(written), inputs),
            language,
        )

    def names_in(self, text: str) -> tuple[str, ...]:
        """The file's names of several words that `text` has in it."""
        return tuple(name for name in self._names if name in text)

    def _feel(self, text: str) -> Template:
        return feel(text, names=self.names_in(text))

    def _run(
        self,
        element: Element,
        what: str,
        text: str,
        compiler: Callable[[str], Template],
        language: str,
    ) -> Run:
        self._characters += len(text)
        if self._characters > CHARACTERS_MAX:
            if self._characters - len(text) <= CHARACTERS_MAX:
                message = f"its expressions have more than {CHARACTERS_MAX} characters together"
                self.refuse(self.root, "size", message)
            return unreadable
        if language not in ("feel", "juel"):
            message = f"the language {language[:60]!r} is not run: write FEEL, or JUEL as “${{…}}”"
            self.refuse(element, "language", message)
            return unreadable
        try:
            template = compiler(text)
        except ExpressionError as error:
            shown = text if len(text) <= 80 else text[:79] + "…"
            self.refuse(element, "expression", f"{what} {shown!r}: {error}")
            return unreadable
        self.reads |= template.reads
        standard = STANDARD if language == "juel" else FUNCTIONS
        self.calls |= template.calls - standard.keys()
        run = template.run if language == "feel" else _flat(template)
        return _priced(run, template.size)

    def _language(self, element: Element, text: str) -> str:
        """As the element or one around it says; without a word FEEL, unless the text is JUEL."""
        at: Element | None = element
        while at is not None:
            found = at.get("expressionLanguage", "").strip()
            if found:
                return _spoken(found)
            at = at.getparent()
        return "juel" if text.startswith(("${", "#{")) else "feel"


def _spoken(language: str) -> str:
    """`feel`, `juel`, or the language's own name."""
    if language.lower() in ("feel", "juel"):
        return language.lower()
    if "/FEEL" in language or language.lower().endswith(":feel"):
        return "feel"
    return language


def _priced(run: Run, size: int) -> Run:
    def priced(frame: Frame) -> object:
        frame.budget.spend(size)
        return run(frame)

    return priced


def _compared(text: str) -> str:
    """A cell of JUEL that begins with an operator compares its input."""
    return f"{DEFAULT_INPUT} {text}" if _OPERATOR.match(text) else text


def _verdict(run: Run) -> Run:
    """A cell of JUEL holds where it gives true, or the input's own value."""

    def holds(frame: Frame) -> object:
        value = run(frame)
        return value if isinstance(value, bool) else same(frame.names[INPUT], value)

    return holds


def _flat(template: Template) -> Run:
    """JUEL knows no surrounding frames: every name in one map."""

    def run(frame: Frame) -> object:
        names: dict[str, object] = {}
        at: Frame | None = frame
        while at is not None:
            names = {**at.names, **names}
            at = at.outer
        return template.evaluate(names, frame.functions)

    return run


def _long_names(root: Element) -> Iterator[str]:
    """Names that an expression may write and that are not plain words: “Guest count”."""
    for each in root.iter():
        tag = each.tag.rpartition("}")[2] if isinstance(each.tag, str) else ""
        name = title(each)
        if tag not in _NAMED or not name or re.fullmatch(r"\w+", name):
            continue
        # what a drawing calls a decision is not always meant as a variable's name
        if (tag != "decision" and name[0].isalpha()) or _LABEL.fullmatch(name):
            yield name
