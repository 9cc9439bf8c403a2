"""The names: types, contexts and media types that servers agree on."""

from functools import lru_cache
from typing import Any

AS = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{AS}#Public"
PUBLIC_NAMES = frozenset({PUBLIC, "as:Public", "Public"})

AS2 = "application/activity+json"
LD_JSON = f'application/ld+json; profile="{AS}"'
ACCEPT = f"{AS2}, {LD_JSON}"

ACTOR_TYPES = frozenset({"Person", "Group", "Service", "Application", "Organization"})

# Each of these is shown as a note, whatever its own software makes of it (federation.md 7).
NOTE_TYPES = frozenset(
    {
        *("Note", "Question", "Article", "Page", "Video", "Audio", "Image", "Event"),
        *("Document", "ChatMessage"),
    }
)

COLLECTION_TYPES = frozenset(
    {"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"}
)

# What happens to something: these are nothing without an object.
TRANSITIVE_TYPES = frozenset(
    {
        *("Accept", "Add", "Announce", "Block", "Create", "Delete", "Dislike", "EmojiReact"),
        *("Flag", "Follow", "Ignore", "Invite", "Join", "Leave", "Like", "Listen", "Lock"),
        *("Move", "Offer", "Read", "Reject", "Remove", "Resolve", "TentativeAccept"),
        *("TentativeReject", "Undo", "Update", "View", "Warn", "ApproveReply", "PollVote"),
        *("ChooseAnswer", "RejectReply"),
        *("QuoteRequest", "LikeRequest", "ReplyRequest", "AnnounceRequest", "FeatureRequest"),
    }
)
ACTIVITY_TYPES = TRANSITIVE_TYPES | {"Arrive", "Travel", "Activity", "IntransitiveActivity"}

# Things that are neither shown nor followed by themselves, and so are never taken for notes.
PART_TYPES = frozenset(
    {
        *("Tombstone", "Link", "Mention", "Hashtag", "Emoji", "PropertyValue", "Relationship"),
        *("Profile", "Multikey", "Key", "CryptographicKey", "QuoteAuthorization"),
        *("LikeAuthorization", "ReplyAuthorization", "AnnounceAuthorization", "CacheFile"),
    }
)

KNOWN_TYPES = ACTOR_TYPES | NOTE_TYPES | COLLECTION_TYPES | ACTIVITY_TYPES | PART_TYPES

# A name keeps its meaning under these spellings and no others: contexts are not read (LD-03).
_PREFIXES = (
    f"{AS}#",
    "as:",
    "http://schema.org/",
    "schema:",
    "toot:",
    "litepub:",
    "lemmy:",
    "pt:",
    "misskey:",
)


def plain(name: str) -> str:
    """Return a type's short name: `as:Note` and the full IRI are both `Note`."""
    if ":" in name:
        for prefix in _PREFIXES:
            if name.startswith(prefix):
                return name[len(prefix) :]
    return name


def type_of(document: Any) -> str:
    """Return a document's type by its short name, of several the first known; "" if it has none."""
    named = document.get("type") if isinstance(document, dict) else None
    if isinstance(named, str):
        return plain(named)
    if not isinstance(named, list):
        return ""
    names = [plain(each) for each in named[:16] if isinstance(each, str)]
    return next((each for each in names if each in KNOWN_TYPES), names[0] if names else "")


@lru_cache(maxsize=256)
def is_as2(content_type: str) -> bool:
    """Tell whether a Content-Type says ActivityPub; nothing else is believed (ORG-02)."""
    media_type, _, rest = content_type.partition(";")
    match media_type.strip().lower():
        case "application/activity+json":
            return True
        case "application/ld+json":
            return AS in _profiles(rest)
    return False


def _profiles(parameters: str) -> list[str]:
    for each in parameters.split(";"):
        name, _, value = each.partition("=")
        if name.strip().lower() == "profile":
            return value.strip().strip('"').split()
    return []


_TERMS: dict[str, Any] = {
    "toot": "http://joinmastodon.org/ns#",
    "schema": "http://schema.org/",
    "lemmy": "https://join-lemmy.org/ns#",
    "pt": "https://joinpeertube.org/ns#",
    "gts": "https://gotosocial.org/ns#",
    "misskey": "https://misskey-hub.net/ns#",
    "fedibird": "http://fedibird.com/ns#",
    "litepub": "http://litepub.social/ns#",
    "ostatus": "http://ostatus.org#",
    "Hashtag": "as:Hashtag",
    "sensitive": "as:sensitive",
    "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
    "movedTo": {"@id": "as:movedTo", "@type": "@id"},
    "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
    "Emoji": "toot:Emoji",
    "blurhash": "toot:blurhash",
    "focalPoint": {"@id": "toot:focalPoint", "@container": "@list"},
    "votersCount": "toot:votersCount",
    "discoverable": "toot:discoverable",
    "indexable": "toot:indexable",
    "suspended": "toot:suspended",
    "featured": {"@id": "toot:featured", "@type": "@id"},
    "PropertyValue": "schema:PropertyValue",
    "value": "schema:value",
    "language": "schema:inLanguage",
    "identifier": "schema:identifier",
    "postingRestrictedToMods": "lemmy:postingRestrictedToMods",
    "removeData": "lemmy:removeData",
    "stickied": "lemmy:stickied",
    "distinguished": "lemmy:distinguished",
    "moderators": {"@id": "lemmy:moderators", "@type": "@id"},
    "commentsEnabled": "pt:commentsEnabled",
    "size": "pt:size",
    "digestMultibase": {
        "@id": "https://w3id.org/security#digestMultibase",
        "@type": "https://w3id.org/security#multibase",
    },
    "Lock": "lemmy:Lock",
    "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
    "canLike": {"@id": "gts:canLike", "@type": "@id"},
    "canReply": {"@id": "gts:canReply", "@type": "@id"},
    "canAnnounce": {"@id": "gts:canAnnounce", "@type": "@id"},
    "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
    "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
    "manualApproval": {"@id": "gts:manualApproval", "@type": "@id"},
    "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
    "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
    "quote": {"@id": "https://w3id.org/fep/044f#quote", "@type": "@id"},
    "quoteAuthorization": {
        "@id": "https://w3id.org/fep/044f#quoteAuthorization",
        "@type": "@id",
    },
    "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
    "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
    "_misskey_quote": "misskey:_misskey_quote",
    "quoteUrl": "as:quoteUrl",
    "quoteUri": "fedibird:quoteUri",
    "conversation": "ostatus:conversation",
    "implements": {
        "@id": "https://w3id.org/fep/844e/implements",
        "@type": "@id",
        "@container": "@list",
    },
    "EmojiReact": "litepub:EmojiReact",
    "directMessage": "litepub:directMessage",
    "webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger",
}

_SECURITY = "https://w3id.org/security/v1"
_DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"

# Written on every document of ours; each term was tried in a JSON-LD processor (federation.md 18).
CONTEXT: list[Any] = [AS, _SECURITY, _DATA_INTEGRITY, _TERMS]
ACTOR_CONTEXT: list[Any] = [
    AS,
    "https://www.w3.org/ns/did/v1",
    _SECURITY,
    _DATA_INTEGRITY,
    "https://w3id.org/security/multikey/v1",
    _TERMS,
]
