"""Writing a note, an answer or a change, with pictures; a form that fails keeps everything."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from aiohttp import web

from actors.accounts import Account
from core.limits import TooMany, count
from core.paging import number
from core.settings import settings
from moderation.newcomers import as_posted_by, may_post, posts_here
from moderation.policy import current
from moderation.posting import as_allowed, check_local
from moderation.vocabulary import AltText, Then
from notes.attachments import Attachment, load_media
from notes.note import Audience, Note
from notes.orders import Unfit
from notes.text import named_in
from notes.uploads import LONGEST_ALT, keep_upload, waiting_uploads
from notes.visibility import may_see
from outbox.create import publish
from outbox.delete import withdraw
from outbox.draft import Draft, PollDraft
from outbox.refusals import NotAllowed, NotValid
from outbox.update import edit
from web.asking import posting, signed_in
from web.building import composer as composing
from web.building.honesty import before_posting
from web.building.notes import note_views
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.note import find_note, visible_note
from web.refusals import why
from web.render import render
from web.texts import _, locale, ngettext
from web.views.composing import Composer, MediaSlot

MEGABYTE = 1024 * 1024
MOST_BYTES = 100 * MEGABYTE  # all pictures of a form together; without scripts they come at once
NOTES_AN_HOUR = 120
FIELDS = {"summary": "content_note", "attachments": "media"}


@dataclass
class Pictures:
    """The pictures of a form: those that are here now, and the places they have in it."""

    kept: list[Attachment] = field(default_factory=list)
    slots: list[MediaSlot] = field(default_factory=list)

    @property
    def are_wrong(self) -> bool:
        """Whether one of them needs another look."""
        return any(slot.error for slot in self.slots)


class Again(Exception):
    """The form has to be shown once more; `errors` by field, or a nudge."""

    def __init__(self, errors: Mapping[str, str], *, nudge: str = "") -> None:
        super().__init__("once more")
        self.errors, self.nudge = errors, nudge


async def show(request: web.Request) -> web.StreamResponse:
    """The empty form, or one for an answer (`reply_to`) or a private note (`to`)."""
    account = await signed_in(request)
    if "reply_to" in request.query:
        parent = await _parent(request.query["reply_to"], account)
        return await _page(request, await composing.reply(parent, account))
    given = {
        name: request.query[name][:5000] for name in ("text", "title") if name in request.query
    }
    if to := request.query.get("to", "").strip():
        given |= {"text": f"{to} ", "audience": Audience.PEOPLE.value}
    elif request.query.get("audience") in composing.AUDIENCES:
        given["audience"] = request.query["audience"]
    return await _page(request, composing.blank(account, **given))


async def send(request: web.Request) -> web.StreamResponse:
    """Publish what was written."""
    account = await signed_in(request)
    form = await read_form(request, most=MOST_BYTES)
    parent = await _parent(form.text("in_reply_to"), account) if form.text("in_reply_to") else None
    pictures = await _pictures(form, account)
    try:
        note = await _published(form, account, pictures, parent)
    except Again as again:
        return await _again(request, form, pictures, again, account, parent)
    response = web.Response(status=303, headers={"Location": _where(note, parent)})
    say(response, _published_where(account) + _reminder(pictures))
    return response


async def show_edit(request: web.Request) -> web.StreamResponse:
    """The form for changing one's own note."""
    note, media = await _own(request, await signed_in(request))
    return await _page(request, composing.change(note, media))


async def save_edit(request: web.Request) -> web.StreamResponse:
    """Change one's own note: its words and the descriptions of its pictures (PRIV-05)."""
    account = await posting(request)
    form = await read_form(request)
    note, media = await _own(request, account)
    draft = replace(_draft(form, None, media), audience=note.audience, poll=None)
    alts = {each.id: form.text(f"alt-{place}")[:LONGEST_ALT] for place, each in enumerate(media, 1)}
    try:
        await edit(account.actor, note, await _allowed(form, draft), alts)
    except NotValid as error:
        return await _edit_again(request, form, {_field(error): why(error)}, note, media)
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


