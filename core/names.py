"""Names and other short lines that people choose: no tricks with direction, no towers of marks."""

import re
import unicodedata

MOST_MARKS = 4  # on one letter; Hebrew and Tibetan need three or four, zalgo has dozens
LONGEST_CHARACTER = 64  # code points that are looked at for one border

CONTROLS = dict.fromkeys(  # what is no text: C0, DEL, C1, non-characters, the byte order mark
    [*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), *range(0xFDD0, 0xFDF0), 0xFEFF]
)

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f"
_GONE = re.compile(f"[{_BIDI}{_UNSEEN}\ufeff\ufff0-\uffff\ue000-\uf8ff\ud800-\udfff]")
_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2800\u3164\uffa0]+")  # the last three show nothing
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f)|[\U000e0000-\U000e007f]")
_JOINERS = "\u200c\u200d"


def quiet_name(text: str, most: int = 200) -> str:
    """Make a name safe to stand beside others (XSS-06); if it comes back empty, show the handle."""
    text = unicodedata.normalize("NFC", text[: 8 * most])
    text = _SPACES.sub(" ", _TAGS.sub(r"\1", _GONE.sub("", text))).strip()
    return shortened(_few_marks(text), most).strip()


def _few_marks(text: str) -> str:
    if text.isascii():
        return text
    kept: list[str] = []
    marks = MOST_MARKS  # the first character must be one that stands by itself
    for each in text:
        is_mark = each in _JOINERS or unicodedata.category(each)[0] == "M"
        marks = marks + 1 if is_mark else 0
        if marks <= MOST_MARKS:
            kept.append(each)
    return "".join(kept)


def shortened(text: str, most: int) -> str:
    """Cut text to so many code points, never inside what a reader sees as one character."""
    if len(text) <= most:
        return text
    for end in range(most, max(most - LONGEST_CHARACTER, 0), -1):
        if not _is_inside(text, end):
            return text[:end]
    return text[:most]


def characters_in(text: str) -> int:
    """Count what a reader sees as characters."""
    if text.isascii():
        return len(text)
    return sum(not _is_inside(text, each) for each in range(len(text)))


def _is_inside(text: str, place: int) -> bool:
    """Tell whether the two code points around a place belong together (UAX 29, the common part)."""
    if place == 0:
        return False
    before, after = text[place - 1], text[place]
    if after < "\u0300":
        return before == "\r" and after == "\n"
    if before == "\u200d" or after in _JOINERS or unicodedata.category(after)[0] == "M":
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True  # skin tones, letters of flags
    if "\u1160" <= after <= "\u11ff":
        return "\u1100" <= before <= "\u11ff"  # Hangul written letter by letter
    return _is_regional(after) and _flags_before(text, place) % 2 == 1


def _is_regional(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _flags_before(text: str, place: int) -> int:
    begin = place
    while begin > max(place - LONGEST_CHARACTER, 0) and _is_regional(text[begin - 1]):
        begin -= 1
    return place - begin
