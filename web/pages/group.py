"""A group's page: its threads, joining and leaving, its settings, and what waits in it."""

from collections.abc import Awaitable

from aiohttp import web

from actors.accounts import Account
from actors.actor import Actor
from actors.groups import See, settings_of
from actors.memberships import runs, waiting_in
from core.paging import Slice, number
from inbox import group_desk
from inbox.group_threads import want_threads
from inbox.group_top import HOURS, Order, pinned_in, threads_in
from moderation import group_ends
from moderation.group_charter import change
from notes.drafts import SavedDraft
from notes.group_posts import GroupPost
from notes.note import Note
from outbox.follow import follow
from outbox.refusals import NotAllowed
from web.asking import acting, reader, signed_in
from web.building.group_desk import desk_faces
from web.building.groups import group_page, waiting_notes
from web.building.people import people_cards
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.group_wishes import checked
from web.narrowing import wanted_shows
from web.pages.groups import form_page, most_sent, pictures_in, wish_in
from web.pages.home import cards_page, feed
from web.pages.profile import person_of
from web.refusals import why
from web.render import query, render
from web.texts import _
from web.views.frame import Form, Tab


async def show(request: web.Request) -> web.StreamResponse:
    """Show a group and its threads: new, active or top, all or those that carry a mark."""
    group, viewer = await group_of(request), await reader(request)
    head = await group_page(group, viewer)
    asked = request.query.get("sort", "")
    order = Order(asked) if asked in set(Order) else Order.NEW
    flair = request.query.get("flair", "")[:40]
    shows = wanted_shows(request)
    found: Slice[Note] = Slice()
    if viewer is not None and not group.is_local:
        await want_threads(group)
    if not head.is_hidden:
        page = cards_page(request)
        found = await threads_in(group, viewer, page, order=order, flair=flair, shows=shows)
        is_whole = order is Order.NEW and not flair and shows is None
        if is_whole and page.max_id is None and page.min_id is None:
            first = await pinned_in(group, viewer)
            ids = {each.id for each in first}
            found = found.holding([*first, *(each for each in found.rows if each.id not in ids)])
    return render(
        request,
        "group.html",
        group=head,
        faces=_orders(group, order, flair),
        periods=_periods(group, order, flair) if order in HOURS else (),
        flair=flair,
        first_draft=await _first_draft(group, viewer) if head.is_owner and not found.rows else "",
        **await feed(request, found, viewer, source=f"group:{group.id}:{order}:{flair}"),
    )


def _orders(group: Actor, order: Order, flair: str) -> tuple[Tab, ...]:
    def at(sort: str) -> str:
        return query(group.page, sort=sort, flair=flair)

    return (
        Tab(_("New"), at(""), order is Order.NEW),
        Tab(_("Active"), at(Order.ACTIVE.value), order is Order.ACTIVE),
        Tab(_("Top"), at(Order.WEEK.value), order in HOURS),
    )


def _periods(group: Actor, order: Order, flair: str) -> tuple[Tab, ...]:
    words = {Order.DAY: _("1 day"), Order.WEEK: _("7 days"), Order.MONTH: _("30 days")}
    return tuple(
        Tab(label, query(group.page, sort=each.value, flair=flair), each is order)
        for each, label in words.items()
    )


async def _first_draft(group: Actor, viewer: Actor | None) -> str:
    """Return where the first note of a new group waits, which was prepared when it was made."""
    owner = viewer.id if viewer else 0
    draft = await SavedDraft.filter(author_id=owner, group_id=group.id).order_by("id").first()
    return f"/drafts/{draft.id}" if draft else ""


async def group_of(request: web.Request) -> Actor:
    """Return which group an address names; raise Missing for people, and for a group of this
    server where nobody is signed in."""
    return await as_group(await person_of(request), await reader(request))


async def as_group(group: Actor, viewer: Actor | None) -> Actor:
    """Return somebody who is a group and may be met; raise Missing otherwise."""
    if not group.is_group:
        raise Missing(group.page)
    if viewer is None and (await settings_of(group)).see is See.SERVER:
        raise Missing(group.page)
    return group


async def join(request: web.Request) -> web.StreamResponse:
    """Join a group, or ask to."""
    account, form, group = await _acting(request)
    said = _("You asked to join. Here it shows what the group answers.")
    return await _done(form, group, _joining(account.actor, group, said))


async def leave(request: web.Request) -> web.StreamResponse:
    """Leave a group, or take the asking back."""
    account, form, group = await _acting(request)
    return await _done(form, group, group_ends.leave(account.actor, group))


async def show_settings(request: web.Request) -> web.StreamResponse:
    """The form for changing a group."""
    account = await signed_in(request)
    group = await run_by(account, await group_of(request))
    return form_page(request, Form(values=await _as_it_stands(group)), group)


