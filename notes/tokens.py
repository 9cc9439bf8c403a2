"""What of a text can be searched for: words, and for writing without spaces pairs of letters.

Both databases get the same tokens, letters and digits with a space between, so both find the same.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

MOST_TOKENS = 10_000
MOST_PARTS = 20
LONGEST_TOKEN = 100
MOST_READ = 50_000

# Han, kana and Hangul, which are written without spaces, or inflected at the end of words.
_CJK = (
    "\u1100-\u11ff\u3005\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3131-\u318e"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
# Vowel signs of Indian and South East Asian writing are no letters to `\w`.
_SIGNS = "\u0900-\u0963\u0966-\u0dff\u0e00-\u0eff\u0f18-\u0fff\u1000-\u109f\u1780-\u17d3"
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?:[^\W_{_CJK}]|[{_SIGNS}])+")
# Accents, and the points of Hebrew and Arabic, that many leave out.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]+")


@dataclass(frozen=True)
class Part:
    """Tokens that stand side by side; of the last one perhaps only its beginning is known."""

    tokens: tuple[str, ...]
    is_begun: bool = False


def tokens_of(text: str) -> list[str]:
    """Return what a text is found by, in its order."""
    found: list[str] = []
    for run in _RUN.finditer(_folded(text[:MOST_READ])):
        word = run[0]
        if run["cjk"]:
            # The last letter stands once more alone, so that each letter begins a token.
            found += [one + other for one, other in pairwise(word)]
            found.append(word[-1])
        else:
            found.append(word[:LONGEST_TOKEN])
    return found[:MOST_TOKENS]


def parts_of_query(text: str) -> list[Part]:
    """Return what has to be in a text that is searched for, all of it, in any order."""
    found = []
    for run in _RUN.finditer(_folded(text)):
        word = run[0]
        if not run["cjk"]:
            found.append(Part((word[:LONGEST_TOKEN],)))
        elif len(word) == 1:
            found.append(Part((word,), is_begun=True))
        else:
            found.append(Part(tuple(one + other for one, other in pairwise(word))))
    return list(dict.fromkeys(found))[:MOST_PARTS]


def _folded(text: str) -> str:
    """Write letters in the one way they are compared in."""
    if text.isascii():
        return text.lower()
    whole = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", whole))
