"""Names with brackets, `a[]=1`, `a[b]=1`, `a[][b]=1` → lists, objects (mastodon-api.md 2.2)."""

import re
from collections.abc import Iterable
from typing import Any

MOST_DEEP = 5
LONGEST_INDEX = 9

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")


def nested(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Put pairs as they came into one object; of two that contradict each other the first stays.

    Lists by index (`a[0]=1`) stay objects with digits for keys: `listed` reads both alike.
    """
    found: dict[str, Any] = {}
    for name, value in pairs:
        read = _NAME.fullmatch(name)
        path = [read[1], *_PART.findall(read[2])] if read else [name]
        if len(path) <= MOST_DEEP:
            _put(found, path, value)
    return found


def listed(value: Any) -> list[Any]:
    """Read a list however it was written: a list, an object with indices for keys, one value."""
    if value is None:
        return []
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        if value and all(map(_is_index, value)):
            return [value[key] for key in sorted(value, key=int)]
        return [value]
    return [value]


def _is_index(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) <= LONGEST_INDEX


def _put(into: dict[str, Any], path: list[str], value: Any) -> None:
    key, *rest = path
    if not rest:
        into[key] = value
        return
    if rest[0] == "":
        held = into.setdefault(key, [])
        if isinstance(held, list):
            _append(held, rest[1:], value)
        return
    inner = into.setdefault(key, {})
    if isinstance(inner, dict):
        _put(inner, rest, value)


def _append(held: list[Any], path: list[str], value: Any) -> None:
    """Add to a list; a key that its last object has already begins the next one."""
    if not path:
        held.append(value)
        return
    last = held[-1] if held and isinstance(held[-1], dict) else None
    is_new = last is None or (len(path) == 1 and path[0] in last)
    target: dict[str, Any] = {} if last is None or is_new else last
    if is_new:
        held.append(target)
    _put(target, path, value)
