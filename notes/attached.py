"""Attachment → what other servers are told of a picture or video (federation.md 7.3)."""

from typing import Any

from actors.documents import absolute
from core.languages import own_name
from core.settings import settings
from core.storage import digest_of
from federation.base58 import encode
from notes.attachments import Attachment, Media
from notes.loading import signed_path
from notes.media_files import MediaFile, Role, main_file, of_role, poster_file, sent_file
from notes.note import Note
from notes.visibility import OPEN

# A letter may be on its way for days before a server comes for the pictures.
FETCHED_WITHIN_S = 3 * 86_400
_SHA256 = b"\x12\x20"  # which hash a multihash is, and its length

Document = dict[str, Any]


def media_url(attachment: Attachment) -> str:
    """Return where the bytes of a picture or video are, absolute."""
    chosen = main_file(attachment.files)
    return absolute(f"/media/{chosen.key}") if chosen else attachment.remote_url


def attachment_of(each: Attachment, note: Note) -> Document:
    """Write what hangs on a note; its files are loaded."""
    sent = sent_file(each.files)
    document: Document = {
        "type": "Image" if each.media == Media.IMAGE else "Document",
        "mediaType": sent.media_type if sent else each.media_type,
        "url": _address(sent, note) if sent else each.remote_url,
        "name": each.alt,
        "width": each.width,
        "height": each.height,
    }
    if each.blurhash:
        document["blurhash"] = each.blurhash
    if each.media == Media.IMAGE:
        document["focalPoint"] = [each.focus_x, each.focus_y]
    if sent and sent.size:
        document["size"] = sent.size
        document["digestMultibase"] = encode(_SHA256 + bytes.fromhex(digest_of(sent.key)))
    return document | (_film(each, note) if each.media in (Media.VIDEO, Media.GIFV) else {})


def _address(file: MediaFile, note: Note) -> str:
    """Return where a server may fetch a file. They fetch unsigned, so that of a note for few the
    address itself has to let them (product.md 5.1, 5)."""
    if note.audience in OPEN:
        return absolute(f"/media/{file.key}")
    return settings().url(signed_path(file.key, seconds=FETCHED_WITHIN_S))


def _film(each: Attachment, note: Note) -> Document:
    """Say what only videos have: Mastodon reads `icon`, Loops `preview`, PeerTube's kin the
    address of captions by their language."""
    document: Document = {}
    if each.duration is not None:
        document["duration"] = f"PT{max(1, round(each.duration))}S"
    if poster := poster_file(each.files):
        address = _address(poster, note)
        document["icon"] = {
            "type": "Image",
            "mediaType": poster.media_type,
            "url": address,
            "width": poster.width,
            "height": poster.height,
        }
        link = {"type": "Link", "href": address, "mediaType": poster.media_type}
        document["preview"] = {"type": "Image", "url": link}
    if captions := of_role(each.files, Role.CAPTIONS):
        document["subtitleLanguage"] = [
            {
                "identifier": file.language,
                "name": own_name(file.language) if file.language else "",
                "url": _address(file, note),
            }
            for file in captions
        ]
    return document
