"""Short films for pictures of the pages: a drawn scene that a window wanders over."""

import io

import av
from PIL import Image

from actors.actor import Actor
from core.storage import storage
from notes.attachments import Attachment, Media
from notes.media_files import MediaFile, Role
from notes.note import Note
from outbox.create import publish
from outbox.draft import Draft
from rubric.demo_pictures import painted

RATE, FRAMES = 25, 50
WORDS = b"WEBVTT\n\n00:00.000 --> 00:02.000\nNobody else is up yet.\n"


async def film(author: Actor, scene: str, title: str, text: str, *, language: str) -> Note:
    """Post a note with a film of two seconds, its poster and its captions."""
    picture = Image.open(io.BytesIO(painted(scene, 5))).convert("RGB").resize((720, 1280))
    poster = io.BytesIO()
    picture.save(poster, "JPEG", quality=85)
    parts = (
        (Role.VIDEO, _filmed(picture), "mp4", "video/mp4", ""),
        (Role.POSTER, poster.getvalue(), "jpg", "image/jpeg", ""),
        (Role.CAPTIONS, WORDS, "vtt", "text/vtt", "en"),
    )
    kept = await Attachment.create(
        owner_id=author.id,
        media=Media.VIDEO,
        media_type="video/mp4",
        alt=title,
        width=720,
        height=1280,
        duration=FRAMES / RATE,
    )
    for role, data, ending, media_type, spoken in parts:
        await MediaFile.create(
            attachment_id=kept.id,
            role=role,
            key=await storage().save(data, ending),
            media_type=media_type,
            width=720 if role is not Role.CAPTIONS else 0,
            height=1280 if role is not Role.CAPTIONS else 0,
            size=len(data),
            language=spoken,
        )
    draft = Draft(text=text, title=title, language=language, attachments=[kept.id])
    return await publish(author, draft)


def _filmed(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 720, 1280, "yuv420p"
        for number in range(FRAMES):
            box = (number, number, 720 - number, 1280 - number)
            frame = av.VideoFrame.from_image(picture.resize((720, 1280), box=box))
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return made.getvalue()
