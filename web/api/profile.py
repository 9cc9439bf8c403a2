"""What someone says of themselves, changed by an app (mastodon-api.md 5.2)."""

from typing import Any

from aiohttp import web

from actors.accounts import Account
from actors.profiles import LONGEST_ABOUT, LONGEST_NAME, change_profile, facts_from
from core.languages import language_tag
from core.names import characters_in, quiet_name
from core.settings import settings
from notes.faces import keep_face
from notes.orders import Shape, Unfit
from notes.quoting import Quoting
from notes.text import render as html_of
from web.api.access import account_of
from web.api.answers import answer
from web.api.asked import Asked, asked
from web.api.entities.accounts import credential_account
from web.api.entities.tags import featured_tags_of
from web.api.errors import Invalid
from web.api.posting import AUDIENCES
from web.refusals import why

MEGABYTE = 1024 * 1024
SWITCHES = {
    "locked": "is_locked",
    "bot": "is_bot",
    "discoverable": "is_discoverable",
    "indexable": "is_indexable",
    "hide_collections": "hides_follows",
}


async def update_credentials(request: web.Request) -> web.Response:
    """Change one's profile; what is not said stays."""
    account = account_of(request)
    await _save(request, account)
    return answer(await credential_account(account))


async def show(request: web.Request) -> web.Response:
    """One's profile as it was typed."""
    return answer(await _profile(account_of(request)))


async def save(request: web.Request) -> web.Response:
    """Change one's profile, and read it as it was typed."""
    account = account_of(request)
    await _save(request, account)
    return answer(await _profile(account))


async def delete_avatar(request: web.Request) -> web.Response:
    """Show no portrait."""
    account = account_of(request)
    await change_profile(account.actor, avatar="", avatar_alt="")
    return answer(await credential_account(account))


async def delete_header(request: web.Request) -> web.Response:
    """Show no banner."""
    account = account_of(request)
    await change_profile(account.actor, header="", header_alt="")
    return answer(await credential_account(account))


async def _save(request: web.Request, account: Account) -> None:
    most = (2 * settings().media.max_image_mb + 1) * MEGABYTE
    wanted = await asked(request, most=most)
    columns = _words(wanted) | await _faces(wanted)
    for name, column in SWITCHES.items():
        if (said := wanted.flag(name)) is not None:
            columns[column] = said
    if columns:
        await change_profile(account.actor, **columns)
    await _save_wishes(account, wanted.group("source") or wanted)


def _words(wanted: Asked) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if (name := wanted.text("display_name")) is not None:
        if characters_in(name) > LONGEST_NAME:
            raise _too_long("display_name", LONGEST_NAME)
        columns["title"] = quiet_name(name, LONGEST_NAME)
    if (about := wanted.text("note")) is not None:
        if characters_in(about) > LONGEST_ABOUT:
            raise _too_long("note", LONGEST_ABOUT)
        html = html_of(about, tag_url=lambda tag: settings().url(f"/tags/{tag}"))
        columns |= {"about_source": about.strip(), "about": html}
    if wanted.has("fields_attributes"):
        pairs = wanted.groups("fields_attributes")
        columns["facts"] = facts_from(
            (each.text("name") or "", each.text("value") or "") for each in pairs
        )
    if (alt := wanted.text("avatar_description")) is not None:
        columns["avatar_alt"] = alt.strip()[:1500]
    if (alt := wanted.text("header_description")) is not None:
        columns["header_alt"] = alt.strip()[:1500]
    return columns


async def _faces(wanted: Asked) -> dict[str, str]:
    """Make the pictures that were sent anew (MED-04)."""
    columns = {}
    for name, shape in (("avatar", Shape.AVATAR), ("header", Shape.HEADER)):
        if upload := wanted.upload(name):
            try:
                columns[name] = await keep_face(upload.data, shape)
            except Unfit as error:
                raise Invalid({name: ("ERR_INVALID", why(error))}) from error
    return columns


async def _save_wishes(account: Account, wanted: Asked) -> None:
    """Keep how someone posts by default."""
    wishes: dict[str, Any] = {}
    if (privacy := wanted.text("privacy")) is not None:
        if privacy not in AUDIENCES:
            raise Invalid({"source.privacy": ("ERR_INCLUSION", "is not included in the list")})
        wishes["audience"] = AUDIENCES[privacy].value
    if (sensitive := wanted.flag("sensitive")) is not None:
        wishes["sensitive"] = sensitive
    if (language := wanted.text("language")) is not None:
        wishes["language"] = language_tag(language)
    if (quoting := wanted.text("quote_policy")) is not None:
        if quoting not in set(Quoting):
            raise Invalid({"source.quote_policy": ("ERR_INCLUSION", "is not included in the list")})
        wishes["quote_policy"] = quoting
    if wishes:
        account.preferences = account.preferences | wishes
        await account.save(update_fields=["preferences"])


def _too_long(name: str, most: int) -> Invalid:
    return Invalid({name: ("ERR_TOO_LONG", f"is too long (maximum is {most} characters)")})


async def _profile(account: Account) -> dict[str, Any]:
    whole = await credential_account(account)
    actor, source = account.actor, whole["source"]
    return {
        "id": whole["id"],
        "display_name": actor.title,
        "note": actor.about_source,
        "fields": source.fields,
        "formatted_note": whole["note"],
        "formatted_fields": whole["fields"],
        "avatar": whole["avatar"] if actor.avatar else None,
        "avatar_static": whole["avatar_static"] if actor.avatar else None,
        "avatar_description": actor.avatar_alt,
        "header": whole["header"] if actor.header else None,
        "header_static": whole["header_static"] if actor.header else None,
        "header_description": actor.header_alt,
        "locked": actor.is_locked,
        "bot": actor.is_bot,
        "hide_collections": actor.hides_follows,
        "discoverable": actor.is_discoverable,
        "indexable": actor.is_indexable,
        "show_media": True,
        "show_media_replies": True,
        "show_featured": True,
        "attribution_domains": [],
        "featured_tags": await featured_tags_of(actor),
    }
