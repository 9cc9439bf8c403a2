"""What ends before long, to be renewed or left to its end; and what the filters met."""

from datetime import date, timedelta

from aiohttp import web

from actors.accounts import Account, Role
from core.clock import now
from core.paging import number
from moderation.adopting import OutOfDate, Unchanged
from moderation.decisions import Decision
from moderation.duty import cases_about
from moderation.hits import DAYS, counts_of
from moderation.policy import newest, refresh
from moderation.reviewing import (
    behind,
    ending_decisions,
    ending_entries,
    let_end_decision,
    let_end_entry,
    renew,
)
from outbox.refusals import NotAllowed, NotValid
from web.addresses import address_of
from web.asking import staff
from web.building.decisions import decision_lines
from web.building.desk import entry_line
from web.building.filters import filter_lines
from web.errors import Missing
from web.flashes import say
from web.forms import read_form
from web.pages.settings import saved
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Form

PAGE = "/mod/review"
USUAL = timedelta(days=180)


async def show(request: web.Request) -> web.StreamResponse:
    """List what ends within 30 days."""
    return await _page(request, await staff(request))


async def answer(request: web.Request) -> web.StreamResponse:
    """Renew a measure of the policy, which admins may, or let it end, or a decision."""
    form = await read_form(request)
    is_renewed = form.text("answer") == "renew"
    account = await staff(request, Role.ADMIN if is_renewed else Role.MODERATOR)
    key, address = form.text("key"), address_of(request)
    try:
        if is_renewed:
            until = day_in(form.text("until")) or date.min
            await renew(key, account, until, form.text("why"), address=address)
            return saved(PAGE, _("It is renewed, and the version is published."))
        if form.text("decision"):
            decision = await _decision(request, account, form.text("decision"))
            await let_end_decision(decision, account.actor, address=address)
        else:
            await let_end_entry(key, account.actor, address=address)
    except NotValid as error:
        return await _page(request, account, form.shown({f"{error.field}-{key}": why(error)}))
    except NotAllowed as error:
        return _refused(why(error))
    except (Unchanged, OutOfDate):
        return _refused(_("Someone else changed the policy meanwhile. Look again."))
    return saved(PAGE, _("It may end on its day. Nobody is asked again."))


def _refused(said: str) -> web.StreamResponse:
    response = web.Response(status=303, headers={"Location": PAGE})
    say(response, said, "problem")
    return response


async def show_filters(request: web.Request) -> web.StreamResponse:
    """Show what each filter met lately, and what those on trial would have done."""
    await staff(request)
    await refresh(at_once=True)
    filters = newest().sections.filters
    counts = await counts_of([each.id for each in filters])
    return render(request, "mod/filters.html", filters=filter_lines(filters, counts), days=DAYS)


async def _page(
    request: web.Request, account: Account, form: Form | None = None
) -> web.StreamResponse:
    await refresh(at_once=True)
    entries = await ending_entries()
    decisions = await ending_decisions(await cases_about(account.actor))
    return render(
        request,
        "mod/review.html",
        status=422 if form else 200,
        entries=tuple(map(entry_line, entries)),
        behind=await behind(entries),
        decisions=decision_lines(decisions),
        may_renew=account.role == Role.ADMIN,
        later=now().date() + USUAL,
        form=form or Form(),
    )


async def _decision(request: web.Request, account: Account, written: str) -> Decision:
    found = await Decision.get_or_none(id=number(written) or 0)
    if found is None or found.case_id in await cases_about(account.actor):
        raise Missing(request.path)
    return found


def day_in(written: str) -> date | None:
    """Read a day as a form sends it; None for what is none."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
