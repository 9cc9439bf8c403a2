"""The table: verb that a group elsewhere passes on → what happens here (federation.md 10.3, 10.4).

The group's own signature stood on the outside. Its word is enough for what happens in its house,
by its moderators; what others say and did is looked up where they live.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from tortoise.exceptions import IntegrityError

from actors.actor import Actor
from actors.instance import instance_signer
from federation.activity import Activity, activity_from
from federation.allowance import Budget
from federation.client import client
from federation.errors import FederationError, NotFound, Unreachable
from federation.vocabulary import ACTIVITY_TYPES, type_of
from inbox import group_posts, group_rulings, group_votes
from inbox.forwarded import believe
from inbox.group_case import Case
from notes.incoming import is_ours

log = structlog.get_logger()

Verb = Callable[[Activity, Case], Awaitable[None]]


async def _changed(activity: Activity, case: Case) -> None:
    """Read a changed note, profile or group again where it lives."""
    if not await group_posts.actor_changed(activity, case):
        await believe({"activity": activity.document}, case.budget)


VERBS: dict[str, Verb] = {
    "Add": group_rulings.add,
    "Block": group_rulings.block,
    "Create": group_posts.post,
    "Delete": group_rulings.delete,
    "Dislike": group_votes.dislike,
    "EmojiReact": group_votes.like,
    "Flag": group_rulings.flag,
    "Like": group_votes.like,
    "Lock": group_rulings.lock,
    "Move": group_rulings.move,
    "Remove": group_rulings.remove_pin,
    "Undo": group_rulings.undo,
    "Update": _changed,
    "Warn": group_rulings.warn,
}


async def handle(payload: Mapping[str, Any]) -> None:
    """Have what a group passed on in one letter take effect. Job `inbox.in_group`.

    Everything it makes us ask is counted together (DOS-09). It may run twice; where a server cannot
    be reached, it does, once the others had their turn.
    """
    group = await Actor.get_or_none(id=payload["group"])
    if group is None or not group.is_present or group.is_local:
        return
    case = Case(group, str(payload.get("announce") or ""), Budget())
    away: Unreachable | None = None
    for about in payload["about"]:
        try:
            await _one(about, case)
        except Unreachable as error:
            away = error
        except (FederationError, IntegrityError) as error:
            # One id for two things is refused by the tables themselves.
            log.info("group.refused", group=group.uri, why=str(error)[:500])
    if away is not None:
        raise away


async def _one(about: Any, case: Case) -> None:
    if isinstance(about, str):
        await _by_id(about, case)
        return
    activity = activity_from(about)
    if verb := VERBS.get(activity.type):
        await verb(activity, case)
    else:
        log.info("group.unknown", type=activity.type[:50], group=case.group.uri)


async def _by_id(uri: str, case: Case) -> None:
    """Take in a note by its id; Mobilizon and some others name the activity instead."""
    try:
        await group_posts.show_by_id(uri, case)
    except group_posts.NoNote:
        if is_ours(uri):
            raise NotFound(f"{uri} is no note of ours") from None
        signer = await instance_signer()
        document = await client().fetch_object(uri, signer, budget=case.budget)
        if type_of(document) not in ACTIVITY_TYPES:
            raise
        activity = activity_from(document)
        if verb := VERBS.get(activity.type):
            await verb(activity, case)
