"""Profiles: what people say of themselves, and telling others when it changes."""

import time
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from tortoise.transactions import in_transaction

from actors import written
from actors.actor import Actor
from actors.emojis import own_emojis
from actors.verifying import VERIFY, kept_marks, names_pages
from core.jobs import put
from core.links import shown_parts, web_link
from core.names import quiet_name

MOST_FACTS = 4
LONGEST_NAME = 60
LONGEST_ABOUT = 500
LONGEST_LABEL = 60
LONGEST_VALUE = 255
UPLOADED = "/media/"


def facts_from(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Make the lines of a profile from what was typed; `source` is kept for typing on."""
    facts = []
    for label, value in pairs:
        name = quiet_name(label, LONGEST_LABEL)
        source = quiet_name(value, LONGEST_VALUE)
        if name and source:
            facts.append({"name": name, "value": _value(source), "source": source})
    return facts[:MOST_FACTS]


async def change_profile(actor: Actor, *, said_as: str = "", **columns: Any) -> None:
    """Change what a local actor shows, and tell other servers; files no longer shown go too.

    `said_as` is the id that the Update is to have.
    """
    unused = _replaced(actor, columns, ("avatar", "header"))
    if "facts" in columns:
        columns["facts"] = kept_marks(columns["facts"], actor.facts)
    if columns.keys() & {"title", "about_source", "facts"}:
        columns["emojis"] = await own_emojis(*_texts(actor, columns))
    async with in_transaction():
        await actor.update_from_dict(columns).save(update_fields=list(columns))
        await put("outbox.update_actor", {"actor_id": actor.id, "uri": said_as})
        if unused:
            await put("notes.delete_files", {"keys": unused, "at": time.time()})
        if names_pages(columns.get("facts", [])):
            await put(VERIFY, {"actor_id": actor.id})
    written.forget(actor)


def _texts(actor: Actor, columns: dict[str, Any]) -> list[str]:
    shown = {name: columns.get(name, getattr(actor, name)) for name in ("title", "about_source")}
    facts = columns.get("facts", actor.facts)
    return [*shown.values(), *(f"{each['name']} {each['value']}" for each in facts)]


def _replaced(actor: Actor, columns: dict[str, Any], names: Sequence[str]) -> list[str]:
    """Return the keys of our own files that other ones come in place of."""
    before = [getattr(actor, name) for name in names if name in columns]
    after = [columns[name] for name in names if name in columns]
    gone = [each for each in before if each not in after and each.startswith(UPLOADED)]
    return [each.removeprefix(UPLOADED) for each in gone]


def own_faces(actor: Actor) -> list[str]:
    """Return the keys of our own files that a local actor shows itself with."""
    return _replaced(actor, {"avatar": "", "header": ""}, ("avatar", "header"))


def _value(source: str) -> str:
    """Write a line as HTML: an address becomes a link that says it is about the same person.

    The parts of the address stay in sight, so that none can pose as another (XSS-05).
    """
    url = web_link(source)
    if url is None:
        return escape(source)
    _, shown, rest = shown_parts(url)
    rel = "me nofollow noopener noreferrer"
    return f'<a href="{escape(url)}" target="_blank" rel="{rel}">{escape(shown + rest)}</a>'
