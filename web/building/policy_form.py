"""A table of the policy ↔ a form: fields come from the types of the sections, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import inspect

from moderation.sections import Sections
from web.building.policy_keys import KEYS
from web.building.policy_values import choice_of
from web.forms import Posted
from web.views.frame import Choice
from web.views.policy import FormField

LONG = 400  # text that may be longer gets room for several lines
LISTS = {"rules": (), "filters": (), "entries": ("federation",), "lists": ("federation",)}
TABLES = (
    *("about", "accounts", "content", "federation", "moderation", "appeals", "governance"),
    *("ranking", "transparency", "retention"),
)


def kind_of(section: str) -> inspect.StructType:
    """Return the type of a table, or of one thing of a list."""
    kind: Any = _whole()
    for step in (*LISTS.get(section, ()), section):
        kind = next(each.type for each in kind.fields if each.encode_name == step)
    found: Any = kind.item_type if isinstance(kind, inspect.VarTupleType) else kind
    assert isinstance(found, inspect.StructType)  # noqa: S101  every table is one
    return found


def fields_of(
    kind: inspect.StructType,
    value: Mapping[str, Any],
    languages: Sequence[str],
    path: tuple[str, ...] = (),
) -> Iterator[FormField]:
    """Make the fields of a table, filled with what it says; lists of things are left out."""
    for each in kind.fields:
        name = each.encode_name
        if name not in LISTS or path:
            here = value.get(name, None if each.required else each.default)
            yield from _fields(each.type, here, languages, (*path, name))


def _fields(
    kind: inspect.Type, value: Any, languages: Sequence[str], path: tuple[str, ...]
) -> Iterator[FormField]:
    kind = _bare(kind)
    name, label = ".".join(path), _label(path)
    match kind:
        case inspect.StructType():
            yield from fields_of(kind, value or {}, languages, path)
        case inspect.BoolType():
            yield FormField(name, label, "tick", "1" if value else "")
        case inspect.EnumType():
            yield FormField(name, label, "select", str(value or ""), choices=_choices(path, kind))
        case inspect.IntType() | inspect.FloatType():
            shown = "" if value is None else f"{value:g}" if isinstance(value, float) else value
            yield FormField(name, label, "number", str(shown))
        case inspect.DateType():
            yield FormField(name, label, "date", str(value or ""))
        case inspect.VarTupleType(item_type=inspect.EnumType() as inner):
            chosen = tuple(map(str, value or ()))
            yield FormField(name, label, "many", chosen=chosen, choices=_choices(path, inner))
        case inspect.VarTupleType(item_type=inspect.DictType()):
            for tag in languages:
                lines = "\n".join(words.get(tag, "") for words in value or ()).rstrip()
                yield FormField(f"{name}.{tag}", label, "lines", lines, language=tag)
        case inspect.VarTupleType():
            yield FormField(name, label, "lines", "\n".join(value or ()))
        case inspect.DictType(key_type=inspect.EnumType() as inner):
            for choice in _choices(path, inner):
                shown = (value or {}).get(choice.value, "")
                step = f"{label} · {choice.label}"
                yield FormField(f"{name}.{choice.value}", step, "number", str(shown))
        case inspect.DictType():
            for tag in languages:
                yield FormField(
                    f"{name}.{tag}", label, "text", (value or {}).get(tag, ""), language=tag
                )
        case _:
            yield FormField(name, label, "line", str(value or ""))


def read_table(
    kind: inspect.StructType, form: Posted, languages: Sequence[str], path: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Read a table from a form as `[policy]` would hold it; what is empty is left out."""
    found = {}
    for each in kind.fields:
        name = each.encode_name
        if name not in LISTS or path:
            value = _read(each.type, form, languages, (*path, name))
            if value is not None:
                found[name] = value
    return found


def _read(kind: inspect.Type, form: Posted, languages: Sequence[str], path: tuple[str, ...]) -> Any:
    is_optional = isinstance(kind, inspect.UnionType)
    kind, name = _bare(kind), ".".join(path)
    text = form.text(name)
    match kind:
        case inspect.StructType():
            inner = read_table(kind, form, languages, path)
            return inner if inner or not is_optional else None
        case inspect.BoolType():
            return form.is_on(name)
        case inspect.IntType() | inspect.FloatType():
            return _number(text, kind) if text else None
        case inspect.VarTupleType(item_type=inspect.EnumType()):
            return form.all(name)
        case inspect.VarTupleType(item_type=inspect.DictType()):
            return _by_language(form, name, languages)
        case inspect.VarTupleType():
            return [line.strip() for line in text.splitlines() if line.strip()]
        case inspect.DictType(key_type=inspect.EnumType() as inner):
            keys = [str(each.value) for each in inner.cls]
            written = {each: form.text(f"{name}.{each}") for each in keys}
            return {key: _number(each, inspect.IntType()) for key, each in written.items() if each}
        case inspect.DictType():
            words = {tag: form.text(f"{name}.{tag}") for tag in languages}
            return {tag: text for tag, text in words.items() if text}
    return text or None


def _by_language(form: Posted, name: str, languages: Sequence[str]) -> list[dict[str, str]]:
    """Read examples: line by line, the same line of each language is one."""
    lines = {tag: form.text(f"{name}.{tag}").splitlines() for tag in languages}
    most = max(map(len, lines.values()), default=0)
    found = [
        {tag: each[place].strip() for tag, each in lines.items() if each[place : place + 1] != []}
        for place in range(most)
    ]
    kept = [{tag: text for tag, text in words.items() if text} for words in found]
    return [words for words in kept if words]


def _number(text: str, kind: inspect.Type) -> int | float | str:
    """Read a number; what is none is handed on, for the policy to say what is wrong."""
    try:
        return float(text) if isinstance(kind, inspect.FloatType) else int(text)
    except ValueError:
        return text


def _bare(kind: inspect.Type) -> inspect.Type:
    """Leave out that something may be missing."""
    if isinstance(kind, inspect.UnionType):
        return next(each for each in kind.types if not isinstance(each, inspect.NoneType))
    return kind


def _choices(path: tuple[str, ...], kind: inspect.EnumType) -> tuple[Choice, ...]:
    return tuple(Choice(str(each.value), choice_of(path[-1], str(each.value))) for each in kind.cls)


def _label(path: Sequence[str]) -> str:
    return " · ".join(str(KEYS.get(step, step)) for step in path)


@cache
def _whole() -> inspect.Type:
    return inspect.type_info(Sections)
