"""Looking whether the pages that a profile names link back to it with rel=me (XSS-05)."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from selectolax.lexbor import LexborHTMLParser
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.clock import now
from core.jobs import Lane, put
from core.links import web_link
from core.settings import settings
from federation.allowance import Budget
from federation.client import client
from federation.errors import FederationError, Unreachable
from federation.urls import host_of

VERIFY = "actors.verify_facts"
MOST_BYTES = 1024 * 1024
MOST_FETCHES = 12
AGAIN_AFTER = timedelta(days=7)
HTML = ("text/html", "application/xhtml+xml")


async def verify_facts(payload: Mapping[str, Any]) -> None:
    """Mark the lines of a profile whose pages link back; job `actors.verify_facts`.

    What could not be reached keeps the mark it had, until the next look.
    """
    actor = await Actor.get_or_none(id=payload["actor_id"])
    if actor is None or not actor.is_local or not actor.is_present:
        return
    mine = {actor.uri, settings().url(actor.page)}
    budget = Budget(MOST_FETCHES)
    answers = {url: await _links_back(url, mine, budget) for url in _pages_of(actor)}
    async with in_transaction():
        # They may have changed their profile meanwhile.
        actor = await Actor.get(id=actor.id)
        facts = [_marked(fact, answers) for fact in actor.facts]
        if facts != actor.facts:
            await Actor.filter(id=actor.id).update(facts=facts)


async def queue_due() -> None:
    """Have the marks looked at again that are a week old."""
    before = (now() - AGAIN_AFTER).isoformat()
    people = Actor.filter(local_name__not_isnull=True, gone_at=None).only("id", "facts")
    for actor in await people:
        if any(fact.get("checked_at", before) < before for fact in actor.facts):
            await put(VERIFY, {"actor_id": actor.id}, lane=Lane.LATER)


def kept_marks(facts: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return new lines of a profile with the marks of those that say the same as before."""
    marks = {
        fact["source"]: {key: fact[key] for key in ("verified_at", "checked_at") if key in fact}
        for fact in before
        if "source" in fact
    }
    return [fact | marks.get(fact.get("source", ""), {}) for fact in facts]


def names_pages(facts: list[dict[str, Any]]) -> bool:
    """Tell whether any line of a profile is the address of a page."""
    return any(web_link(fact.get("source", "")) for fact in facts)


def links_to(html: bytes, mine: Collection[str]) -> bool:
    """Tell whether a page has a link with rel=me to exactly one of these addresses."""
    for node in LexborHTMLParser(html).css("a[rel][href], link[rel][href]"):
        is_me = "me" in (node.attributes.get("rel") or "").lower().split()
        if is_me and (node.attributes.get("href") or "").strip() in mine:
            return True
    return False


def _pages_of(actor: Actor) -> list[str]:
    found = (web_link(fact.get("source", "")) for fact in actor.facts)
    return [url for url in found if url]


async def _links_back(url: str, mine: Collection[str], budget: Budget) -> bool | None:
    """Ask a page; None when it could not be asked. Where it sends us to counts only on its host."""
    try:
        page = await client().fetch_bytes(url, limit=MOST_BYTES, types=HTML, budget=budget)
        return host_of(page.url) == host_of(url) and links_to(page.content, mine)
    except Unreachable:
        return None
    except FederationError:
        return False


def _marked(fact: dict[str, Any], answers: Mapping[str, bool | None]) -> dict[str, Any]:
    answer = answers.get(web_link(fact.get("source", "")) or "")
    if answer is None:
        return fact
    moment: datetime = now()
    marked = fact | {"checked_at": moment.isoformat()}
    if not answer:
        marked.pop("verified_at", None)
        return marked
    return {"verified_at": moment.isoformat()} | marked
