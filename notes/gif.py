"""How many frames a GIF has, without drawing any."""

HEADER = 13
EXTENSION, FRAME = 0x21, 0x2C


def frames_in_gif(data: bytes, most: int) -> int:
    """Count frames block by block, and stop counting after `most`; broken data ends the count.

    Pillow would count by reading every frame into objects of its own.
    """
    if len(data) < HEADER:
        return 0
    place = HEADER + _colours(data[10])
    frames = 0
    while frames <= most and place + 10 < len(data):
        if data[place] == EXTENSION:
            place = _after_blocks(data, place + 2)
        elif data[place] == FRAME:
            frames += 1
            place = _after_blocks(data, place + 10 + _colours(data[place + 9]) + 1)
        else:
            break
    return frames


def _colours(flags: int) -> int:
    """Return the bytes of a colour table."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, place: int) -> int:
    while place < len(data) and data[place]:
        place += data[place] + 1
    return place + 1
