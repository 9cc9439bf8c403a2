"""Group → ActivityPub document: what Lemmy and its kin demand of one (federation.md 5, 10.5)."""

from collections.abc import Mapping
from urllib.parse import quote

from actors.actor import Actor
from actors.documents import Document, document_of
from actors.groups import Group, Posting, See, settings_of
from core.languages import own_name
from federation.write import stamp


async def whole_document_of(actor: Actor) -> Document:
    """Write a local actor as other servers read it, a group with what it says of itself."""
    document = document_of(actor)
    return document | _as_group(actor, await settings_of(actor)) if actor.is_group else document


def _as_group(actor: Actor, chosen: Group) -> Document:
    document: Document = {
        "moderators": actor.moderators_uri,
        "postingRestrictedToMods": chosen.post is Posting.MODERATORS
        or actor.read_only_at is not None,
        "sensitive": chosen.is_sensitive,
        "tag": [flair_document(actor, each) for each in chosen.flair],
    }
    if chosen.closes_at:
        document["endTime"] = stamp(chosen.closes_at)
    if chosen.language:
        name = own_name(chosen.language)
        document["language"] = [{"identifier": chosen.language, "name": name}]
    if chosen.see is not See.EVERYONE:
        # Smithereen's word for what manuallyApprovesFollowers says to Lemmy.
        document["accessType"] = "closed"
    return document


def flair_document(group: Actor, each: Mapping[str, str]) -> Document:
    """Write a flair of a group in the form that Lemmy and PieFed have for it; one of a group
    elsewhere keeps the id it has there."""
    name = each.get("name", "")
    return {
        "type": "CommunityPostTag",
        "id": each.get("id") or f"{group.uri}/tag/{quote(name.casefold(), safe='')}",
        "preferredUsername": name.casefold(),
        "name": name,
        "color": each.get("color", ""),
    }