async def save_settings(request: web.Request) -> web.StreamResponse:
    """Change a group; who sees what is in it stays, for notes keep the audience they had."""
    account = await acting(request)
    form = await read_form(request, most=most_sent())
    group = await run_by(account, await group_of(request))
    chosen = await settings_of(group)
    wish = checked(wish_in(form), language=chosen.language)
    wrong = dict(wish.wrong)
    if wish.group.pop("see", chosen.see) is not chosen.see:
        wrong["see"] = _("Who sees what is in a group cannot change once it is made.")
    pictures = await pictures_in(form, wrong)
    if wrong:
        return form_page(request, form.shown(wrong), group)
    await change(account.actor, group, **wish.actor, **pictures, **wish.group)
    response = web.Response(status=303, headers={"Location": group.page})
    say(response, _("The group is as you chose."))
    return response


async def _as_it_stands(group: Actor) -> dict[str, str]:
    chosen = await settings_of(group)
    language, rules = next(iter(chosen.rules.items()), (chosen.language, []))
    values = {
        "title": group.title,
        "about": group.about_source,
        "avatar_alt": group.avatar_alt,
        "header_alt": group.header_alt,
        "join": chosen.join.value,
        "see": chosen.see.value,
        "post": chosen.post.value,
        "remote_members": chosen.remote_members.value,
        "rules": "\n".join(rules),
        "language": chosen.language or language,
        "sensitive": "1" if chosen.is_sensitive else "",
    }
    for place, each in enumerate(chosen.flair, 1):
        values |= {f"flair-{place}": each["name"], f"colour-{place}": each["color"]}
    return values


async def show_queue(request: web.Request) -> web.StreamResponse:
    """Show who asks to join, and which notes wait."""
    account = await signed_in(request)
    group = await run_by(account, await group_of(request))
    people = [row.person for row in await waiting_in(group)]
    head = await group_page(group, account.actor)
    return render(
        request,
        "group_queue.html",
        group=head,
        faces=await desk_faces(group, "queue", waiting=head.waiting),
        people=await people_cards(people, None),
        notes=await waiting_notes(group),
    )


async def show_record(request: web.Request) -> web.StreamResponse:
    """Lead to what those who run the group did, in the record, narrowed to this group."""
    group = await group_of(request)
    if not group.is_local:
        raise Missing(request.path)
    raise web.HTTPSeeOther(query("/record", group=group.id))


async def answer_person(request: web.Request) -> web.StreamResponse:
    """Let somebody who asked be a member, or not."""
    account, form, group = await _acting(request)
    person = await Actor.get_or_none(id=number(request.match_info["id"]) or 0)
    if person is None:
        raise Missing(request.path)
    is_accepted = form.text("answer") == "accept"
    doing = group_desk.answer_request(
        account.actor, group, person, is_accepted=is_accepted, reason=form.text("reason")
    )
    return await _done(form, group, doing)


async def answer_note(request: web.Request) -> web.StreamResponse:
    """Let a note in that waits, or send it back with the reason."""
    account, form, group = await _acting(request)
    post = await GroupPost.get_or_none(
        note_id=number(request.match_info["id"]) or 0, group_id=group.id
    )
    if post is None:
        raise Missing(request.path)
    if form.text("answer") == "accept":
        doing = group_desk.let_in(account.actor, group, post)
    else:
        doing = group_desk.keep_out(account.actor, group, post, reason=form.text("reason"))
    return await _done(form, group, doing)


async def invite(request: web.Request) -> web.StreamResponse:
    """Ask somebody to join, by their handle."""
    account, form, group = await _acting(request)
    return await _done(form, group, _inviting(account.actor, group, form.text("handle")))


async def _joining(person: Actor, group: Actor, said: str) -> str:
    await follow(person, group)
    return said


async def _inviting(moderator: Actor, group: Actor, handle: str) -> str:
    person = await called(handle)
    if person is None:
        raise NotAllowed("Nobody is known under this name.")
    await group_desk.invite(moderator, group, person)
    return _("%(name)s is invited.", name=f"@{person.handle}")


async def called(handle: str) -> Actor | None:
    """Find whom a handle names among those we know; nobody is asked."""
    name, _at, host = handle.strip().lstrip("@").partition("@")
    found = await Actor.filter(name__iexact=name, gone_at=None).exclude(kind="Group")
    return next(
        (each for each in found if (each.host == host.lower() if host else each.is_local)), None
    )


async def _acting(request: web.Request) -> tuple[Account, Posted, Actor]:
    account = await acting(request)
    form = await read_form(request)
    return account, form, await group_of(request)


async def run_by(account: Account, group: Actor) -> Actor:
    """Return a group that somebody runs; to all others the page is as if not there."""
    if not group.is_local or not await runs(account.actor, group):
        raise Missing(group.page)
    return group


async def _done(form: Posted, group: Actor, doing: Awaitable[object]) -> web.StreamResponse:
    """Do it, and go back; what it answers, or why it cannot be, is said there."""
    response = web.Response(status=303, headers={"Location": form.next(group.page)})
    try:
        said = await doing
    except NotAllowed as error:
        say(response, why(error), "problem")
    else:
        if isinstance(said, str) and said:
            say(response, said)
    return response
