"""Which addresses may be called at all: the egress gate (security.md 7)."""

import re
import socket
from collections.abc import Callable
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urljoin

from aiohttp import ClientRequest, ClientResponse
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from federation.errors import ForbiddenAddress

LONGEST_URL = 2048

# Everything IANA lists as special purpose, the globally reachable entries too, and multicast.
_SPECIAL_4 = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_6 = ip_network("2000::/3")
_SPECIAL_6 = tuple(
    ip_network(block)
    for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48")
)
# Link-local addresses stay out even in development: cloud machines keep their secrets there.
_PRIVATE = tuple(
    ip_network(block)
    for block in (
        "10.0.0.0/8",
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
    )
)

_PLAIN = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]+")
_NEVER = re.compile(r"[\x00-\x20\x7f-\xa0\\#]")
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")


class ForbiddenPeer(ForbiddenAddress, OSError):
    """The same refusal, in the shape that a connector takes for a failed connection."""


@lru_cache(maxsize=8192)
def is_allowed(ip: str, *, private_ok: bool = False) -> bool:
    """Tell whether this address may be connected to; anything that is no address may not."""
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        address = address.ipv4_mapped or address
    if private_ok and any(address in block for block in _PRIVATE):
        return True
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _SPECIAL_4)
    return address in _GLOBAL_6 and not any(address in block for block in _SPECIAL_6)


@lru_cache(maxsize=8192)
def check_url(url: str, *, private_ok: bool = False) -> URL:
    """Make the URL that goes on the wire, byte for byte as written where that is possible.

    Raises ForbiddenAddress for anything but https to port 443 of a name or a public address, and
    for user-info, fragments, white space and backslashes; private_ok adds http and other ports.
    """
    if len(url) > LONGEST_URL or _NEVER.search(url):
        raise ForbiddenAddress(f"{url[:200]!r} is not a plain URL")
    try:
        parsed = URL(url, encoded=_PLAIN.fullmatch(url) is not None)
        port, host = parsed.explicit_port, parsed.raw_host
    except ValueError as error:
        raise ForbiddenAddress(f"{url[:200]!r} is not a URL: {error}") from error
    if parsed.scheme != "https" and not (private_ok and parsed.scheme == "http"):
        raise ForbiddenAddress(f"{url} is not https")
    if port not in (None, 443) and not private_ok:
        raise ForbiddenAddress(f"{url} names port {port}")
    if not host or "@" in parsed.raw_authority:
        raise ForbiddenAddress(f"{url} names no host, or a user")
    if not _may_name(host, private_ok=private_ok):
        raise ForbiddenAddress(f"{url} names a host that is not called from here")
    return parsed


def next_hop(current: str, location: str, *, private_ok: bool = False) -> str:
    """Find where a redirect leads; ForbiddenAddress if away from https or to a bad URL (ORG-04)."""
    try:
        target = urljoin(current, location.partition("#")[0])
    except ValueError as error:
        raise ForbiddenAddress(f"{current} redirects to what is no URL") from error
    scheme = check_url(target, private_ok=private_ok).scheme
    if scheme != "https" and check_url(current, private_ok=private_ok).scheme == "https":
        raise ForbiddenAddress(f"{current} redirects from https to {target}")
    return target


def _may_name(host: str, *, private_ok: bool) -> bool:
    if ":" in host:
        return is_allowed(host, private_ok=private_ok)
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return False
    # A name that ends in a number is an address in one of its many spellings; only one is read.
    if _NUMBER.fullmatch(labels[-1]):
        return _is_dotted_quad(host) and is_allowed(host, private_ok=private_ok)
    return private_ok or len(labels) > 1


def _is_dotted_quad(host: str) -> bool:
    try:
        IPv4Address(host)
    except AddressValueError:
        return False
    return True


def socket_factory(*, private_ok: bool = False) -> Callable[[Any], socket.socket]:
    """Make sockets for allowed addresses only; literals, which skip the resolver, come by here too.

    (SSRF-02)
    """

    def open_socket(target: Any) -> socket.socket:
        family, kind, proto, _, address = target
        demand(address[0], private_ok=private_ok)
        return socket.socket(family=family, type=kind, proto=proto)

    return open_socket


def demand(ip: str, *, private_ok: bool) -> None:
    """Raise ForbiddenPeer unless the address is allowed."""
    if not is_allowed(ip, private_ok=private_ok):
        raise ForbiddenPeer(f"connecting to {ip} is not allowed")


class CheckedResolver(AbstractResolver):
    """Resolves names, and refuses a name of which any address is forbidden (SSRF-03)."""

    def __init__(self, inner: AbstractResolver, *, private_ok: bool = False) -> None:
        self._inner = inner
        self._private_ok = private_ok

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Resolve as the inner resolver does; ForbiddenPeer if one answer is forbidden."""
        found = await self._inner.resolve(host, port, family)
        for each in found:
            demand(each["host"], private_ok=self._private_ok)
        return found

    async def close(self) -> None:
        """Close the inner resolver."""
        await self._inner.close()


def request_class(*, private_ok: bool = False) -> type[ClientRequest]:
    """Make a request that looks who is at the other end before it writes its first byte."""

    class CheckedRequest(ClientRequest):
        async def send(self, conn: Any) -> ClientResponse:
            peer = conn.transport.get_extra_info("peername") if conn.transport else None
            demand(peer[0] if peer else "", private_ok=private_ok)
            return await super().send(conn)

    return CheckedRequest
