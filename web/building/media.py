"""Attachments → pictures, videos and sounds as pages show them."""

from notes.attachments import Attachment, Media
from web.views.notes import MediaView


def media_view(attachment: Attachment) -> MediaView:
    """Show a file from here where we have it, else from where it lies."""
    file, small = attachment.file, attachment.small_file
    is_still = attachment.media == Media.IMAGE
    return MediaView(
        url=f"/media/{file}" if file else attachment.remote_url,
        small_url=f"/media/{small}" if small else ("" if is_still else attachment.poster_url),
        width=attachment.width,
        height=attachment.height,
        alt=attachment.alt,
        kind=attachment.media.value,
        blurhash=attachment.blurhash,
        focus_x=attachment.focus_x,
        focus_y=attachment.focus_y,
        seconds=None if attachment.duration is None else round(attachment.duration),
        id=attachment.id,
        remote_url=attachment.remote_url,
    )
