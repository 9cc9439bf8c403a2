"""Two servers comparing whom of the one's people the other takes for followers (FEP-8fcf)."""

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from federation.letter import Letter
from federation.urls import same_origin

HEADER = "Collection-Synchronization"

_LONGEST = 4000
_MEMBER = re.compile(r'\s*([A-Za-z]+)="([^"\\]*)"\s*')
_SUM = re.compile(r"[0-9a-f]{64}")


class Claim(NamedTuple):
    """What a server says of its followers list: where ours among it stand, and their sum."""

    url: str
    digest: str


def sum_of(uris: Iterable[str]) -> str:
    """Lay the SHA-256 of all ids over each other by XOR, in hexadecimal: no order counts."""
    total = 0
    for uri in uris:
        total ^= int.from_bytes(hashlib.sha256(uri.encode()).digest())
    return f"{total:064x}"


def header_of(collection: str, url: str, digest: str) -> str:
    """Write the header of a letter to those who follow."""
    return f'collectionId="{collection}", url="{url}", digest="{digest}"'


def claim_in(letter: Letter, actor_uri: str, collection: str) -> Claim | None:
    """Read what the sender of a letter claims of its own followers list; None if it claims nothing.

    The list has to be the sender's own and asked for where the sender lives, whoever wrote the
    header: no signature covers it.
    """
    values = letter.fields.get(HEADER.lower(), [])
    if len(values) != 1 or len(values[0]) > _LONGEST:
        return None
    found = dict(_MEMBER.findall(values[0]))
    url, digest = found.get("url", ""), found.get("digest", "").lower()
    is_theirs = collection and found.get("collectionId") == collection
    if not is_theirs or not same_origin(url, actor_uri) or not _SUM.fullmatch(digest):
        return None
    return Claim(url, digest)
