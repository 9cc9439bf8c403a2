"""Answers to apps: JSON, and lists that say where they go on (mastodon-api.md 2.3)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from aiohttp import web

from core.paging import WINDOW, Slice
from core.settings import settings

_encoder = msgspec.json.Encoder()


def answer(value: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Answer with JSON; structs, and `msgspec.Raw` of what was written before, alike."""
    return web.Response(
        body=_encoder.encode(value),
        status=status,
        headers=headers,
        content_type="application/json",
        charset="utf-8",
    )


def nothing() -> web.Response:
    """Answer that it is done: `{}`, for clients parse every body."""
    return web.Response(body=b"{}", content_type="application/json", charset="utf-8")


def listed(
    request: web.Request,
    found: Slice[Any],
    items: Sequence[Any],
    *,
    is_timeline: bool = False,
    newer: str = "min_id",
) -> web.Response:
    """Answer with a page of a list and its `Link`; timelines go on even after a short page.

    `newer` is the cursor that leads back up, empty for a list that is read downwards alone.
    """
    headers = {}
    if link := _links(request, found, is_timeline=is_timeline, newer=newer):
        headers["Link"] = link
    return answer(list(items), headers=headers)


def ts(value: datetime) -> str:
    """Write a moment as every client reads it: three digits and Z (mastodon-api.md 1, row 3)."""
    at = value.astimezone(UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def _links(request: web.Request, found: Slice[Any], *, is_timeline: bool, newer: str) -> str:
    if found.first is None:
        return ""
    kept = [
        (name, value)
        for name, value in request.query.items()
        if name not in WINDOW and name != "access_token"
    ]
    url = settings().url(request.path)
    older = found.last if is_timeline else found.older
    links = []
    if older is not None:
        links.append(f'<{_with(url, kept, "max_id", older)}>; rel="next"')
    if newer:
        links.append(f'<{_with(url, kept, newer, found.first)}>; rel="prev"')
    return ", ".join(links)


def _with(url: str, kept: Sequence[tuple[str, str]], name: str, number: int) -> str:
    return f"{url}?{urlencode([*kept, (name, str(number))])}"
