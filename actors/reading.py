"""ActivityPub document → what we believe of an actor (federation.md 5); no database here."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct

from federation.errors import Malformed
from federation.flair import flair_in
from federation.parts import emojis_from, page_of, picture_from
from federation.read import clipped, dicts, flag, id_of, iri_of, iris, link, markup, moment, text
from federation.urls import same_origin
from federation.vocabulary import ACTOR_TYPES, KNOWN_TYPES, type_of

MAX_FIELDS = 16
MAX_ALIASES = 32
MAX_KEYS = 8

# PeerTube allows colons, WordPress and the servers' own actors use whole host names.
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.:~-]{0,62}[A-Za-z0-9_])?")
_HANDLE = re.compile(r"@?[A-Za-z0-9_.:~-]{1,64}@[^\s@/]{1,255}")
_CLOSED = frozenset({"closed", "private", "invite_only", "moderated"})

Key = tuple[str, str]


class ActorDocument(Struct, frozen=True, kw_only=True):
    """An actor as their own server tells of them; HTML in it is raw, addresses are http(s) only.

    Endpoints lie on the server of the id (ORG-09). `owners` are who keeps a channel, for those
    that name people instead of a collection of moderators.
    """

    id: str
    type: str
    handle: str
    webfinger: str | None
    name: str
    summary: str
    url: str | None
    inbox: str
    shared_inbox: str | None
    outbox: str | None
    followers: str | None
    following: str | None
    featured: str | None
    icon_url: str | None
    icon_alt: str
    header_url: str | None
    header_alt: str
    fields: list[tuple[str, str]]
    emojis: list[dict[str, str]]
    public_keys: list[Key]
    multikeys: list[Key]
    locked: bool
    discoverable: bool
    indexable: bool
    also_known_as: list[str]
    moved_to: str | None
    published: datetime | None
    suspended: bool
    memorial: bool
    hides_from_web: bool
    moderators: str | None
    owners: list[str]
    posting_restricted: bool
    flair: list[dict[str, str]]
    accepts_joins: bool
    has_members: bool
    by_invitation: bool

    @property
    def is_group(self) -> bool:
        """Whether it is joined rather than followed."""
        return self.type == "Group"

    @property
    def is_bot(self) -> bool:
        """Whether no person is behind it."""
        return self.type in ("Service", "Application")


def actor_document_from(document: dict[str, Any]) -> ActorDocument:
    """Read an actor; raise Malformed without id, name, type, or an inbox beside the id (ORG-22).

    Types we do not know are read as Service; what else is wrong is left out.
    """
    uri = id_of(document)
    if uri is None:
        raise Malformed("an actor without an id")
    kind = _type_of(document)
    inbox = _beside(uri, document.get("inbox"))
    if inbox is None:
        raise Malformed(f"{uri} has no inbox on its own server")
    icon, header = picture_from(document.get("icon")), picture_from(document.get("image"))
    return ActorDocument(
        id=uri,
        type=kind,
        handle=_handle_of(document, uri),
        webfinger=_webfinger_of(document),
        name=_line(document, "name", 200),
        summary=_about(document),
        url=_beside(uri, page_of(document)),
        inbox=inbox,
        shared_inbox=_shared_inbox_of(document, uri),
        outbox=_beside(uri, document.get("outbox")),
        followers=_beside(uri, document.get("followers")),
        following=_beside(uri, document.get("following")),
        featured=_beside(uri, document.get("featured")),
        icon_url=icon.url if icon else None,
        icon_alt=icon.alt[:1500] if icon else "",
        header_url=header.url if header else None,
        header_alt=header.alt[:1500] if header else "",
        fields=_fields_of(document),
        emojis=emojis_from(document),
        public_keys=_public_keys_of(document, uri),
        multikeys=_multikeys_of(document, uri),
        locked=_is_locked(document),
        discoverable=_is_discoverable(document, kind),
        indexable=flag(document.get("indexable")),
        also_known_as=_aliases_of(document),
        moved_to=link(iri_of(document.get("movedTo"))),
        published=moment(document.get("published")),
        suspended=flag(document.get("suspended")),
        memorial=flag(document.get("memorial")),
        hides_from_web=flag(document.get("hidesToPublicFromUnauthedWeb")),
        moderators=_moderators_of(document, uri) if kind == "Group" else None,
        owners=_owners_of(document) if kind == "Group" else [],
        posting_restricted=flag(document.get("postingRestrictedToMods")),
        flair=flair_in(document) if kind == "Group" else [],
        accepts_joins=_accepts_joins(document),
        has_members=bool(link(document.get("members"))),
        by_invitation=document.get("openness") == "invite_only",
    )


def _type_of(document: dict[str, Any]) -> str:
    kind = type_of(document)
    if kind in ACTOR_TYPES:
        return kind
    if not kind or kind in KNOWN_TYPES:
        raise Malformed(f"a {kind or 'thing without a type'} is no actor")
    return "Service"


def _handle_of(document: dict[str, Any], uri: str) -> str:
    named = document.get("preferredUsername")
    if not isinstance(named, str) or not _NAME.fullmatch(named):
        raise Malformed(f"{uri} has no name that could be written behind an @")
    return named


def _webfinger_of(document: dict[str, Any]) -> str | None:
    handle = text(document, "webfinger", 320)
    return handle.removeprefix("@") if _HANDLE.fullmatch(handle) else None


def _beside(uri: str, value: Any) -> str | None:
    """Return an endpoint if it lies with the actor itself (ORG-09)."""
    address = link(iri_of(value))
    return address if address and same_origin(address, uri) else None


def _shared_inbox_of(document: dict[str, Any], uri: str) -> str | None:
    # A foreign one would have us send our members' words somewhere else: the inbox will do.
    endpoints = document.get("endpoints")
    named = endpoints.get("sharedInbox") if isinstance(endpoints, dict) else None
    return _beside(uri, named or document.get("sharedInbox"))


def _line(document: dict[str, Any], key: str, limit: int) -> str:
    return " ".join(text(document, key, limit).split())


def _about(document: dict[str, Any]) -> str:
    about = clipped(markup(document, "summary"), 5_000)
    # PeerTube sends plain text, whose lines HTML would run together.
    return about if "<" in about else "<br>".join(about.strip().splitlines())


def _fields_of(document: dict[str, Any]) -> list[tuple[str, str]]:
    properties = [e for e in dicts(document.get("attachment")) if type_of(e) == "PropertyValue"]
    pairs = [(_line(each, "name", 255), markup(each, "value", 2_048)) for each in properties]
    return [(name, value) for name, value in pairs if name][:MAX_FIELDS]


def _public_keys_of(document: dict[str, Any], uri: str) -> list[Key]:
    """List the RSA keys; one that another actor owns or keeps is not this actor's (SIG-09, -10)."""
    return _keys(
        document.get("publicKey"), uri, "owner", "publicKeyPem", lambda pem: "-----BEGIN" in pem
    )


