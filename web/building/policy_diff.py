"""What changed between two versions of the policy, thing by thing, for reading side by side."""

from collections.abc import Iterable
from typing import Any

from moderation.difference import Change, difference, pieces
from moderation.languages import Words, said_in
from moderation.policy import Policy
from moderation.rules import Rule, rule_of
from moderation.sections import Sections
from web.building.measure_words import measure_of
from web.building.policy import version_view
from web.building.policy_keys import SECTIONS, name_of
from web.building.policy_values import value_of
from web.texts import locale
from web.views.policy import DiffPart, DiffRow, PolicyDiff

THINGS = {"rules": 2, "filters": 2, "federation": 3}  # so much of a path names one of a list


def policy_diff(before: Policy, after: Policy) -> PolicyDiff:
    """Compare two versions: one row for each rule, filter, server or section that changed."""
    changes: dict[tuple[str, ...], list[Change]] = {}
    for change in difference(before.sections, after.sections):
        changes.setdefault(_thing(change), []).append(change)
    rows = tuple(
        _row(thing, found, before.sections, after.sections) for thing, found in changes.items()
    )
    return PolicyDiff(version_view(before), version_view(after), rows)


def _thing(change: Change) -> tuple[str, ...]:
    """Name the thing a change belongs to: a rule by its id, a section by its name."""
    path = change.path
    if path[0] == "federation" and path[1] != "entries":
        return path[:1]
    return path[: THINGS.get(path[0], 1)]


def _row(
    thing: tuple[str, ...], changes: list[Change], before: Sections, after: Sections
) -> DiffRow:
    if thing[0] == "rules" and len(thing) > 1:
        return _rule_row(thing[1], changes, before, after)
    old = "\n".join(_lines(changes, "before"))
    new = "\n".join(_lines(changes, "after"))
    name = thing[-1] if len(thing) > 1 else SECTIONS[thing[0]]
    return _compared(str(name), old, new)


def _rule_row(rule_id: str, changes: list[Change], before: Sections, after: Sections) -> DiffRow:
    old, new = rule_of(before.rules, rule_id), rule_of(after.rules, rule_id)
    tags = _languages(changes, new or old, (after if new else before).language)
    texts = [_rule_text(each[1], tags) if each else "" for each in (old, new)]
    rest = [change for change in changes if change.path[2] not in ("title", "text", "examples")]
    if old and new:
        for place, side in enumerate(("before", "after")):
            texts[place] = "\n".join([texts[place], *_lines(rest, side)])
    number, rule = new or old or (0, None)
    title = said_in(rule.title, locale(), after.language).text if rule else rule_id
    return _compared(f"{number}. {title}", *texts)


def _languages(changes: Iterable[Change], found: tuple[int, Rule] | None, counts: str) -> list[str]:
    """Choose the languages to show: the reader's, and each other that changed."""
    changed = {c.path[3] for c in changes if c.path[2] in ("title", "text") and len(c.path) > 3}
    words: Words = found[1].title if found else {}
    own = said_in(words, locale(), counts).language
    is_whole = any(change.path[2] == "id" for change in changes)
    return [own] if is_whole or not changed - {own} else sorted({own, *changed})


def _rule_text(rule: Rule, tags: Iterable[str]) -> str:
    """Write a rule in these languages, an empty line between them."""
    return "\n\n".join(filter(None, (_in_language(rule, tag) for tag in tags)))


def _in_language(rule: Rule, tag: str) -> str:
    parts = (rule.title, rule.text, *rule.examples.ok, *rule.examples.not_ok)
    return "\n".join(words[tag] for words in parts if tag in words)


def _lines(changes: Iterable[Change], side: str) -> list[str]:
    """Write one side of changes as `key: value`, the name of the thing itself left out."""
    lines = []
    for change in changes:
        value = getattr(change, side)
        if value not in (None, "") and change.path[-1] not in ("id", "domain"):
            inside = change.path[len(_thing(change)) :]
            said = _said(change, value)
            lines.append(f"{name_of(inside)}: {said}" if inside else said)
    return lines


def _said(change: Change, value: Any) -> str:
    key = change.path[-1]
    if key == "severity":
        return measure_of(value)
    if isinstance(value, tuple):
        return ", ".join(map(_item, value))
    return value_of(key, value)


def _item(value: Any) -> str:
    if isinstance(value, tuple):
        return " / ".join(str(text) for _, text in value)
    return measure_of(str(value))


def _compared(title: str, before: str, after: str) -> DiffRow:
    found = pieces(before, after)
    kind = "changed" if before and after else "added" if after else "removed"
    return DiffRow(
        kind=kind,
        title=title,
        before=tuple(DiffPart(text, each) for each, text in found if each != "added"),
        after=tuple(DiffPart(text, each) for each, text in found if each != "removed"),
        inline=tuple(DiffPart(text, each) for each, text in found),
    )
