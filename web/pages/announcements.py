"""Announcements: admins make them, members put them away."""

from datetime import UTC, datetime

from aiohttp import web

from actors.accounts import Role
from core.paging import number
from moderation import announcements
from moderation.announcements import Announcement
from outbox.refusals import NotValid
from web.addresses import address_of
from web.asking import signed_in, staff
from web.building.announcements import announced
from web.errors import Missing
from web.forms import read_form
from web.pages.settings import saved
from web.refusals import why
from web.render import render
from web.texts import LOCALES, _
from web.views.frame import Form

PAGE = "/mod/announcements"


async def show(request: web.Request) -> web.StreamResponse:
    """List what is announced; admins find the form for more."""
    await staff(request)
    return await _page(request)


async def make(request: web.Request) -> web.StreamResponse:
    """Announce something."""
    account = await staff(request, Role.ADMIN)
    form = await read_form(request)
    try:
        await announcements.announce(
            {tag: form.text(f"text-{tag}") for tag in LOCALES},
            starts_at=_moment("starts", form.text("starts")),
            ends_at=_moment("ends", form.text("ends")),
            by=account.actor,
            address=address_of(request),
        )
    except NotValid as error:
        field = f"text-{next(iter(LOCALES))}" if error.field == "text" else error.field
        return await _page(request, form.shown({field: why(error)}))
    return saved(PAGE, _("This is announced now."))


async def take_back(request: web.Request) -> web.StreamResponse:
    """Delete an announcement."""
    account = await staff(request, Role.ADMIN)
    await read_form(request)
    made = await _named(request)
    await announcements.take_back(made, by=account.actor, address=address_of(request))
    return saved(PAGE, _("The announcement is deleted."))


async def dismiss(request: web.Request) -> web.StreamResponse:
    """Put an announcement away, and come back to where one was."""
    account = await signed_in(request)
    form = await read_form(request)
    await announcements.dismiss(await _named(request), account.actor)
    return web.Response(status=303, headers={"Location": form.next("/")})


async def _page(request: web.Request, form: Form | None = None) -> web.StreamResponse:
    return render(
        request,
        "mod/announcements.html",
        status=422 if form else 200,
        announced=announced(await announcements.every()),
        form=form or Form(),
    )


async def _named(request: web.Request) -> Announcement:
    found = await Announcement.get_or_none(id=number(request.match_info["id"]) or 0)
    if found is None:
        raise Missing(request.path)
    return found


def _moment(field: str, text: str) -> datetime | None:
    """Read a moment as a form sends it, in UTC; raise NotValid for what is none."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotValid(field, "This is no time.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
