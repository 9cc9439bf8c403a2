"""What the lists we follow say of servers, for staff to answer; and our own measures as lists."""

import msgspec
from aiohttp import web
from tortoise.transactions import in_transaction

from actors.accounts import Role
from core.clock import now
from core.settings import settings
from moderation.audit import write_down
from moderation.list_writing import csv_of, fires_of
from moderation.lists import ListedServer, may_be_added, retractions, suggestions, with_servers
from moderation.policy import current, newest, refresh, versions
from moderation.policy_drafts import draft_by, keep_draft
from web.addresses import address_of
from web.asking import staff
from web.building.measure_words import measure_of
from web.forms import read_form
from web.pages.settings import saved
from web.render import render
from web.texts import _

PAGE = "/mod/lists"
MOST = 200


async def show(request: web.Request) -> web.StreamResponse:
    """List what lists suggest, what they took back, and what is to be looked at again."""
    account = await staff(request)
    await refresh(at_once=True)
    found = await suggestions()
    today = now().date()
    entries = newest().sections.federation.entries
    ending = sorted((e for e in entries if e.until), key=lambda each: str(each.until))
    return render(
        request,
        "mod/lists.html",
        suggested=[(each, measure_of(each.severity)) for each in found[:MOST]],
        count=len(found),
        taken_back=await retractions(),
        ending=[(each.domain, measure_of(each.severity), each.until) for each in ending],
        today=today,
        may_add=account.role == Role.ADMIN,
    )


async def answer(request: web.Request) -> web.StreamResponse:
    """Put the chosen servers into one's draft of the policy, or let a list say so in vain."""
    form = await read_form(request)
    is_added = form.text("answer") == "add"
    account = await staff(request, Role.ADMIN if is_added else Role.MODERATOR)
    numbers = [int(each) for each in form.all("server") if each.isdecimal() and len(each) < 20]
    rows = await ListedServer.filter(id__in=numbers[:MOST])
    if not is_added:
        await ListedServer.filter(id__in=[row.id for row in rows]).update(ignored_at=now())
        hosts = [row.host for row in rows]
        await write_down(
            account.actor_id,
            "lists.ignore",
            "lists",
            after={"hosts": hosts},
            address=address_of(request),
        )
        return saved(PAGE, _("Left alone. Nobody is asked again."))
    await refresh(at_once=True)
    draft = await draft_by(account.actor)
    chosen = {row.host: row for row in rows if may_be_added(draft.sections, row.host)}
    after = with_servers(draft.sections, chosen.values())
    async with in_transaction():
        await keep_draft(account.actor, msgspec.to_builtins(after), based_on=draft.based_on)
        await write_down(
            account.actor_id,
            "lists.choose",
            "lists",
            after={"hosts": sorted(chosen)},
            address=address_of(request),
        )
    return saved("/admin/policy", _("Kept in your draft. Nothing is published yet."))


async def our_csv(request: web.Request) -> web.Response:
    """Answer with our measures as Mastodon imports them."""
    await refresh()
    headers = {"Content-Disposition": 'attachment; filename="servers.csv"'}
    text = csv_of(current(), now().date())
    return web.Response(text=text, content_type="text/csv", headers=headers)


async def our_fires(request: web.Request) -> web.Response:
    """Answer with our measures, and those taken back, as a FIRES dataset."""
    await refresh()
    known = [each for each in await versions() if each.version <= current().version]
    body = fires_of(known, now().date(), base=settings().url("/federation/fires.json"))
    return web.Response(body=msgspec.json.encode(body), content_type="application/json")
