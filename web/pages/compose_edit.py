"""Changing and deleting a note of one's own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aiohttp import web

from actors.accounts import Account
from moderation.posting import LacksDescriptions, as_changed, check_change
from moderation.vocabulary import Then
from notes.attachments import Attachment, load_media
from notes.note import Note
from notes.quoting import Quoting
from notes.uploads import LONGEST_ALT
from outbox.delete import withdraw
from outbox.draft import Draft
from outbox.refusals import NotAllowed, NotValid
from outbox.update import choose_quoting, edit
from web.asking import posting, signed_in
from web.building import composer as composing
from web.building.notes import note_views
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.compose import Again, field_of, page
from web.pages.note import visible_note
from web.refusals import why
from web.render import render
from web.texts import _, locale


async def show_edit(request: web.Request) -> web.StreamResponse:
    """The form for changing one's own note."""
    note, media = await _own(request, await signed_in(request))
    return await page(request, composing.change(note, media))


async def save_edit(request: web.Request) -> web.StreamResponse:
    """Change one's own note: its words and the descriptions of its pictures (PRIV-05)."""
    account = await posting(request)
    form = await read_form(request)
    note, media = await _own(request, account)
    alts = {each.id: form.text(f"alt-{each.id}")[:LONGEST_ALT] for each in media}
    try:
        await edit(account.actor, note, await _allowed(form, note, alts), alts)
        if (quoting := form.text("quoting")) in set(Quoting):
            await choose_quoting(account.actor, note, Quoting(quoting))
    except LacksDescriptions as error:
        said = {"media": why(error)}
        return await _edit_again(request, form, said, note, media, bare=error.media)
    except NotValid as error:
        return await _edit_again(request, form, {field_of(error): why(error)}, note, media)
    except NotAllowed as error:
        return await _edit_again(request, form, {"": why(error)}, note, media)
    except Again as again:
        return await _edit_again(request, form, again.errors, note, media, again.nudge)
    response = web.Response(status=303, headers={"Location": note.page})
    say(response, _("Your note is changed."))
    return response


async def show_delete(request: web.Request) -> web.StreamResponse:
    """Ask once more before a note is deleted."""
    account = await signed_in(request)
    note, _media = await _own(request, account)
    views = await note_views([note], account.actor)
    return render(request, "delete.html", note=views[note.id])


async def delete(request: web.Request) -> web.StreamResponse:
    """Delete one's own note, here and everywhere it went."""
    account = await posting(request)
    await read_form(request)
    note, _media = await _own(request, account)
    await withdraw(account.actor, note)
    response = web.Response(status=303, headers={"Location": account.actor.page})
    say(response, _("Your note is deleted."))
    return response


async def _allowed(form: Posted, note: Note, alts: Mapping[int, str]) -> Draft:
    """Ask the policy; a nudge is shown once, and sending again goes on."""
    draft = Draft(
        text=form.raw("text"),
        title=form.text("title"),
        summary=form.text("content_note"),
        is_sensitive=form.is_on("sensitive"),
        language=form.text("language")[:20],
        audience=note.audience,
        attachments=list(alts),
    )
    verdict = await check_change(note.author, draft, alts)
    if verdict.action == Then.NUDGE and not form.is_on("nudged"):
        raise Again({}, nudge=verdict.explanation)
    return as_changed(note, draft, verdict, language=locale())


async def _edit_again(
    request: web.Request,
    form: Posted,
    errors: Mapping[str, str],
    note: Note,
    media: list[Attachment],
    nudge: str = "",
    bare: Sequence[int] = (),
) -> web.StreamResponse:
    for each in media:
        each.alt = form.text(f"alt-{each.id}")
    wrong = dict.fromkeys(bare, _("This picture needs a description."))
    items = tuple(composing.item_of(each, wrong.get(each.id, "")) for each in media)
    composer = composing.sent_again(form.shown(errors), items, nudge=nudge)
    return await page(request, replace(composing.as_change(composer, note), drafts=()))


async def _own(request: web.Request, account: Account) -> tuple[Note, list[Attachment]]:
    note = await visible_note(request)
    if note.author_id != account.actor_id:
        raise Missing(request.path)
    return note, await load_media("note_id = ? ORDER BY position, id", [note.id])
