"""Who belongs to a group, by permission; and what those who run it do about somebody."""

from datetime import UTC, datetime

from aiohttp import web

from actors.accounts import Account
from actors.actor import Actor
from actors.group_lists import may_see_members, standing_as, with_people
from actors.memberships import Membership, Role, State, membership_of, runs
from core.paging import number, page_from
from moderation import group_offices
from outbox.refusals import NotAllowed, NotValid
from web.asking import acting, signed_in
from web.building.groups import group_page, member_rows
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.group import group_of
from web.paging import pager
from web.refusals import why
from web.render import query, render
from web.texts import _
from web.views.frame import Choice, Form, Tab
from web.views.groups import GroupPage

MANY = 40
SHOWN = {"": State.MEMBER, "invited": State.INVITED, "banned": State.BANNED}


async def show(request: web.Request) -> web.StreamResponse:
    """List who belongs to a group, to its members; who is invited or banned, to who runs it."""
    account = await signed_in(request)
    group = await group_of(request)
    if not await may_see_members(group, account.actor):
        raise Missing(request.path)
    is_staff = await runs(account.actor, group)
    asked = request.query.get("show", "")
    kind = asked if is_staff and asked in SHOWN else ""
    found = await standing_as(SHOWN[kind], group, page_from(request.query, limit=MANY, most=MANY))
    return render(
        request,
        "group_members.html",
        group=await group_page(group, account.actor),
        rows=member_rows(found.rows, group, is_staff=is_staff),
        faces=_faces(group, kind) if is_staff else (),
        pager=pager(request, found),
    )


def _faces(group: Actor, kind: str) -> tuple[Tab, ...]:
    words = {"": _("Members"), "invited": _("Invited"), "banned": _("Banned")}
    at = f"{group.page}/members"
    return tuple(Tab(label, query(at, show=key), key == kind) for key, label in words.items())


async def show_one(request: web.Request) -> web.StreamResponse:
    """What can be done about somebody, for those who run the group."""
    account = await signed_in(request)
    group, row = await _asked(request, account)
    return await _page(request, account, group, row, Form())


async def save_one(request: web.Request) -> web.StreamResponse:
    """Ban somebody, let them back, or give or take an office."""
    account = await acting(request)
    form = await read_form(request)
    group, row = await _asked(request, account)
    try:
        said = here_or_asked(group, await _do(account.actor, group, row.person, form))
    except (NotAllowed, NotValid) as error:
        return await _page(request, account, group, row, form.shown({"": why(error)}))
    response = web.Response(status=303, headers={"Location": f"{group.page}/members"})
    say(response, said)
    return response


def here_or_asked(group: Actor, said: str) -> str:
    """Say what was done; of a group elsewhere that it was asked, for it has to pass it on."""
    if group.is_local:
        return said
    named = {"group": f"!{group.handle}"}
    return _("%(group)s is asked. It shows here once the group passes it on.", **named)


async def _do(by: Actor, group: Actor, person: Actor, form: Posted) -> str:
    reason, named = form.text("reason"), {"name": f"@{person.handle}"}
    match form.text("act"):
        case "ban":
            await group_offices.ban(
                by,
                group,
                person,
                reason=reason,
                rule=number(form.text("rule")) or 0,
                until=day_in(form.text("until")),
                with_notes=form.is_on("with_notes"),
            )
            return _("%(name)s is banned.", **named)
        case "unban":
            await group_offices.unban(by, group, person, reason=reason)
            return _("%(name)s may join again.", **named)
        case "moderator":
            await group_offices.add_moderator(by, group, person, until=day_in(form.text("until")))
            return _("%(name)s moderates now.", **named)
        case "member":
            await group_offices.remove_moderator(by, group, person, reason=reason)
            return _("%(name)s is an ordinary member now.", **named)
    raise NotAllowed("Choose what is done.")


def day_in(written: str) -> datetime | None:
    """Read a day as its end; raises NotValid for what is none."""
    if not written:
        return None
    try:
        day = datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise NotValid("until", "Choose a day that is still to come.") from error
    return day.replace(hour=23, minute=59)


async def _asked(request: web.Request, account: Account) -> tuple[Actor, Membership]:
    """Return the group and how somebody stands to it; who never did can be kept out as well."""
    group = await group_of(request)
    if not await runs(account.actor, group):
        raise Missing(request.path)
    person = await Actor.get_or_none(id=number(request.match_info["id"]) or 0)
    if person is None or person.is_group or person.gone_at is not None:
        raise Missing(request.path)
    row = await membership_of(person, group)
    row = row or Membership(id=0, group_id=group.id, person_id=person.id, state=State.LEFT)
    return group, (await with_people([row]))[0]


async def _page(
    request: web.Request, account: Account, group: Actor, row: Membership, form: Form
) -> web.StreamResponse:
    mine = await membership_of(account.actor, group)
    head = await group_page(group, account.actor)
    return render(
        request,
        "group_person.html",
        status=422 if form.errors else 200,
        group=head,
        row=member_rows([row], group, is_staff=True)[0],
        state="banned" if row.is_banned else row.state.value,
        is_owner=mine is not None and (mine.role is Role.OWNER or not group.is_local),
        is_me=row.person_id == account.actor_id,
        rules=rule_choices(head),
        form=form,
    )


def rule_choices(group: GroupPage) -> tuple[Choice, ...]:
    """List a group's own rules by their numbers, with none of them first."""
    own = (Choice(str(place), each) for place, each in enumerate(group.rules, 1))
    return (Choice("", _("None of its own")), *own)
