"""Bringing a change of the policy over to a version that came into force meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from moderation.reading import BadPolicy, sections_from
from moderation.sections import Sections

LISTS = ("rules", "filters", "entries", "lists")
_NONE = object()

Tree = Mapping[str, Any]
Path = tuple[str, ...]
Sides = tuple[Any, Any, Any]
"""The base, what is wanted, and the newest."""


class DoesNotFit(Exception):
    """What changed on both sides says different things; `paths` names the keys."""

    def __init__(self, paths: Sequence[Path], why: str = "") -> None:
        super().__init__(why or ", ".join(".".join(path) for path in paths))
        self.paths = tuple(paths)


def brought_over(base: Sections, wanted: Sections, newest: Sections) -> Sections:
    """Make the change from `base` to `wanted` in `newest`; raise DoesNotFit where both changed."""
    clashes: list[Path] = []
    tree = _merged((_tree(base), _tree(wanted), _tree(newest)), (), clashes)
    if clashes:
        raise DoesNotFit(clashes)
    return _read(tree)


def taken_back(before: Sections, after: Sections, newest: Sections) -> Sections:
    """Undo in `newest` the change from `before` to `after`; what was decided since then stays."""
    return _read(_merged((_tree(after), _tree(before), _tree(newest)), (), []))


def _read(tree: Any) -> Sections:
    try:
        return sections_from(tree)
    except BadPolicy as error:
        raise DoesNotFit((), str(error)) from error


def _tree(sections: Sections) -> Any:
    return msgspec.to_builtins(sections)


def _merged(sides: Sides, path: Path, clashes: list[Path]) -> Any:
    """Merge three trees; where both sides changed a leaf, the newest stands and is a clash."""
    base, wanted, newest = sides
    if wanted in (base, newest):
        return newest
    if newest == base:
        return wanted
    if path and path[-1] in LISTS and all(isinstance(each, list | tuple) for each in sides):
        return _merged_lists(sides, path, clashes)
    if all(isinstance(each, Mapping) for each in sides):
        return _merged_maps(sides, path, clashes)
    clashes.append(path)
    return newest


def _merged_maps(sides: Sides, path: Path, clashes: list[Path]) -> dict[str, Any]:
    base, wanted, newest = sides
    found = {}
    for name in dict.fromkeys([*newest, *wanted]):
        three = (base.get(name, _NONE), wanted.get(name, _NONE), newest.get(name, _NONE))
        each = _merged(three, (*path, name), clashes)
        if each is not _NONE:
            found[name] = each
    return found


def _merged_lists(sides: Sides, path: Path, clashes: list[Path]) -> list[Any]:
    """Merge lists of things that have names; the order is that of whoever changed it."""
    base, wanted, newest = ({_name(each): each for each in side} for side in sides)
    merged = _merged_maps((base, wanted, newest), path, clashes)
    is_moved = _common(base, wanted) != _common(wanted, base)
    first, second = (wanted, newest) if is_moved else (newest, wanted)
    return [merged[name] for name in dict.fromkeys([*first, *second]) if name in merged]


def _common(names: Iterable[str], others: Iterable[str]) -> list[str]:
    kept = set(others)
    return [name for name in names if name in kept]


def _name(thing: Tree) -> str:
    return str(thing.get("id") or f"{thing.get('domain')} {thing.get('severity', '')}")
