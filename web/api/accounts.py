"""/api/v1/accounts: people and groups, what they posted, who follows them."""

from aiohttp import web

from actors.actor import Actor, by_handle
from actors.blocks import apart_from, keeps_out
from actors.follows import followed_among, followed_by, followers_of
from actors.groups import See, settings_of
from core import sql
from core.paging import Slice, number
from federation.webfinger import parse_handle
from inbox import finding, in_groups, naming, reading, slices
from inbox.reading import Replies
from inbox.slices import notes_of
from notes.filters import Context
from notes.reactions import Pin
from web.api.access import account_of, reader_of
from web.api.answers import answer, listed
from web.api.asked import asked
from web.api.entities import accounts
from web.api.entities.statuses import statuses_of
from web.errors import Missing

MOST_AT_ONCE = 40
PEOPLE, MOST_PEOPLE = 40, 80
MOST_FAMILIAR = 40


async def verify_credentials(request: web.Request) -> web.Response:
    """Who the token acts for, with what only they may see."""
    return answer(await accounts.credential_account(account_of(request)))


async def show(request: web.Request) -> web.Response:
    """One account, of a person or a group."""
    return answer(await accounts.account_of(await found_actor(request)))


async def index(request: web.Request) -> web.Response:
    """Several accounts at once."""
    ids = (await asked(request)).ids("id", MOST_AT_ONCE)
    shown = await accounts.accounts_by_id(ids)
    return answer([shown[each] for each in ids if each in shown])


async def lookup(request: web.Request) -> web.Response:
    """The account of a handle, if it is known here; no other server is asked."""
    handle = parse_handle((await asked(request)).needed("acct"))
    text = (await asked(request)).needed("acct").removeprefix("@")
    name, host = (handle.name, handle.host) if handle else (text, None)
    actor = await by_handle(name, host)
    if actor is None or actor.gone_at is not None:
        raise Missing(text)
    return answer(await accounts.account_of(actor))


async def search(request: web.Request) -> web.Response:
    """People by the beginning of their names; `resolve` asks the server of a whole handle."""
    wanted, reader = await asked(request), account_of(request).actor
    words = (wanted.text("q") or "").strip()
    limit = min(wanted.number("limit") or PEOPLE, MOST_PEOPLE)
    offset = max(wanted.number("offset") or 0, 0)
    named = await (naming.asked if wanted.is_on("resolve") else naming.named)(words, reader)
    found = await finding.people(words, reader, named.actor) if words else []
    if wanted.is_on("following"):
        found = await _followed(reader, found)
    first = await _followed(reader, found)
    close = {each.id for each in first}
    ordered = [*first, *(each for each in found if each.id not in close)][offset : offset + limit]
    shown = await accounts.accounts_of(ordered)
    return answer([shown[each.id] for each in ordered])


async def statuses(request: web.Request) -> web.Response:
    """What someone posted, as far as the caller may see it."""
    actor, reader, wanted = await seen_actor(request), reader_of(request), await asked(request)
    page = wanted.page()
    if wanted.is_on("pinned"):
        pins = await Pin.filter(actor_id=actor.id).order_by("-id").values("note_id")
        notes = await notes_of([row["note_id"] for row in pins], reader)
        return answer(await statuses_of(notes, reader))
    if actor.is_group and (await settings_of(actor)).see is not See.EVERYONE:
        # What is for members is not boosted: their own notes stand here.
        threads = await in_groups.of_group(actor, reader, page)
        return listed(request, threads, await statuses_of(threads.rows, reader), is_timeline=True)
    found = await reading.of_author(
        actor,
        reader,
        page,
        replies=Replies.WITHOUT if wanted.is_on("exclude_replies") else Replies.WITH,
        # A group's page is made of boosts alone.
        boosts=actor.is_group or not wanted.is_on("exclude_reblogs"),
        shows=slices.MEDIA if wanted.is_on("only_media") else None,
        tag=(wanted.text("tagged") or "").removeprefix("#"),
    )
    if wanted.is_on("exclude_direct"):
        found = found.holding([each for each in found.rows if each.audience != "people"])
    shown = await statuses_of(found.rows, reader, Context.ACCOUNT)
    return listed(request, found, shown, is_timeline=True)


async def followers(request: web.Request) -> web.Response:
    """Who follows someone, where they show it."""
    actor = await seen_actor(request)
    page = (await asked(request)).page(limit=PEOPLE, most=MOST_PEOPLE)
    found = await followers_of(actor, page) if _shows(actor, request) else Slice[Actor]()
    return await _people(request, found)


async def following(request: web.Request) -> web.Response:
    """Whom someone follows, where they show it."""
    actor = await seen_actor(request)
    page = (await asked(request)).page(limit=PEOPLE, most=MOST_PEOPLE)
    found = await followed_by(actor, page) if _shows(actor, request) else Slice[Actor]()
    return await _people(request, found)


async def identity_proofs(request: web.Request) -> web.Response:
    """Nobody has any: what they were is long gone, and clients ask all the same."""
    await seen_actor(request)
    return answer([])


async def familiar_followers(request: web.Request) -> web.Response:
    """For each of some people: whom the reader follows that follows them, where it is shown."""
    reader = account_of(request).actor
    ids = (await asked(request)).ids("id", MOST_AT_ONCE)
    rows = await sql.rows(
        "SELECT f.followed_id AS person, f.follower_id AS friend FROM follow f"  # noqa: S608
        " JOIN follow mine ON mine.followed_id = f.follower_id AND mine.follower_id = ?"
        " AND mine.is_accepted = ? JOIN actor p ON p.id = f.followed_id"
        f" WHERE f.is_accepted = ? AND p.hides_follows = ? AND f.followed_id IN ({sql.marks(ids)})"
        " ORDER BY f.id DESC LIMIT ?",
        [reader.id, True, True, False, *ids, MOST_FAMILIAR * max(len(ids), 1)],
    )
    shown = await accounts.accounts_by_id(row["friend"] for row in rows)
    friends: dict[int, list[int]] = {number: [] for number in ids}
    for row in rows:
        friends[row["person"]].append(row["friend"])
    return answer(
        [
            {"id": str(person), "accounts": [shown[each] for each in found if each in shown]}
            for person, found in friends.items()
        ]
    )


async def found_actor(request: web.Request, name: str = "id") -> Actor:
    """Find the actor an address names; raises Missing."""
    wanted = number(request.match_info[name])
    actor = await Actor.get_or_none(id=wanted) if wanted is not None else None
    if actor is None or actor.gone_at is not None:
        raise Missing(request.path)
    return actor


async def seen_actor(request: web.Request) -> Actor:
    """Find the actor an address names, unless they keep the caller out (PRIV-07)."""
    actor, reader = await found_actor(request), reader_of(request)
    is_reading = request.method == "GET" and reader is not None and reader.id != actor.id
    if is_reading and reader and await keeps_out(actor, reader):
        raise Missing(request.path)
    return actor


def _shows(actor: Actor, request: web.Request) -> bool:
    reader = reader_of(request)
    return not actor.hides_follows or (reader is not None and reader.id == actor.id)


async def _followed(reader: Actor, people: list[Actor]) -> list[Actor]:
    followed = await followed_among(reader, people)
    return [each for each in people if each.id in followed]


async def _people(request: web.Request, found: Slice[Actor]) -> web.Response:
    reader = reader_of(request)
    apart = await apart_from(reader) if reader else ()
    kept = [each for each in found.rows if each not in apart]
    shown = await accounts.accounts_of(kept)
    return listed(request, found, [shown[each.id] for each in kept], newer="since_id")
