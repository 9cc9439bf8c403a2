"""/api/rubric/v1/groups/…: the marks of a group, and what waits in it to be let in."""

from aiohttp import web

from actors.actor import Actor
from actors.groups import settings_of
from core.paging import number
from inbox import group_desk
from inbox.slices import whole_notes
from moderation.group_charter import change
from notes.group_posts import GroupPost, Standing, post_of
from notes.note import Note
from outbox.flair import settle_flair
from web.api.access import account_of, reader_of
from web.api.answers import answer, nothing
from web.api.asked import asked
from web.api.entities.groups import flair_of
from web.api.entities.statuses import status_of, statuses_of
from web.api.errors import Lacking
from web.api.groups import found_group, run_by
from web.api.statuses import seen_note
from web.errors import Missing
from web.group_wishes import GroupWish, checked

MOST_WAITING = 40


async def flair(request: web.Request) -> web.Response:
    """The marks that threads of a group can have."""
    return answer(flair_of(await settings_of(await found_group(request))))


async def save_flair(request: web.Request) -> web.Response:
    """Say which marks there are, in their order; threads keep the names they have."""
    person, wanted = account_of(request).actor, await asked(request)
    group = await run_by(person, await found_group(request))
    if not wanted.has("flair"):
        raise Lacking("flair")
    marks = [(each.text("name") or "", each.text("color") or "") for each in wanted.groups("flair")]
    await change(person, group, **checked(GroupWish(flair=marks)).group)
    return answer(flair_of(await settings_of(group)))


async def mark(request: web.Request) -> web.Response:
    """Give a thread some of its group's marks, as its author or whoever runs the group."""
    person, group = account_of(request).actor, await found_group(request)
    note = await _thread(request, group)
    names = (await asked(request)).texts("flair")
    await settle_flair(person, group, note, names)
    return answer(await status_of(note, person))


async def queue(request: web.Request) -> web.Response:
    """The threads that wait to be let in, the longest waiting first."""
    reader = account_of(request).actor
    group = await run_by(reader, await found_group(request))
    posts = GroupPost.filter(group_id=group.id, standing=Standing.PENDING).order_by("id")
    ids = [row.note_id for row in await posts.limit(MOST_WAITING)]
    # They are held, and for nobody's eyes but the author's and theirs who answer here.
    notes = await whole_notes(ids)
    found = [notes[each] for each in ids if each in notes and notes[each].deleted_at is None]
    return answer(await statuses_of([each for each in found if each.author.is_present], reader))


async def let_in(request: web.Request) -> web.Response:
    """Show a thread that waited, and pass it on."""
    moderator, group, post = await _waiting(request)
    await group_desk.let_in(moderator, group, post)
    return nothing()


async def send_back(request: web.Request) -> web.Response:
    """Send a thread that waited back to its author, with the reason."""
    moderator, group, post = await _waiting(request)
    reason = (await asked(request)).text("reason") or ""
    await group_desk.keep_out(moderator, group, post, reason=reason)
    return nothing()


async def _waiting(request: web.Request) -> tuple[Actor, Actor, GroupPost]:
    moderator = account_of(request).actor
    group = await run_by(moderator, await found_group(request))
    post = await GroupPost.get_or_none(
        note_id=number(request.match_info["status_id"]), group_id=group.id
    )
    if post is None:
        raise Missing(request.path)
    return moderator, group, post


async def _thread(request: web.Request, group: Actor) -> Note:
    note = await seen_note(number(request.match_info["status_id"]), reader_of(request))
    post = await post_of(note)
    if post is None or post.group_id != group.id:
        raise Missing(request.path)
    return note
