"""/api/v1/admin/accounts: who is here or known here, found by what moderators look for."""

from typing import Any

from aiohttp import web

from actors import emails
from actors.accounts import Account, Role
from actors.actor import Actor
from actors.instance import instance_actor
from core import sql
from core.paging import cut, number, window
from core.rows import load_ids
from federation.errors import Malformed
from federation.urls import canonical_host
from web.addresses import address_of
from web.api.access import account_of
from web.api.admin.entities import admin_account_of, admin_accounts_of
from web.api.answers import answer, listed
from web.api.asked import Asked, asked
from web.approving import approve as let_in
from web.approving import decline
from web.errors import Missing, NotAllowed

LIMIT, MOST = 100, 200

# What is said → the rows that are meant; `a` is the actor, `c` the account of who lives here.
ORIGINS = {"local": "a.local_name IS NOT NULL", "remote": "a.local_name IS NULL"}
STATUSES = {
    "active": "a.suspended_at IS NULL AND a.read_only_at IS NULL"
    " AND (c.id IS NULL OR (c.approved_at IS NOT NULL AND c.disabled_at IS NULL))",
    "pending": "c.approved_at IS NULL AND c.id IS NOT NULL AND c.closed_at IS NULL",
    "disabled": "(c.disabled_at IS NOT NULL OR a.read_only_at IS NOT NULL)",
    "silenced": "a.quieted_at IS NOT NULL",
    "suspended": "a.suspended_at IS NOT NULL",
    "sensitized": "1 = 0",
}
STAFF = "c.role IN ('moderator', 'admin')"
ROLES = {"-99": Role.MEMBER, "2": Role.MODERATOR, "3": Role.ADMIN}


async def index(request: web.Request) -> web.Response:
    """Accounts by origin, state, name, server, e-mail and address, the newest first."""
    account, wanted = account_of(request), await asked(request)
    if account.role is not Role.ADMIN and (wanted.text("email") or wanted.text("ip")):
        raise NotAllowed("e-mail and addresses are for admins")
    texts, values = _conditions(wanted)
    # Who is here without an account is the server itself, or a voice of it.
    texts.append("(a.local_name IS NULL OR c.id IS NOT NULL)")
    page = wanted.page(limit=LIMIT, most=MOST)
    end, more = window("a.id", page)
    rows = await sql.rows(
        "SELECT a.id FROM actor a LEFT JOIN account c ON c.actor_id = a.id"  # noqa: S608  marks
        f" WHERE a.gone_at IS NULL AND {' AND '.join(texts)}{end}",
        [*values, *more],
    )
    found = cut([row["id"] for row in rows], page)
    people = await load_ids(Actor, found.rows)
    shown = await admin_accounts_of([people[each] for each in found.rows], account)
    return listed(request, found, [shown[each] for each in found.rows])


async def show(request: web.Request) -> web.Response:
    """One account, with what only moderators see."""
    return answer(await admin_account_of(await named(request), account_of(request)))


async def approve(request: web.Request) -> web.Response:
    """Let someone in who asked, and write to them."""
    moderator, actor = account_of(request), await named(request)
    account = await _asking(actor)
    await let_in(account, moderator.actor, address=address_of(request))
    return answer(await admin_account_of(await Actor.get(id=actor.id), moderator))


async def reject(request: web.Request) -> web.Response:
    """Forget someone who asked, and write to them why where `text` says so."""
    moderator, actor, wanted = account_of(request), await named(request), await asked(request)
    account = await _asking(actor)
    shown = await admin_account_of(actor, moderator)
    reason = wanted.text("text") or ""
    await decline(account, moderator.actor, reason=reason, address=address_of(request))
    return answer(shown)


async def named(request: web.Request) -> Actor:
    """Find whom the address names; raise Missing, also for the actor of this server itself."""
    wanted = number(request.match_info["id"]) or 0
    actor = await Actor.get_or_none(id=wanted)
    if actor is None or actor.gone_at is not None or actor.id == (await instance_actor()).id:
        raise Missing("nobody has this id")
    return actor


async def _asking(actor: Actor) -> Account:
    found = Account.filter(actor_id=actor.id, approved_at=None, closed_at=None)
    account = await found.select_related("actor").first()
    if account is None:
        raise NotAllowed(f"{actor.name} does not wait for an answer")
    return account


def _conditions(wanted: Asked) -> tuple[list[str], list[Any]]:
    """Read both forms of the question, the older flags and the newer words."""
    texts = [text for name, text in (ORIGINS | STATUSES).items() if wanted.is_on(name)]
    texts += [table[said] for table, said in _words(wanted) if said in table]
    if wanted.is_on("staff") or wanted.text("permissions") == "staff":
        texts.append(STAFF)
    values: list[Any] = []
    if roles := [ROLES[each] for each in wanted.texts("role_ids") if each in ROLES]:
        texts.append(f"c.role IN ({sql.marks(roles)})")
        values += [each.value for each in roles]
    for text, value in _named(wanted):
        texts.append(text)
        values.append(value)
    return texts, values


def _words(wanted: Asked) -> tuple[tuple[dict[str, str], str], ...]:
    return (ORIGINS, wanted.text("origin") or ""), (STATUSES, wanted.text("status") or "")


def _named(wanted: Asked) -> list[tuple[str, str]]:
    found = []
    for name, column in (("username", "a.name"), ("display_name", "a.title")):
        if said := (wanted.text(name) or "").strip().lower():
            found.append((f"LOWER({column}) LIKE ? ESCAPE '!'", f"{sql.literal(said)}%"))
    if host := (wanted.text("by_domain") or "").strip():
        found.append(("a.host = ?", _host(host)))
    if email := (wanted.text("email") or "").strip():
        found.append(("c.email_key = ?", _key(email)))
    if ip := (wanted.text("ip") or "").strip():
        seen = "SELECT 1 FROM session s WHERE s.account_id = c.id AND s.address = ?"
        found.append((f"EXISTS ({seen})", ip))
    return found


def _host(text: str) -> str:
    """Return what a server is kept as; what cannot be one is nobody's."""
    try:
        return canonical_host(text)
    except Malformed:
        return ""


def _key(email: str) -> str:
    """Return what an address is kept as; one that cannot be an address is nobody's."""
    try:
        return emails.key_of(email)
    except emails.BadAddress:
        return ""
