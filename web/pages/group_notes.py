"""What those who run a group, or its author, do with a note in it: flair, pin, lock, removal."""

from aiohttp import web

from actors.accounts import Account
from actors.actor import Actor
from actors.memberships import runs
from core.paging import number
from moderation import group_acts
from notes.group_marks import lock_on
from notes.group_posts import Standing, post_of
from notes.note import Note
from notes.visibility import may_see
from outbox.flair import names_of, settle_flair
from outbox.refusals import NotAllowed, NotValid
from web.asking import acting, signed_in
from web.building.groups import group_page
from web.building.in_passing import note_link
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.group import group_of
from web.pages.group_members import here_or_asked, rule_choices
from web.pages.note import find_note
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Form


async def show(request: web.Request) -> web.StreamResponse:
    """What can be done with a note in a group."""
    account = await signed_in(request)
    group, note = await _asked(request, account)
    return await _page(request, account, group, note, Form())


async def save(request: web.Request) -> web.StreamResponse:
    """Do it."""
    account = await acting(request)
    form = await read_form(request)
    group, note = await _asked(request, account)
    try:
        said = here_or_asked(group, await _do(account.actor, group, note, form))
    except (NotAllowed, NotValid) as error:
        return await _page(request, account, group, note, form.shown({"": why(error)}))
    is_gone = form.text("act") == "remove" and group.is_local
    at = group.page if is_gone else note.page
    response = web.Response(status=303, headers={"Location": at})
    say(response, said)
    return response


async def _do(by: Actor, group: Actor, note: Note, form: Posted) -> str:
    reason, rule = form.text("reason"), number(form.text("rule")) or 0
    match form.text("act"):
        case "flair":
            await settle_flair(by, group, note, form.all("flair"))
            return _("The flair is as you chose.")
        case "pin":
            await group_acts.pin(by, group, note)
            return _("It stands first in the group.")
        case "unpin":
            await group_acts.unpin(by, group, note)
            return _("It stands first no longer.")
        case "lock":
            await group_acts.lock(by, group, note, reason=reason, rule=rule)
            return _("It takes no more answers.")
        case "unlock":
            await group_acts.unlock(by, group, note, reason=reason)
            return _("It can be answered again.")
        case "remove":
            await group_acts.remove(by, group, note, reason=reason, rule=rule)
            return _("It is taken out of the group.")
        case "restore":
            await group_acts.restore(by, group, note, reason=reason)
            return _("It stands in the group again.")
    raise NotAllowed("Choose what is done.")


async def _asked(request: web.Request, account: Account) -> tuple[Actor, Note]:
    """Return the group and the note, for its author and those who run the group alone; these see
    what they removed, too."""
    group, note = await group_of(request), await find_note(request.match_info["id"])
    if note is None or note.deleted_at is not None or note.group_id != group.id:
        raise Missing(request.path)
    is_staff = await runs(account.actor, group)
    is_hidden_by_us = is_staff and note.hidden_at is not None
    if not (is_staff or note.author_id == account.actor_id):
        raise Missing(request.path)
    if not (is_hidden_by_us or await may_see(account.actor, note)):
        raise Missing(request.path)
    return group, note


async def _page(
    request: web.Request, account: Account, group: Actor, note: Note, form: Form
) -> web.StreamResponse:
    head, post, lock = (
        await group_page(group, account.actor),
        await post_of(note),
        await lock_on(note),
    )
    is_thread = not note.in_reply_to_uri
    return render(
        request,
        "group_note.html",
        status=422 if form.errors else 200,
        group=head,
        group_runs=await runs(account.actor, group),
        number=note.id,
        author_id=note.author_id,
        link=note_link(note),
        flair=head.flair if is_thread and group.is_local else (),
        carried=names_of(post.flair) if post else [],
        is_thread=is_thread,
        is_mine=note.author_id == account.actor_id,
        is_removed=bool(post and post.standing is Standing.REMOVED),
        is_pinned=bool(post and post.pinned_at),
        is_locked=lock is not None,
        rules=rule_choices(head),
        form=form,
    )
