"""Settings: who finds me and follows me, and who sees a new note."""

from aiohttp import web

from actors.accounts import Account
from actors.profiles import change_profile
from core.clock import now
from moderation.panels import seats_held_by
from moderation.policy import current
from notes.note import Audience
from notes.quoting import Quoting
from web.asking import signed_in
from web.building.composer import default_quoting, quotings
from web.forms import read_form
from web.pages.settings import saved
from web.render import render
from web.texts import _
from web.views.frame import Choice, Form

PAGE = "/settings/privacy"
AUDIENCES = (Audience.PUBLIC, Audience.QUIET, Audience.FOLLOWERS, Audience.PEOPLE)


async def show(request: web.Request) -> web.StreamResponse:
    """The form, as things stand."""
    account = await signed_in(request)
    return await _page(request, account, _as_it_stands(account))


async def save(request: web.Request) -> web.StreamResponse:
    """Keep what was chosen."""
    account = await signed_in(request)
    form = await read_form(request)
    audience, quoting = form.text("audience"), form.text("quoting") or default_quoting(account)
    if audience not in AUDIENCES or quoting not in set(Quoting):
        return await _page(request, account, form.shown({"": _("Please choose one of these.")}))
    await change_profile(
        account.actor,
        is_locked=form.is_on("locked"),
        is_discoverable=form.is_on("discoverable"),
        is_indexable=form.is_on("indexable"),
        hides_follows=form.is_on("hide_follows"),
    )
    if form.is_on("panels") != bool(account.panels_since):
        account.panels_since = now() if form.is_on("panels") else None
    account.preferences = account.preferences | {"audience": audience, "quote_policy": quoting}
    await account.save(update_fields=["preferences", "panels_since"])
    return saved(PAGE, _("Your privacy settings are saved."))


def _as_it_stands(account: Account) -> Form:
    actor, chosen = account.actor, account.preferences
    ticked = {
        "locked": actor.is_locked,
        "discoverable": actor.is_discoverable,
        "indexable": actor.is_indexable,
        "hide_follows": actor.hides_follows,
        "panels": account.panels_since is not None,
    }
    return Form(
        values={
            "audience": chosen.get("audience", Audience.PUBLIC.value),
            "quoting": default_quoting(account),
        }
        | {name: "1" for name, is_on in ticked.items() if is_on}
    )


async def _page(request: web.Request, account: Account, form: Form) -> web.Response:
    size = current().sections.appeals.panel
    return render(
        request,
        "settings/privacy.html",
        status=422 if form.errors else 200,
        form=form,
        panel_size=size,
        seats=tuple(f"/panels/{each.id}" for each in await seats_held_by(account.actor)),
        quoting_choices=quotings(),
        audience_choices=(
            Choice("public", _("Public"), _("Anyone, and it may be passed on.")),
            Choice("quiet", _("Quiet"), _("Anyone with the link; not in Explore or search.")),
            Choice("followers", _("Followers"), _("Only those who follow you.")),
            Choice("people", _("People named"), _("Only those you mention.")),
        ),
    )
