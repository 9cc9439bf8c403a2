"""Agreeing with another server on who here follows somebody there (FEP-8fcf).

An end of a follow that was lost on its way would leave us showing what is for followers to people
who are none any more; a follow that only they know of would have them send it for nobody.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.followers_of_server import followers_here
from actors.follows import Follow, settle
from actors.instance import instance_signer
from core import sql
from core.jobs import Lane, put
from core.rows import load, load_one
from core.settings import settings
from federation.allowance import Budget
from federation.client import client
from federation.errors import FederationError, Malformed, Unreachable
from federation.follower_sync import claim_in, sum_of
from federation.letter import Letter
from federation.read import iri_of, iris
from federation.urls import host_of, same_origin
from inbox.mailroom import mailroom
from inbox.timelines import fill_home, take_from_home
from moderation.gate import admit_host
from outbox.undo import unfollow, unfollow_unknown

MOST_PAGES = 20
MOST_NAMED = 20_000

log = structlog.get_logger()


async def compare(letter: Letter, sender: Actor) -> None:
    """Look whether a believed letter's header agrees with what we know, and ask if it does not.

    One claim is looked into once an hour. Groups answer for their members themselves.
    """
    if sender.is_group or not letter.fields.get("collection-synchronization"):
        return
    claim = claim_in(letter, sender.uri, sender.followers_uri)
    if claim is None or not mailroom().is_news(f"{sender.uri} {claim.digest}"):
        return
    if sum_of(await followers_here(sender.id)) != claim.digest:
        payload = {"actor": sender.id, "url": claim.url, "digest": claim.digest}
        await put("inbox.agree", payload, lane=Lane.LATER)


async def agree(payload: Mapping[str, Any]) -> None:
    """Fetch the list, and settle who follows; job `inbox.agree`.

    Nothing is changed by a list that is not what the header claimed, or cannot be read.
    """
    followed = await load_one(Actor, "id = ?", [payload["actor"]])
    if followed is None or not followed.is_present:
        return
    before = await Follow.filter(followed_id=followed.id).select_related("follower")
    try:
        await admit_host(host_of(payload["url"]))
        listed = await _listed(payload["url"])
    except Unreachable:
        raise
    except FederationError as error:
        log.info("inbox.no_agreement", actor=followed.uri, why=str(error)[:200])
        return
    if sum_of(listed) != payload["digest"]:
        return
    ours = [each for each in before if each.follower.is_local]
    for follow in ours:
        await _settled(follow, followed, is_listed=follow.follower.uri in listed)
    known = {each.follower.uri for each in ours}
    for stranger in await _people_here([uri for uri in listed if uri not in known]):
        await unfollow_unknown(stranger, followed)


async def _people_here(uris: Sequence[str]) -> list[Actor]:
    present = "local_name IS NOT NULL AND gone_at IS NULL AND suspended_at IS NULL"
    return await load(Actor, f"uri IN ({sql.marks(uris)}) AND {present}", uris)


async def _settled(follow: Follow, followed: Actor, *, is_listed: bool) -> None:
    async with in_transaction():
        if is_listed and await settle(follow):
            await fill_home(follow.follower, followed)
        elif not is_listed and follow.is_accepted:
            await unfollow(follow.follower, followed)
            await take_from_home(follow.follower, followed)


async def _listed(url: str) -> set[str]:
    """Read the whole collection, page by page, as far as it names people here."""
    budget, signer = Budget(MOST_PAGES), await instance_signer()
    whole = (await client().fetch(url, signer, budget=budget)).document
    named, page = _named(whole), whole.get("first") or whole.get("next")
    while page:
        if isinstance(page, str):
            if not same_origin(page, url):
                raise Malformed(f"{url} goes on elsewhere")
            page = (await client().fetch(page, signer, budget=budget)).document
        named |= _named(page)
        page = iri_of(page.get("next"))
    return named


def _named(page: Any) -> set[str]:
    if not isinstance(page, dict):
        raise Malformed("a page that is none")
    items = page.get("orderedItems") or page.get("items") or []
    return {uri for uri in iris(items, MOST_NAMED) if _is_ours(uri)}


def _is_ours(uri: str) -> bool:
    return same_origin(uri, settings().server.base_url)
