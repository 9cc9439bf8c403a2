"""Web addresses: which may be linked to, where one ends in running text, how one is shown."""

import re

# Ideographs, kana, Hangul and their punctuation: in running text they end an address, because
# these scripts put no space after it.
CJK = (
    r"\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    r"\ufe30-\ufe4f\uff00-\uffef\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
NEVER = r"\s\x00-\x1f\x7f-\xa0\ufdd0-\ufdef\ufeff"  # these stand in no address
HOST = r"(?:[^\W_](?:\w|[.-]++(?=\w))*\.?+|\[[0-9a-fA-F:.]++\])(?::[0-9]{1,5}+)?"
SHOWN_CHARACTERS = 30  # as Mastodon shows links; clients hide the rest by its class

_WEB_LINK = re.compile(rf"https?://{HOST}(?:[/?#][^{NEVER}]*+)?", re.IGNORECASE)
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_LAST = ".,;:!?'*~"  # these end a sentence or an emphasis rather than an address

_WORD = rf"[^\W{CJK}]"
HOST_IN_TEXT = (  # everything this finds is a HOST; only an address that begins in CJK goes on so
    rf"(?:[^\W_{CJK}](?:{_WORD}|[.-]++(?={_WORD}))*|[^\W_](?:\w|[.-]++(?=\w))*)"
    r"(?::[0-9]{1,5}+)?"
)
_PATH_IN_TEXT = rf"[/?#][^{NEVER}<>\"`{{}}|\\^\u2018-\u201f\u2026{CJK}]*(?<![{_LAST}])"
URL_IN_TEXT = re.compile(
    rf"(?<![A-Za-z0-9])https?://{HOST_IN_TEXT}(?:{_PATH_IN_TEXT})?", re.IGNORECASE
)


def web_link(href: str) -> str | None:
    """Return the address as it may stand in `href`; None unless it is absolute http(s) (XSS-02).

    User names in front of the host are refused: they exist to make one host look like another.
    """
    address = href.strip().replace(" ", "%20")
    return address if _WEB_LINK.fullmatch(address) else None


def url_at(text: str, start: int) -> str | None:
    """Return the address that begins here, without what belongs to the sentence around it."""
    found = URL_IN_TEXT.match(text, start)
    if found is None:
        return None
    url = found.group()
    for closing, opening in (")(", "]["):
        while url.endswith(closing) and url.count(closing) > url.count(opening):
            url = url[:-1].rstrip(_LAST)
    return url


def shown_parts(url: str) -> tuple[str, str, str]:
    """Split an address into the hidden scheme, the part to show, and the hidden rest."""
    scheme = _SCHEME.match(url)
    begin = scheme.end() if scheme else 0
    end = begin + SHOWN_CHARACTERS
    return url[:begin], url[begin:end], url[end:]
