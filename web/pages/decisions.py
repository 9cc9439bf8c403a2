"""What was decided about somebody, as they read it, and how they disagree: with a signed link,
nobody needs an account for that."""

from aiohttp import web

from core import limits
from core.paging import Page, number
from core.settings import settings
from moderation import exhibits
from moderation.appealable import appeals_of, decided_about
from moderation.appealing import check, file
from moderation.decisions import Decision
from moderation.links import decision_by
from moderation.policy import current
from notes.orders import TooHeavy
from outbox.refusals import NotAllowed, NotValid
from web.addresses import address_of
from web.asking import signed_in
from web.building.decisions import appeal_view, decision_view, group_named, own_lines
from web.building.panels import with_panel
from web.errors import Missing
from web.flashes import say
from web.forms import MOST_BYTES, Posted, read_form
from web.refusals import why
from web.render import query, render
from web.texts import _
from web.views.frame import Form, Pager

LINES = 20
MEGABYTE = 1024 * 1024
APPEALS_AN_HOUR = 20  # from one address


async def list_mine(request: web.Request) -> web.StreamResponse:
    """List what was decided about whoever is signed in, or a group they run, the newest first."""
    account = await signed_in(request)
    page = Page(max_id=number(request.query.get("max_id", "")), limit=LINES)
    found = await decided_about(account.actor, page)
    more = query("/my/decisions", max_id=found.older) if found.older else ""
    return render(
        request,
        "my_decisions.html",
        decisions=await own_lines(found.rows),
        pager=Pager(older_url=more),
    )


async def show(request: web.Request) -> web.StreamResponse:
    """Show a decision to whoever holds its link."""
    return await _page(request, await _named(request))


async def appeal(request: web.Request) -> web.StreamResponse:
    """Disagree with it."""
    decision = await _named(request)
    form = await read_form(request, most=most_bytes())
    await limits.count(f"appeal:{address_of(request)}", most=APPEALS_AN_HOUR, seconds=3600)
    try:
        await _file(decision, form)
    except NotValid as error:
        return await _page(request, decision, form.shown({error.field: why(error)}))
    except NotAllowed as error:
        return await _page(request, decision, form.shown({"": why(error)}))
    response = web.Response(status=303, headers={"Location": request.path})
    say(response, _("Your appeal is filed. Someone else will read it."))
    return response


def most_bytes() -> int:
    """Return how large the form may be: words and all pictures of an appeal at once, or one video
    that is refused with the words kept."""
    media = settings().media
    most = max(exhibits.MOST * media.max_image_mb, media.max_video_mb) + 1
    return MOST_BYTES + most * MEGABYTE


async def _file(decision: Decision, form: Posted) -> None:
    """File an appeal; pictures are taken in when all else is right."""
    words, new_facts = form.text("words"), form.text("new_facts")
    await check(decision, words, new_facts=new_facts)
    try:
        sent = [each.whole for each in form.files(exhibits.FIELD)]
    except TooHeavy as error:
        raise NotValid(exhibits.FIELD, str(error)) from error
    pictures = await exhibits.take_in_pictures(decision, sent)
    try:
        await file(decision, words, new_facts=new_facts, pictures=pictures)
    except (NotAllowed, NotValid):
        await exhibits.let_go(pictures)
        raise


async def _page(
    request: web.Request, decision: Decision, form: Form | None = None
) -> web.StreamResponse:
    found = (await appeals_of([decision.id])).get(decision.id)
    pictures = (await exhibits.pictures_of([found.id]))[found.id] if found else []
    response = render(
        request,
        "decision.html",
        status=422 if form else 200,
        group=await group_named(decision),
        decision=await decision_view(decision, with_quote=decision.purge_now is None),
        appeal=await with_panel(appeal_view(found, pictures=pictures), found) if found else None,
        most_pictures=exhibits.MOST,
        panel_size=current().sections.appeals.panel,
        action=request.path,
        form=form or Form(),
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


async def _named(request: web.Request) -> Decision:
    decision = await decision_by(request.match_info["token"])
    if decision is None:
        raise Missing("no such decision")
    return decision
