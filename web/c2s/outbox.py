"""POST to one's outbox: what a generic program may do for its person, and by which scope."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from actors.scopes import allows
from federation.vocabulary import AS2
from federation.write import with_context
from outbox.sent import Sent
from web.api.access import TOKEN, account_of
from web.api.answers import answer
from web.api.errors import ApiError, OutOfScope
from web.c2s import acts, notes
from web.c2s.said import Said, said_in
from web.errors import NotAllowed

Verb = Callable[[Said], Awaitable[str]]

# What is said → the verb, which returns the id of what was sent, and the scope it takes.
VERBS: dict[str, tuple[Verb, str]] = {
    "Create": (notes.create, "write:statuses"),
    "Update note": (notes.update_note, "write:statuses"),
    "Update profile": (notes.update_profile, "write:accounts"),
    "Delete": (notes.delete, "write:statuses"),
    "Follow": (acts.follow, "write:follows"),
    "Accept": (acts.accept, "write:follows"),
    "Reject": (acts.reject, "write:follows"),
    "Add": (acts.add, "write:accounts"),
    "Remove": (acts.remove, "write:accounts"),
    "Like": (acts.like, "write:favourites"),
    "Announce": (acts.announce, "write:statuses"),
    "Block": (acts.block, "write:blocks"),
    "Undo Like": (acts.unlike, "write:favourites"),
    "Undo Announce": (acts.unannounce, "write:statuses"),
    "Undo Follow": (acts.unfollow, "write:follows"),
    "Undo Block": (acts.unblock, "write:blocks"),
}
SCOPES = tuple(dict.fromkeys(scope for _, scope in VERBS.values()))


async def post(request: web.Request) -> web.Response:
    """Do what an activity says; 201, with the address of what was sent."""
    account = account_of(request)
    if request.match_info["name"].lower() != account.actor.local_name:
        raise NotAllowed("this is somebody else's outbox")
    said = await said_in(request, account)
    verb, scope = await _verb(said)
    token = request[TOKEN]
    if token is None or not allows(token.scopes, scope):
        raise OutOfScope(f"a {said.kind} takes {scope}")
    location = await verb(said)
    sent = await Sent.get_or_none(uri=location, actor_id=account.actor.id)
    response = answer(sent.document() if sent else _unwritten(said, location), status=201)
    response.headers["Location"] = location
    response.headers["Content-Type"] = AS2
    return response


def _unwritten(said: Said, location: str) -> dict[str, Any]:
    """Say what was done where its letter is written later, or never: what lies on a board is told
    to nobody, and its address is the board."""
    if said.kind != "Update":
        return {"id": location}
    said_so = {"id": location, "type": said.kind, "actor": said.author.uri, "object": said.uri}
    return with_context(said_so)


async def _verb(said: Said) -> tuple[Verb, str]:
    name = said.kind
    if name == "Update":
        name = "Update profile" if said.uri == said.author.uri else "Update note"
    elif name == "Undo":
        name = f"Undo {await acts.kind_undone(said)}"
    found = VERBS.get(name)
    if found is None:
        raise ApiError(f"nothing is done here for: {name[:60] or 'what has no type'}")
    return found
