"""Draws one control: its label, its value, what can be chosen, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from forms.drawing.display import input_of, text_of
from forms.drawing.items import DrawnField, DrawnOption
from forms.kinds import written
from forms.markdown import told as filled
from forms.messages import Locale, Message
from forms.model import CHOICES, LISTS, Field, Option
from forms.options import Choices
from forms.parsing.checking import Names
from forms.scope import native


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Draws the controls of one form."""

    choices: Choices
    locale: Locale
    errors: Mapping[str, Message]
    zone: tzinfo | None
    today: str

    def error(self, path: str) -> str:
        """What is wrong at this path, in the drawing's language."""
        message = self.errors.get(path)
        return message.said(self.locale) if message is not None and path else ""

    def is_required(self, field: Field, names: Names) -> bool:
        """Whether something has to be filled in, given the other values."""
        if field.required:
            return True
        return bool(field.required_if) and self.choices.scope.is_true(field.required_if, names)

    def drawn(
        self,
        field: Field,
        value: object,
        *,
        names: Names,
        told: Names,
        name: str,
        path: str,
        readonly: bool,
        visible: bool = True,
    ) -> DrawnField:
        """The control for this field with this value."""
        value = _usable(field, value)
        offered = self._offered(field, value, told, readonly)
        return DrawnField(
            id=field.id,
            key=field.key,
            name=name,
            label=self.said(field.label, field.label_told, told),
            description=self.said(field.description, field.description_told, told),
            kind=field.kind,
            required=visible and not readonly and self.is_required(field, names),
            readonly=readonly,
            visible=visible,
            value=value,
            text=text_of(field, value, offered, self.locale, self.zone),
            input=input_of(field, value, self.zone),
            error=self.error(path),
            options=self._options(value, offered),
            multiple=field.multiple or field.kind in ("checklist", "taglist"),
            accept=field.accept,
            min=self._least(field),
            max="" if field.maximum is None else written(field.maximum),
            step=field.step,
            pattern=_html_pattern(field),
            minlength=field.min_length,
            maxlength=field.max_length,
        )

    def said(self, plain: Message, text: str, told: Names) -> str:
        """A label: as it is (also where there is an English one), or with its expressions' results
        in it."""
        if not text or (self.locale == "en" and plain.en):
            return plain.said(self.locale)
        return filled(text, lambda expression: self.told(expression, told))

    def told(self, expression: str, names: Names) -> str:
        """The result of an expression, for reading."""
        value = native(self.choices.scope.evaluate(expression, names))
        if isinstance(value, list):
            return "、".join(str(each) for each in value)
        return "" if value is None else str(value)

    def _least(self, field: Field) -> str:
        if field.from_today and field.kind == "date":
            return self.today
        return "" if field.minimum is None else written(field.minimum)

    def _offered(
        self, field: Field, value: object, told: Names, readonly: bool
    ) -> Mapping[str, Option]:
        if field.kind not in CHOICES:
            return {}
        if not readonly:
            return self.choices.of(field, told)
        # Who only reads it gets what was chosen, also where it is no longer offered.
        chosen = [each for each in (value if isinstance(value, list) else [value]) if each]
        known = self.choices.of(field, told) if chosen else {}
        static = {each.value: each for each in field.options.static}
        return {
            str(each): known.get(str(each)) or static.get(str(each)) or Option(str(each), str(each))
            for each in chosen
        }

    def _options(self, value: object, offered: Mapping[str, Option]) -> tuple[DrawnOption, ...]:
        chosen = value if isinstance(value, list) else [value]
        return tuple(
            DrawnOption(
                value=option.value,
                label=option.label_en if self.locale == "en" and option.label_en else option.label,
                chosen=option.value in chosen,
                zh=option.label,
                en=option.label_en,
            )
            for option in offered.values()
        )


def _usable(field: Field, value: object) -> object:
    """The value, or the empty one where what was posted is nothing that could be drawn."""
    if value is None or isinstance(value, Mapping):
        return field.empty
    if (field.kind in LISTS) != isinstance(value, list):
        return field.empty
    if field.kind == "checkbox":
        return value is True
    return value


def _html_pattern(field: Field) -> str:
    if field.pattern is None:
        return ""
    source = field.pattern.source
    if source.startswith("^") and source.endswith("$") and "|" not in source:
        return source[1:-1]
    return f".*(?:{source}).*"
