"""Settings: the way in, and what all of them share."""

from aiohttp import web

from web.flashes import say


async def begin(request: web.Request) -> web.StreamResponse:
    """Go to the first of the settings."""
    raise web.HTTPSeeOther("/settings/profile")


def saved(to: str, sentence: str) -> web.Response:
    """Go back to a page of the settings and say there what was done."""
    response = web.Response(status=303, headers={"Location": to})
    say(response, sentence)
    return response
