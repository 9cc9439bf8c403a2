"""What other servers demand of our documents (federation.md 1, 5, 7, 16), written as checks."""

import json
import os
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pyld import jsonld

AS = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{AS}#Public"
LISTS = ("to", "cc", "tag", "attachment", "alsoKnownAs", "assertionMethod", "orderedItems", "items")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
OWN_HOST = ("id", "actor", "attributedTo", "inbox", "outbox", "followers", "following", "featured")
OWN_HOST += ("replies", "likes", "shares", "first", "next", "partOf", "sharedInbox", "owner")
OWN_HOST += ("controller", "publicKey.id", "url")
ACTORS = ("Person", "Group", "Application", "Service")
# Mastodon's and Misskey's names, and the host name of the application.
NAME = re.compile(r"[a-z0-9_]+([a-z0-9_.:-]+[a-z0-9_]+)?", re.IGNORECASE)

CORPUS = Path(
    os.environ.get("RUBRIC_CORPUS") or Path(__file__).parents[2].parent / "shared" / "corpus"
)
CONTEXTS = {
    AS: "activitystreams",
    "https://w3id.org/security/v1": "security-v1",
    "https://w3id.org/security/data-integrity/v2": "security-data-integrity-v2",
    "https://w3id.org/security/multikey/v1": "security-multikey-v1",
    "https://www.w3.org/ns/did/v1": "did-v1",
}

Document = dict[str, Any]


def parts(document: Any) -> Iterator[Document]:
    """Everything in a document that is an object, the document first."""
    if isinstance(document, dict):
        yield document
        for key, value in document.items():
            if key != "@context":
                yield from parts(value)
    elif isinstance(document, list):
        for value in document:
            yield from parts(value)


def check(document: Document, *, host: str, base: str) -> None:
    """Assert all rules that hold for every document that goes out by itself."""
    context = document["@context"]
    assert context[0] == AS, "Mastodon drops what does not name ActivityStreams"
    assert len(json.dumps(document)) < 256 * 1024
    for part in parts(document):
        _check_part(part)
        if part is not document and part.get("type") != "DataIntegrityProof":
            # The items of an outbox are documents of their own.
            assert "@context" not in part or part.get("type") in ("Create", "Announce")
    for part in parts(document):
        if _is_ours(part, base):
            _check_ours(part, host)
    if document["type"] in ACTORS:
        check_actor(document, base=base)


def _check_part(part: Document) -> None:
    for key in LISTS:
        assert isinstance(part.get(key, []), list), f"{key} must be a list: PeerTube, Lemmy"
    for key in ("attributedTo", "actor", "id", "inReplyTo", "context", "conversation"):
        assert isinstance(part.get(key, ""), str), f"{key} must be a string: NodeBB, Misskey"
    for key in ("published", "updated", "deleted", "endTime", "closed", "created"):
        assert MOMENT.fullmatch(part.get(key, "2026-01-01T00:00:00Z")), f"{key} in UTC with Z"
    for key in ("to", "cc"):
        assert not {"as:Public", "Public"} & set(part.get(key, [])), "Public by its whole name"
        assert len(set(part.get(key, []))) == len(part.get(key, []))
    assert not set(part.get("to", [])) & set(part.get("cc", []))
    assert part.get("name") != "", "Misskey refuses an empty name"
    assert part.get("directMessage") is not False, "glitch-soc drops what says false"
    assert "bto" not in part
    assert "bcc" not in part
    assert "_misskey_reaction" not in part


def _is_ours(part: Document, base: str) -> bool:
    return str(part.get("id", "")).startswith(base)


def _check_ours(part: Document, host: str) -> None:
    for key in OWN_HOST:
        value = part.get(key)
        if isinstance(value, str):
            assert urlsplit(value).netloc == host, f"{key} on the host of the id: {value}"


def check_actor(actor: Document, *, base: str) -> None:
    """Assert what makes others take an actor for one (federation.md 5.1)."""
    for key in ("id", "type", "inbox", "preferredUsername", "publicKey"):
        assert actor[key], f"an actor without {key}"
    key = actor["publicKey"]
    assert key["id"] == f"{actor['id']}#main-key"
    assert key["owner"] == actor["id"]
    assert key["publicKeyPem"].startswith("-----BEGIN PUBLIC KEY-----\n")
    assert NAME.fullmatch(actor["preferredUsername"])
    assert isinstance(actor["url"], str)
    for each in actor["assertionMethod"]:
        assert each["controller"] == actor["id"]
        assert each["publicKeyMultibase"].startswith("z6Mk")
    for name in ("icon", "image"):
        if name in actor:
            assert actor[name]["type"] == "Image"
            assert isinstance(actor[name]["url"], str)
            assert actor[name]["mediaType"].startswith("image/")
    for each in actor.get("attachment", []):
        assert each["type"] == "PropertyValue"


