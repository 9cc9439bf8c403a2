"""Parcels: what all letters of one activity have in common, made once."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import msgspec
import structlog
from cachetools import LRUCache
from tortoise.exceptions import DoesNotExist

from actors.actor import Actor, Kind
from actors.keys import signer_of
from core import sql
from federation.signatures import Signer, digest_of
from outbox.sent import Sent

log = structlog.get_logger()

MOST_BYTES = 32 * 1024 * 1024


class Said(msgspec.Struct):
    """As much of an Update of ours."""

    object: Any

    @property
    def tells_of_suspension(self) -> bool:
        """Whether it says that its author is suspended."""
        return isinstance(self.object, dict) and self.object.get("suspended") is True


class Told(msgspec.Struct):
    """As much of a Create of ours: whom it is for."""

    to: str | list[str] = []
    cc: str | list[str] = []


class Parcel(NamedTuple):
    """The body, its digest, and who signs for it.

    `followers` is the author's followers collection where this is for them and not for everyone:
    then their servers are told whom we take for a follower (FEP-8fcf).
    """

    body: bytes
    digest: str
    signer: Signer
    author_id: int
    is_farewell: bool
    followers: str = ""


class Parcels:
    """Keeps parcels that are being carried, up to 32 MiB of bodies."""

    def __init__(self) -> None:
        self._kept: LRUCache[int, Parcel] = LRUCache(MOST_BYTES, lambda each: len(each.body) + 500)

    async def of(self, sent: Collection[int]) -> dict[int, Parcel]:
        """Return those that may be sent now.

        What the suspended and the gone wrote is left out, but for Deletes and the word that they
        are suspended (security.md ORG-21).
        """
        found = {number: kept for number in sent if (kept := self._kept.get(number))}
        if missing := [number for number in sent if number not in found]:
            found |= await _made(missing)
            self._kept.update(found)
        silent = await _silent({parcel.author_id for parcel in found.values()})
        return {
            number: parcel
            for number, parcel in found.items()
            if parcel.is_farewell or parcel.author_id not in silent
        }


async def _made(sent: Sequence[int]) -> dict[int, Parcel]:
    rows = await Sent.filter(id__in=sent).values("id", "body", "kind", "actor_id", "is_public")
    signers = await _signers({row["actor_id"] for row in rows})
    ready = [row for row in rows if row["actor_id"] in signers]
    return {row["id"]: _parcel(row, *signers[row["actor_id"]]) for row in ready}


def _parcel(row: dict[str, Any], author: Actor, signer: Signer) -> Parcel:
    body = bytes(row["body"])
    is_last = row["kind"] == "Delete" or (
        row["kind"] == "Update" and msgspec.json.decode(body, type=Said).tells_of_suspension
    )
    followers = author.followers_uri if _is_for_followers(row, author) else ""
    return Parcel(body, digest_of(body), signer, author.id, is_last, followers)


def _is_for_followers(row: dict[str, Any], author: Actor) -> bool:
    if row["kind"] != "Create" or row["is_public"] or author.kind != Kind.PERSON:
        return False
    told = msgspec.json.decode(row["body"], type=Told)
    return author.followers_uri in told.to or author.followers_uri in told.cc


async def _signers(authors: Collection[int]) -> dict[int, tuple[Actor, Signer]]:
    signers = {}
    for author in await Actor.filter(id__in=authors):
        try:
            signers[author.id] = (author, await signer_of(author))
        except DoesNotExist:
            log.error("parcels.no_key", actor=author.uri)
    return signers


async def _silent(authors: Collection[int]) -> set[int]:
    found = await sql.rows(
        f"SELECT id FROM actor WHERE id IN ({sql.marks(authors)})"  # noqa: S608  question marks
        " AND (suspended_at IS NOT NULL OR gone_at IS NOT NULL)",
        list(authors),
    )
    return {row["id"] for row in found}
