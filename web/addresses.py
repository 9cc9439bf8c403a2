"""Where a request comes from, who may say so, and how many may come from there."""

import ipaddress
import time
from functools import lru_cache

from aiohttp import web

from core.limits import TooMany
from core.settings import settings
from web.keys import COUNTS

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
FIVE_MINUTES = 300


def address_of(request: web.Request) -> str:
    """Return the address of the caller; of IPv6 the /64, which one household has (DOS-11).

    `X-Forwarded-For` counts only when the connection comes from a configured proxy, and only as
    far as its entries, read from the right, are proxies too.
    """
    peer = request.transport and request.transport.get_extra_info("peername")
    address = str(peer[0]) if isinstance(peer, tuple) else ""
    trusted = _networks(settings().server.trusted_proxies)
    if _is_within(address, trusted):
        forwarded = ",".join(request.headers.getall("X-Forwarded-For", []))
        for each in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
            if not _is_address(each):
                break
            address = each
            if not _is_within(each, trusted):
                break
    return _household(address)


def is_proxy(address: str) -> bool:
    """Tell whether a connection comes from a proxy that the settings name."""
    return _is_within(address, _networks(settings().server.trusted_proxies))


def at_most(group: str, most: int, request: web.Request, *, seconds: int = FIVE_MINUTES) -> None:
    """Count a request of this address; raise TooMany after `most` in a group (0: no limit)."""
    if most <= 0 or is_own_machine(request):
        return
    now = int(time.monotonic())
    counts, mark = request.app[COUNTS], (group, address_of(request))
    count = counts.get(mark)
    if count is None or now >= count[0]:
        count = counts[mark] = [now + seconds, 0]
    count[1] += 1
    if count[1] > most:
        raise TooMany(count[0] - now)


@lru_cache(64)
def _networks(written: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(each, strict=False) for each in written)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_within(address: str, networks: tuple[Network, ...]) -> bool:
    if not networks or not _is_address(address):
        return False
    found = ipaddress.ip_address(address)
    return any(found in each for each in networks)


@lru_cache(8192)
def _household(address: str) -> str:
    if not _is_address(address):
        return address
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def is_own_machine(request: web.Request) -> bool:
    """Tell whether this is an instance for trying out, asked by its own machine.

    There all peers and tools share one address; sign-in and sign-up keep their limits even so.
    """
    if not settings().federation.allow_private_addresses:
        return False
    address = address_of(request)
    return address.startswith("127.") or address == "::/64"
