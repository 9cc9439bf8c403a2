"""`rubric record verify`: does the public record still say what was sealed, here or elsewhere."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urlencode

from federation.client import client
from federation.errors import FederationError
from federation.urls import same_origin
from moderation.record import FIRST, RecordEntry, RecordHead, sealed
from moderation.verifying import Chain
from rubric.people import Impossible

AT_ONCE = 100
MOST_PAGES = 10_000
MOST_FAULTS = 20


async def verify_here(root: str = "") -> str:
    """Walk over every chain of this server, what is not shown yet too; raise Impossible for faults.

    With `root`, a seal that was written down earlier, it has to be among them still.
    """
    told, seals = [], set[str]()
    for head in await RecordHead.all().order_by("chain"):
        chain = await _walked(_own(head.chain))
        if chain.root != head.hash or chain.length != head.number:
            chain.faults.append((head.number, "the chain ends before its last entry"))
        told.append(_said(head.chain, chain))
        seals |= chain.seals
    _find(root, seals)
    return "\n".join(told) or "the record has no entry yet"


async def verify_there(base: str, name: str, root: str = "") -> str:
    """Walk over a chain that another server publishes; raise Impossible for faults."""
    try:
        chain = await _walked(_published(base.rstrip("/"), name))
    except FederationError as error:
        raise Impossible(f"{base} cannot be verified: {error}") from error
    told = _said(name, chain)
    _find(root, chain.seals)
    return told


async def _walked(entries: AsyncIterator[Mapping[str, Any]]) -> Chain:
    chain = Chain()
    async for each in entries:
        chain.look(each)
    chain.end()
    return chain


async def _own(name: str) -> AsyncIterator[Mapping[str, Any]]:
    after = 0
    while rows := (
        await RecordEntry.filter(chain=name, number__gt=after).order_by("number").limit(AT_ONCE)
    ):
        for row in rows:
            yield sealed(row)
        after = rows[-1].number


async def _published(base: str, name: str) -> AsyncIterator[Mapping[str, Any]]:
    url = f"{base}/record.json?{urlencode({'chain': name})}"
    for _ in range(MOST_PAGES):
        page = (await client().fetch_json(url)).document
        entries = page.get("entries")
        for each in entries if isinstance(entries, list) else []:
            yield each if isinstance(each, dict) else {}
        further = page.get("next")
        if not isinstance(further, str) or not same_origin(further, url):
            return
        url = further


def _said(name: str, chain: Chain) -> str:
    if chain.faults:
        lines = [f"  entry {place}: {why}" for place, why in chain.faults[:MOST_FAULTS]]
        more = len(chain.faults) - MOST_FAULTS
        lines += [f"  and {more} more"] if more > 0 else []
        raise Impossible("\n".join([f"chain {name} is not what was sealed:", *lines]))
    if chain.root == FIRST:
        return f"chain {name}: no entry yet"
    return f"chain {name}: {chain.length} entries, each as it was sealed; root {chain.root}"


def _find(root: str, seals: set[str]) -> None:
    if root and root.lower() not in seals:
        raise Impossible(f"no entry has the seal {root}: what it sealed was written anew")
