"""Whose is this address? Hosts in one spelling, and origins to compare."""

import ipaddress
import re
from functools import lru_cache

import idna

from federation.errors import Malformed

MAX_IRI = 1000

_PORTS = {"https": 443, "http": 80}
_ASCII_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_ACE = re.compile(r"(?:^|\.)xn--")
_HTTP = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<authority>(?:(?:[a-z0-9._-]|[^\s\x00-\x7f])+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?)"
    r"(?:[/?#][^\s\x00-\x20\x7f\\<>\"]*)?",
    re.IGNORECASE,
)


def is_http(uri: str, limit: int = MAX_IRI) -> bool:
    """Tell whether this is an absolute http(s) address that carries no password and no tricks."""
    return len(uri) <= limit and _parts(uri) is not None


@lru_cache(maxsize=8192)
def canonical_host(host: str, scheme: str = "https") -> str:
    """Spell a host (and a port that is not the scheme's own) in the one way we compare (SIG-17)."""
    name, port = _without_port(host, scheme)
    if name.startswith("["):
        return _address(name[1:-1], bracketed=True) + port
    name = name.lower()
    if not name.isascii() or _ACE.search(name):
        name = _encoded(name)
    name = name.removesuffix(".")
    if len(name) > 253 or not _ASCII_HOST.fullmatch(name):
        raise Malformed(f"{host!r} is no host")
    # A last label of digits is an IPv4 address to every browser, however it is written.
    if name.rpartition(".")[2].isdigit():
        name = _address(name, bracketed=False)
    return name + port


def _without_port(host: str, scheme: str) -> tuple[str, str]:
    name, colon, port = host.strip().rpartition(":")
    if not colon or port.endswith("]"):
        return host.strip(), ""
    if not port:
        return name, ""
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65536):
        raise Malformed(f"{host!r} has no proper port")
    return name, "" if int(port) == _PORTS.get(scheme) else f":{int(port)}"


def _encoded(name: str) -> str:
    try:
        return idna.encode(name, uts46=True, transitional=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise Malformed(f"{name!r} is no international host name") from error


def _address(name: str, *, bracketed: bool) -> str:
    try:
        if bracketed:
            return f"[{ipaddress.IPv6Address(name)}]"
        return str(ipaddress.IPv4Address(name))
    except ValueError as error:
        raise Malformed(f"{name!r} is no address") from error


@lru_cache(maxsize=8192)
def _origin(scheme: str, authority: str) -> tuple[str, str, int]:
    host = canonical_host(authority, scheme)
    name, colon, port = host.rpartition(":")
    if colon and not port.endswith("]"):
        return scheme, name, int(port)
    return scheme, host, _PORTS[scheme]


def _start(uri: str) -> tuple[str, str]:
    parts = _parts(uri)
    if parts is None:
        raise Malformed(f"{uri[:200]!r} is no http address")
    return parts


def _parts(uri: str) -> tuple[str, str] | None:
    # A letter names few addresses many times; endless ones shall not lie about in memory.
    return _known_parts(uri) if len(uri) <= MAX_IRI else _matched(uri)


def _matched(uri: str) -> tuple[str, str] | None:
    matched = _HTTP.fullmatch(uri)
    return (matched["scheme"].lower(), matched["authority"]) if matched else None


_known_parts = lru_cache(maxsize=2048)(_matched)


def origin(uri: str) -> tuple[str, str, int]:
    """Return scheme, canonical host and port; raise Malformed for all but http(s) (FEP-fe34)."""
    return _origin(*_start(uri))


def host_of(uri: str) -> str:
    """Return the canonical host of an address, with its port where that is unusual (SIG-17)."""
    scheme, authority = _start(uri)
    return canonical_host(authority, scheme)


def same_origin(one: str, other: str) -> bool:
    """Tell whether both lie with the same server; anything but http(s) lies nowhere."""
    try:
        return origin(one) == origin(other)
    except Malformed:
        return False


def is_under(host: str, domain: str) -> bool:
    """Tell whether a host is this domain or part of it, on whatever port (SIG-17)."""
    try:
        name, parent = (_origin("https", canonical_host(each))[1] for each in (host, domain))
    except Malformed:
        return False
    return name == parent or name.endswith(f".{parent}")
