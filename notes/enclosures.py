"""What a document encloses: pictures, videos, sound and links, in whatever way it says so."""

import mimetypes
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from federation.parts import Picture, alt_of, media_type_of, page_of, picture_from, side
from federation.read import MAX_ATTACHMENTS, dicts, link
from federation.vocabulary import type_of

MAX_URL = 2000

_KINDS = {"Image": "image", "Video": "video", "Audio": "audio", "Link": "link"}
_PLAYED = frozenset({"image", "video", "audio"})
_PLAYLISTS = frozenset({"application/x-mpegurl", "application/vnd.apple.mpegurl"})
# PeerTube offers a file for each height; more than this is for those who watch it there.
_BEST_HEIGHT = 720
_BLURHASH = re.compile(r"[0-9A-Za-z#$%*+,\-.:;=?@\[\]^_{|}~]{6,164}")
_DURATION = re.compile(
    r"P(?:0+Y)?(?:0+M)?(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,7}(?:\.\d{1,9})?)S)?)?"
)


class Enclosure(Struct, frozen=True, kw_only=True):
    """One thing beside the text; `kind` is image, video, audio or link, sides are 0 if unknown."""

    kind: str
    media_type: str
    url: str
    alt: str = ""
    width: int = 0
    height: int = 0
    blurhash: str = ""
    focus: tuple[float, float] | None = None
    duration: float | None = None
    poster: str | None = None
    sensitive: bool = False


def enclosures_of(document: dict[str, Any], kind: str) -> list[Enclosure]:
    """List what a document of this type encloses, its own file first, each address once."""
    own = _own_file(document, kind) if kind in ("Video", "Audio", "Image", "Document") else None
    attached = (_enclosure(each) for each in dicts(document.get("attachment"), MAX_ATTACHMENTS))
    found = _once([own, *attached])
    pictures = [each for value in _listed(document.get("image")) if (each := picture_from(value))]
    return _with_pictures(found, pictures) if kind not in ("Video", "Audio") else found


def seconds(value: Any) -> float | None:
    """Read a duration: xsd:duration as PeerTube's PT61S, or a number of seconds."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if 0 <= value < 10_000_000 else None
    if not isinstance(value, str) or len(value) > 60 or not (read := _DURATION.fullmatch(value)):
        return None
    days, hours, minutes, rest = (float(each or 0) for each in read.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def _with_pictures(found: list[Enclosure], pictures: list[Picture]) -> list[Enclosure]:
    """Add a cover: to a shared link it is the preview, otherwise one more picture."""
    if not pictures:
        return found
    if [each.kind for each in found] == ["link"]:
        return [replace(found[0], poster=pictures[0].url)]
    if any(each.kind in _PLAYED for each in found) and len(pictures) == 1:
        return found
    return _once([*(_shown(each) for each in pictures), *found])


def _shown(picture: Picture) -> Enclosure:
    return Enclosure(
        kind="image",
        media_type=picture.media_type or _guessed(picture.url),
        url=picture.url,
        alt=picture.alt,
        width=picture.width,
        height=picture.height,
    )


def _enclosure(document: dict[str, Any]) -> Enclosure | None:
    file = _file_of(document)
    url = link(file.get("href") or file.get("url"), MAX_URL)
    if url is None:
        return None
    named = type_of(document)
    media_type = media_type_of(file) or media_type_of(document) or _guessed(url)
    poster = picture_from(document.get("icon"))
    width = side(document.get("width")) or side(file.get("width"))
    height = side(document.get("height")) or side(file.get("height"))
    if poster and not (width and height):
        # PeerTube says of a video how high it is, and of its poster how wide as well.
        width, height = poster.width, poster.height
    return Enclosure(
        kind=_kind(named, media_type),
        media_type=media_type,
        url=url,
        alt=alt_of(document),
        width=width,
        height=height,
        blurhash=_blurhash_of(document),
        focus=_focus_of(document),
        duration=seconds(document.get("duration")),
        poster=poster.url if poster else _preview_of(document),
        sensitive=document.get("sensitive") is True,
    )


def _file_of(document: dict[str, Any]) -> dict[str, Any]:
    """Return the Link that leads to the file, of several one that can be shown or played."""
    given = document.get("url")
    if not isinstance(given, dict | list):
        return document
    links = dicts(given, 20)
    played = [each for each in links if _kind("", media_type_of(each)) in _PLAYED]
    return next(iter(played or links), {"url": link(given, MAX_URL)})


def _own_file(document: dict[str, Any], kind: str) -> Enclosure | None:
    """Return the file that a Video, Audio, Image or Document is itself."""
    given = document.get("url")
    if kind in ("Image", "Document"):
        return _enclosure(document) if isinstance(given, dict | list) or link(given) else None
    wanted = _KINDS[kind]
    files = [each for each in _links(given) if _kind("", media_type_of(each)) == wanted]
    best = _best(files)
    found = _enclosure({**document, "url": [best]}) if best else None
    # Its name and summary say what it is about, and stand above it.
    return replace(found, alt="", kind=wanted) if found else _elsewhere(document, files)


def _elsewhere(document: dict[str, Any], files: list[dict[str, Any]]) -> Enclosure | None:
    """Lead to where it can be watched: browsers do not play the playlists that are all there is."""
    url = page_of(document) or (link(files, MAX_URL) if files else None)
    if not files or url is None:
        return None
    poster = picture_from(document.get("icon"))
    return Enclosure(
        kind="link", media_type="text/html", url=url, poster=poster.url if poster else None
    )


def _links(value: Any) -> list[dict[str, Any]]:
    """List the links, those of a playlist's files behind the others."""
    outer = dicts(value, 100)
    playlists = [each for each in outer if media_type_of(each) in _PLAYLISTS]
    return [*outer, *(file for each in playlists for file in dicts(each.get("tag"), 50))]


