"""Attachments → pictures, videos and sounds as pages show them."""

from collections.abc import Sequence
from dataclasses import replace

from actors.actor import Actor
from core.languages import own_name
from core.names import shortened
from core.settings import settings
from notes.attachments import Attachment, Media
from notes.loading import signed_path
from notes.media_files import MediaFile, Role, main_file, of_role, posters_of, small_file
from notes.remote_faces import AVATAR, face_path
from notes.remote_media import GIF, LARGE, SMALL, remote_path
from web.views.notes import Captions, LinkCard, MediaView, Source

LINK_TITLE = 120
SIGNED_S = 3600
FILES = "/media/"


def media_view(attachment: Attachment, *, is_open: bool) -> MediaView:
    """Show files from here where we have them, else from where they lie; files are loaded.

    What everybody may see is loaded from `media.base_url`, where there is one.
    """
    base = settings().media.base_url if is_open else ""
    if attachment.remote_url and settings().media.remote_mode != "link":
        return _from_elsewhere(attachment, base)
    main, small = main_file(attachment.files), small_file(attachment.files)
    is_still = attachment.media == Media.IMAGE
    return MediaView(
        url=base + path_of(main) if main else attachment.remote_url,
        small_url=base + path_of(small) if small else ("" if is_still else attachment.poster_url),
        width=attachment.width,
        height=attachment.height,
        alt=attachment.alt,
        kind=attachment.media.value,
        blurhash=attachment.blurhash,
        focus_x=attachment.focus_x,
        focus_y=attachment.focus_y,
        seconds=None if attachment.duration is None else round(attachment.duration),
        sources=_sources(attachment, base),
        captions=_captions(attachment.files),
        media_type=main.media_type if main else attachment.media_type,
        id=attachment.id,
        remote_url=attachment.remote_url,
        moves=_moves(attachment),
    )


def signed_view(attachment: Attachment) -> MediaView:
    """Show an upload to whoever may read a page, though it hangs on no note that says who may see
    it: the addresses hold for SIGNED_S. Files are loaded."""
    main, small = main_file(attachment.files), small_file(attachment.files)
    view = media_view(attachment, is_open=False)
    return replace(
        view,
        url=signed_path(main.key, seconds=SIGNED_S) if main else "",
        small_url=signed_path(small.key, seconds=SIGNED_S) if small else "",
        sources=(),
        captions=(),
    )


def looked_into(view: MediaView) -> MediaView:
    """Let somebody who decides about a note load its files for SIGNED_S, though the note is out of
    sight or was for others alone; what lies elsewhere stays as it is."""
    return replace(
        view,
        url=_for_a_while(view.url),
        small_url=_for_a_while(view.small_url),
        sources=tuple(replace(each, url=_for_a_while(each.url)) for each in view.sources),
        captions=tuple(replace(each, url=_for_a_while(each.url)) for each in view.captions),
    )


def _for_a_while(url: str) -> str:
    path = url.removeprefix(settings().media.base_url)
    if not path.startswith(FILES):
        return url
    return signed_path(path.removeprefix(FILES), seconds=SIGNED_S)


def is_link(attachment: Attachment) -> bool:
    """Tell a page that is shared, as in a Page of Lemmy, from a file that only can be opened."""
    is_page = attachment.media_type in ("", "text/html", "application/xhtml+xml")
    return attachment.media == Media.UNKNOWN and is_page and not main_file(attachment.files)


def link_card(attachment: Attachment) -> LinkCard:
    """Show a page that is shared; its picture comes by way of ours."""
    url, poster = attachment.remote_url, attachment.poster_url
    if poster and settings().media.remote_mode != "link":
        poster = remote_path(attachment, SMALL)
    address = url.partition("://")[2].rstrip("/")
    return LinkCard(
        url=url,
        title=shortened(attachment.alt or address, LINK_TITLE),
        host=address.partition("/")[0],
        image=MediaView(url=poster) if poster else None,
    )


def _from_elsewhere(attachment: Attachment, base: str) -> MediaView:
    """Show what another server has by way of ours: nobody who looks is seen there."""
    is_shown = attachment.media != Media.UNKNOWN
    has_small = attachment.media == Media.IMAGE or bool(attachment.poster_url)
    return MediaView(
        url=base + remote_path(attachment, LARGE) if is_shown else attachment.remote_url,
        small_url=base + remote_path(attachment, SMALL) if has_small else "",
        width=attachment.width,
        height=attachment.height,
        alt=attachment.alt,
        kind=attachment.media.value,
        blurhash=attachment.blurhash,
        focus_x=attachment.focus_x,
        focus_y=attachment.focus_y,
        seconds=None if attachment.duration is None else round(attachment.duration),
        media_type=attachment.media_type,
        id=attachment.id,
        remote_url=attachment.remote_url,
        moves=_moves(attachment),
    )


def _moves(attachment: Attachment) -> bool:
    """Tell whether a picture may move: of what we made or copied, its still poster says it."""
    is_copied = bool(of_role(attachment.files, Role.POSTER))
    return attachment.media is Media.IMAGE and (attachment.media_type == GIF or is_copied)


def face_url(actor: Actor, which: str = AVATAR) -> str:
    """Return where a portrait or banner is loaded from; everybody may see them."""
    path = face_path(actor, which)
    return settings().media.base_url + path if path.startswith("/") else path


def path_of(file: MediaFile) -> str:
    """Return where a file is, on this server."""
    return f"/media/{file.key}"


def _sources(attachment: Attachment, base: str) -> tuple[Source, ...]:
    """List a picture's forms, or a poster's, for the browser to choose from.

    It takes the first kind that it reads, so a kind without the full width is left out. A picture
    that moves has one form, and a poster that must not take its place.
    """
    is_picture = attachment.media == Media.IMAGE
    if is_picture and of_role(attachment.files, Role.POSTER):
        return ()
    pictures = of_role(attachment.files, Role.IMAGE)
    if not is_picture:
        pictures = posters_of(attachment.files) or pictures
    widest = max((each.width for each in pictures), default=0)
    whole = {each.media_type for each in pictures if each.width == widest}
    return tuple(
        Source(base + path_of(each), each.width, each.media_type)
        for each in pictures
        if each.media_type in whole
    )


def _captions(files: Sequence[MediaFile]) -> tuple[Captions, ...]:
    # Always from here: a browser reads captions of no other address beside its page.
    return tuple(
        Captions(path_of(each), each.language, own_name(each.language) if each.language else "")
        for each in of_role(files, Role.CAPTIONS)
    )
