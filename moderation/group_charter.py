"""Changing what a group says of itself, by those who run it; each change stands in its record."""

from typing import Any

from tortoise.transactions import in_transaction

from actors import written
from actors.actor import Actor
from actors.group_documents import whole_document_of
from actors.groups import Group, Posting, settings_of
from actors.profiles import change_profile
from core.html import clean
from core.names import quiet_name
from federation.read import flag, markup, text
from moderation.group_acts import check_runs
from moderation.group_record import Act, write_act
from outbox.group_rulings import Ruling, rule_here, spread_ruling
from outbox.refusals import NotAllowed, NotValid

OF_PROFILE = (
    *("title", "about", "about_source"),
    *("header", "header_alt", "avatar", "avatar_alt"),
)
OF_GROUP = (
    *("join", "post", "remote_members", "rules", "flair"),
    *("language", "is_sensitive"),
)
MOST_TITLE = 60


async def change(
    moderator: Actor, group: Actor, *, brought: dict[str, Any] | None = None, **columns: Any
) -> tuple[str, ...]:
    """Change columns of a group that lives here; returns the names of those that are new.

    Who sees what is in a group stays, for its notes keep the audience they had (PRIV-05).
    """
    await check_runs(moderator, group)
    if not group.is_local:
        raise NotAllowed("This group lives elsewhere; change it there.")
    chosen = await settings_of(group)
    if unknown := set(columns) - {*OF_PROFILE, *OF_GROUP}:
        raise NotValid(min(unknown), "This cannot change once the group is made.")
    if not columns.get("title", group.title):
        raise NotValid("title", "Give the group a name.")
    own = {key: each for key, each in columns.items() if key in OF_GROUP}
    said = {key: each for key, each in columns.items() if key in OF_PROFILE}
    changed = [key for key, each in own.items() if getattr(chosen, key) != each]
    changed += [key for key, each in said.items() if getattr(group, key) != each]
    if not changed:
        return ()
    async with in_transaction():
        await Group.filter(actor_id=group.id).update(**own)
        await change_profile(group, **said)
        await write_act(group, Act.CHARTER, by=moderator, changed=tuple(sorted(changed)))
        if brought:
            await spread_ruling(group, brought, group.uri)
        else:
            by = moderator if moderator.is_local else group
            await rule_here(group, by, Ruling("Update", await whole_document_of(group)))
    written.forget(group)
    return tuple(sorted(changed))


async def change_as_told(
    moderator: Actor, group: Actor, document: dict[str, Any], *, brought: dict[str, Any]
) -> None:
    """Change what a moderator elsewhere may: name, purpose, and who begins threads."""
    columns: dict[str, Any] = {}
    if title := quiet_name(text(document, "name"), MOST_TITLE):
        columns["title"] = title
    if "summary" in document:
        about = clean(markup(document, "summary", 5000))
        if about != group.about:
            columns |= {"about": about, "about_source": ""}
    if "sensitive" in document:
        columns["is_sensitive"] = flag(document["sensitive"])
    if "postingRestrictedToMods" in document:
        columns |= await _posting(group, is_restricted=flag(document["postingRestrictedToMods"]))
    await change(moderator, group, brought=brought, **columns)


async def _posting(group: Actor, *, is_restricted: bool) -> dict[str, Any]:
    now_restricted = (await settings_of(group)).post is Posting.MODERATORS
    # What the server restricted is said in our document too, and comes back with a copy of it.
    if is_restricted == (now_restricted or group.read_only_at is not None):
        return {}
    return {"post": Posting.MODERATORS if is_restricted else Posting.MEMBERS}
