"""Groups: finding them, and making one."""

from typing import Any

from aiohttp import web

from actors.accounts import BadName
from actors.actor import Actor
from actors.groups import Join, Posting, RemoteMembers, See, make_group
from actors.making import NameTaken
from actors.registration import is_reserved
from core.limits import TooMany, count
from core.paging import page_from
from core.settings import settings
from inbox import naming
from inbox.group_finding import Where, groups
from moderation.group_making import check_making
from notes.drafts import DraftsFull, keep_draft
from notes.faces import keep_face
from notes.note import Audience
from notes.orders import Shape, Unfit
from notes.remote_faces import HEADER
from outbox.refusals import NotAllowed, NotValid
from web.asking import acting, reader, signed_in
from web.building.composer import languages
from web.building.elsewhere import trouble_of
from web.building.groups import group_cards
from web.building.media import face_url
from web.building.people import person_card
from web.forms import Posted, read_form
from web.group_wishes import COLOURS, GROUPS_A_DAY, MOST_FLAIR, Checked, GroupWish, checked
from web.paging import pager
from web.refusals import why
from web.render import query, render
from web.texts import _
from web.views.frame import Choice, Form, Tab

LONGEST_ALT = 1500
MEGABYTE = 1024 * 1024
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
    values = {
        "join": Join.OPEN.value,
        "see": See.EVERYONE.value,
        "post": Posting.EVERYONE.value,
        "remote_members": RemoteMembers.AWARE.value,
    }
    return form_page(request, Form(values=values))


async def make(request: web.Request) -> web.StreamResponse:
    """Make a group; whoever makes it owns it."""
    account = await acting(request)
    form = await read_form(request, most=most_sent())
    name = form.text("name").lstrip("!@").lower()
    wish = checked(wish_in(form))
    wrong = dict(wish.wrong)
    pictures = await pictures_in(form, wrong)
    if is_reserved(name):
        wrong["name"] = _("This name is taken.")
    if not wrong:
        try:
            check_making(account, wish.group.get("see", See.EVERYONE))
            await count(f"groups:{account.id}", most=GROUPS_A_DAY, seconds=86_400)
            group = await make_group(account.actor, name, **wish.actor, **pictures, **wish.group)
        except BadName:
            wrong["name"] = _("One to thirty letters a-z, digits or underscores.")
        except NameTaken:
            wrong["name"] = _("This name is taken.")
        except NotAllowed as error:
            wrong[""] = why(error)
        except NotValid as error:
            wrong[error.field] = why(error)
        except TooMany:
            wrong[""] = _("You made many groups today. Please wait until tomorrow.")
        else:
            await _prepare_first(account.actor, group, wish)
            return web.Response(status=303, headers={"Location": group.page})
    return form_page(request, form.shown(wrong))


async def _prepare_first(owner: Actor, group: Actor, wish: Checked) -> None:
    """Put a first note into the owner's drafts, in the words of the form: to be read and pinned."""
    rules: list[str] = next(iter(wish.group.get("rules", {}).values()), [])
    lines = [group.about_source, *(f"{place}. {each}" for place, each in enumerate(rules, 1))]
    is_open = wish.group.get("see") is See.EVERYONE
    columns = {
        "title": _("Welcome to %(name)s", name=group.display_name)[:80],
        "text": "\n\n".join(line for line in lines if line),
        "language": wish.group.get("language", ""),
        "audience": Audience.PUBLIC if is_open else Audience.MEMBERS,
        "group_id": group.id,
    }
    try:
        await keep_draft(owner, columns, [])
    except DraftsFull:
        # The group is there; its owner writes the first note themselves.
        return


def wish_in(form: Posted) -> GroupWish:
    """Read what a form says of a group."""
    places = range(1, MOST_FLAIR + 1)
    return GroupWish(
        title=form.text("title"),
        about=form.text("about"),
        join=form.text("join"),
        see=form.text("see"),
        post=form.text("post"),
        remote_members=form.text("remote_members") or None,
        rules=form.raw("rules").splitlines(),
        flair=[(form.text(f"flair-{each}"), form.text(f"colour-{each}")) for each in places],
        language=form.text("language"),
        is_sensitive=form.is_on("sensitive"),
    )


async def pictures_in(form: Posted, wrong: dict[str, str]) -> dict[str, Any]:
    """Make the pictures that were sent anew; what cannot be used is named in `wrong` (MED-04)."""
    columns: dict[str, Any] = {
        name: form.text(name)[:LONGEST_ALT] for name in ("avatar_alt", "header_alt")
    }
    for field, column, shape in (
        ("avatar", "avatar", Shape.AVATAR),
        ("banner", "header", Shape.HEADER),
    ):
        upload = form.file(field)
        if form.is_on(f"remove_{field}"):
            columns[column] = ""
        elif upload is not None and (upload.lost or not wrong):
            try:
                columns[column] = await keep_face(upload.data, shape)
            except Unfit as error:
                wrong[field] = why(error)
    return columns


def most_sent() -> int:
    """Return how many bytes a form with two pictures may have."""
    return (2 * settings().media.max_image_mb + 1) * MEGABYTE


def form_page(request: web.Request, form: Form, group: Actor | None = None) -> web.Response:
    """Show the form for a new group, or for one that is there."""
    return render(
        request,
        "group_form.html",
        status=422 if form.errors else 200,
        form=form,
        group=person_card(group) if group else None,
        banner=face_url(group, HEADER) if group else "",
        most_flair=MOST_FLAIR,
        colours=COLOURS,
        languages=(Choice("", _("Any language")), *languages()),
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
        remotes=(
            Choice(
                "aware",
                _("On servers that keep what is for members"),
                _("Only where the software is known to show it to members alone."),
            ),
            Choice("any", _("On any server"), _("Their server may show the notes to others.")),
            Choice("none", _("Nowhere: members of this server alone")),
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
