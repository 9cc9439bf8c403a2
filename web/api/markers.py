"""/api/v1/markers: how far someone has read."""

from collections.abc import Sequence

import msgspec
from aiohttp import web

from inbox.markers import Line, Marker, Moved, markers_of, move_marker
from web.api.access import account_of
from web.api.answers import answer, ts
from web.api.asked import asked
from web.api.errors import Conflict


class MarkerEntity(msgspec.Struct):
    """How far someone has read; `version` counts how often it was said."""

    last_read_id: str
    version: int
    updated_at: str


async def show(request: web.Request) -> web.Response:
    """The markers that are asked for, as far as they were ever set."""
    said = (await asked(request)).texts("timeline")
    lines = [each for each in Line if each.value in said]
    return answer(_written(await markers_of(account_of(request).actor, lines)))


async def save(request: web.Request) -> web.Response:
    """Set markers; 409 when another app sets the same one right now."""
    wanted, reader = await asked(request), account_of(request).actor
    moved = []
    for line in Line:
        group = wanted.group(line.value)
        last_read = group.id("last_read_id") if group else None
        if last_read is None:
            continue
        try:
            moved.append(await move_marker(reader, line, last_read))
        except Moved:
            raise Conflict("Conflict during update, please try again") from None
    return answer(_written(moved))


def _written(markers: Sequence[Marker]) -> dict[str, MarkerEntity]:
    return {
        each.line.value: MarkerEntity(str(each.last_read), each.version, ts(each.moved_at))
        for each in markers
    }
