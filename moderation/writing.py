"""A policy → TOML that `[policy]` of config.toml can hold."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from moderation.policy import Policy

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LISTS = ("rules", "filters", "entries", "lists")  # written as [[tables]], one for each thing


def toml_of(policy: Policy) -> str:
    """Write a version as the draft of the next one; reading it gives the same sections."""
    values = msgspec.to_builtins(policy.sections, builtin_types=(date,))
    head = f"# Version {policy.version} of the policy, checksum {policy.sha256}.\n"
    return head + "\n".join(_table("policy", {"based_on": policy.version, **values})) + "\n"


def _table(name: str, values: Mapping[str, Any]) -> Iterator[str]:
    """Write plain values first, as TOML wants it, and then what has a table of its own."""
    own = {key: each for key, each in values.items() if _has_table(name, key, each)}
    yield f"[{name}]"
    for key, each in values.items():
        if key not in own and each is not None:
            yield f"{_key(key)} = {_value(each)}"
    for key, each in own.items():
        yield ""
        if isinstance(each, Mapping):
            yield from _table(f"{name}.{key}", each)
        else:
            yield from _things(f"{name}.{key}", each)


def _things(name: str, things: list[Mapping[str, Any]]) -> Iterator[str]:
    for number, thing in enumerate(things):
        if number:
            yield ""
        yield f"[[{name}]]"
        for key, each in thing.items():
            if key == "when" or not _says_nothing(each):
                yield f"{_key(key)} = {_value(each)}"


def _has_table(parent: str, key: str, value: Any) -> bool:
    if isinstance(value, list | tuple):
        return key in _LISTS and bool(value)
    if not isinstance(value, Mapping):
        return False
    # Words in several languages read better in one line.
    return parent == "policy" or not all(isinstance(each, str) for each in value.values())


def _says_nothing(value: Any) -> bool:
    """Tell whether leaving this out of a rule, filter or server means the same."""
    if isinstance(value, Mapping):
        return all(map(_says_nothing, value.values()))
    return value is None or (value is not False and not value)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case date():
            return value.isoformat()
        case str():
            return _text(value)
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case Mapping():
            set_ones = ((key, each) for key, each in value.items() if each is not None)
            pairs = [f"{_key(key)} = {_value(each)}" for key, each in set_ones]
            return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    raise TypeError(f"TOML has no word for {type(value).__name__}")


def _text(value: str) -> str:
    # What JSON escapes, TOML escapes alike; only DEL is left over.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)
