"""Taking words out of an entry of the public record, which is an entry of its own (MOD-02)."""

from aiohttp import web

from actors.accounts import Role
from core.paging import number
from moderation.record import RecordEntry
from moderation.redacting import redact, words_of
from outbox.refusals import NotAllowed, NotValid
from web.addresses import address_of
from web.asking import staff
from web.building.record import record_line
from web.building.record_words import FIELDS
from web.errors import Missing
from web.flashes import say
from web.forms import read_form
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Choice, Form


async def show(request: web.Request) -> web.StreamResponse:
    """Show an entry with what can be taken out of it."""
    await staff(request, Role.ADMIN)
    return _page(request, await _named(request), Form())


async def take_out(request: web.Request) -> web.StreamResponse:
    """Take words out of it."""
    account = await staff(request, Role.ADMIN)
    form = await read_form(request)
    entry = await _named(request)
    chosen = [name for name in FIELDS if form.is_on(name)]
    try:
        await redact(
            entry,
            account.actor,
            fields=chosen,
            reason=form.text("why"),
            address=address_of(request),
        )
    except NotValid as error:
        return _page(request, entry, form.shown({error.field: why(error)}))
    except NotAllowed as error:
        return _page(request, entry, form.shown({"": why(error)}))
    response = web.Response(status=303, headers={"Location": f"/record/{entry.id}"})
    say(response, _("The words are taken out; the record says so."))
    return response


def _page(request: web.Request, entry: RecordEntry, form: Form) -> web.StreamResponse:
    return render(
        request,
        "mod/redact.html",
        status=422 if form.errors else 200,
        entry=record_line(entry),
        fields=tuple(
            (Choice(name, str(FIELDS[name])), text) for name, text in words_of(entry).items()
        ),
        form=form,
    )


async def _named(request: web.Request) -> RecordEntry:
    entry = await RecordEntry.get_or_none(id=number(request.match_info["id"]) or 0)
    if entry is None:
        raise Missing(request.path)
    return entry
