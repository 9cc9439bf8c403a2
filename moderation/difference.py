"""What changed between two policies, key by key, and between two texts, word by word."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from core.links import CJK
from moderation.sections import Sections

Path = tuple[str, ...]
Leaf = str | int | float | bool | tuple[Any, ...]

MOST_PIECES = 2_000  # longer texts are compared sentence by sentence

_PIECE = re.compile(rf"[^\W{CJK}]+|\s+|.", re.DOTALL)
_SENTENCE = re.compile(r"[^.!?。！？\n]*(?:[.!?。！？\n]+\s*|$)")


class Change(NamedTuple):
    """One key of a policy that was added (`before` is None), taken out, or says something else.

    Things in lists stand in `path` by their own names: ("rules", "be-kind", "title", "en"). The
    path ("rules",) is their order.
    """

    path: Path
    before: Leaf | None
    after: Leaf | None

    @property
    def kind(self) -> str:
        """`added`, `removed` or `changed`."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


class Piece(NamedTuple):
    """A run of text that is `same` on both sides, `removed` or `added`."""

    kind: str
    text: str


def difference(before: Sections, after: Sections) -> list[Change]:
    """Return every key that is not the same, in the order of the sections."""
    old, new = (dict(_leaves(msgspec.to_builtins(each))) for each in (before, after))
    changes = [
        Change(path, old.get(path), new.get(path))
        for path in dict.fromkeys([*new, *old])
        if old.get(path) != new.get(path)
    ]
    for name in ("rules", "filters"):
        changes += _moved(name, getattr(before, name), getattr(after, name))
    places = {name: place for place, name in enumerate(Sections.__struct_fields__)}
    return sorted(changes, key=lambda change: places[change.path[0]])


def pieces(before: str, after: str) -> list[Piece]:
    """Compare two texts by words, or by characters where a script has no spaces."""
    if before == after:
        return [Piece("same", before)] if before else []
    old, new = _cut(before), _cut(after)
    if len(old) > MOST_PIECES or len(new) > MOST_PIECES:
        old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    return list(_compared(old, new))


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    matcher = difflib.SequenceMatcher(None, old, new)
    for step, a, b, c, d in matcher.get_opcodes():
        if step == "equal":
            yield Piece("same", "".join(old[a:b]))
            continue
        if a < b:
            yield Piece("removed", "".join(old[a:b]))
        if c < d:
            yield Piece("added", "".join(new[c:d]))


def _cut(text: str) -> list[str]:
    return _PIECE.findall(text)


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    """Name every value of a policy by its path; what is not set has none."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(value, list | tuple) and path[-1] in ("rules", "filters", "entries", "lists"):
        for name, each in _named(value):
            yield from _leaves(each, (*path, name))
    elif isinstance(value, list | tuple):
        if value:
            yield path, tuple(map(_frozen, value))
    elif value is not None:
        yield path, value


def _named(items: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Name rules and filters by id, servers by host; with the measure where one has several."""
    hosts = [each.get("domain") or each["id"] for each in items]
    for each in items:
        name = each.get("id") or each["domain"]
        yield f"{name} {each['severity']}" if hosts.count(name) > 1 else name, each


def _frozen(value: Any) -> Any:
    return tuple(sorted(value.items())) if isinstance(value, Mapping) else value


def _moved(name: str, before: Sequence[Any], after: Sequence[Any]) -> list[Change]:
    """Tell whether what is in both lists stands in another order."""
    old, new = ([each.id for each in some] for some in (before, after))
    old, new = [each for each in old if each in new], [each for each in new if each in old]
    return [Change((name,), tuple(old), tuple(new))] if old != new else []