def check_note(note: Document) -> None:
    """Assert what makes others take a note for one (federation.md 7)."""
    assert note["type"] in ("Note", "Question")
    for key in ("id", "attributedTo", "published", "to", "cc", "content", "url"):
        assert key in note, f"a note without {key}"
    assert isinstance(note["url"], str)
    assert note["source"]["mediaType"] == "text/markdown"
    if "inReplyTo" in note:
        assert "name" not in note, "Mastodon takes a reply with a name for a vote"
    if "name" in note:
        assert unescape(note["content"]).startswith(f"<p><strong>{note['name']}</strong></p>")
        assert not note["source"]["content"].startswith(note["name"])
    if "contentMap" in note:
        assert list(note["contentMap"].values()) == [note["content"]]
    assert ("context" in note) == (PUBLIC in note["to"] + note["cc"])
    assert note.get("conversation") == note.get("context")
    _check_attachments(note["attachment"])
    _check_tags(note["tag"])
    for rule in ("canLike", "canReply", "canAnnounce"):
        assert note["interactionPolicy"][rule]["automaticApproval"], "an empty list means absent"
    if note["type"] == "Question":
        options = note.get("oneOf") or note["anyOf"]
        assert all(each["type"] == "Note" and each["name"] for each in options)
        assert all(isinstance(each["replies"]["totalItems"], int) for each in options)
        assert isinstance(note["votersCount"], int)


def _check_attachments(attachments: list[Document]) -> None:
    for each in attachments:
        assert each["type"] in ("Image", "Document"), "Lemmy refuses a post with a Video in it"
        assert (each["type"] == "Image") == each["mediaType"].startswith("image/")
        assert isinstance(each["url"], str)
        assert 1 <= each["width"] <= 5000, "Pixelfed"
        assert 1 <= each["height"] <= 5000, "Pixelfed"
        assert "blurhash" not in each or 6 <= len(each["blurhash"]) <= 164, "Pixelfed"


def _check_tags(tags: list[Document]) -> None:
    for each in tags:
        assert each["type"] in ("Mention", "Hashtag", "Emoji")
        assert each["href"].startswith("http")
        if each["type"] == "Mention":
            assert re.fullmatch(r"@[^@]+@[^@]+", each["name"]), "always the whole handle"
        else:
            assert each["name"].startswith("#")


def check_activity(activity: Document) -> None:
    """Assert what makes others take an activity for one (federation.md 9)."""
    for key in ("id", "type", "actor", "object", "to"):
        assert activity[key], f"a {activity['type']} without {key}"
    inner = activity["object"]
    match activity["type"]:
        case "Accept" | "Reject" | "Undo":
            for key in ("id", "type", "actor", "object"):
                assert inner[key], "bare ids are not understood everywhere"
        case "Create" | "Update" if inner["type"] in ("Note", "Question"):
            assert inner["attributedTo"] == activity["actor"]
            for key in ("to", "cc"):
                assert inner.get(key, []) == activity.get(key, []), f"{key} of both is the same"
        case "Announce":
            assert isinstance(inner, str), "Pixelfed and Loops need the id alone"
            assert activity["published"]
        case "Like" | "Follow" | "Block" | "Move" | "Add" | "Remove":
            assert isinstance(inner, str)
        case "Delete" if inner != activity["actor"]:
            assert inner == {"id": inner["id"], "type": "Tombstone"}
        case "Flag":
            assert isinstance(inner, list)
            assert activity["content"] == activity["summary"]


def undefined_terms(document: Document) -> set[str]:
    """Expand as Friendica does, and name what vanishes: terms and types without a meaning."""
    dropped: set[str] = set()
    processor_options = {"documentLoader": _load}
    expanded = jsonld.expand(
        document, processor_options, on_property_dropped=lambda key: dropped.add(str(key))
    )
    named = [part["@type"] for part in parts(expanded) if "@type" in part]
    types = {kind for some in named for kind in ([some] if isinstance(some, str) else some)}
    keys = {key for part in parts(expanded) for key in part if not key.startswith("@")}
    # ActivityStreams' own context makes blank nodes of what it does not know.
    return dropped | {each for each in types | keys if ":" not in each or each.startswith("_:")}


def _load(url: str, _: Document) -> Document:
    # A context that is not here would be one that others have to fetch.
    text = (CORPUS / "contexts" / f"{CONTEXTS[url]}.json").read_text("utf-8")
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": json.loads(text),
    }
