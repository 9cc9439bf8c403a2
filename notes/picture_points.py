"""What a file tells of its colours by two numbers: in a PNG, an AVIF or a profile of colours.

Every reader goes through what a stranger wrote (MED-01): never deeper than the place it looks for,
never past the end, past no more than MOST_PARTS of anything. What makes no sense tells nothing.
"""

import struct
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

MOST_PARTS = 1000


class Points(NamedTuple):
    """Which primaries, and how numbers stand for light, both as ITU-T H.273 counts."""

    primaries: int
    transfer: int


class _Span(NamedTuple):
    kind: bytes
    begin: int
    end: int


# What stands in a box before the boxes in it.
_HEADS = {b"meta": 4, b"stsd": 8, b"av01": 78}
_TRACK = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"av01")


def points_in_png(data: bytes) -> Points | None:
    """Read the chunk that goes before all else a PNG says of its colours."""
    return _read(_in_png, data)


def points_in_avif(data: bytes) -> Points | None:
    """Read the colours of the picture that an AVIF shows first."""
    return _read(_in_avif, data)


def points_in_profile(profile: bytes) -> Points | None:
    """Read what a profile adds for those who know better than its curves."""
    return _read(_in_profile, profile)


def _read(reader: Callable[[bytes], Points | None], data: bytes) -> Points | None:
    try:
        return reader(data)
    except (struct.error, IndexError):  # it ended too early
        return None


def _in_png(data: bytes) -> Points | None:
    place = 8
    for _ in range(MOST_PARTS):
        length, kind = struct.unpack_from(">I4s", data, place)
        if kind == b"cICP" and length == 4:
            primaries, transfer, matrix, _ = struct.unpack_from("4B", data, place + 8)
            return Points(primaries, transfer) if matrix == 0 else None
        if kind in (b"IDAT", b"IEND"):
            return None
        place += 12 + length
    return None


def _in_profile(profile: bytes) -> Points | None:
    (tags,) = struct.unpack_from(">I", profile, 128)
    for number in range(min(tags, MOST_PARTS)):
        name, place = struct.unpack_from(">4sI", profile, 132 + 12 * number)
        if name == b"cicp":
            kind, primaries, transfer = struct.unpack_from(">4s4xBB", profile, place)
            return Points(primaries, transfer) if kind == name else None
    return None


def _in_avif(data: bytes) -> Points | None:
    whole = _Span(b"", 0, len(data))
    return _of_item(data, whole) or _of_track(data, whole)


def _of_track(data: bytes, whole: _Span) -> Points | None:
    entry = _down(data, whole, *_TRACK)
    return _in_boxes(data, _boxes(data, entry)) if entry else None


def _of_item(data: bytes, whole: _Span) -> Points | None:
    meta = _down(data, whole, b"meta")
    first = _down(data, meta, b"pitm") if meta else None
    listed = _down(data, meta, b"iprp") if meta else None
    known = _down(data, listed, b"ipco") if listed else None
    if first is None or listed is None or known is None:
        return None
    (item,) = struct.unpack_from(">I" if data[first.begin] else ">H", data, first.begin + 4)
    properties = list(_boxes(data, known))
    for owner, numbers in islice(_owners(data, listed), MOST_PARTS):
        if owner == item:
            own = (properties[each - 1] for each in numbers if 0 < each <= len(properties))
            return _in_boxes(data, own)
    return None


def _owners(data: bytes, listed: _Span) -> Iterator[tuple[int, list[int]]]:
    """Name items, each with the numbers of its properties, counted from one."""
    for box in _boxes(data, listed):
        if box.kind != b"ipma":
            continue
        told, entries = struct.unpack_from(">II", data, box.begin)
        place, wide = box.begin + 8, told & 1
        form = ">IB" if told >> 24 else ">HB"
        for _ in range(min(entries, MOST_PARTS)):
            item, count = struct.unpack_from(form, data, place)
            place += struct.calcsize(form)
            numbers = struct.unpack_from(f">{count}{'H' if wide else 'B'}", data, place)
            place += count * (1 + wide)
            yield item, [each & (0x7FFF if wide else 0x7F) for each in numbers]


def _in_boxes(data: bytes, boxes: Iterator[_Span]) -> Points | None:
    for box in boxes:
        if box.kind == b"colr" and data[box.begin : box.begin + 4] == b"nclx":
            return Points(*struct.unpack_from(">HH", data, box.begin + 4))
    return None


def _down(data: bytes, span: _Span, *path: bytes) -> _Span | None:
    """Go down from box to box, by the first of each kind."""
    for kind in path:
        found = next((box for box in _boxes(data, span) if box.kind == kind), None)
        if found is None:
            return None
        span = found
    return span


def _boxes(data: bytes, span: _Span) -> Iterator[_Span]:
    """Name the boxes that stand side by side in another."""
    place = span.begin + _HEADS.get(span.kind, 0)
    for _ in range(MOST_PARTS):
        if span.end - place < 8:
            return
        size, kind = struct.unpack_from(">I4s", data, place)
        begin = place + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, begin)
            begin += 8
        end = place + size if size else span.end
        if not begin <= end <= span.end:
            return
        yield _Span(kind, begin, end)
        place = end
