"""What someone does about people: follow, block, mute, note, show; and whole servers."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from actors import ties
from actors.actor import Actor
from actors.blocks import Block, Mute, ServerBlock
from actors.follows import follow_between, is_following
from core.clock import now
from core.languages import language_tag
from core.limits import count
from core.paging import Page, Slice, cut, window
from core.rows import load, load_ids
from federation.errors import Malformed
from federation.urls import canonical_host
from moderation import group_ends
from outbox import block as blocking
from outbox import follow as following
from outbox import undo
from outbox.accept import reject
from outbox.block_server import block_server, follows_between, unblock_server
from outbox.refusals import NotAllowed
from web.api.access import account_of
from web.api.accounts import found_actor, seen_actor
from web.api.answers import answer, listed, nothing, ts
from web.api.asked import Asked, asked
from web.api.entities.accounts import accounts_of, with_extras
from web.api.entities.relationships import relationship_of, relationships_of
from web.api.errors import ApiError, Invalid
from web.keys import Handler

FOLLOWS_A_DAY = 400
DAY = 86_400
MOST_ASKED = 200
PEOPLE, MOST_PEOPLE = 40, 80

Act = Callable[[Actor, Actor, Asked], Awaitable[None]]


def act(verb: Act) -> Handler:
    """Make the address of an act on a person; it answers with how things stand now."""

    async def handler(request: web.Request) -> web.StreamResponse:
        reader = account_of(request).actor
        person = await seen_actor(request)
        await verb(reader, person, await asked(request))
        return answer(await relationship_of(reader, person))

    return handler


async def index(request: web.Request) -> web.Response:
    """What is between the reader and some people, in the order asked; unknown ids are left out."""
    wanted = await asked(request)
    ids = wanted.ids("id", MOST_ASKED)
    actors = await load_ids(Actor, ids)
    people = [actors[each] for each in ids if each in actors]
    return answer(await relationships_of(account_of(request).actor, people))


async def follow(reader: Actor, person: Actor, wanted: Asked) -> None:
    """Follow someone, or say anew what one wants of them."""
    languages = _languages(wanted) if wanted.has("languages") else None
    await count(f"follows:{reader.id}", most=FOLLOWS_A_DAY, seconds=DAY)
    known = await follow_between(reader, person)
    boosts = wanted.flag("reblogs")
    if boosts is None:
        boosts = known.shows_boosts if known else True
    await following.follow(reader, person, boosts=boosts)
    columns: dict[str, object] = {}
    if (tells := wanted.flag("notify")) is not None:
        columns["tells"] = tells
    if languages is not None:
        columns["languages"] = languages
    await ties.wish(reader, person, **columns)


def _languages(wanted: Asked) -> list[str]:
    """Read languages, of which the first part counts; raises Invalid for what is none."""
    said = [each for each in wanted.texts("languages", 50) if each]
    tags = [language_tag(each).partition("-")[0] for each in said]
    if not all(tags):
        raise Invalid({"languages": ("ERR_INVALID", "names what is no language")})
    return list(dict.fromkeys(tags))


async def unfollow(reader: Actor, person: Actor, wanted: Asked) -> None:
    """Follow someone no longer, or take the asking back."""
    if person.is_group:
        await group_ends.leave(reader, person)
    else:
        await undo.unfollow(reader, person)


async def block(reader: Actor, person: Actor, wanted: Asked) -> None:
    """Have nothing to do with someone."""
    await blocking.block(reader, person)


async def unblock(reader: Actor, person: Actor, wanted: Asked) -> None:
    """Let someone come near again."""
    await undo.unblock(reader, person)


async def mute(reader: Actor, person: Actor, wanted: Asked) -> None:
    """Hear nothing of someone, for a while (seconds) or for good."""
    if reader.id == person.id:
        raise NotAllowed("You cannot mute yourself.")
    seconds = min(max(wanted.number("duration") or 0, 0), 10 * 365 * DAY)
    notifications = wanted.flag("notifications")
    values = {
        "ends_at": now() + timedelta(seconds=seconds) if seconds else None,
        "hides_notifications": notifications is not False,
    }
    await Mute.update_or_create(muter_id=reader.id, muted_id=person.id, defaults=values)


async def unmute(reader: Actor, person: Actor, wanted: Asked) -> None:
    """Hear someone again."""
    await Mute.filter(muter_id=reader.id, muted_id=person.id).delete()


async def remove_follower(reader: Actor, person: Actor, wanted: Asked) -> None:
    """Have someone follow no longer; their server is told."""
    if asked_for := await follow_between(person, reader):
        await reject(asked_for.uri, person, reader)


async def note(reader: Actor, person: Actor, wanted: Asked) -> None:
    """Write a line about someone for oneself."""
    text = wanted.text("comment") or ""
    if len(text) > ties.LONGEST_NOTE:
        raise Invalid({"comment": ("ERR_TOO_LONG", f"is longer than {ties.LONGEST_NOTE}")})
    await ties.write_note(reader, person, text)


async def endorse(reader: Actor, person: Actor, wanted: Asked) -> None:
    """Show someone one follows on one's own page."""
    if not await is_following(reader, person):
        raise ApiError("Validation failed: You must be following this account")
    await ties.endorse(reader, person)


