"""What a file of another server is served as: by how it begins, not by what is said (MED-04)."""

HEAD = 32  # bytes that are enough

_STARTS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"\x1aE\xdf\xa3": "video/webm",
    b"OggS": "audio/ogg",
    b"ID3": "audio/mpeg",
    b"\xff\xfb": "audio/mpeg",
    b"\xff\xf3": "audio/mpeg",
    b"fLaC": "audio/flac",
}
_BRANDS = {b"avif": "image/avif", b"avis": "image/avif", b"M4A ": "audio/mp4"}
# Still pictures of phones: no browser we know of shows them all.
_UNSHOWN = (b"heic", b"heix", b"mif1", b"msf1")


def media_type_of(head: bytes) -> str:
    """Return the media type of a picture, video or sound; empty for everything else."""
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return "" if head[8:12] in _UNSHOWN else _BRANDS.get(head[8:12], "video/mp4")
    return next((kind for start, kind in _STARTS.items() if head.startswith(start)), "")
