"""The frame around a page: who reads, in which language and colours, and what waits for them."""

from datetime import timedelta

from aiohttp import web

from actors.accounts import Account, Role
from core import sql
from core.clock import now
from core.settings import settings
from moderation import policy
from moderation.newcomers import posts_here
from moderation.reports import ReportState
from web.asking import asking
from web.flashes import said_before
from web.forms import form_token
from web.sessions import cookie
from web.texts import choose, use_locale
from web.views.frame import Frame, PolicyNews, Site, Viewer

THEMES = ("auto", "light", "dark")
LAYOUTS = ("waterfall", "column")
NEW_FOR = timedelta(days=3)


async def frame_for(request: web.Request) -> Frame:
    """Make the frame of a request, and speak its reader's language from here on."""
    account = await asking(request)
    use_locale(
        choose(
            account=account.locale if account else "",
            cookie=request.cookies.get(cookie("locale"), ""),
            accept=request.headers.get("Accept-Language", ""),
        )
    )
    return Frame(
        site=await site(),
        viewer=await viewer_of(account) if account else None,
        csrf=await form_token(request),
        theme=_kept(request, "theme", THEMES),
        path=request.path_qs,
        flashes=said_before(request),
        layout=_kept(request, "layout", LAYOUTS),
        saves_data=request.headers.get("Save-Data", "").strip().lower() == "on",
    )


async def site() -> Site:
    """Return this instance as the frame names it."""
    server = settings().server
    await policy.refresh()
    in_force = policy.current()
    return Site(
        name=server.name,
        domain=server.domain,
        policy_version=in_force.version,
        registration=in_force.sections.accounts.registration.value,
        news=_news(),
    )


def _news() -> PolicyNews | None:
    """Tell of what is coming, a version or a proposal that was adopted, or of what came lately."""
    if comes := policy.coming():
        return PolicyNews(comes.version, comes.effective, is_coming=True)
    if chosen := policy.adopted():
        url = f"/policy/proposals/{chosen.proposal_id}"
        return PolicyNews(0, chosen.due, is_coming=True, title=chosen.title, url=url)
    newest = policy.current()
    if newest.version > 1 and now() - newest.effective < NEW_FOR:
        return PolicyNews(newest.version, newest.effective, is_coming=False)
    return None


async def viewer_of(account: Account) -> Viewer:
    """Return who is signed in, with what waits for them."""
    actor = account.actor
    waits = await _what_waits(account)
    return Viewer(
        id=actor.id,
        name=actor.display_name,
        handle=actor.name,
        avatar=actor.avatar,
        role=account.role.value,
        unread=waits["unread"],
        waiting=waits["waiting"],
        open_reports=waits["reports"] if account.role != Role.MEMBER else 0,
        is_confirmed=account.confirmed_at is not None,
        is_suspended=actor.suspended_at is not None,
        posts_here=posts_here(account),
    )


async def _what_waits(account: Account) -> sql.Row:
    """Count with one statement, and no further than anyone reads a number."""
    found = await sql.rows(
        "SELECT"
        " (SELECT COUNT(*) FROM (SELECT 1 FROM notification"
        " WHERE reader_id = ? AND is_read = ? LIMIT 1000) AS n) AS unread,"
        " (SELECT COUNT(*) FROM (SELECT 1 FROM follow"
        " WHERE followed_id = ? AND is_accepted = ? LIMIT 1000) AS f) AS waiting,"
        " (SELECT COUNT(*) FROM (SELECT 1 FROM report"
        " WHERE state = ? LIMIT 1000) AS r) AS reports",
        [account.actor_id, False, account.actor_id, False, ReportState.FILED.value],
    )
    return found[0]


def _kept(request: web.Request, name: str, known: tuple[str, ...]) -> str:
    chosen = request.cookies.get(cookie(name), "")
    return chosen if chosen in known else known[0]
