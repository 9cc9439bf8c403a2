"""Writing while not signed in: a session that ended meanwhile, and what a phone shares."""

from aiohttp import web

from actors.accounts import Account
from actors.sessions import hash_of
from core.limits import count
from core.paging import number
from core.settings import settings
from notes.doorstep import DoorstepFull, bring_in, leave
from notes.drafts import DraftsFull, keep_draft
from notes.uploads import LONGEST_ALT
from web.addresses import address_of
from web.asking import asking
from web.errors import BadForm
from web.flashes import say
from web.forms import Posted, is_ours, read_own_form
from web.pages.compose_media import keep
from web.pages.written import written_in
from web.refusals import why
from web.sessions import visit_of
from web.texts import _

MOST_OUTSIDE = 40 * 1024 * 1024
LEFT_AT_MOST = 10
HALF_AN_HOUR = 1800


async def share(request: web.Request) -> web.StreamResponse:
    """Take what a phone shares into a draft; who is not signed in finds it when they are.

    It brings no token, so only what the device itself sends is taken (WEB-01).
    """
    if not is_ours(request):
        raise BadForm("something was shared by another site")
    form = await read_own_form(request, most=MOST_OUTSIDE)
    account = await asking(request)
    if account is None:
        return await leave_outside(request, _shared(form))
    return await _into_draft(account, _shared(form))


async def leave_outside(request: web.Request, form: Posted) -> web.StreamResponse:
    """Keep a form of somebody who is not signed in, and ask them in."""
    await count(f"left from {address_of(request)}", most=LEFT_AT_MOST, seconds=HALF_AN_HOUR)
    uploads = form.files("files")[: settings().media.max_images]
    files = [each.whole for each in uploads if not each.lost]
    media = [each for each in map(number, form.all("media")) if each]
    more = {
        "draft": number(form.text("draft")),
        "media": media,
        "alts": {str(each): form.text(f"alt-{each}")[:LONGEST_ALT] for each in media},
    }
    written = written_in(form, None) | more
    try:
        await leave(hash_of(visit_of(request)), written, files)
    except DoorstepFull as error:
        raise web.HTTPServiceUnavailable from error
    response = web.Response(status=303, headers={"Location": "/sign-in?next=/compose"})
    said = [_("Please sign in. What you wrote is kept, and you find it then.")]
    if len(files) < len(uploads):
        said.append(_("What you sent was too large: not all of its files are kept."))
    say(response, " ".join(said))
    return response


async def find_again(request: web.Request, account: Account, response: web.Response) -> None:
    """Lead somebody who just signed in to what they left outside; call before `sign_in`."""
    draft = await bring_in(account.actor, hash_of(visit_of(request)))
    if draft is not None:
        response.headers["Location"] = f"/compose?draft={draft.id}"
        say(response, _("Here is what you wrote."))


async def _into_draft(account: Account, form: Posted) -> web.StreamResponse:
    media, refused = [], []
    for each in form.files("files")[: settings().media.max_images]:
        try:
            media.append((await keep(account, each)).id)
        except ValueError as error:  # Unfit
            refused.append(why(error))
    where = "/drafts"
    try:
        draft = await keep_draft(account.actor, written_in(form, None), media)
        where = f"/compose?draft={draft.id}"
    except DraftsFull as error:
        refused.append(why(error))
    response = web.Response(status=303, headers={"Location": where})
    if refused:
        say(response, " ".join(dict.fromkeys(refused)), "problem")
    return response


def _shared(form: Posted) -> Posted:
    """Read the fields that the manifest names as those of the composer."""
    text = "\n\n".join(filter(None, (form.text("text"), form.text("url"))))
    fields = (("title", form.text("title")), ("text", text), ("audience", "public"))
    return Posted(fields, tuple(form.uploads), form.is_sure)
