"""What an author lets others do with a note (product.md 5.2), in the words of interactionPolicy.

Asked by the verbs going out and by those coming in alike, so that what a page does not offer
cannot be had by a letter either (PRIV-15).
"""

from enum import StrEnum
from typing import Any

from actors.actor import Actor
from actors.follows import is_following
from federation.read import iris
from federation.vocabulary import PUBLIC_NAMES
from notes.mentions import Mention
from notes.note import Note


class Act(StrEnum):
    """What may be done with a note, by the name of its part of the policy."""

    LIKE = "canLike"
    REPLY = "canReply"
    BOOST = "canAnnounce"


async def permits(note: Note, actor: Actor, act: Act) -> bool:
    """Tell whether a note's author lets someone do this at once; the author must be loaded.

    Who is named in a note may always answer it, and authors may do as they like.
    """
    return await _is_among("automaticApproval", "always", note, actor, act)


async def may_try(note: Note, actor: Actor, act: Act) -> bool:
    """Tell whether someone here may do this, or at least ask the author's server for it."""
    if await permits(note, actor, act):
        return True
    return not note.is_local and await _is_among(
        "manualApproval", "approvalRequired", note, actor, act
    )


async def _is_among(name: str, older: str, note: Note, actor: Actor, act: Act) -> bool:
    rules = _rules(note, act)
    if rules is None or actor.id == note.author_id:
        return True
    if act is Act.REPLY and await _is_named(note, actor):
        return True
    allowed = iris(rules.get(name, rules.get(older)))
    if not PUBLIC_NAMES.isdisjoint(allowed) or actor.uri in allowed:
        return True
    author = note.author
    return (author.followers_uri in allowed and await is_following(actor, author)) or (
        author.following_uri in allowed and await is_following(author, actor)
    )


def _rules(note: Note, act: Act) -> dict[str, Any] | None:
    """Return the part of the policy; one that names nobody at all counts as not written."""
    policy = note.interaction if isinstance(note.interaction, dict) else {}
    rules = policy.get(act.value)
    if not isinstance(rules, dict):
        return None
    names = ("automaticApproval", "manualApproval", "always", "approvalRequired")
    return rules if any(iris(rules.get(name)) for name in names) else None


async def _is_named(note: Note, actor: Actor) -> bool:
    return await Mention.exists(note_id=note.id, actor_id=actor.id, is_silent=False)
