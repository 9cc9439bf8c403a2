"""What one does with a note or a person: one button each, and back to where one was."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from actors.actor import Actor
from actors.blocks import Mute
from actors.follows import follow_between
from core.clock import now
from core.ids import new_id
from core.paging import number
from inbox.follow import answer_request
from notes.note import Note
from notes.reactions import Bookmark
from outbox import add, announce, block, follow, like, quote, undo, vote
from outbox.refusals import NotAllowed
from web.asking import acting
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.keys import Handler
from web.pages.note import visible_note
from web.pages.profile import person_of
from web.refusals import why
from web.texts import _

OnNote = Callable[[Actor, Note, Posted], Awaitable[object]]
OnPerson = Callable[[Actor, Actor, Posted], Awaitable[object]]

MUTES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


async def _like(actor: Actor, note: Note, form: Posted) -> None:
    await like.like(actor, note)


async def _unlike(actor: Actor, note: Note, form: Posted) -> None:
    await undo.unlike(actor, note)


async def _boost(actor: Actor, note: Note, form: Posted) -> None:
    await announce.boost(actor, note)


async def _unboost(actor: Actor, note: Note, form: Posted) -> None:
    await undo.unboost(actor, note)


async def _bookmark(actor: Actor, note: Note, form: Posted) -> None:
    await Bookmark.get_or_create(actor_id=actor.id, note_id=note.id, defaults={"id": new_id()})


async def _unbookmark(actor: Actor, note: Note, form: Posted) -> None:
    await Bookmark.filter(actor_id=actor.id, note_id=note.id).delete()


async def _pin(actor: Actor, note: Note, form: Posted) -> None:
    await add.pin(actor, note)


async def _unpin(actor: Actor, note: Note, form: Posted) -> None:
    await add.unpin(actor, note)


async def _unquote(actor: Actor, note: Note, form: Posted) -> str:
    await quote.revoke(actor, note)
    return _("It does not quote you any more.")


async def _vote(actor: Actor, note: Note, form: Posted) -> None:
    choices = [number(each) for each in form.all("choice")]
    if not choices:
        raise NotAllowed("Choose an answer first.")
    await vote.vote(actor, note, [-1 if each is None else each for each in choices])


async def _follow(actor: Actor, person: Actor, form: Posted) -> str:
    row = await follow.follow(actor, person)
    return "" if row.is_accepted or not person.is_locked else _("You asked to follow them.")


async def _unfollow(actor: Actor, person: Actor, form: Posted) -> None:
    await undo.unfollow(actor, person)


async def _block(actor: Actor, person: Actor, form: Posted) -> str:
    await block.block(actor, person)
    return _("You block %(name)s.", name=f"@{person.handle}")


async def _unblock(actor: Actor, person: Actor, form: Posted) -> None:
    await undo.unblock(actor, person)


async def _mute(actor: Actor, person: Actor, form: Posted) -> str:
    if actor.id == person.id:
        raise NotAllowed("You cannot mute yourself.")
    span = MUTES.get(form.text("span"))
    values = {"ends_at": now() + span if span else None, "hides_notifications": True}
    await Mute.update_or_create(muter_id=actor.id, muted_id=person.id, defaults=values)
    return _("You mute %(name)s.", name=f"@{person.handle}")


async def _unmute(actor: Actor, person: Actor, form: Posted) -> None:
    await Mute.filter(muter_id=actor.id, muted_id=person.id).delete()


def _on_note(act: OnNote) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        account = await acting(request)
        form = await read_form(request)
        note = await visible_note(request)
        return await _done(form, note.page, act(account.actor, note, form))

    return handler


def _on_person(act: OnPerson) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        account = await acting(request)
        form = await read_form(request)
        person = await person_of(request)
        return await _done(form, person.page, act(account.actor, person, form))

    return handler


async def _done(form: Posted, otherwise: str, doing: Awaitable[object]) -> web.StreamResponse:
    """Do it, and go back; what it answers, or why it cannot be, is said there."""
    response = web.Response(status=303, headers={"Location": form.next(otherwise)})
    try:
        said = await doing
    except NotAllowed as error:
        say(response, why(error), "problem")
    else:
        if isinstance(said, str) and said:
            say(response, said)
    return response


async def accept_request(request: web.Request) -> web.StreamResponse:
    """Let someone follow."""
    return await _answer(request, is_accepted=True)


async def reject_request(request: web.Request) -> web.StreamResponse:
    """Let someone not follow; they learn it from their own server, if at all."""
    return await _answer(request, is_accepted=False)


async def _answer(request: web.Request, *, is_accepted: bool) -> web.StreamResponse:
    account = await acting(request)
    form = await read_form(request)
    follower = await Actor.get_or_none(id=number(request.match_info["id"]) or 0)
    asked = await follow_between(follower, account.actor) if follower else None
    if follower is None or asked is None or asked.is_accepted:
        raise Missing(request.path)
    await answer_request(asked, follower, account.actor, is_accepted=is_accepted)
    return web.Response(status=303, headers={"Location": form.next("/notifications?show=requests")})


NOTE_ACTS: dict[str, Handler] = {
    name: _on_note(act)
    for name, act in {
        "like": _like,
        "unlike": _unlike,
        "boost": _boost,
        "unboost": _unboost,
        "bookmark": _bookmark,
        "unbookmark": _unbookmark,
        "pin": _pin,
        "unpin": _unpin,
        "unquote": _unquote,
        "vote": _vote,
    }.items()
}

PERSON_ACTS: dict[str, Handler] = {
    name: _on_person(act)
    for name, act in {
        "follow": _follow,
        "unfollow": _unfollow,
        "block": _block,
        "unblock": _unblock,
        "mute": _mute,
        "unmute": _unmute,
    }.items()
}
