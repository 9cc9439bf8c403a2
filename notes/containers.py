"""What kind of video file some bytes begin, told by us and not by their name (MED-04)."""

from enum import StrEnum

HEAD = 64
"""So many bytes from the beginning are enough to tell."""


class Container(StrEnum):
    """The kinds we take, by the one reader of each that may open them."""

    MOV = "mov"
    MATROSKA = "matroska"


_MATROSKA = b"\x1a\x45\xdf\xa3"
# A QuickTime file may begin with any of these; MP4 begins with the first.
_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
# HEIF and AVIF pictures and Canon's raw ones are boxes too, and songs are no videos.
_OTHER_BRANDS = frozenset(
    {b"mif1", b"mif2", b"msf1", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"avif"}
    | {b"avis", b"crx ", b"jxl ", b"jp2 ", b"M4A ", b"M4B "}
)


def container_of(head: bytes) -> Container | None:
    """Name the container that these first bytes (HEAD of them) begin; None for anything else."""
    if head.startswith(_MATROSKA):
        return Container.MATROSKA
    kind = head[4:8]
    if kind not in _BOXES or (kind == b"ftyp" and head[8:12] in _OTHER_BRANDS):
        return None
    return Container.MOV
