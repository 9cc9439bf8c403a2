"""The same question while nothing has changed: the same answer, without asking the database again.

Apps ask for a home every few seconds, and most of the time nothing was written since. An answer
is given again only while the database says that no row has changed (so a revoked token, a
deleted note or a block count at once), and for three seconds, for some things end by themselves.
"""

import time
from dataclasses import dataclass
from hashlib import sha256
from weakref import WeakKeyDictionary

from aiohttp import web
from cachetools import LRUCache
from multidict import CIMultiDict

from core import sql
from web.api import lists, timelines
from web.keys import Handler

LASTS_S = 3.0
MOST_BYTES = 16_000_000
LONGEST = 1_000_000
LASTING = frozenset({timelines.home, timelines.public, timelines.tag, lists.notes})

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Answer:
    """An answer, and the state of the database it is true in."""

    generation: int | str
    until: float
    body: bytes
    headers: CIMultiDict[str]


_answers: WeakKeyDictionary[web.Application, LRUCache[Key, Answer]] = WeakKeyDictionary()


@web.middleware
async def answer_again(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give an answer again, or remember the one that is made now."""
    if request.method != "GET" or request.match_info.handler not in LASTING:
        return await handler(request)
    generation = await sql.generation()
    if generation is None:
        return await handler(request)
    kept, key = _kept(request.app), _key(request)
    found = kept.get(key)
    if found and found.generation == generation and _is_fresh(found):
        return web.Response(body=found.body, headers=found.headers)
    response = await handler(request)
    body = _body_of(response)
    if body is not None and await sql.generation() == generation:
        until = time.time() + LASTS_S
        headers = CIMultiDict(response.headers)
        headers.pop("Content-Length", None)
        kept[key] = Answer(generation, until, body, headers)
    return response


def _is_fresh(found: Answer) -> bool:
    """Tell whether an answer is young enough; a clock that was set back makes none younger."""
    return 0 < found.until - time.time() <= LASTS_S


def _body_of(response: web.StreamResponse) -> bytes | None:
    """Return what was answered, if it is whole and well and not too long to keep."""
    if not isinstance(response, web.Response) or response.status != 200:
        return None
    body = response.body
    return body if isinstance(body, bytes) and len(body) < LONGEST else None


def _kept(app: web.Application) -> LRUCache[Key, Answer]:
    if app not in _answers:
        _answers[app] = LRUCache(MOST_BYTES, getsizeof=lambda each: len(each.body))
    return _answers[app]


def _key(request: web.Request) -> Key:
    """Tell questions apart; of a token only a hash stays in memory."""
    token = request.headers.get("Authorization", "")
    language = request.headers.get("Accept-Language", "")
    digest = sha256(token.encode()).hexdigest() if token else ""
    return request.host, request.raw_path, digest, language