async def _published(
    form: Posted, account: Account, pictures: Pictures, parent: Note | None
) -> Note:
    """Publish a form; raise Again with what is wrong with it."""
    if form.text("step") == "again":
        raise Again({})
    if not may_post(account):
        raise Again({"": _("Confirm your e-mail address first; then you can publish this.")})
    if pictures.are_wrong or _lack_words(pictures):
        raise Again({"media": _("Please look at the pictures once more.")})
    draft = _draft(form, parent, pictures.kept)
    _check_people(draft)
    try:
        await count(f"notes:{account.id}", most=NOTES_AN_HOUR, seconds=3600)
        allowed = await _allowed(form, draft)
        return await publish(account.actor, as_posted_by(account, allowed))
    except TooMany as error:
        raise Again({"": _("You wrote a lot within an hour. Please wait a little.")}) from error
    except NotValid as error:
        raise Again({_field(error): why(error)}) from error
    except NotAllowed as error:
        raise Again({"": why(error)}) from error


async def _allowed(form: Posted, draft: Draft) -> Draft:
    """Ask the policy; a nudge is shown once, and sending again goes on."""
    verdict = await check_local(draft)
    if verdict.action == Then.NUDGE and not form.is_on("nudged"):
        raise Again({}, nudge=verdict.explanation)
    return as_allowed(draft, verdict, language=locale())


def _draft(form: Posted, parent: Note | None, media: list[Attachment]) -> Draft:
    audience = form.text("audience")
    return Draft(
        text=form.raw("text"),
        title=form.text("title"),
        summary=form.text("content_note"),
        is_sensitive=form.is_on("sensitive"),
        language=form.text("language")[:20],
        # Who sees it is never guessed wider than what was chosen (security.md PRIV-06).
        audience=Audience(audience) if audience in composing.AUDIENCES else Audience.PEOPLE,
        in_reply_to=parent,
        attachments=[each.id for each in media],
        poll=_poll(form),
    )


def _poll(form: Posted) -> PollDraft | None:
    options = [each for each in form.all("option") if each]
    if not options:
        return None
    return PollDraft(options, number(form.text("poll_seconds")) or 0, form.is_on("poll_multiple"))


def _check_people(draft: Draft) -> None:
    if draft.audience == Audience.PEOPLE and draft.in_reply_to is None and not named_in(draft.text):
        raise Again({"audience": _("Name the people who may see it in the text, with @.")})


async def _pictures(form: Posted, account: Account) -> Pictures:
    """Take in the pictures of a form, place by place; those that came before are the author's
    own and on no note yet (security.md MED-08)."""
    ids = {place: number(form.text(f"media-{place}")) for place in _places()}
    known = await waiting_uploads(account.actor, [each for each in ids.values() if each])
    waiting = {each.id: each for each in known}
    found = Pictures()
    for place in _places():
        kept = waiting.get(ids[place] or 0)
        if kept and not form.is_on(f"remove-{place}"):
            await _describe(kept, form, place)
            _put(found, kept)
        for upload in form.files(f"file-{place}"):
            await _take_in(found, form, place, upload.data, account)
    return found


async def _take_in(
    found: Pictures, form: Posted, place: int, data: bytes, account: Account
) -> None:
    alt = form.text(f"alt-{place}")[:LONGEST_ALT]
    if len(found.kept) >= settings().media.max_images:
        return
    try:
        kept = await keep_upload(account.actor, data, alt=alt)
    except Unfit as error:
        found.slots.append(MediaSlot(len(found.slots) + 1, alt=alt, error=why(error)))
        return
    _put(found, kept)


def _put(found: Pictures, kept: Attachment) -> None:
    found.kept.append(kept)
    found.slots.append(composing.slot_of(len(found.slots) + 1, kept))


