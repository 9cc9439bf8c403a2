"""Captions of a video: read as WebVTT or SubRip, kept as plain words with their times (MED-13)."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 1024 * 1024
MOST_CUES = 5000
LONGEST_CUE = 500

_TIME = r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
# Of both kinds: <b>, <v Ann>, <00:01.500>, and {\an8} of those who write SubRip.
_MARKS = re.compile(r"</?[A-Za-z0-9.!][^<>]*>|\{\\[^{}]*\}")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufff9-\ufffb]")
_SET_ASIDE = ("NOTE", "STYLE", "REGION")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class NotCaptions(ValueError):
    """These are no captions we take; the text is a sentence for the person who sent them."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said between two moments, in milliseconds; lines of plain text."""

    begin: int
    end: int
    text: str


def clean_captions(data: bytes) -> bytes:
    """Write captions anew as WebVTT without marks, styles or remarks. Raises NotCaptions."""
    cues = read_captions(data)
    written = [f"{_stamp(each.begin)} --> {_stamp(each.end)}\n{_escaped(each)}" for each in cues]
    return "\n\n".join(["WEBVTT", *written, ""]).encode()


def read_captions(data: bytes) -> list[Cue]:
    """List what is said, earliest first. Raises NotCaptions with a sentence."""
    if len(data) > MOST_BYTES:
        raise NotCaptions("This file of captions is larger than 1 MB.")
    cues: list[Cue] = []
    for number, block in _blocks(_decoded(data)):
        cues += _cue_of(number, block)
        if len(cues) > MOST_CUES:
            raise NotCaptions(f"There are more than {MOST_CUES} captions in this file.")
    if not cues:
        raise NotCaptions("There are no captions in this file: it has to be WebVTT or SubRip.")
    return sorted(cues, key=lambda each: (each.begin, each.end))


def _decoded(data: bytes) -> str:
    begin, encoding = next((each for each in _BOMS if data.startswith(each[0])), (b"", "utf-8"))
    try:
        text = data[len(begin) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise NotCaptions("This file of captions is not written in UTF-8.") from error
    if "\x00" in text:
        raise NotCaptions("This file holds no text; captions are WebVTT or SubRip.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Go through what stands between empty lines, each with the number of its first line."""
    block: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _cue_of(number: int, block: list[str]) -> list[Cue]:
    """Read a block; its times stand in its first line, or in its second below a name."""
    if block[0].startswith(_SET_ASIDE):
        return []
    place = next((n for n, line in enumerate(block[:2]) if "-->" in line), None)
    if place is None:
        return []
    begin, end = _times(block[place], number + place)
    text = _plain("\n".join(block[place + 1 :]))
    return [Cue(begin, end, text)] if text else []


def _times(line: str, number: int) -> tuple[int, int]:
    read = _TIMES.fullmatch(line)
    if read is None:
        raise NotCaptions(f"The times in line {number} of these captions cannot be read.")
    begin, end = _milliseconds(*read.groups()[:4]), _milliseconds(*read.groups()[4:])
    if end <= begin:
        raise NotCaptions(f"The caption in line {number} ends before it begins.")
    return begin, end


def _milliseconds(hours: str | None, minutes: str, seconds: str, rest: str | None) -> int:
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((rest or "0").ljust(3, "0"))


def _plain(text: str) -> str:
    """Leave words only: what looks like a mark once it is unwrapped stays what it is, words."""
    unmarked = html.unescape(_MARKS.sub("", text))
    lines = (" ".join(_UNSEEN.sub("", line).split()) for line in unmarked.split("\n"))
    return "\n".join(line for line in lines if line)[:LONGEST_CUE].rstrip()


def _escaped(cue: Cue) -> str:
    return html.escape(cue.text, quote=False)


def _stamp(moment: int) -> str:
    seconds, rest = divmod(moment, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"
