"""QuoteAuthorization documents: someone here agreed that a note quotes theirs (FEP-044f)."""

from aiohttp import web

from actors.actor import Actor
from actors.blocks import keeps_out
from core.paging import number
from notes.quotes import Quote, State
from web.activitypub.answers import as2
from web.activitypub.asking import known_asker
from web.activitypub.note import visible
from web.errors import Missing


async def show(request: web.Request) -> web.Response:
    """Answer with an authorization of ours, for as long as it holds."""
    asking = await known_asker(request)
    found = Quote.get_or_none(id=number(request.match_info["id"]) or 0, state=State.ACCEPTED)
    quote = await found.select_related("note__author", "quoted__author")
    if quote is None or quote.stamp_uri != quote.own_stamp or quote.quoted is None:
        raise Missing(request.path)
    await visible(quote.quoted, asking)
    if asking is not None and await _is_apart(quote.note.author, asking):
        raise Missing(request.path)
    return as2(
        {
            "id": quote.own_stamp,
            "type": "QuoteAuthorization",
            "attributedTo": quote.quoted.author.uri,
            "interactingObject": quote.note.uri,
            "interactionTarget": quote.quoted.uri,
        }
    )


async def _is_apart(quoter: Actor, asking: Actor) -> bool:
    return quoter.is_local and await keeps_out(quoter, asking)
