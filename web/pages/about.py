"""What this place is, who runs it, and with what."""

from dataclasses import replace

from aiohttp import web
from cachetools import TTLCache

from actors.accounts import Account, Role
from actors.domains import Domain
from core.languages import own_name
from core.settings import settings
from moderation.policy import current
from moderation.sections import languages_of
from moderation.vocabulary import Naming
from notes.note import Audience, Note
from web.building.people import person_card
from web.building.place import place
from web.render import render
from web.views.people import PersonCard

# Counting reads many rows, and anyone may ask: members, notes, servers.
_counts: TTLCache[str, tuple[int, int, int]] = TTLCache(8, 300)


async def show(request: web.Request) -> web.StreamResponse:
    """Tell a visitor about this place."""
    members, notes, peers = await _counted()
    about = replace(
        await place(),
        languages=tuple(own_name(tag) for tag in languages_of(current().sections)),
        members=members,
        notes=notes,
        peers=peers,
        staff=await _staff(),
    )
    return render(request, "about.html", about=about)


async def _counted() -> tuple[int, int, int]:
    mark = settings().server.base_url
    if mark not in _counts:
        people = Account.filter(approved_at__not_isnull=True, disabled_at=None, closed_at=None)
        public = Note.filter(
            is_local=True, audience=Audience.PUBLIC, deleted_at=None, boost_of_id=None
        )
        met = Domain.filter(is_rejected=False)
        _counts[mark] = (await people.count(), await public.count(), await met.count())
    return _counts[mark]


async def _staff() -> tuple[PersonCard, ...]:
    """Name those who decide, where the policy says that they go by name."""
    if current().sections.transparency.moderator_names is not Naming.NAME:
        return ()
    found = Account.filter(
        role__in=[Role.MODERATOR, Role.ADMIN], disabled_at=None, closed_at=None
    ).order_by("id")
    accounts = await found.select_related("actor")
    return tuple(person_card(each.actor, about=True) for each in accounts)