def _multikeys_of(document: dict[str, Any], uri: str) -> list[Key]:
    """List the Ed25519 keys that they sign documents with (FEP-521a)."""
    return _keys(
        document.get("assertionMethod"),
        uri,
        "controller",
        "publicKeyMultibase",
        lambda multibase: multibase.startswith("z6Mk"),
    )


def _keys(
    listed: Any, uri: str, owner: str, material: str, is_key: Callable[[str], bool]
) -> list[Key]:
    found = []
    for each in dicts(listed, MAX_KEYS):
        key_id, key = iri_of(each.get("id")), each.get(material)
        belongs = iri_of(each.get(owner, uri)) == uri
        if key_id and belongs and same_origin(key_id, uri) and isinstance(key, str):
            found.append((key_id, key))
    return [(key_id, key) for key_id, key in found if len(key) < 10_000 and is_key(key)]


def _is_locked(document: dict[str, Any]) -> bool:
    openness = document.get("accessType") or document.get("openness")
    return flag(document.get("manuallyApprovesFollowers")) or (
        isinstance(openness, str) and openness in _CLOSED
    )


def _is_discoverable(document: dict[str, Any], kind: str) -> bool:
    # People say so before they are shown about; a group is there to be found (federation.md 5.1).
    wish = document.get("discoverable", document.get("toot:discoverable"))
    return wish is not False if kind == "Group" else flag(wish)


def _aliases_of(document: dict[str, Any]) -> list[str]:
    named = iris(document.get("alsoKnownAs"), MAX_ALIASES)
    return [each for each in named if link(each)]


def _moderators_of(document: dict[str, Any], uri: str) -> str | None:
    """Return the moderators' collection; a list in its place names people (PeerTube)."""
    for key in ("attributedTo", "moderators"):
        named = document.get(key)
        if isinstance(named, str) and (address := _beside(uri, named)):
            return address
    return None


def _owners_of(document: dict[str, Any]) -> list[str]:
    named = document.get("attributedTo")
    return [] if isinstance(named, str) else iris(named, 10)


def _accepts_joins(document: dict[str, Any]) -> bool:
    """Tell whether it wants a Join: Smithereen says so, Mobilizon's groups have members.

    Who may come by invitation only is followed, so that at least what is public comes.
    """
    capabilities = document.get("capabilities")
    if isinstance(capabilities, dict) and flag(capabilities.get("acceptsJoins")):
        return True
    return bool(link(document.get("members"))) and document.get("openness") != "invite_only"
