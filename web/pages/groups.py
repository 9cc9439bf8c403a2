"""Groups: finding them, and making one."""

from typing import Any

from aiohttp import web

from actors.accounts import BadName
from actors.groups import Join, Posting, See, make_group
from actors.making import NameTaken
from actors.registration import is_reserved
from core.html import clean
from core.limits import TooMany, count
from core.names import quiet_name
from core.paging import page_from
from inbox import naming
from inbox.group_finding import Where, groups
from notes.text import render as rendered
from outbox.draft import tag_url
from web.asking import acting, reader, signed_in
from web.building.elsewhere import trouble_of
from web.building.groups import group_cards
from web.forms import Posted, read_form
from web.paging import pager
from web.render import query, render
from web.texts import _
from web.views.frame import Choice, Form, Tab

MOST_TITLE, MOST_ABOUT, MOST_RULE, MOST_RULES = 60, 1000, 200, 15
GROUPS_A_DAY = 5
MANY = 40


async def show(request: web.Request) -> web.StreamResponse:
    """List groups here, elsewhere or one's own; members may have another server asked for one."""
    viewer = await reader(request)
    words = request.query.get("q", "").strip()[:200]
    where = _where(request.query.get("show", ""))
    named = await naming.asked(words, viewer) if words else None
    if named and named.actor and named.actor.is_group:
        raise web.HTTPSeeOther(named.actor.page)
    page = page_from(request.query, limit=MANY, most=MANY)
    found = await groups(words, viewer, page, where=where)
    return render(
        request,
        "groups.html",
        words=words,
        groups=await group_cards(found.rows, viewer),
        faces=_faces(where, words, is_member=viewer is not None),
        trouble=trouble_of(named, words, query("/g", q=words)) if named else None,
        pager=pager(request, found),
    )


async def show_new(request: web.Request) -> web.StreamResponse:
    """The form for a new group."""
    await signed_in(request)
    values = {"join": Join.OPEN.value, "see": See.EVERYONE.value, "post": Posting.EVERYONE.value}
    return form_page(request, Form(values=values))


async def make(request: web.Request) -> web.StreamResponse:
    """Make a group; whoever makes it owns it."""
    account = await acting(request)
    form = await read_form(request)
    name = form.text("name").lstrip("!@").lower()
    columns, wrong = group_columns(form)
    if is_reserved(name):
        wrong["name"] = _("This name is taken.")
    if not wrong:
        try:
            await count(f"groups:{account.id}", most=GROUPS_A_DAY, seconds=86_400)
            group = await make_group(account.actor, name, **columns)
        except BadName:
            wrong["name"] = _("One to thirty letters a-z, digits or underscores.")
        except NameTaken:
            wrong["name"] = _("This name is taken.")
        except TooMany:
            wrong[""] = _("You made many groups today. Please wait until tomorrow.")
        else:
            return web.Response(status=303, headers={"Location": group.page})
    return form_page(request, form.shown(wrong))


def group_columns(form: Posted) -> tuple[dict[str, Any], dict[str, str]]:
    """Read what a form says of a group, as make_group takes it, and what is wrong with it."""
    wrong: dict[str, str] = {}
    title = quiet_name(form.text("title"), MOST_TITLE)
    about = form.text("about")
    if not title:
        wrong["title"] = _("Give the group a name.")
    if len(about) > MOST_ABOUT:
        wrong["about"] = _("At most 1000 characters.")
    try:
        chosen = {
            "join": Join(form.text("join")),
            "see": See(form.text("see")),
            "post": Posting(form.text("post")),
        }
    except ValueError:
        wrong["join"] = _("Choose one of these.")
        chosen = {}
    rules = [quiet_name(line, MOST_RULE) for line in form.raw("rules").splitlines()]
    kept = [line for line in rules if line][:MOST_RULES]
    columns = {
        "title": title,
        "about_source": about,
        "about": clean(rendered(about, known={}, tag_url=tag_url)),
        "rules": {form.text("language") or "en": kept} if kept else {},
        **chosen,
    }
    return columns, wrong


def form_page(request: web.Request, form: Form, *, back: str = "", name: str = "") -> web.Response:
    """Show the form for a new group, or for one that is there: then `back` is its page."""
    return render(
        request,
        "group_form.html",
        status=422 if form.errors else 200,
        form=form,
        back=back,
        name=name,
        joins=(
            Choice("open", _("Everyone"), _("Whoever wants to is a member at once.")),
            Choice("request", _("On request"), _("Those who run the group answer.")),
            Choice("invite", _("By invitation"), _("Only whom the group asks.")),
        ),
        sees=(
            Choice("everyone", _("Everyone"), _("What is in it is public.")),
            Choice("members", _("Members"), _("Only accepted members, on their servers too.")),
            Choice("server", _("People of this server"), _("It never leaves this server.")),
        ),
        posts=(
            Choice("everyone", _("Everyone")),
            Choice("members", _("Members")),
            Choice("approval", _("Everyone, after approval"), _("New threads wait in a queue.")),
            Choice("moderators", _("Those who run it"), _("For announcements; all may comment.")),
        ),
    )


def _where(asked: str) -> Where:
    return Where(asked) if asked in set(Where) else Where.HERE


def _faces(where: Where, words: str, *, is_member: bool) -> tuple[Tab, ...]:
    labels = {Where.HERE: _("Here"), Where.ELSEWHERE: _("Elsewhere"), Where.MINE: _("Mine")}
    return tuple(
        Tab(label, query("/g", q=words, show="" if key is Where.HERE else key.value), key is where)
        for key, label in labels.items()
        if key is not Where.MINE or is_member
    )
