"""What a program posted to its person's outbox: an activity, or a thing that is to be created."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from actors.accounts import Account
from actors.actor import Actor, by_uri
from actors.remote import resolve
from core.limits import count
from core.settings import settings
from federation.errors import Malformed, NotFound
from federation.read import iri_of, loads, recipients
from federation.urls import host_of, is_http, same_origin
from federation.vocabulary import NOTE_TYPES, PUBLIC, is_as2, type_of
from inbox.fetch import known_note, note_of
from inbox.naming import ASKED_AN_HOUR
from moderation.gate import admit_host
from notes.note import Audience, Note
from notes.visibility import may_see
from web.api.errors import ApiError, Unreadable
from web.errors import BodyTooLarge, Missing

MOST_NAMED = 50
ADDRESSES = ("to", "cc", "bto", "bcc", "audience")


class NotTheirs(ApiError):
    """It speaks for somebody else than the person whose token came with it."""

    status = 403


@dataclass(frozen=True)
class Said:
    """Who said what about which; `key` is what the program calls this request by, if it does."""

    account: Account
    kind: str
    about: Any
    document: dict[str, Any]
    key: str = ""

    @property
    def author(self) -> Actor:
        """The person it is said for."""
        return self.account.actor

    @property
    def uri(self) -> str:
        """The id of what it is about; raises ApiError when there is none."""
        found = iri_of(self.about)
        if found is None or not is_http(found):
            raise ApiError(f"a {self.kind} needs an `object` with an id")
        return found

    @property
    def thing(self) -> dict[str, Any]:
        """What it is about, whole; raises ApiError when only its id came."""
        if not isinstance(self.about, dict):
            raise ApiError(f"a {self.kind} needs an `object` that is there whole")
        return self.about


async def said_in(request: web.Request, account: Account) -> Said:
    """Read the body of a request; what is no activity is taken for the object of a Create.

    Ids that programs choose are not kept. Raises Unreadable, NotTheirs or ApiError.
    """
    document = await _document(request)
    if type_of(document) in NOTE_TYPES:
        shared = {name: document[name] for name in ADDRESSES if name in document}
        document = {"type": "Create", "object": document} | shared
    about = document.get("object")
    if isinstance(about, list) and len(about) == 1:
        about = about[0]
    key = request.headers.get("Idempotency-Key", "")[:200]
    said = Said(account, type_of(document), about, document, key)
    for named in (document.get("actor"), _author_of(about, said.kind)):
        if named is not None and iri_of(named) != said.author.uri:
            raise NotTheirs("the activity speaks for somebody else")
    return said


def _author_of(about: Any, kind: str) -> Any:
    is_own = kind in ("Create", "Update") and isinstance(about, dict)
    return about.get("attributedTo") if is_own else None


async def _document(request: web.Request) -> dict[str, Any]:
    kind = request.headers.get("Content-Type", "")
    if not is_as2(kind) and request.content_type not in ("application/json", "application/ld+json"):
        raise web.HTTPUnsupportedMediaType
    most = settings().limits.inbox_kb * 1024
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > most:
            raise BodyTooLarge(most, len(body))
    try:
        return loads(bytes(body))
    except Malformed as error:
        raise Unreadable(str(error)) from error


@dataclass(frozen=True)
class Addressed:
    """Whom it is for: an audience, and people; of the blind nobody else is to learn."""

    audience: Audience
    people: list[str]
    blind: list[str]


def addressed(said: Said) -> Addressed:
    """Read the addresses of an activity and of its object together (ActivityPub 6.2)."""
    documents = [said.document, said.thing]

    def named(*keys: str) -> list[str]:
        every = [each for one in documents for key in keys for each in recipients(one.get(key))]
        return list(dict.fromkeys(every))

    everyone = {PUBLIC, said.author.followers_uri, said.author.uri}
    open_to, rest, blind = named("to"), named("cc", "audience"), named("bto", "bcc")
    people = [each for each in dict.fromkeys([*open_to, *rest]) if each not in everyone]
    return Addressed(
        _audience(said.author, open_to, [*rest, *blind]),
        people,
        [each for each in blind if each not in everyone and each not in people],
    )


def _audience(author: Actor, first: list[str], others: list[str]) -> Audience:
    if PUBLIC in first:
        return Audience.PUBLIC
    if PUBLIC in others:
        return Audience.QUIET
    if author.followers_uri in (*first, *others):
        return Audience.FOLLOWERS
    return Audience.PEOPLE


async def person_at(uri: str, reader: Actor) -> Actor:
    """Find whose id this is, at their server where we do not know them.

    Raises Missing, TooMany, or what fetching raises.
    """
    found = await by_uri(uri)
    if found is None:
        await _may_look(uri, reader)
        found = await resolve(uri)
    if not found.is_present:
        raise Missing(uri)
    return found


async def people_at(uris: list[str], reader: Actor) -> list[Actor]:
    """Find everyone a note is for; raises ApiError for an address that is nobody's."""
    if len(uris) > MOST_NAMED:
        raise ApiError(f"at most {MOST_NAMED} people can be addressed")
    found = []
    for uri in uris:
        try:
            found.append(await person_at(uri, reader))
        except (Missing, NotFound, Malformed) as error:
            raise ApiError(f"nobody was found at {uri}") from error
    return found


async def note_at(uri: str, reader: Actor) -> Note:
    """Find a note the reader may see, at its server where we do not have it.

    Raises Missing for everything else alike (PRIV-02), TooMany, or what fetching raises.
    """
    found = await known_note(uri)
    if found is None:
        await _may_look(uri, reader)
        found = await note_of(uri)
    if found.is_boost or not await may_see(reader, found):
        raise Missing(uri)
    return found


async def own_note(uri: str, author: Actor) -> Note:
    """Find a note of the person's own; raises Missing."""
    found = await known_note(uri)
    if found is None or found.author_id != author.id or found.is_boost:
        raise Missing(uri)
    return found


async def _may_look(uri: str, reader: Actor) -> None:
    """Let another server be asked, if it is one, it is let in, and not too often."""
    if not is_http(uri) or same_origin(uri, settings().server.base_url):
        raise Missing(uri)
    await count(f"look-ups:{reader.id}", most=ASKED_AN_HOUR, seconds=3600)
    await admit_host(host_of(uri))
