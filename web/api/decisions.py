"""/api/rubric/v1/decisions: what was decided about oneself, and how one disagrees."""

from aiohttp import web

from core import limits
from core.paging import number
from moderation import exhibits
from moderation.appealable import decided_about, decision_about
from moderation.appealing import file
from moderation.decisions import Decision
from web.addresses import address_of
from web.api.access import account_of
from web.api.answers import answer, listed
from web.api.asked import asked
from web.api.entities.warnings import warnings_about
from web.errors import Missing
from web.pages.decisions import APPEALS_AN_HOUR


async def index(request: web.Request) -> web.Response:
    """What was decided about oneself, or a group one runs, the newest first."""
    found = await decided_about(account_of(request).actor, (await asked(request)).page())
    shown = await warnings_about(found.rows)
    return listed(request, found, [shown[each.id] for each in found.rows if each.id in shown])


async def show(request: web.Request) -> web.Response:
    """One of these decisions."""
    return await _answered(await _named(request))


async def appeal(request: web.Request) -> web.Response:
    """Disagree with a decision; once more only with `new_facts`. `media_ids` are pictures that were
    uploaded before."""
    decision, wanted = await _named(request), await asked(request)
    await limits.count(f"appeal:{address_of(request)}", most=APPEALS_AN_HOUR, seconds=3600)
    words, new_facts = wanted.text("text") or "", wanted.text("new_facts") or ""
    ids = wanted.ids("media_ids", exhibits.MOST + 1)
    pictures = await exhibits.own_pictures(account_of(request).actor, ids)
    await file(decision, words, new_facts=new_facts, pictures=pictures)
    return await _answered(decision)


async def _named(request: web.Request) -> Decision:
    wanted = number(request.match_info["id"]) or 0
    decision = await decision_about(account_of(request).actor, wanted)
    if decision is None:
        raise Missing(request.path)
    return decision


async def _answered(decision: Decision) -> web.Response:
    shown = await warnings_about([decision])
    return answer(shown[decision.id])
