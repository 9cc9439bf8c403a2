"""Actor → ActivityPub document (federation.md 5); the way back is actors/reading.py."""

from datetime import datetime
from typing import Any

from actors.actor import Actor, Kind
from actors.emojis import paths_of
from core.settings import settings
from core.storage import TYPES
from federation.vocabulary import ACTOR_CONTEXT

Document = dict[str, Any]

# What our own are kept as: it has transparency, and every other server reads it.
EMOJI = "webp"


def document_of(actor: Actor) -> Document:
    """Write a local actor as other servers read it."""
    if actor.kind == Kind.APPLICATION:
        return _application(actor)
    return _core(actor) | _profile(actor) | _keys(actor)


def stub_of(actor: Actor) -> Document:
    """Write what even an unsigned stranger may read: the key and the inbox (security.md SIG-21)."""
    core = _core(actor)
    shown = ("@context", "id", "type", "preferredUsername", "webfinger", "inbox", "url")
    return {key: core[key] for key in shown} | _keys(actor)


def suspended_of(actor: Actor) -> Document:
    """Write what stays of somebody suspended: who they are and their key, and that they are."""
    return stub_of(actor) | {"name": "", "summary": "", "suspended": True}


def absolute(address: str) -> str:
    """Make a picture's address absolute: those of local actors are paths here."""
    return settings().file_url(address) if address.startswith("/") else address


def emoji_tags(used: Any) -> list[Document]:
    """Write the emojis of this server that a name or a note uses."""
    return [
        {
            "type": "Emoji",
            "name": f":{code}:",
            "icon": {"type": "Image", "mediaType": TYPES[EMOJI], "url": absolute(path)},
        }
        for code, path in paths_of(used).items()
    ]


def _core(actor: Actor) -> Document:
    return {
        "@context": ACTOR_CONTEXT,
        "id": actor.uri,
        "type": actor.kind.value,
        "preferredUsername": actor.name,
        "webfinger": actor.full_handle,
        "url": settings().url(actor.page),
        "inbox": actor.inbox,
        "outbox": actor.outbox,
        "endpoints": {"sharedInbox": actor.shared_inbox},
        "published": _day(actor.created_at),
    }


def _profile(actor: Actor) -> Document:
    document: Document = {
        "name": actor.display_name,
        "summary": actor.about,
        "followers": actor.followers_uri,
        "featured": actor.featured_uri,
        "manuallyApprovesFollowers": actor.is_locked,
        "discoverable": actor.is_discoverable,
        "indexable": actor.is_indexable,
        "attachment": [
            {"type": "PropertyValue", "name": each["name"], "value": each["value"]}
            for each in actor.facts
        ],
        "tag": emoji_tags(actor.emojis),
        "alsoKnownAs": list(actor.aliases),
    }
    if not actor.is_group:
        document |= {"following": actor.following_uri, "streams": [f"{actor.uri}/boards"]}
    if actor.about_source:
        document["source"] = {"content": actor.about_source, "mediaType": "text/markdown"}
    if actor.moved_to:
        document["movedTo"] = actor.moved_to
    if actor.moderators_uri:
        document["attributedTo"] = actor.moderators_uri
    if actor.kind == Kind.PERSON:
        document["endpoints"] = _endpoints(actor)
    return document | _pictures(actor)


def _endpoints(actor: Actor) -> Document:
    """Say where a person's own programs go (ActivityPub 4.1)."""
    return {
        "sharedInbox": actor.shared_inbox,
        "proxyUrl": settings().url("/api/activitypub/proxy"),
        "uploadMedia": settings().url("/api/activitypub/media"),
        "oauthAuthorizationEndpoint": settings().url("/oauth/authorize"),
        "oauthTokenEndpoint": settings().url("/oauth/token"),
    }


def _pictures(actor: Actor) -> Document:
    pictures: Document = {}
    if actor.avatar:
        pictures["icon"] = _picture(actor.avatar, actor.avatar_alt)
    if actor.header:
        pictures["image"] = _picture(actor.header, actor.header_alt)
    return pictures


def _picture(address: str, alt: str) -> Document:
    picture = {"type": "Image", "url": absolute(address)}
    if media_type := TYPES.get(address.rpartition(".")[2]):
        picture["mediaType"] = media_type
    # Some read what a picture shows from one, some from the other.
    return picture | ({"name": alt, "summary": alt} if alt else {})


def _keys(actor: Actor) -> Document:
    return {
        "publicKey": {"id": actor.key_id, "owner": actor.uri, "publicKeyPem": actor.public_key},
        "assertionMethod": [
            {
                "id": actor.multikey_id,
                "type": "Multikey",
                "controller": actor.uri,
                "publicKeyMultibase": actor.multikey,
            }
        ],
    }


def _application(actor: Actor) -> Document:
    own = {
        "name": settings().server.name,
        "url": settings().url("/about"),
        "manuallyApprovesFollowers": True,
        "implements": [
            {"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421"}
        ],
    }
    return _core(actor) | own | _keys(actor)


def _day(moment: datetime) -> str:
    # To the day only, as Mastodon does: the minute of joining is nobody's business.
    return moment.strftime("%Y-%m-%dT00:00:00Z")
