"""Writing notes by an app: posting, changing, deleting (mastodon-api.md 5.4)."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
from aiohttp import web
from tortoise.transactions import in_transaction

from actors.accounts import Account
from actors.actor import Actor
from actors.apps import App
from actors.circles import MOST_CIRCLES
from actors.tokens import Token
from core.clock import now
from core.languages import language_tag
from core.limits import count
from inbox.slices import notes_of
from moderation.posting import as_changed, check_ahead, check_change, post
from notes.attachments import Attachment, State, load_media, unposted
from notes.drafts import drop_draft, keep_draft, think_over
from notes.note import Audience, Note
from notes.once import Repeated, note_made_with
from notes.previews import show_so
from notes.quoting import Quoting
from notes.scheduled import BadTime, schedule
from notes.text import MOST_NAMED
from outbox.delete import withdraw
from outbox.draft import Draft, PollDraft, worded
from outbox.quote import check_quotable
from outbox.refusals import NotValid
from outbox.update import choose_quoting, edit
from web.api.access import TOKEN, account_of
from web.api.answers import answer
from web.api.asked import Asked, asked
from web.api.described import MOST_MEDIA, described, most_bytes
from web.api.entities.accounts import VISIBILITY, accounts_of
from web.api.entities.media import media_of
from web.api.entities.scheduled import scheduled_of
from web.api.entities.statuses import status_of
from web.api.errors import ApiError, Conflict, Invalid, Unexpected
from web.api.quotes import quoting_in
from web.api.statuses import own_note, seen_note
from web.errors import Missing

POSTS = 300
THREE_HOURS = 3 * 3600
DELETES = 30
HALF_AN_HOUR = 1800
AUDIENCES = {
    name: Audience(audience)
    for audience, name in VISIBILITY.items()
    if audience in ("public", "quiet", "followers", "people")
}
NOT_READY = "Cannot attach files that have not finished processing. Try again in a moment!"
NOT_YOURS = "One of the attachments is not there, is not yours, or is on another status already"


async def create(request: web.Request) -> web.Response:
    """Post a note, or schedule one; the same Idempotency-Key makes one note, however often."""
    account, wanted = account_of(request), await asked(request, most=most_bytes())
    key = request.headers.get("Idempotency-Key", "")[:200]
    if key and (made := await note_made_with(account.actor, key)):
        return await _answer(made, account.actor)
    await count(f"api-posts:{account.id}", most=POSTS, seconds=THREE_HOURS)
    draft = replace(await _draft(wanted, account), key=key, app=await _app(request))
    await _check_named(wanted, draft)
    at = wanted.moment("scheduled_at")
    if at is not None and at > now():
        return await _schedule(account, wanted, draft)
    try:
        # An app cannot show a nudge and ask again, so it counts as seen.
        note = await post(account.actor, draft, language=account.locale, is_nudged=True)
    except Repeated:
        made = await note_made_with(account.actor, key)
        if made is None:
            raise Conflict("The same request is being answered already") from None
        return await _answer(made, account.actor)
    return await _answer(note.id, account.actor)


async def save(request: web.Request) -> web.Response:
    """Change one's own note; what is not said stays, but for words (Mastodon's rule)."""
    account, wanted = account_of(request), await asked(request, most=most_bytes())
    note = await own_note(request)
    held = await Attachment.filter(note_id=note.id).order_by("position", "id")
    media = await _shown_from_now(wanted, account.actor, [each.id for each in held])
    poll = _poll(wanted)
    draft = Draft(
        text=wanted.text("status") or "",
        title=_title(wanted) if wanted.group("rubric") else note.title,
        summary=wanted.text("spoiler_text") or "",
        is_sensitive=bool(wanted.flag("sensitive")),
        language=_language(wanted) or note.language,
        audience=note.audience,
        attachments=media,
        poll=poll,
    )
    quoting = quoting_in(wanted)
    async with described(wanted, media, account.id) as said:
        verdict = await check_change(account.actor, draft, said.alts)
        allowed = as_changed(note, draft, verdict, language=account.locale)
        await edit(account.actor, note, allowed, said.alts, media, said.looks)
    if quoting is not None:
        await choose_quoting(account.actor, await seen_note(note.id, account.actor), quoting)
    return await _answer(note.id, account.actor)


async def delete(request: web.Request) -> web.Response:
    """Delete one's own note; the answer has its source, for writing it anew, and without
    `delete_media` its media wait for that."""
    account = account_of(request)
    await count(f"api-deletes:{account.id}", most=DELETES, seconds=HALF_AN_HOUR)
    note = await own_note(request)
    shown = msgspec.json.decode(await status_of(note, account.actor))
    shown["text"] = note.source
    goes = (await asked(request)).is_on("delete_media")
    media = await load_media("note_id = ? ORDER BY position, id", [note.id])
    await withdraw(account.actor, note, keeps_media=not goes)
    # From now on they are the author's alone, so that the addresses of before open nothing.
    shown["media_attachments"] = [media_of(each, is_open=False) for each in media]
    return answer(shown)


async def _app(request: web.Request) -> dict[str, str] | None:
    """Name the app that asks; scripts have a name, and no page."""
    token = request[TOKEN]
    if not isinstance(token, Token):
        return None
    app = await App.get_or_none(id=token.app_id) if token.app_id else None
    name = app.name if app else token.app_name
    return {"name": name, "website": app.website if app else ""} if name else None


async def _answer(number: int, reader: Actor) -> web.Response:
    notes = await notes_of([number], reader)
    if not notes:
        raise Missing(f"note {number} was deleted since")
    return answer(await status_of(notes[0], reader))


async def _draft(wanted: Asked, account: Account) -> Draft:
    parent = await _parent(wanted, account.actor)
    media = await _media(wanted, account)
    return Draft(
        text=wanted.text("status") or "",
        title=_title(wanted),
        summary=wanted.text("spoiler_text") or "",
        is_sensitive=bool(wanted.flag("sensitive")),
        language=_language(wanted) or str(account.preferences.get("language", "")),
        audience=_audience(wanted, account),
        in_reply_to=parent,
        quoted=await _quoted(wanted, account.actor),
        quoting=quoting_in(wanted) or default_quoting(account),
        attachments=media,
        poll=_poll(wanted),
        group_id=ours.id("group") if (ours := wanted.group("rubric")) else None,
        circles=ours.ids("circles", MOST_CIRCLES) if ours else (),
        flair=tuple(ours.texts("flair", 20)) if ours else (),
    )


async def _check_named(wanted: Asked, draft: Draft) -> None:
    """Raise Unexpected where the text names others than an app lists, if it lists any."""
    if not wanted.has("allowed_mentions"):
        return
    allowed = wanted.ids("allowed_mentions", MOST_NAMED)
    others = [each for each in (await worded(draft)).named if each.id not in allowed]
    if others:
        shown = await accounts_of(others)
        raise Unexpected([shown[each.id] for each in others])


async def _schedule(account: Account, wanted: Asked, draft: Draft) -> web.Response:
    at = wanted.moment("scheduled_at")
    columns = {
        "title": draft.title,
        "text": draft.text,
        "summary": draft.summary,
        "is_sensitive": draft.is_sensitive,
        "language": draft.language,
        "audience": draft.audience,
        "circles": list(draft.circles) or None,
        "in_reply_to_id": draft.in_reply_to.id if draft.in_reply_to else None,
        "quoted_id": draft.quoted.id if draft.quoted else None,
        "quoting": draft.quoting,
        "poll": _kept(draft.poll),
        "group_id": draft.group_id,
        "flair": list(draft.flair) or None,
    }
    # An app cannot show a nudge and ask again, so it counts as seen.
    nudge = await check_ahead(account.actor, draft, language=account.locale, is_nudged=True)
    saved = await keep_draft(account.actor, columns, draft.attachments)
    await think_over(saved, nudge)
    try:
        await schedule(saved, at or now())
    except BadTime as error:
        await drop_draft(saved)
        raise Invalid({"scheduled_at": ("ERR_INVALID", str(error))}) from error
    return answer(await scheduled_of(saved))


def _kept(poll: PollDraft | None) -> dict[str, object] | None:
    if poll is None:
        return None
    return {
        "options": list(poll.options),
        "seconds": poll.seconds,
        "is_multiple": poll.is_multiple,
        "hides_totals": poll.hides_totals,
    }


async def _parent(wanted: Asked, author: Actor) -> Note | None:
    if not (wanted.text("in_reply_to_id") or "").strip():
        return None
    number = wanted.id("in_reply_to_id")
    return await seen_note(number, author)


async def _quoted(wanted: Asked, author: Actor) -> Note | None:
    """Find what is quoted: what one may not see is not there, and not all may be quoted."""
    if not (wanted.text("quoted_status_id") or "").strip():
        return None
    note = await seen_note(wanted.id("quoted_status_id"), author)
    note = note.boost_of if note.is_boost and note.boost_of else note
    try:
        await check_quotable(author, note)
    except NotValid as error:
        raise Invalid({"quoted_status_id": ("ERR_INVALID", str(error))}) from error
    return note


def default_quoting(account: Account) -> Quoting:
    """Return who may quote a new note of someone, if they do not say."""
    return Quoting(str(account.preferences.get("quote_policy", Quoting.PUBLIC)))


async def _media(wanted: Asked, account: Account) -> list[int]:
    """Return the uploads to attach; those unknown, used or unfinished are refused (MED-08)."""
    ids = wanted.ids("media_ids", MOST_MEDIA)
    await check_unused(ids, account.actor)
    async with described(wanted, ids, account.id) as said, in_transaction():
        for number, alt in said.alts.items():
            await unposted().filter(id=number).update(alt=alt)
        for each in await unposted().filter(id__in=list(said.looks)):
            await show_so(each, said.looks[each.id])
    return ids


async def _shown_from_now(wanted: Asked, author: Actor, held: list[int]) -> list[int]:
    """Return what a note shows once it is changed: as before, or what `media_ids` lists."""
    if not wanted.has("media_ids"):
        return held
    ids = wanted.ids("media_ids", MOST_MEDIA)
    await check_unused([each for each in ids if each not in held], author)
    return ids


async def check_unused(ids: Sequence[int], author: Actor) -> None:
    """Raise ApiError unless these are finished uploads of the author's, on no note yet (MED-08)."""
    found = await unposted().filter(id__in=list(ids), owner_id=author.id)
    if len(found) < len(ids):
        raise ApiError(NOT_YOURS)
    if any(each.state is not State.READY for each in found):
        raise ApiError(NOT_READY)


def _title(wanted: Asked) -> str:
    ours = wanted.group("rubric")
    return (ours.text("title") or "") if ours else ""


def _language(wanted: Asked) -> str:
    return language_tag(wanted.text("language") or "")


def _audience(wanted: Asked, account: Account) -> Audience:
    ours = wanted.group("rubric")
    if ours and (key := ours.text("audience")):
        if key not in set(Audience):
            raise Invalid({"rubric.audience": ("ERR_INCLUSION", "is not included in the list")})
        return Audience(key)
    said = wanted.text("visibility") or ""
    if said and said not in AUDIENCES:
        raise Invalid({"visibility": ("ERR_INCLUSION", "is not included in the list")})
    return AUDIENCES.get(said) or Audience(str(account.preferences.get("audience", "public")))


def _poll(wanted: Asked) -> PollDraft | None:
    poll = wanted.group("poll")
    options = poll.texts("options", 50) if poll else []
    if poll is None or not options:
        return None
    return PollDraft(
        options,
        poll.number("expires_in") or 0,
        poll.is_on("multiple"),
        poll.is_on("hide_totals"),
    )