async def unendorse(reader: Actor, person: Actor, wanted: Asked) -> None:
    """Show them no longer."""
    await ties.unendorse(reader, person)


ACTS: dict[str, tuple[Act, str]] = {
    "follow": (follow, "follows"),
    "unfollow": (unfollow, "follows"),
    "block": (block, "blocks"),
    "unblock": (unblock, "blocks"),
    "mute": (mute, "mutes"),
    "unmute": (unmute, "mutes"),
    "remove_from_followers": (remove_follower, "follows"),
    "note": (note, "accounts"),
    "endorse": (endorse, "accounts"),
    "unendorse": (unendorse, "accounts"),
    "pin": (endorse, "accounts"),
    "unpin": (unendorse, "accounts"),
}


async def blocks(request: web.Request) -> web.Response:
    """Whom one blocks, the last blocked first."""
    page = (await asked(request)).page(limit=PEOPLE, most=MOST_PEOPLE)
    end, ends = window("id", page)
    rows = await load(Block, f"blocker_id = ?{end}", [account_of(request).actor.id, *ends])
    return await _people(request, {row.id: row.blocked_id for row in rows}, page)


async def mutes(request: web.Request) -> web.Response:
    """Whom one mutes, and until when."""
    page = (await asked(request)).page(limit=PEOPLE, most=MOST_PEOPLE)
    end, ends = window("id", page)
    rows = await load(
        Mute,
        f"muter_id = ? AND (ends_at IS NULL OR ends_at > ?){end}",
        [account_of(request).actor.id, now(), *ends],
    )
    until = {row.muted_id: ts(row.ends_at) if row.ends_at else None for row in rows}
    more: dict[int, dict[str, object]] = {
        number: {"mute_expires_at": each} for number, each in until.items()
    }
    return await _people(request, {row.id: row.muted_id for row in rows}, page, more)


async def endorsements(request: web.Request) -> web.Response:
    """Whom one shows on one's own page."""
    return await endorsed_by(request, account_of(request).actor)


async def endorsements_of(request: web.Request) -> web.Response:
    """Whom somebody here shows on their page."""
    return await endorsed_by(request, await found_actor(request))


async def endorsed_by(request: web.Request, actor: Actor) -> web.Response:
    """List whom an actor shows, the last one first."""
    page = (await asked(request)).page(limit=PEOPLE, most=MOST_PEOPLE)
    end, ends = window("id", page)
    rows = await load(ties.Endorsement, f"actor_id = ?{end}", [actor.id, *ends])
    return await _people(request, {row.id: row.person_id for row in rows}, page)


async def domain_blocks(request: web.Request) -> web.Response:
    """Which servers one blocks."""
    page = (await asked(request)).page(limit=100, most=200)
    end, ends = window("id", page)
    rows = await load(ServerBlock, f"blocker_id = ?{end}", [account_of(request).actor.id, *ends])
    found = cut([row.id for row in rows], page)
    hosts = {row.id: row.host for row in rows}
    return listed(request, found, [hosts[each] for each in found.rows], newer="since_id")


async def preview_domain_block(request: web.Request) -> web.Response:
    """Say how many follows would end if one blocked a server."""
    following_there, followers_there = await follows_between(
        account_of(request).actor, await _host(request)
    )
    return answer({"following_count": following_there, "followers_count": followers_there})


async def block_domain(request: web.Request) -> web.Response:
    """Have nothing to do with a whole server."""
    await block_server(account_of(request).actor, await _host(request))
    return nothing()


async def unblock_domain(request: web.Request) -> web.Response:
    """Let a server come near again."""
    await unblock_server(account_of(request).actor, await _host(request))
    return nothing()


async def _host(request: web.Request) -> str:
    text = (await asked(request)).needed("domain").strip().lower()
    try:
        return canonical_host(text)
    except Malformed as error:
        raise Invalid({"domain": ("ERR_INVALID", "is not a valid domain name")}) from error


async def _people(
    request: web.Request,
    rows: dict[int, int],
    page: Page,
    more: dict[int, dict[str, object]] | None = None,
) -> web.Response:
    found: Slice[int] = cut(list(rows), page)
    actors = await load_ids(Actor, (rows[each] for each in found.rows))
    shown = await accounts_of(list(actors.values()))
    people = [
        with_extras(shown[rows[each]], (more or {}).get(rows[each]))
        for each in found.rows
        if rows[each] in shown
    ]
    return listed(request, found, people, newer="since_id")
