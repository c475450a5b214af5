"""What a form refers to: expressions and option sources, for a check at deployment."""

from collections.abc import Iterator

from forms.markdown import templates
from forms.model import Component, Field, Form, Group, Listing, Text


def expressions(form: Form) -> tuple[tuple[str, str], ...]:
    """Every FEEL expression in the form, each as (component, text)."""
    return tuple(dict.fromkeys(_all(form.components)))


def sources(form: Form) -> tuple[tuple[str, str], ...]:
    """Every `options` source in the form, each as (field, source)."""
    every = [*form.fields, *(column for each in form.fields for column in each.columns)]
    return tuple((each.key, each.options.source) for each in every if each.options.source)


def _all(components: tuple[Component, ...]) -> Iterator[tuple[str, str]]:
    for component in components:
        if isinstance(component, Field):
            yield from _of_field(component)
            continue
        yield from ((component.id, text) for text in component.hides)
        if isinstance(component, Group | Listing):
            yield from ((component.id, text) for text in templates(component.label_told))
        if isinstance(component, Group):
            yield from _all(component.components)
        elif isinstance(component, Listing):
            yield component.id, component.source
            if component.columns_expression:
                yield component.id, component.columns_expression
        elif isinstance(component, Text):
            for said in (component.text.zh, component.text.en):
                yield from ((component.id, text) for text in templates(said))


def _of_field(field: Field) -> Iterator[tuple[str, str]]:
    texts = [*field.hides, field.default, field.required_if, field.options.expression]
    texts += [rule.condition for rule in field.rules]
    texts += field.options.conditions.values()
    texts += [*templates(field.label_told), *templates(field.description_told)]
    if isinstance(field.readonly, str):
        texts.append(field.readonly)
    yield from ((field.key, text) for text in texts if text)
    for column in field.columns:
        yield from ((f"{field.key}.{where}", text) for where, text in _of_field(column))
