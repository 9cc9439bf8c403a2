"""Who asks for what somebody here said in a closed group elsewhere: the group tells whether they,
or the server they sign for, belong to it (federation.md 10.5)."""

from urllib.parse import urlencode

from cachetools import TTLCache

from actors.actor import Actor, Kind
from actors.blocks import blocks_server
from actors.instance import instance_signer
from core.rows import load_one
from federation.client import client
from federation.errors import FederationError
from federation.urls import same_origin
from notes.group_posts import Standing, post_of
from notes.note import Audience, Note

# What a group said is remembered for so long, that who leaves it does not read on for hours.
KNOWN_S = 300
# Whoever signs can make us ask, and so no group is asked about more of them an hour (DOS-09).
ASKED_AN_HOUR = 300
_known: TTLCache[tuple[int, int], bool] = TTLCache(10_000, KNOWN_S)
_asked: TTLCache[int, int] = TTLCache(10_000, 3600)


async def is_read_by_members(note: Note, asking: Actor) -> bool:
    """Tell whether a server may have a note of somebody here for members of a group elsewhere; the
    note's author must be loaded."""
    if note.audience != Audience.MEMBERS or not note.is_local or not await _stands(note):
        return False
    group = await load_one(Actor, "id = ? AND local_name IS NULL", [note.group_id])
    if group is None or not group.is_present or await blocks_server(note.author_id, asking.host):
        return False
    # The group and its server have it anyway; of who lives beside it the group has to tell.
    is_theirs = asking.kind in (Kind.APPLICATION, Kind.GROUP)
    return (is_theirs and same_origin(group.uri, asking.uri)) or await _belongs(group, asking)


async def _stands(note: Note) -> bool:
    is_away = note.deleted_at or note.held_at or note.hidden_at
    if is_away is not None or not note.author.is_present:
        return False
    post = await post_of(note)
    return post is None or post.standing in (Standing.ACCEPTED, Standing.PENDING)


async def _belongs(group: Actor, asking: Actor) -> bool:
    key = (group.id, asking.id)
    if key not in _known:
        asked = _asked.get(group.id, 0)
        if asked >= ASKED_AN_HOUR or not group.followers_uri:
            return False
        _asked[group.id] = asked + 1
        _known[key] = await _told(group, asking)
    return _known[key]


async def _told(group: Actor, asking: Actor) -> bool:
    question = f"{group.followers_uri}?{urlencode({'is_follower': asking.uri})}"
    try:
        return await client().confirms(question, await instance_signer())
    except FederationError:
        return False
