"""What kind of picture some bytes begin, told by us and not by their name or sender (MED-04)."""

from enum import StrEnum

from notes.gif import frames_in_gif

HEAD = 64
"""So many bytes from the beginning are enough to tell."""


class Kind(StrEnum):
    """The kinds of pictures we take, by the one reader that may open each."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    GIF = "GIF"
    AVIF = "AVIF"
    HEIC = "HEIF"


_STARTS = {
    b"\xff\xd8\xff": Kind.JPEG,
    b"\x89PNG\r\n\x1a\n": Kind.PNG,
    b"GIF87a": Kind.GIF,
    b"GIF89a": Kind.GIF,
}
_AVIF = frozenset({b"avif", b"avis"})
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def kind_of(head: bytes) -> Kind | None:
    """Name the kind that these first bytes (HEAD of them) begin; None for anything else."""
    for start, kind in _STARTS.items():
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    return None


def moves(kind: Kind, data: bytes) -> bool:
    """Tell whether a picture says of itself that it moves; its reader may find that it does not."""
    match kind:
        case Kind.GIF:
            return frames_in_gif(data, 2) > 1
        case Kind.WEBP:
            return data[12:16] == b"VP8X" and len(data) > 20 and bool(data[20] & 2)
        case Kind.PNG:
            return 0 < data.find(b"acTL") < data.find(b"IDAT")
        case Kind.AVIF:
            return data[8:12] == b"avis"
    return False


def _of_brands(head: bytes) -> Kind | None:
    """Look at the first brand, and at the others where it says no more than "a still picture"."""
    length = min(int.from_bytes(head[:4], "big"), HEAD)
    brands = {head[place : place + 4] for place in range(16, length - 3, 4)}
    first = head[8:12]
    if first in _AVIF or (first in (b"mif1", b"msf1") and brands & _AVIF):
        return Kind.AVIF
    return Kind.HEIC if first in _HEIC else None
