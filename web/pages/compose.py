"""Writing a note or an answer; a form that fails keeps everything."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from actors.accounts import Account
from core.limits import TooMany, count
from core.paging import number
from moderation.newcomers import as_posted_by, may_post, posts_here
from moderation.policy import current
from moderation.posting import LacksDescriptions, NotReady, Nudge, check_ahead, post
from moderation.vocabulary import AltText
from notes.attachments import Media as Kind
from notes.drafts import (
    DraftsFull,
    SavedDraft,
    draft_of,
    drafts_of,
    keep_draft,
    media_of,
    think_over,
)
from notes.note import Audience, Note
from notes.once import Repeated, note_made_with
from notes.scheduled import BadTime, publish_when_ready, schedule
from notes.text import named_in
from notes.uploads import waiting_uploads
from notes.visibility import may_see
from outbox.draft import Draft, draft_from
from outbox.refusals import NotAllowed, NotValid
from web.asking import asking, signed_in
from web.building import composer as composing
from web.building.drafts import draft_cards
from web.building.honesty import outside_of
from web.building.times import NoTime, read_time
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_own_form
from web.pages.compose_media import Media, made_ready, media_of_form, most_bytes
from web.pages.note import find_note
from web.pages.outside import MOST_OUTSIDE, leave_outside
from web.pages.written import written_in
from web.refusals import why
from web.render import render
from web.texts import _, locale, ngettext
from web.views.composing import Composer

NOTES_AN_HOUR = 120
SHOWN_WITHIN_S = 10
FIELDS = {"summary": "content_note", "attachments": "media"}


@dataclass(frozen=True)
class About:
    """What a note answers, and what it quotes."""

    parent: Note | None = None
    quoted: Note | None = None

    def written(self, form: Posted) -> dict[str, Any]:
        """Read a form as a draft keeps it."""
        parent, quoted = self.parent, self.quoted
        return written_in(form, parent.id if parent else None, quoted.id if quoted else None)


class Again(Exception):
    """The form has to be shown once more; `errors` by field, or a nudge.

    `draft` is what it was saved as by then: sent once more, it is saved there again.
    """

    def __init__(
        self, errors: Mapping[str, str], *, nudge: str = "", draft: SavedDraft | None = None
    ) -> None:
        super().__init__("once more")
        self.errors, self.nudge, self.draft = errors, nudge, draft


async def show(request: web.Request) -> web.StreamResponse:
    """The empty form, or one for an answer (`reply_to`), a private note (`to`) or a draft."""
    account = await signed_in(request)
    if "draft" in request.query:
        return await _show_draft(request, account)
    if "reply_to" in request.query:
        parent = await parent_of(request.query["reply_to"], account)
        return await page(request, await composing.reply(parent, account))
    given = {
        name: request.query[name][:5000]
        for name in ("text", "title", "group", "circles")
        if name in request.query
    }
    if to := request.query.get("to", "").strip():
        given |= {"text": f"{to} ", "audience": Audience.PEOPLE.value}
    elif request.query.get("audience") in composing.AUDIENCES:
        given["audience"] = request.query["audience"]
    drafts = await draft_cards(await drafts_of(account.actor))
    composer = replace(composing.blank(account, **given), drafts=drafts)
    if quoted := await quoted_of(request.query.get("quote", ""), account):
        composer = replace(composing.blank(account, **given, quote=str(quoted.id)), drafts=drafts)
        composer = await composing.as_quote(composer, quoted, account)
    return await page(request, composer)


async def send(request: web.Request) -> web.StreamResponse:
    """Publish what was written, or keep it: `step` says what was asked for."""
    account = await asking(request)
    if account is None:
        return await leave_outside(request, await read_own_form(request, most=MOST_OUTSIDE))
    form = await read_own_form(request, most=most_bytes())
    parent = (
        await parent_of(form.text("in_reply_to"), account) if form.text("in_reply_to") else None
    )
    about = About(parent, await quoted_of(form.text("quote"), account))
    draft = await draft_of(account.actor, number(form.text("draft")))
    media = await media_of_form(form, account)
    if not form.is_sure:  # they signed in anew since the form was shown
        draft = await keep_draft(account.actor, about.written(form), media.ids, draft=draft)
        said = [_("You signed in again. Here is what you wrote."), *dict.fromkeys(media.refused)]
        return to(f"/compose?draft={draft.id}", " ".join(said))
    try:
        return await _do(form, account, media, about, draft)
    except Again as again:
        return await _again(request, form, media, again, account, about)


async def _do(
    form: Posted, account: Account, media: Media, about: About, draft: SavedDraft | None
) -> web.StreamResponse:
    step = form.text("step")
    if media.refused:
        raise Again({"media": " ".join(dict.fromkeys(media.refused))})
    if media.wrong:
        raise Again({"media": _("Please look at the pictures once more.")})
    if step in ("save", "again", "preview", "schedule"):
        return await _keep(form, account, media, about, draft)
    return await _publish(form, account, media, about, draft)


async def _keep(
    form: Posted, account: Account, media: Media, about: About, draft: SavedDraft | None
) -> web.StreamResponse:
    """Save a draft, and go on to where the button leads."""
    if form.text("step") == "schedule":
        # What the policy has to say of it is said now, and not when its time has come.
        nudge = await _ask_ahead(form, account, media, about)
        draft = await _saved(form, account, media, about, draft)
        await think_over(draft, nudge)
        await _schedule(form, account, draft)
        return to("/scheduled", _("The note is scheduled."))
    draft = await _saved(form, account, media, about, draft)
    # Without scripts the next page has to show what was uploaded. Videos take too long for it.
    pictures = [each for each in media.kept if each.media is not Kind.VIDEO]
    await made_ready(pictures if form.text("step") != "save" else (), seconds=SHOWN_WITHIN_S)
    match form.text("step"):
        case "again":
            return to(f"/compose?draft={draft.id}#media")
        case "preview":
            return to(draft.page)
    return to("/drafts", _("The draft is saved."))


async def _saved(
    form: Posted, account: Account, media: Media, about: About, draft: SavedDraft | None
) -> SavedDraft:
    try:
        return await keep_draft(account.actor, about.written(form), media.ids, draft=draft)
    except DraftsFull as error:
        raise Again({"": why(error)}) from error


async def _schedule(form: Posted, account: Account, draft: SavedDraft) -> None:
    zone = form.text("zone")
    try:
        at = read_time(form.text("publish_at"), zone)
        await schedule(draft, at, zone=zone)
    except NoTime as error:
        said = _("Choose a day, a time and a time zone.")
        raise Again({"publish_at": said}, draft=draft) from error
    except BadTime as error:
        raise Again({"publish_at": why(error)}, draft=draft) from error
    if account.preferences.get("zone") != zone:
        account.preferences = account.preferences | {"zone": zone}
        await account.save(update_fields=["preferences"])


async def _publish(
    form: Posted, account: Account, media: Media, about: About, draft: SavedDraft | None
) -> web.StreamResponse:
    """Publish a form; raise Again with what is wrong with it."""
    if account.actor.suspended_at is not None:
        said = _(
            "By a decision of the moderators your account is suspended: you can read, but not post."
        )
        raise Again({"": said})
    if not may_post(account):
        raise Again({"": _("Confirm your e-mail address first; then you can publish this.")})
    parent = about.parent
    wanted = replace(
        _written(form, account, media, about), saved=draft.id if draft else None, key=form.key
    )
    if wanted.audience == Audience.PEOPLE and parent is None and not named_in(wanted.text):
        raise Again({"audience": _("Name the people who may see it in the text, with @.")})
    if not form.is_on("nudged") and (outside := await outside_of(wanted, account.actor)):
        raise Again({}, nudge=outside)
    try:
        if made := await note_made_with(account.actor, form.key):
            return to(_place_of(made, parent), published_where(account))
        await count(f"notes:{account.id}", most=NOTES_AN_HOUR, seconds=3600)
        with _or_again(media):
            nudged = form.is_on("nudged")
            ready = as_posted_by(account, wanted)
            note = await post(account.actor, ready, language=locale(), is_nudged=nudged)
    except NotReady:
        nudge = await _ask_ahead(form, account, media, about)
        draft = await _saved(form, account, media, about, draft)
        await think_over(draft, nudge)
        await publish_when_ready(draft)
        return to("/scheduled", _("It is published as soon as its pictures and videos are ready."))
    except Repeated:  # a second press of the button, while the first was answered
        made = await note_made_with(account.actor, form.key)
        return to(_place_of(made, parent) if made else "/", published_where(account))
    except TooMany as error:
        raise Again({"": _("You wrote a lot within an hour. Please wait a little.")}) from error
    where = _place_of(note.id, parent)
    return to(where, published_where(account, note) + await _reminder(account, media))


def _place_of(number: int, parent: Note | None) -> str:
    return f"{parent.page}#n{number}" if parent else f"/n/{number}"


def _written(form: Posted, account: Account, media: Media, about: About) -> Draft:
    written = SavedDraft(author_id=account.actor_id, **written_in(form, None))
    return replace(draft_from(written, media.ids), in_reply_to=about.parent, quoted=about.quoted)


async def _ask_ahead(form: Posted, account: Account, media: Media, about: About) -> str:
    """Ask the policy about what is published later; return the nudge that its author goes over."""
    wanted = _written(form, account, media, about)
    with _or_again(media):
        nudged = form.is_on("nudged")
        return await check_ahead(account.actor, wanted, language=locale(), is_nudged=nudged)


@contextmanager
def _or_again(media: Media) -> Iterator[None]:
    """Say in the form why the policy, or the note itself, is in the way."""
    try:
        yield
    except Nudge as nudge:
        raise Again({}, nudge=str(nudge)) from nudge
    except NotReady:
        raise
    except LacksDescriptions as error:
        media.wrong |= {each: _("This picture needs a description.") for each in error.media}
        raise Again({"media": why(error)}) from error
    except NotValid as error:
        raise Again({field_of(error): why(error)}) from error
    except NotAllowed as error:
        raise Again({"": why(error)}) from error


def published_where(account: Account, note: Note | None = None) -> str:
    """Say that a note is published, and how far; or that it waits for a moderator."""
    if note is not None and note.held_because:
        return _("It waits for a moderator. You are told once somebody has looked at it.")
    if posts_here(account):
        return _("Published here. It goes on once you have confirmed your e-mail address.")
    return _("Published.")


async def _reminder(account: Account, media: Media) -> str:
    if current().sections.content.alt_text is not AltText.REMIND:
        return ""
    bare = sum(not (each.alt or each.is_decorative) for each in media.kept)
    if not bare:
        return ""
    return " " + ngettext(
        "%(num)s picture has no description; you can add it by editing the note.",
        "%(num)s pictures have no description; you can add them by editing the note.",
        bare,
    )


async def _show_draft(request: web.Request, account: Account) -> web.StreamResponse:
    draft = await draft_of(account.actor, number(request.query["draft"]))
    if draft is None:
        raise Missing("the draft")
    media = await waiting_uploads(account.actor, (await media_of([draft]))[draft.id])
    composer = composing.saved_again(draft, media)
    if draft.in_reply_to_id:
        parent = await find_note(str(draft.in_reply_to_id))
        if parent and await may_see(account.actor, parent):
            composer = await composing.as_reply(composer, parent, account)
    if draft.quoted_id:
        quoted = await find_note(str(draft.quoted_id))
        if quoted and await may_see(account.actor, quoted):
            composer = await composing.as_quote(composer, quoted, account)
    return await page(request, composer)


async def _again(
    request: web.Request,
    form: Posted,
    media: Media,
    again: Again,
    account: Account,
    about: About,
) -> web.StreamResponse:
    """Show the form as it was sent: words, pictures and all."""
    shown = form.shown(again.errors)
    circles = {"circles": " ".join(form.all("circles"))}
    shown = replace(shown, values={**shown.values, **circles})
    if again.draft:
        shown = replace(shown, values={**shown.values, "draft": str(again.draft.id)})
    composer = composing.sent_again(
        shown, media.items, nudge=again.nudge, options=form.all("option")
    )
    if about.parent:
        composer = await composing.as_reply(composer, about.parent, account)
    if about.quoted:
        composer = await composing.as_quote(composer, about.quoted, account)
    return await page(request, composer)


async def quoted_of(text: str, account: Account) -> Note | None:
    """Return the note that is quoted; raise Missing when the author may not see it."""
    if not text:
        return None
    note = await find_note(text)
    if note is None or note.is_boost or not await may_see(account.actor, note):
        raise Missing("the note to quote")
    return note


async def parent_of(text: str, account: Account) -> Note:
    """Return the note that is answered; raise Missing when the author may not see it."""
    note = await find_note(text)
    if note is None or note.is_boost or not await may_see(account.actor, note):
        raise Missing("the note to answer")
    return note


def field_of(error: NotValid) -> str:
    """Name the field of the form that an error is about."""
    return FIELDS.get(error.field, error.field)


def to(path: str, said: str = "") -> web.Response:
    """Send a browser on, and have the next page say something."""
    response = web.Response(status=303, headers={"Location": path})
    if said:
        say(response, said)
    return response


async def page(request: web.Request, composer: Composer) -> web.StreamResponse:
    """Show the form."""
    account = await signed_in(request)
    if posts_here(account):
        composer = composing.as_newcomer(composer)
    composer = await composing.with_groups(composer, account)
    composer = await composing.with_reach(composer, account.actor)
    status = 422 if composer.form.errors else 200
    return render(request, "compose.html", status=status, composer=composer)