async def _describe(kept: Attachment, form: Posted, place: int) -> None:
    """Keep what was said of a picture: its description and where to look."""
    kept.alt = form.text(f"alt-{place}")[:LONGEST_ALT]
    cell = number(form.text(f"focus-{place}")) or composing.cell_of(kept)
    if 1 <= cell <= 9 and cell != composing.cell_of(kept):
        kept.focus_x, kept.focus_y = composing.focus_of(cell)
    await kept.save(update_fields=["alt", "focus_x", "focus_y"])


def _lack_words(pictures: Pictures) -> bool:
    """Mark the pictures that the policy wants described."""
    if current().sections.content.alt_text is not AltText.REQUIRE:
        return False
    pictures.slots = [
        replace(slot, error=_("This picture needs a description."))
        if slot.media and not slot.alt
        else slot
        for slot in pictures.slots
    ]
    return pictures.are_wrong


def _published_where(account: Account) -> str:
    if posts_here(account):
        return _("Published here. It goes on once you have confirmed your e-mail address.")
    return _("Published.")


def _reminder(pictures: Pictures) -> str:
    bare = sum(not each.alt for each in pictures.kept)
    if not bare or current().sections.content.alt_text is not AltText.REMIND:
        return ""
    return " " + ngettext(
        "%(num)s picture has no description; you can add it by editing the note.",
        "%(num)s pictures have no description; you can add them by editing the note.",
        bare,
    )


async def _again(
    request: web.Request,
    form: Posted,
    pictures: Pictures,
    again: Again,
    account: Account,
    parent: Note | None,
) -> web.StreamResponse:
    """Show the form as it was sent: words, pictures and all."""
    slots = pictures.slots
    room = settings().media.max_images - len(pictures.kept)
    more = composing.EMPTY_SLOTS if form.text("step") == "again" or not slots else 1
    empty = [MediaSlot(len(slots) + place) for place in range(1, min(more, room) + 1)]
    composer = composing.sent_again(
        form.shown(again.errors), (*slots, *empty), nudge=again.nudge, options=form.all("option")
    )
    if parent:
        composer = await composing.as_reply(composer, parent, account)
    return await _page(request, composer)


async def _edit_again(
    request: web.Request,
    form: Posted,
    errors: Mapping[str, str],
    note: Note,
    media: list[Attachment],
    nudge: str = "",
) -> web.StreamResponse:
    for place, each in enumerate(media, 1):
        each.alt = form.text(f"alt-{place}")
    slots = composing.slots_of(media, empty=0)
    composer = composing.sent_again(form.shown(errors), slots, nudge=nudge)
    return await _page(request, composing.as_change(composer, note))


async def _parent(text: str, account: Account) -> Note:
    """Return the note that is answered; raise Missing when the author may not see it."""
    note = await find_note(text)
    if note is None or note.is_boost or not await may_see(account.actor, note):
        raise Missing("the note to answer")
    return note


async def _own(request: web.Request, account: Account) -> tuple[Note, list[Attachment]]:
    note = await visible_note(request)
    if note.author_id != account.actor_id:
        raise Missing(request.path)
    return note, await load_media("note_id = ? ORDER BY position, id", [note.id])


def _where(note: Note, parent: Note | None) -> str:
    return f"{parent.page}#n{note.id}" if parent else note.page


def _field(error: NotValid) -> str:
    return FIELDS.get(error.field, error.field)


def _places() -> range:
    return range(1, settings().media.max_images + 1)


async def _page(request: web.Request, composer: Composer) -> web.StreamResponse:
    account = await signed_in(request)
    if posts_here(account):
        composer = composing.as_newcomer(composer)
    if Audience.FOLLOWERS in composer.audiences:
        composer = replace(composer, honesty=await before_posting(account.actor))
    status = 422 if composer.form.errors else 200
    return render(request, "compose.html", status=status, composer=composer)
