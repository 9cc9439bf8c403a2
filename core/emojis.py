"""Pictures in the place of `:shortcodes:`, in words and in HTML that is safe already."""

import re
from collections.abc import Mapping
from html import escape

from core.html import Sanitised

# A tag with its attributes whatever stands in them, or what is not said in words but quoted.
_MARKUP = re.compile(
    r"""(<(?:pre|code)(?=[\s>]).*?</(?:pre|code)>|<(?:[^<>"']|"[^"]*"|'[^']*')*>)""",
    re.DOTALL | re.IGNORECASE,
)
_CODE = re.compile(r":([A-Za-z0-9_]{1,64}):")


def with_emojis(html: Sanitised, pictures: Mapping[str, str]) -> Sanitised:
    """Draw emojis between the tags of safe HTML: never within one, nor in code (XSS-03).

    `pictures` leads from a code to a path of ours.
    """
    if not pictures or ":" not in html:
        return html
    pieces = _MARKUP.split(html)
    return Sanitised(
        "".join(
            piece if number % 2 else _drawn(piece, pictures) for number, piece in enumerate(pieces)
        )
    )


def named_with_emojis(text: str, pictures: Mapping[str, str]) -> Sanitised:
    """Write plain words as HTML, with emojis drawn."""
    return Sanitised(_drawn(escape(text), pictures) if pictures else escape(text))


def _drawn(words: str, pictures: Mapping[str, str]) -> str:
    return _CODE.sub(lambda found: _picture(found, pictures.get(found[1])), words)


def _picture(found: re.Match[str], path: str | None) -> str:
    if path is None:
        return found[0]
    code = found[0]  # colons, letters, digits: nothing in it has to be escaped
    return (
        f'<img class="emoji" src="{escape(path)}" alt="{code}" title="{code}"'
        ' width="20" height="20" loading="lazy" decoding="async">'
    )
