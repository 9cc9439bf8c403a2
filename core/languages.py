"""Languages a text may be in: their tags, and what they call themselves."""

import json
import re
from functools import cache
from pathlib import Path

NAMES = Path(__file__).parent / "language_names.json"
# Those people write notes in most, by the number of their speakers and of their servers.
OFFERED = (
    *(
        "en",
        "zh-CN",
        "zh-TW",
        "zh-HK",
        "es",
        "fr",
        "de",
        "ja",
        "pt",
        "pt-BR",
        "ko",
        "it",
        "nl",
        "pl",
    ),
    *("ru", "uk", "ar", "fa", "he", "hi", "bn", "ta", "te", "th", "vi", "id", "ms", "tr", "sv"),
    *("da", "nb", "nn", "fi", "is", "cs", "sk", "hu", "ro", "bg", "el", "ca", "eu", "gl", "cy"),
    *("ga", "eo", "hr", "sr", "sl", "lt", "lv", "et", "ka", "hy", "az", "kk", "ur", "sw", "yue"),
)
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")


def language_tag(written: str) -> str:
    """Return a tag in its usual spelling (`zh_tw` → `zh-TW`); empty when it is none."""
    found = _TAG.fullmatch(written.strip())
    if found is None or found[1].lower() in ("und", "mul", "zxx"):
        return ""
    parts = (found[1].lower(), (found[2] or "").title(), (found[3] or "").upper())
    return "-".join(each for each in parts if each)


def own_name(tag: str) -> str:
    """Return what a language calls itself; the tag when we do not know."""
    return _own_names().get(language_tag(tag), tag)


@cache
def _own_names() -> dict[str, str]:
    """Read the names by their tags; tests/core/language_names.py wrote them."""
    names: dict[str, str] = json.loads(NAMES.read_text("utf-8"))
    return names
