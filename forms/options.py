"""What can be chosen in a field, here and now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from forms.model import Field, Lookup, Option
from forms.scope import Scope, native


@dataclass(slots=True)
class Choices:
    """Resolves options; each source is looked up once, however many fields and rows use it."""

    scope: Scope
    lookup: Lookup
    _found: dict[str, Mapping[str, Option]] = field(default_factory=dict)

    def of(self, chooser: Field, names: Mapping[str, object]) -> Mapping[str, Option]:
        """The options of this field by their value, in order."""
        options = chooser.options
        if options.source:
            if options.source not in self._found:
                found = self.lookup(options.source)
                self._found[options.source] = {each.value: each for each in found}
            return self._found[options.source]
        if options.key:
            return _listed(names.get(options.key), options.labels_en)
        if options.expression:
            result = native(self.scope.evaluate(options.expression, names))
            return _listed(result, options.labels_en)
        return {
            each.value: each for each in options.static if self._offered(chooser, each.value, names)
        }

    def refuses(self, chooser: Field, value: object, names: Mapping[str, object]) -> bool:
        """Whether what was chosen (one value or a list) is not all among the options."""
        chosen: Sequence[object] = value if isinstance(value, list) else [value]
        options = chooser.options
        if options.static and not options.conditions:
            known = {each.value for each in options.static}
        else:
            known = set(self.of(chooser, names))
        return any(each not in known for each in chosen)

    def _offered(self, chooser: Field, value: str, names: Mapping[str, object]) -> bool:
        condition = chooser.options.conditions.get(value)
        return condition is None or self.scope.is_true(condition, names)


def _listed(value: object, labels_en: Mapping[str, str]) -> dict[str, Option]:
    """A list of texts, or of `{label, value}`, as options."""
    options: dict[str, Option] = {}
    for each in value if isinstance(value, list) else []:
        if isinstance(each, Mapping):
            kept = each.get("value")
            label = each.get("label", kept)
        else:
            kept = label = each
        if isinstance(kept, str | int) and not isinstance(kept, bool):
            text = str(kept)
            options[text] = Option(text, str(label), labels_en.get(text, ""))
    return options
