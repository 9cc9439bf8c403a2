"""Notes that the policy holds until somebody has looked at them."""

import re

from aiohttp import web
from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from actors.accounts import Account
from core.html import shown
from inbox.group_desk import release_held
from moderation.audit import write_down
from notes.group_posts import GroupPost, Standing
from notes.note import Note
from notes.removal import remove
from web.addresses import address_of
from web.asking import staff
from web.building.people import person_card
from web.errors import Missing
from web.forms import read_form
from web.pages.settings import saved
from web.render import render
from web.texts import _
from web.views.moderation import HeldNote

PAGE = "/mod/held"
MOST = 100


async def show(request: web.Request) -> web.StreamResponse:
    """List what is held, the oldest first."""
    await staff(request)
    notes = await _policy_holds().order_by("id").limit(MOST).select_related("author")
    return render(request, "mod/held.html", notes=[_held(each) for each in notes])


async def release(request: web.Request) -> web.StreamResponse:
    """Show a note to those it is for, as if it came now."""
    moderator = await staff(request)
    await read_form(request)
    note = await _note(request)
    async with in_transaction():
        await release_held(note)
        await _write_down(request, moderator, "held.release", note)
    return saved(PAGE, _("The note is shown."))


async def take_away(request: web.Request) -> web.StreamResponse:
    """Delete a held note from another server here."""
    moderator = await staff(request)
    await read_form(request)
    note = await _note(request)
    async with in_transaction():
        await remove(note)
        await _write_down(request, moderator, "held.delete", note)
    return saved(PAGE, _("The note is deleted here."))


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


def _policy_holds() -> QuerySet[Note]:
    """Choose what the policy holds; what waits for a group is its moderators' alone."""
    held = Note.filter(held_at__not_isnull=True, hidden_at=None, deleted_at=None)
    queued = Subquery(GroupPost.filter(standing=Standing.PENDING).values("note_id"))
    return held.filter(~Q(id__in=queued, held_because=""))


async def _note(request: web.Request) -> Note:
    written = request.match_info["id"]
    found = None
    if re.fullmatch(r"[0-9]{1,19}", written):
        found = await _policy_holds().get_or_none(id=int(written)).select_related("author")
    if found is None:
        raise Missing("no such note is held")
    return found


def _held(note: Note) -> HeldNote:
    return HeldNote(
        id=note.id,
        author=person_card(note.author),
        came=note.fetched_at or note.created_at,
        html=shown(note.content),
        title=note.title,
        because=note.held_because,
    )