def _best(files: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Choose what plays everywhere, has picture and sound, and suits most screens."""
    plain = [each for each in files if media_type_of(each) not in _PLAYLISTS]
    # PeerTube gives the sound alone as a video of no height.
    seen = [each for each in plain if side(each.get("height"))] or plain
    everywhere = [each for each in seen if media_type_of(each) == "video/mp4"] or seen
    whole = [each for each in everywhere if _is_whole(each)] or everywhere
    heights = [(side(each.get("height")), each) for each in whole]
    fitting = [each for each in heights if each[0] <= _BEST_HEIGHT]
    if fitting:
        return max(fitting, key=lambda each: each[0])[1]
    return min(heights, key=lambda each: each[0])[1] if heights else None


def _is_whole(file: dict[str, Any]) -> bool:
    """Tell whether a file has its sound with it; PeerTube may keep the two in two files."""
    told = {
        each.get("value")
        for each in dicts(file.get("attachment"), 20)
        if each.get("name") == "ffprobe_codec_type" and isinstance(each.get("value"), str)
    }
    return not told or "audio" in told


def _kind(named: str, media_type: str) -> str:
    family = media_type.partition("/")[0]
    if media_type in _PLAYLISTS:
        return "video"
    return family if family in _PLAYED else _KINDS.get(named, "link")


def _guessed(url: str) -> str:
    return mimetypes.guess_type(urlsplit(url).path)[0] or ""


def _blurhash_of(document: dict[str, Any]) -> str:
    value = document.get("blurhash")
    return value if isinstance(value, str) and _BLURHASH.fullmatch(value) else ""


def _focus_of(document: dict[str, Any]) -> tuple[float, float] | None:
    match document.get("focalPoint"):
        case [int() | float() as x, int() | float() as y]:
            return min(max(float(x), -1.0), 1.0), min(max(float(y), -1.0), 1.0)
    return None


def _preview_of(document: dict[str, Any]) -> str | None:
    preview = document.get("preview")
    return link(preview.get("url")) if isinstance(preview, dict) else None


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list) and all(isinstance(each, dict | str) for each in value):
        return value[:MAX_ATTACHMENTS]
    return [value]


def _once(found: Iterable[Enclosure | None]) -> list[Enclosure]:
    return list({each.url: each for each in found if each}.values())[:MAX_ATTACHMENTS]
