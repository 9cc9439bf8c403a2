"""What waits to be published: drafts, one of them as it would look, and scheduled notes."""

from aiohttp import web

from core.paging import number
from moderation.scheduled import publish_saved
from notes.drafts import (
    DraftsFull,
    SavedDraft,
    draft_of,
    drafts_of,
    drop_draft,
    keep_draft,
    think_over,
)
from notes.scheduled import BadTime, back_to_drafts, schedule, scheduled_of
from web.asking import posting, signed_in
from web.building.drafts import draft_cards, preview_of
from web.building.times import NoTime, read_time
from web.errors import Missing
from web.flashes import say
from web.forms import check_header, read_form
from web.pages.compose import About, parent_of, published_where, quoted_of
from web.pages.compose_media import MEGABYTE, media_of_form
from web.refusals import why
from web.render import render
from web.texts import _


async def show(request: web.Request) -> web.StreamResponse:
    """One's drafts, the last touched first."""
    account = await signed_in(request)
    drafts = await draft_cards(await drafts_of(account.actor))
    return render(request, "drafts.html", drafts=drafts)


async def show_scheduled(request: web.Request) -> web.StreamResponse:
    """What one has scheduled, the next one first."""
    account = await signed_in(request)
    drafts = await draft_cards(await scheduled_of(account.actor))
    return render(request, "scheduled.html", drafts=drafts)


async def preview(request: web.Request) -> web.StreamResponse:
    """A draft as the note it would be."""
    draft = await _own(request)
    return render(request, "draft.html", preview=await preview_of(draft))


async def save(request: web.Request) -> web.StreamResponse:
    """Save what a script sends every few seconds, and say under which number it is kept."""
    account = await signed_in(request)
    await check_header(request)
    form = await read_form(request, most=MEGABYTE)
    wanted = number(form.text("draft"))
    draft = await draft_of(account.actor, wanted)
    if wanted and draft is None:
        raise Missing("the draft")  # published or deleted meanwhile: it does not come back
    media = await media_of_form(form, account)
    answered = form.text("in_reply_to")
    parent = await parent_of(answered, account) if answered else None
    about = About(parent, await quoted_of(form.text("quote"), account))
    try:
        draft = await keep_draft(account.actor, about.written(form), media.ids, draft=draft)
    except DraftsFull as error:
        return web.json_response({"error": why(error)}, status=409)
    return web.json_response({"id": str(draft.id)})


async def publish(request: web.Request) -> web.StreamResponse:
    """Publish a draft, or a scheduled note before its time.

    Why it could not be is said beside the draft; who then goes on has thought over what was asked.
    """
    account = await posting(request)
    form = await read_form(request)
    draft = await _own(request)
    if form.is_on("nudged"):
        await think_over(draft, (await preview_of(draft)).nudge)
    note = await publish_saved(draft)
    if note is not None:
        return _to(note.page, published_where(account, note))
    waiting = await SavedDraft.get_or_none(id=draft.id)
    if waiting and waiting.publish_at:
        return _to("/scheduled", _("It is published as soon as its pictures and videos are ready."))
    return _to(waiting.page if waiting else "/drafts", "")


async def delete(request: web.Request) -> web.StreamResponse:
    """Throw a draft or scheduled note away."""
    await read_form(request)
    draft = await _own(request)
    await drop_draft(draft)
    return _to("/scheduled" if draft.publish_at else "/drafts", _("It is deleted."))


async def cancel(request: web.Request) -> web.StreamResponse:
    """Make a scheduled note a draft again."""
    await read_form(request)
    draft = await _own(request)
    await back_to_drafts(draft)
    return _to("/drafts", _("It is a draft again."))


async def put_off(request: web.Request) -> web.StreamResponse:
    """Give a note another time."""
    form = await read_form(request)
    draft = await _own(request)
    try:
        await schedule(draft, read_time(form.text("publish_at"), draft.zone), zone=draft.zone)
    except NoTime:
        return _to("/scheduled", _("Choose a day, a time and a time zone."), kind="problem")
    except BadTime as error:
        return _to("/scheduled", why(error), kind="problem")
    return _to("/scheduled", _("The note is scheduled."))


async def _own(request: web.Request) -> SavedDraft:
    account = await signed_in(request)
    draft = await draft_of(account.actor, number(request.match_info["id"]))
    if draft is None:
        raise Missing(request.path)
    draft.author = account.actor
    return draft


def _to(path: str, said: str, *, kind: str = "done") -> web.Response:
    response = web.Response(status=303, headers={"Location": path})
    if said:
        say(response, said, kind)
    return response
