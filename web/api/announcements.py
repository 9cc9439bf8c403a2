"""/api/v1/announcements: what is announced now, putting it away, and answering with a picture."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from actors.accounts import Account
from core.paging import number
from moderation import announcements
from moderation.announcements import Announcement
from web.api.access import account_of
from web.api.answers import answer, nothing, ts
from web.api.asked import asked
from web.building.announcements import words_of
from web.errors import Missing
from web.texts import choose, use_locale


async def index(request: web.Request) -> web.Response:
    """What is announced; what one has put away only with `with_dismissed`."""
    account, wanted = account_of(request), await asked(request)
    found = await announcements.shown_now()
    read = await announcements.read_by(account.actor, found)
    if not wanted.is_on("with_dismissed"):
        found = [each for each in found if each.id not in read]
    return answer(await shown_to(account, found, read))


async def dismiss(request: web.Request) -> web.Response:
    """Put an announcement away."""
    await announcements.dismiss(await _named(request), account_of(request).actor)
    return nothing()


async def react(request: web.Request) -> web.Response:
    """Answer an announcement with a picture."""
    made = await _named(request)
    await announcements.react(made, account_of(request).actor, request.match_info["name"])
    return nothing()


async def unreact(request: web.Request) -> web.Response:
    """Take a picture back."""
    made = await _named(request)
    await announcements.unreact(made, account_of(request).actor, request.match_info["name"])
    return nothing()


async def _named(request: web.Request) -> Announcement:
    wanted = number(request.match_info["id"])
    for each in await announcements.shown_now():
        if each.id == wanted:
            return each
    raise Missing("nothing of this number is announced now")


async def shown_to(
    account: Account, found: Sequence[Announcement], read: frozenset[int] = frozenset()
) -> list[dict[str, Any]]:
    """Write announcements for somebody, in their language; `read` are those they put away."""
    use_locale(choose(account=account.locale))
    reader = account.actor
    reactions = await announcements.reactions_to(found)
    return [
        {
            "id": str(each.id),
            "content": str(words_of(each)[0]),
            "starts_at": ts(each.starts_at) if each.starts_at else None,
            "ends_at": ts(each.ends_at) if each.ends_at else None,
            "all_day": False,
            "published_at": ts(each.starts_at or each.created_at),
            "updated_at": ts(each.created_at),
            "read": each.id in read,
            "mentions": [],
            "statuses": [],
            "tags": [],
            "emojis": [],
            "reactions": [
                {
                    "name": name,
                    "count": sum(one.name == name for one in reactions[each.id]),
                    "me": any(
                        one.name == name and one.actor_id == reader.id for one in reactions[each.id]
                    ),
                }
                for name in dict.fromkeys(one.name for one in reactions[each.id])
            ],
        }
        for each in found
    ]
