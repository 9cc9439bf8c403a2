"""/api/v1/scheduled_statuses: notes whose time is to come."""

from aiohttp import web

from core.paging import Slice, cut, number
from notes.drafts import SavedDraft, draft_of, drop_draft
from notes.scheduled import BadTime, schedule, scheduled_page
from web.api.access import account_of
from web.api.answers import answer, listed, nothing
from web.api.asked import asked
from web.api.entities.scheduled import all_scheduled, scheduled_of
from web.api.errors import Invalid
from web.errors import Missing


async def index(request: web.Request) -> web.Response:
    """What one has scheduled, what was written last first."""
    page = (await asked(request)).page()
    drafts = await scheduled_page(account_of(request).actor, page)
    found: Slice[int] = cut([each.id for each in drafts], page)
    kept = {each.id: each for each in drafts}
    return listed(request, found, await all_scheduled([kept[each] for each in found.rows]))


async def show(request: web.Request) -> web.Response:
    """One scheduled note of one's own."""
    return answer(await scheduled_of(await _own(request)))


async def save(request: web.Request) -> web.Response:
    """Publish it at another time."""
    draft = await _own(request)
    at = (await asked(request)).moment("scheduled_at")
    if at is None:
        raise Invalid({"scheduled_at": ("ERR_BLANK", "can't be blank")})
    try:
        await schedule(draft, at)
    except BadTime as error:
        raise Invalid({"scheduled_at": ("ERR_INVALID", str(error))}) from error
    return answer(await scheduled_of(draft))


async def delete(request: web.Request) -> web.Response:
    """Do not publish it; what was written is thrown away."""
    await drop_draft(await _own(request))
    return nothing()


async def _own(request: web.Request) -> SavedDraft:
    draft = await draft_of(account_of(request).actor, number(request.match_info["id"]))
    if draft is None or draft.publish_at is None:
        raise Missing(request.path)
    return draft
