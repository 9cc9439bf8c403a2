"""Settings: what people say of themselves."""

from aiohttp import web

from actors.accounts import Account
from actors.profiles import LONGEST_ABOUT, LONGEST_NAME, MOST_FACTS, change_profile, facts_from
from core.names import characters_in, quiet_name
from core.settings import settings
from notes.faces import keep_face
from notes.orders import Shape, Unfit
from notes.text import render as html_of
from notes.uploads import LONGEST_ALT
from web.asking import signed_in
from web.forms import Posted, read_form
from web.pages.settings import saved
from web.refusals import why
from web.render import render
from web.texts import LOCALES, _
from web.views.frame import Choice, Form
from web.views.people import PersonCard

PAGE = "/settings/profile"
MEGABYTE = 1024 * 1024


async def show(request: web.Request) -> web.StreamResponse:
    """The form, as things stand."""
    account = await signed_in(request)
    return _page(request, account, _as_it_stands(account))


async def save(request: web.Request) -> web.StreamResponse:
    """Keep what was typed and chosen; pictures are made anew from what was sent (MED-04)."""
    account = await signed_in(request)
    form = await read_form(request, most=2 * settings().media.max_image_mb * MEGABYTE + MEGABYTE)
    wrong = _too_long(form)
    pictures = await _pictures(form, wrong)
    if wrong:
        return _page(request, account, form.shown(wrong))
    await change_profile(
        account.actor,
        title=quiet_name(form.text("name"), LONGEST_NAME),
        about_source=form.text("about"),
        about=html_of(form.text("about"), tag_url=_tag_url),
        facts=facts_from(
            (form.text(f"key-{number}"), form.text(f"value-{number}"))
            for number in range(1, MOST_FACTS + 1)
        ),
        is_bot=form.is_on("bot"),
        avatar_alt=form.text("avatar_alt")[:LONGEST_ALT],
        header_alt=form.text("header_alt")[:LONGEST_ALT],
        **pictures,
    )
    if form.text("locale") in LOCALES:
        await Account.filter(id=account.id).update(locale=form.text("locale"))
    return saved(PAGE, _("Your profile is saved."))


def _too_long(form: Posted) -> dict[str, str]:
    if characters_in(form.text("about")) > LONGEST_ABOUT:
        return {"about": _("At most %(most)s characters.", most=LONGEST_ABOUT)}
    return {}


async def _pictures(form: Posted, wrong: dict[str, str]) -> dict[str, str]:
    """Store the pictures that were sent; what cannot be used is named in `wrong`."""
    columns: dict[str, str] = {}
    if form.is_on("remove_avatar"):
        columns["avatar"] = ""
    for field, column, shape in (
        ("avatar", "avatar", Shape.AVATAR),
        ("banner", "header", Shape.HEADER),
    ):
        upload = form.file(field)
        if upload is None or (wrong and not upload.lost):
            continue
        try:
            columns[column] = await keep_face(upload.data, shape)
        except Unfit as error:
            wrong[field] = why(error)
    return columns


def _tag_url(tag: str) -> str:
    return settings().url(f"/tags/{tag}")


def _as_it_stands(account: Account) -> Form:
    actor = account.actor
    values = {"name": actor.title, "about": actor.about_source, "locale": account.locale}
    values |= {"avatar_alt": actor.avatar_alt, "header_alt": actor.header_alt}
    for number, fact in enumerate(actor.facts[:MOST_FACTS], 1):
        values[f"key-{number}"] = fact["name"]
        values[f"value-{number}"] = fact.get("source", "")
    return Form(values=values | ({"bot": "1"} if actor.is_bot else {}))


def _page(request: web.Request, account: Account, form: Form) -> web.Response:
    actor = account.actor
    return render(
        request,
        "settings/profile.html",
        status=422 if form.errors else 200,
        form=form,
        person=PersonCard(
            id=actor.id,
            name=actor.display_name,
            handle=f"@{actor.handle}",
            url=actor.page,
            avatar=actor.avatar,
        ),
        locale_choices=[Choice(tag, name) for tag, name in LOCALES.items()],
    )
