"""Where an app may have browsers sent back to (security.md OAU-01)."""

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit, urlunsplit

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
LONGEST = 2000
MOST = 20

_NEVER = frozenset({"javascript", "data", "vbscript", "file", "about", "blob"})
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


def is_address(uri: str) -> bool:
    """Tell whether an app may register this: absolute, without a fragment, and no script."""
    if uri == OUT_OF_BAND:
        return True
    if not uri.isascii() or not uri.isprintable() or " " in uri or "\\" in uri:
        return False
    try:
        parts = urlsplit(uri)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    scheme = parts.scheme.lower()
    if not scheme or scheme in _NEVER or "#" in uri or len(uri) > LONGEST or not has_port:
        return False
    if scheme in ("http", "https"):
        return bool(parts.hostname) and parts.username is None and parts.password is None
    return uri.lower().startswith(f"{scheme}:")


def is_registered(uri: str, registered: Sequence[str]) -> bool:
    """Compare to the letter; only on a program's own machine may the port be another (RFC 8252)."""
    if uri in registered:
        return True
    loose = _without_port(uri)
    return loose is not None and any(_without_port(each) == loose for each in registered)


def with_answer(uri: str, answer: dict[str, str], *, in_fragment: bool = False) -> str:
    """Add what the app is told to its address; what stands in its query stays."""
    said = urlencode({name: value for name, value in answer.items() if value})
    if in_fragment:
        return f"{uri}#{said}"
    return f"{uri}{'&' if '?' in uri else '?'}{said}"


def shown_host(uri: str) -> str:
    """Name where a browser is sent to, so that a person can judge it (OAU-07)."""
    parts = urlsplit(uri)
    return parts.netloc or f"{parts.scheme}:"


def _without_port(uri: str) -> str | None:
    try:
        parts = urlsplit(uri)
        if parts.scheme != "http" or parts.hostname not in _LOOPBACK or parts.username is not None:
            return None
        parts.port  # noqa: B018  raises where it is no number
    except ValueError:
        return None
    return urlunsplit(parts._replace(netloc=parts.hostname or ""))
