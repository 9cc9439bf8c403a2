"""What somebody wants a group to be, from a form or an app, read and checked for both."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from actors.groups import Join, Posting, RemoteMembers, See
from core.languages import language_tag
from core.names import characters_in, quiet_name
from notes.text import render as rendered
from outbox.draft import tag_url
from web.texts import _

MOST_TITLE, MOST_ABOUT, MOST_RULE, MOST_RULES = 60, 1000, 200, 15
MOST_FLAIR, LONGEST_FLAIR = 8, 30
GROUPS_A_DAY = 5
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# Whose contrast with the ink of our cards is enough, light and dark.
COLOURS = ("#8a7c70", "#a3211b", "#7d5200", "#1c6347", "#1f4e8c", "#6b3f8f")


@dataclass(frozen=True)
class GroupWish:
    """What was said; None, where nothing was. `rules` are in `language`, one sentence each."""

    title: str | None = None
    about: str | None = None
    join: str | None = None
    see: str | None = None
    post: str | None = None
    remote_members: str | None = None
    rules: Sequence[str] | None = None
    flair: Sequence[tuple[str, str]] | None = None
    """Names and colours."""
    language: str | None = None
    is_sensitive: bool | None = None


@dataclass(frozen=True)
class Checked:
    """The columns of Actor and of Group that a wish changes, and what is wrong with it, by the
    names of the wish."""

    actor: dict[str, Any]
    group: dict[str, Any]
    wrong: dict[str, str]


def checked(wish: GroupWish, *, language: str = "") -> Checked:
    """Read a wish; `language` is what the group speaks, where it does not say."""
    wrong: dict[str, str] = {}
    actor = _said(wish, wrong)
    group = _chosen(wish, wrong)
    if wish.language is not None:
        group["language"] = language_tag(wish.language)
    if wish.is_sensitive is not None:
        group["is_sensitive"] = wish.is_sensitive
    if wish.rules is not None:
        kept = [line for each in wish.rules if (line := quiet_name(each, MOST_RULE))]
        group["rules"] = {(group.get("language") or language or "en"): kept[:MOST_RULES]}
        if not kept:
            group["rules"] = {}
    if wish.flair is not None:
        group["flair"] = _flair(wish.flair)
    return Checked(actor, group, wrong)


def _said(wish: GroupWish, wrong: dict[str, str]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if wish.title is not None:
        columns["title"] = quiet_name(wish.title, MOST_TITLE)
        if not columns["title"]:
            wrong["title"] = _("Give the group a name.")
    if wish.about is not None:
        if characters_in(wish.about) > MOST_ABOUT:
            wrong["about"] = _("At most 1000 characters.")
        columns["about_source"] = wish.about.strip()
        columns["about"] = rendered(wish.about, known={}, tag_url=tag_url)
    return columns


def _chosen(wish: GroupWish, wrong: dict[str, str]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, kind in (
        ("join", Join),
        ("see", See),
        ("post", Posting),
        ("remote_members", RemoteMembers),
    ):
        said = getattr(wish, name)
        if said is None:
            continue
        try:
            columns[name] = kind(said)
        except ValueError:
            wrong[name] = _("Choose one of these.")
    return columns


def _flair(wanted: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Keep each name once, with its colour or the next of ours."""
    found: dict[str, dict[str, str]] = {}
    for name, colour in wanted:
        kept = quiet_name(name, LONGEST_FLAIR).replace(",", "")
        if kept and kept.casefold() not in found and len(found) < MOST_FLAIR:
            is_colour = COLOUR.fullmatch(colour.strip())
            ours = COLOURS[len(found) % len(COLOURS)]
            found[kept.casefold()] = {
                "name": kept,
                "color": colour.strip().lower() if is_colour else ours,
            }
    return list(found.values())
