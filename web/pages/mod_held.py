"""Notes that the policy holds until somebody has looked at them."""

import re
from datetime import UTC, datetime

from aiohttp import web
from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from actors.accounts import Account
from core.html import shown
from inbox.group_desk import release_held
from moderation.audit import write_down
from moderation.held import check_others, send_back
from notes.group_posts import NOT_INSIDE, GroupPost
from notes.note import Note
from notes.removal import remove
from outbox.refusals import NotAllowed, NotValid
from web.addresses import address_of
from web.asking import staff
from web.building.cases import in_evidence
from web.building.notes import note_views
from web.building.people import person_card
from web.errors import Missing
from web.flashes import say
from web.forms import read_form
from web.pages.settings import saved
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Form
from web.views.moderation import HeldNote
from web.views.notes import NoteView

PAGE = "/mod/held"
MOST = 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def show(request: web.Request) -> web.StreamResponse:
    """List what is held, the oldest first, but what one wrote oneself."""
    return await _page(request, await staff(request))


async def _page(
    request: web.Request, moderator: Account, form: Form | None = None
) -> web.StreamResponse:
    held = policy_holds().exclude(author_id=moderator.actor_id).order_by("id").limit(MOST)
    notes = await held.select_related("author")
    views = await note_views([each for each in notes if each.is_local], moderator.actor)
    return render(
        request,
        "mod/held.html",
        status=422 if form else 200,
        notes=[_held(each, views.get(each.id)) for each in notes],
        form=form or Form(),
    )


async def release(request: web.Request) -> web.StreamResponse:
    """Show a note to those it is for, as if it came now; one of ours goes out to them."""
    moderator = await staff(request)
    await read_form(request)
    note = await _note(request)
    try:
        check_others(note, moderator.actor)
    except NotAllowed as error:
        return _refused(error)
    async with in_transaction():
        await release_held(note)
        await _write_down(request, moderator, "held.release", note)
    return saved(PAGE, _("The note is shown."))


async def take_away(request: web.Request) -> web.StreamResponse:
    """Delete a held note from another server here; one of ours goes back with the reason."""
    moderator = await staff(request)
    form = await read_form(request)
    note = await _note(request)
    if note.is_local:
        reason, address = form.text("reason"), address_of(request)
        try:
            await send_back(note, moderator.actor, reason, address=address)
        except NotAllowed as error:
            return _refused(error)
        except NotValid as error:
            shown = form.shown({f"{note.id}": why(error)})
            return await _page(request, moderator, shown)
        return saved(PAGE, _("The note is back with its author."))
    async with in_transaction():
        await remove(note)
        await _write_down(request, moderator, "held.delete", note)
    return saved(PAGE, _("The note is deleted here."))


def _refused(error: NotAllowed) -> web.StreamResponse:
    response = web.Response(status=303, headers={"Location": PAGE})
    say(response, why(error), "problem")
    return response


async def _write_down(
    request: web.Request, moderator: Account, act: str, note: Note, reason: str = ""
) -> None:
    before = {"held because": note.held_because, "uri": note.uri}
    await write_down(
        moderator.actor_id,
        act,
        f"note:{note.id}",
        before=before,
        reason=reason,
        address=address_of(request),
    )


def policy_holds() -> QuerySet[Note]:
    """Choose what the policy holds; what a group holds or refused is its moderators' alone."""
    # In these words both databases see that the index of held notes has them all.
    held = Note.filter(held_at__gt=EPOCH, hidden_at=None, deleted_at=None)
    queued = Subquery(GroupPost.filter(standing__in=NOT_INSIDE).values("note_id"))
    return held.filter(~Q(id__in=queued, held_because=""))


async def _note(request: web.Request) -> Note:
    written = request.match_info["id"]
    found = None
    if re.fullmatch(r"[0-9]{1,19}", written):
        found = await policy_holds().get_or_none(id=int(written)).select_related("author")
    if found is None:
        raise Missing("no such note is held")
    return found


def _held(note: Note, view: NoteView | None) -> HeldNote:
    return HeldNote(
        id=note.id,
        author=person_card(note.author),
        came=note.fetched_at or note.created_at,
        html=shown(note.content),
        title=note.title,
        because=note.held_because,
        view=in_evidence(view) if view else None,
    )
