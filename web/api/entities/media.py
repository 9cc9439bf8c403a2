"""MediaAttachment: a picture or video, as the API writes it (mastodon-api.md 6.3)."""

from fractions import Fraction
from typing import Any

import msgspec

from notes.attachments import Attachment, Media, State
from notes.loading import signed_path
from notes.media_files import Role, main_file, of_role, small_file
from web.api.entities.cards import card_of_shared
from web.building.media import link_card, media_view
from web.render import absolute

SIGNED_S = 300
UNKNOWN_RATE = "30/1"  # what is said of videos that lie elsewhere


class MediaAttachment(msgspec.Struct, kw_only=True):
    """`url` is null only while an upload is being worked on; sizes are as shown, after turning."""

    id: str
    type: str
    url: str | None
    preview_url: str | None
    remote_url: str | None = None
    preview_remote_url: str | None = None
    text_url: str | None = None
    description: str | None = None
    blurhash: str | None = None
    meta: dict[str, Any] | None = None


def media_of(attachment: Attachment, *, is_open: bool) -> MediaAttachment:
    """Write an attachment that is ready.

    Apps load pictures without their token: addresses of what not everybody may see let them for
    SIGNED_S (security.md MED-11). Where it lies elsewhere is told of open notes alone: that address
    may be one that lets in whoever holds it.
    """
    view = media_view(attachment, is_open=is_open)
    url = _loadable(view.url, is_open=is_open)
    return MediaAttachment(
        id=str(attachment.id),
        type=attachment.media.value,
        url=url,
        preview_url=_loadable(view.small_url, is_open=is_open) or url,
        remote_url=(attachment.remote_url or None) if is_open else None,
        description=attachment.alt or None,
        blurhash=attachment.blurhash or None,
        meta=_meta(attachment),
    )


def shared_of(attachment: Attachment, *, is_open: bool) -> dict[str, Any]:
    """Write a page that a note shares as its card; apps show no attachments of unknown kinds."""
    shared = link_card(attachment)
    image = _loadable(shared.image.url, is_open=is_open) if shared.image else ""
    return card_of_shared(shared, image)


def _loadable(address: str, *, is_open: bool) -> str:
    key = address.removeprefix("/media/")
    if is_open or key == address:
        return absolute(address)
    return absolute(signed_path(key, seconds=SIGNED_S))


def media_of_upload(attachment: Attachment) -> MediaAttachment:
    """Write an upload for its owner: without an address while it is being worked on."""
    if attachment.state is State.READY:
        return media_of(attachment, is_open=False)
    return MediaAttachment(
        id=str(attachment.id),
        type=attachment.media.value,
        url=None,
        preview_url=None,
        description=attachment.alt or None,
    )


def _meta(attachment: Attachment) -> dict[str, Any]:
    width, height = attachment.width, attachment.height
    main = main_file(attachment.files)
    meta: dict[str, Any] = {"focus": {"x": attachment.focus_x, "y": attachment.focus_y}}
    if width and height:
        meta["original"] = _size(width, height)
        meta["small"] = _small(attachment)
    if attachment.media in (Media.VIDEO, Media.GIFV) and width and height:
        meta |= _moving(attachment, main.size if main else 0)
    return meta


def _small(attachment: Attachment) -> dict[str, Any]:
    """Tell the size of what stands in lists, which an app may have sent in another shape."""
    sent = small_file(of_role(attachment.files, Role.PREVIEW))
    if sent:
        return _size(sent.width, sent.height)
    width, height = attachment.width, attachment.height
    factor = min(1.0, 480 / width)
    return _size(max(1, round(width * factor)), max(1, round(height * factor)))


def _size(width: int, height: int) -> dict[str, Any]:
    return {
        "width": width,
        "height": height,
        "size": f"{width}x{height}",
        "aspect": width / height,
    }


def _moving(attachment: Attachment, size: int) -> dict[str, Any]:
    seconds = float(attachment.duration or 0)
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    shown = _size(attachment.width, attachment.height)
    rate = attachment.frame_rate or UNKNOWN_RATE
    return (
        shown
        | {
            "length": f"{hours}:{minutes:02}:{rest:05.2f}",
            "duration": seconds,
            "fps": round(Fraction(rate)),
            "original": {
                "width": attachment.width,
                "height": attachment.height,
                "frame_rate": rate,
                "duration": seconds,
                "bitrate": round(size * 8 / seconds) if seconds else 0,
            },
        }
        | _heard(attachment.channels)
    )


def _heard(channels: int) -> dict[str, str]:
    """Tell of the sound, which is AAC in all that we make; nothing of what has none."""
    if not channels:
        return {}
    return {"audio_encode": "aac", "audio_channels": "mono" if channels == 1 else "stereo"}
