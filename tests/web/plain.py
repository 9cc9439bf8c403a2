"""Comparing pages: what differs at each request left out."""

import re
from urllib.parse import quote

from aiohttp import ClientResponse

VARYING = re.compile(r'name="csrf" value="[^"]+"|<code>[0-9a-f]{12}</code>|"[0-9a-f]{12}"')


async def plain(answer: ClientResponse) -> str:
    """Return status and text without tokens, codes and the page's own address."""
    text, path = VARYING.sub("", await answer.text()), answer.url.path
    return f"{answer.status} {text.replace(quote(path, safe=''), '').replace(path, '')}"
