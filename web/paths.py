"""Paths of ours that came through other hands: where to go next."""

import re
from urllib.parse import urlencode

# A path we could have written: one slash first, nothing that a browser or we might read as
# another host once decoded (security.md WEB-06, ORG-04).
_OURS = re.compile(r"/(?![/\\])[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*")
_HIDDEN = re.compile(r"//|\\|%2f|%5c|%0|%1|%7f", re.IGNORECASE)
MOST = 4000


def safe_path(text: str, otherwise: str = "/") -> str:
    """Return a path of this instance, or the other one when it could lead elsewhere."""
    path = text.partition("?")[0]
    if len(text) <= MOST and _OURS.fullmatch(text) and not _HIDDEN.search(path):
        return text
    return otherwise


def to_sign_in(path: str) -> str:
    """Return the address of the sign-in page that leads back to a path."""
    back = safe_path(path)
    return "/sign-in" if back == "/" else f"/sign-in?{urlencode({'next': back})}"


def to_second_step(path: str) -> str:
    """Return the address where a second factor is shown, that leads on to a path."""
    return f"/sign-in/second?{urlencode({'next': safe_path(path)})}"


def to_proof(path: str) -> str:
    """Return the address where someone shows again that it is them, that leads back to a path."""
    return f"/prove?{urlencode({'next': safe_path(path)})}"
