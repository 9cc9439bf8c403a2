"""What the server and the process that works on files say to each other.

The server puts up a folder with the file in it (SOURCE) and one for what is made (MADE), starts
`python -m notes.workbench`, and writes one order as a line of JSON. The answer is lines, too:
`Step`s, at last one `Done` or `Refused`. Nothing here imports what decodes a picture or a video:
both sides read this module, and only the workbench may load those (memory, and MED-01).

A new kind of work: a struct of the union `Order`, its bounds in `BOUNDS` of notes/workshop.py, and
a function (order, source, made, step) -> Done in `OPERATIONS` of notes/workbench.py. The function
raises `Unfit` with a sentence for the person who sent the file.
"""

from enum import StrEnum

import msgspec

SOURCE = "source"
MADE = "made"
NO_PICTURE = "This is no JPEG, PNG, WebP, AVIF, HEIC or GIF picture."
NEITHER = "This is no picture and no video that can be shown here."


class Unfit(ValueError):
    """This file is none that we take; the text is a sentence for the person who sent it."""


class TooHeavy(Unfit):
    """It has more bytes than this machine takes."""


class Shape(StrEnum):
    """What a picture is made for."""

    NOTE = "note"
    AVATAR = "avatar"
    HEADER = "header"
    EMOJI = "emoji"
    PREVIEW = "preview"


class MakePicture(msgspec.Struct, tag="picture", frozen=True):
    """Make a picture into all its sizes.

    `turn` is in degrees clockwise; `crop` is left, top, width, height as fractions of the picture
    upright and turned; `keeps_original` asks for a whole one, too, without what it tells.
    """

    shape: Shape = Shape.NOTE
    turn: int = 0
    crop: tuple[float, float, float, float] | None = None
    keeps_original: bool = False
    most_megabytes: int = 16  # security.md 2


class MakeVideo(msgspec.Struct, tag="video", frozen=True):
    """Make a video into an MP4 and its poster in all sizes; `cover_at` chooses the poster's second.

    A moving picture comes as one of these with `is_loop`: no sound, and shown over and over.
    """

    most_seconds: int
    most_megabytes: int
    cover_at: float | None = None
    is_loop: bool = False


class Probe(msgspec.Struct, tag="probe", frozen=True):
    """Try what must not be possible; `paths` are files to read and folders to write in."""

    paths: tuple[str, ...] = ()


Order = MakePicture | MakeVideo | Probe


class Made(msgspec.Struct, frozen=True):
    """A file in the folder MADE; its name ends as the storage's keys do, its role is one of
    notes/media_files.py."""

    name: str
    role: str
    width: int = 0
    height: int = 0
    language: str = ""


class Step(msgspec.Struct, tag="step", frozen=True):
    """So much is done, from 0 to 1; whoever says nothing for long is taken for stuck."""

    share: float


class Done(msgspec.Struct, tag="done", frozen=True):
    """The work is done: what was made, and what is known of it.

    `media` is a word of notes/attachments.py; width and height are as shown, `frame_rate` is a
    fraction, and `channels` are those of the sound. `cpu_seconds` and
    `memory` (bytes, at the most) are what it took. `possible` answers a Probe.
    """

    files: tuple[Made, ...] = ()
    media: str = "image"
    width: int = 0
    height: int = 0
    blurhash: str = ""
    colour: str = ""
    duration: float | None = None
    frame_rate: str = ""
    channels: int = 0
    cpu_seconds: float = 0
    memory: int = 0
    walls: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()


class Refused(msgspec.Struct, tag="refused", frozen=True):
    """The file is none that we take; `why` is a sentence for the person who sent it."""

    why: str


class Full(msgspec.Struct, tag="full", frozen=True):
    """There is no room on the disk for what is made; of the file it says nothing."""


Answer = Step | Done | Refused | Full


class Task(msgspec.Struct, frozen=True):
    """The one line that a workbench gets: what to do, where, and within which bounds."""

    order: Order
    folder: str
    memory: int
    cpu_seconds: int
    file_bytes: int
