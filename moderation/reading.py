"""`[policy]` as someone wrote it → sections, or a sentence that says what is wrong with it."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from core.settings import SettingsError, settings
from federation.urls import canonical_host, is_under
from moderation.sections import Sections
from moderation.vocabulary import Severity

_PLACE = re.compile(r"(.*) - at `(key` in `)?\$\.?([^`]*)`")
_NAMED = re.compile(r"[a-z]+: ")
_STEP = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)|\[(\d+|\.\.\.)\]")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")


class BadPolicy(SettingsError):
    """A policy that cannot be published; the text names the key and what is allowed there."""


class Draft(msgspec.Struct, frozen=True):
    """A policy somebody proposes, and the number of the version they had before them."""

    sections: Sections
    based_on: int = 1


def draft_from(written: Mapping[str, Any]) -> Draft:
    """Read `[policy]`; raise BadPolicy for the first thing that is wrong with it.

    Without `based_on` it is a change of the first version, which was made from the same file.
    """
    rest = dict(written)
    based_on = rest.pop("based_on", 1)
    if type(based_on) is not int or based_on < 1:
        raise BadPolicy(f"policy.based_on: {based_on!r} is no version; write its number")
    preset = rest.pop("preset", None)
    if preset is not None:
        rest["governance"] = _with_preset(rest.get("governance", {}), preset)
    sections = sections_from(rest)
    _check_ourselves(sections)
    return Draft(sections, based_on)


def sections_from(written: Mapping[str, Any]) -> Sections:
    """Read the tables of a policy; raise BadPolicy."""
    try:
        return msgspec.convert(written, Sections)
    except msgspec.ValidationError as error:
        raise BadPolicy(_explained(str(error), written)) from error


def _with_preset(governance: Any, preset: Any) -> Any:
    """Take `preset` at the top for what it means, unless the table says something else."""
    if not isinstance(governance, Mapping) or governance.get("preset", preset) == preset:
        return {**governance, "preset": preset} if isinstance(governance, Mapping) else governance
    raise BadPolicy(f"policy.preset: {preset!r} and governance.preset say different things")


def _check_ourselves(sections: Sections) -> None:
    own = settings().server.domain
    for each in sections.federation.entries:
        names_us = is_under(own, each.domain) and ":" not in each.domain
        if each.severity is not Severity.ACCEPT and (
            names_us or canonical_host(own) == canonical_host(each.domain)
        ):
            raise BadPolicy(f"policy.federation.entries: {each.domain} is this server itself")


def _explained(message: str, written: Mapping[str, Any]) -> str:
    """Say which key is meant, in the words of the file, and what could stand there."""
    found = _PLACE.fullmatch(message)
    said, is_of_key, path = found.groups() if found else (message, None, "")
    steps = [name or int(place) for name, place in _STEP.findall(path) if place != "..."]
    if unknown := _UNKNOWN.fullmatch(said):
        name = unknown[1]
        hint = f"there are {', '.join(_names(_kind_at(steps)))}"
        return f"{_key([*steps, name], written)}: no such key; {hint}"
    if is_of_key:
        said = f"{said}; there are {', '.join(_keys(_kind_at(steps)))}"
    elif allowed := _values(_kind_at(steps)):
        said = f"{_value_at(steps, written)!r} is none of {', '.join(allowed)}"
    between = "." if not steps and _NAMED.match(said) else ": "
    return f"{_key(steps, written)}{between}{said[0].lower()}{said[1:]}"


def _key(steps: list[str | int], written: Mapping[str, Any]) -> str:
    """Write a path; things in a list go by their own name, where they have one."""
    path = "policy"
    for depth, step in enumerate(steps, 1):
        if isinstance(step, str):
            path += f".{step}"
            continue
        here = _value_at(steps[:depth], written)
        name = here.get("id") or here.get("domain") if isinstance(here, Mapping) else None
        path += f"[{name}]" if isinstance(name, str) else f"[{step + 1}]"
    return path


def _value_at(steps: list[str | int], written: Any) -> Any:
    for step in steps:
        try:
            written = written[step]
        except (LookupError, TypeError):
            return None
    return written


@cache
def _whole() -> inspect.Type:
    return inspect.type_info(Sections)


def _kind_at(steps: list[str | int]) -> inspect.Type:
    kind = _whole()
    for step in steps:
        match kind:
            case inspect.StructType(fields=fields) if isinstance(step, str):
                kind = next(each.type for each in fields if each.encode_name == step)
            case inspect.VarTupleType(item_type=inner) if isinstance(step, int):
                kind = inner
    return kind


def _names(kind: inspect.Type) -> list[str]:
    if isinstance(kind, inspect.StructType):
        return [each.encode_name for each in kind.fields]
    return []


def _keys(kind: inspect.Type) -> list[str]:
    return _values(kind.key_type) if isinstance(kind, inspect.DictType) else []


def _values(kind: inspect.Type) -> list[str]:
    if isinstance(kind, inspect.EnumType):
        return [str(each.value) for each in kind.cls]
    return []
