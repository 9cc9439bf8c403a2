"""/api/rubric/v1/groups: groups found, made, looked at and changed."""

from aiohttp import web

from actors.accounts import BadName
from actors.actor import Actor
from actors.groups import See, make_group, settings_of
from actors.making import NameTaken
from actors.memberships import runs
from actors.registration import is_reserved
from core.limits import count
from core.settings import settings
from inbox import naming
from inbox.group_finding import Where, groups
from inbox.group_top import Order, threads_in
from moderation.group_charter import change
from moderation.group_making import check_making
from notes.faces import keep_face
from notes.orders import Shape, Unfit
from outbox.refusals import NotAllowed
from web.api.access import account_of, reader_of
from web.api.accounts import seen_actor
from web.api.answers import answer, listed
from web.api.asked import Asked, asked
from web.api.entities.groups import group_of, groups_of
from web.api.entities.statuses import statuses_of
from web.api.errors import Invalid
from web.errors import Missing
from web.group_wishes import GROUPS_A_DAY, GroupWish, checked
from web.refusals import why
from web.texts import _

GROUPS, MOST_GROUPS = 20, 40
MEGABYTE = 1024 * 1024
SHAPES = (("avatar", Shape.AVATAR), ("header", Shape.HEADER))


async def index(request: web.Request) -> web.Response:
    """Groups here, elsewhere or one's own; `resolve` asks the server of a whole name."""
    wanted, reader = await asked(request), reader_of(request)
    words = (wanted.text("q") or "").strip()[:200]
    page = wanted.page(limit=GROUPS, most=MOST_GROUPS)
    if words and wanted.is_on("resolve"):
        named = await naming.asked(words, reader)
        if named.actor is not None and named.actor.is_group:
            return answer(await groups_of([named.actor], reader))
    found = await groups(words, reader, page, where=_where(wanted))
    return listed(request, found, await groups_of(found.rows, reader), newer="since_id")


async def create(request: web.Request) -> web.Response:
    """Make a group, owned by the person whose app asks; the answer is its account."""
    owner, wanted = account_of(request), await _asked(request)
    name = wanted.needed("name").lstrip("!@").lower()
    wish = checked(_wish(wanted, is_new=True))
    wrong = dict(wish.wrong)
    if is_reserved(name):
        wrong["name"] = _("This name is taken.")
    if wrong:
        raise _invalid(wrong)
    check_making(owner, wish.group.get("see", See.EVERYONE))
    await count(f"groups:{owner.id}", most=GROUPS_A_DAY, seconds=86_400)
    pictures = await _pictures(wanted)
    try:
        group = await make_group(owner.actor, name, **wish.actor, **pictures, **wish.group)
    except BadName as error:
        said = _("One to thirty letters a-z, digits or underscores.")
        raise _invalid({"name": said}) from error
    except NameTaken as error:
        raise _invalid({"name": _("This name is taken.")}) from error
    await group.refresh_from_db()
    return answer(await group_of(group, owner.actor))


async def show(request: web.Request) -> web.Response:
    """One group."""
    return answer(await group_of(await found_group(request), reader_of(request)))


async def save(request: web.Request) -> web.Response:
    """Change a group one runs; what is not said stays, and so does who sees it."""
    person, wanted = account_of(request).actor, await _asked(request)
    group = await run_by(person, await found_group(request))
    chosen = await settings_of(group)
    wish = checked(_wish(wanted, is_new=False), language=chosen.language)
    wrong = dict(wish.wrong)
    if wish.group.pop("see", chosen.see) is not chosen.see:
        wrong["see"] = _("Who sees what is in a group cannot change once it is made.")
    if wrong:
        raise _invalid(wrong)
    columns = wish.actor | await _pictures(wanted) | wish.group
    await change(person, group, **columns)
    await group.refresh_from_db()
    return answer(await group_of(group, person))


async def threads(request: web.Request) -> web.Response:
    """The threads of a group: new, active, or top; `flair` leaves those of one mark."""
    group, reader, wanted = await found_group(request), reader_of(request), await asked(request)
    order = wanted.text("sort") or Order.NEW.value
    if order not in set(Order):
        raise Invalid({"sort": ("ERR_INCLUSION", "is not included in the list")})
    found = await threads_in(
        group, reader, wanted.page(), order=Order(order), flair=wanted.text("flair") or ""
    )
    return listed(request, found, await statuses_of(found.rows, reader), is_timeline=True)


async def found_group(request: web.Request) -> Actor:
    """Find the group an address names; people, and groups of this server to nobody, are Missing."""
    group, reader = await seen_actor(request), reader_of(request)
    if not group.is_group:
        raise Missing(request.path)
    is_for_us = (await settings_of(group)).see is See.SERVER
    if is_for_us and not (reader is not None and reader.is_local):
        raise Missing(request.path)
    return group


async def run_by(person: Actor, group: Actor) -> Actor:
    """Return a group of ours that somebody runs; raises NotAllowed for all others."""
    if not group.is_local or not await runs(person, group):
        raise NotAllowed("Only those who run this group can do this.")
    return group


async def _asked(request: web.Request) -> Asked:
    return await asked(request, most=(2 * settings().media.max_image_mb + 1) * MEGABYTE)


def _where(wanted: Asked) -> Where:
    said = wanted.text("where") or Where.HERE.value
    if said not in set(Where):
        raise Invalid({"where": ("ERR_INCLUSION", "is not included in the list")})
    return Where(said)


def _wish(wanted: Asked, *, is_new: bool) -> GroupWish:
    flair = wanted.groups("flair") if wanted.has("flair") else None
    return GroupWish(
        title=(wanted.text("title") or "") if is_new or wanted.has("title") else None,
        about=wanted.text("summary"),
        join=wanted.text("join") or None,
        see=wanted.text("see") or None,
        post=wanted.text("post") or None,
        remote_members=wanted.text("remote_members") or None,
        rules=wanted.texts("rules") if wanted.has("rules") else None,
        flair=None if flair is None else [_mark(each) for each in flair],
        language=wanted.text("language"),
        is_sensitive=wanted.flag("sensitive"),
    )


def _mark(flair: Asked) -> tuple[str, str]:
    return flair.text("name") or "", flair.text("color") or ""


async def _pictures(wanted: Asked) -> dict[str, str]:
    """Make the pictures that were sent anew (MED-04)."""
    columns = {}
    for name, shape in SHAPES:
        if upload := wanted.upload(name):
            try:
                columns[name] = await keep_face(upload.data, shape)
            except Unfit as error:
                raise _invalid({name: why(error)}) from error
    for name, _shape in SHAPES:
        if (alt := wanted.text(f"{name}_description")) is not None:
            columns[f"{name}_alt"] = alt.strip()[:1500]
    return columns


def _invalid(wrong: dict[str, str]) -> Invalid:
    names = {"about": "summary"}
    return Invalid({names.get(key, key): ("ERR_INVALID", said) for key, said in wrong.items()})
