"""What those who run a group decide in it, as other servers read it (federation.md 10.4).

In a group that lives here the act is kept with its proof, and the group passes it on. To a group
elsewhere it goes as a letter, and has its effect once the group passes it on itself.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actors.actor import Actor
from actors.groups import See, settings_of
from federation.vocabulary import PUBLIC
from federation.write import write
from outbox.addresses import activity_uri
from outbox.deliver import FIRM, Reach, send_out
from outbox.sent import Sent
from outbox.spread import bare, pass_on


@dataclass(frozen=True)
class Ruling:
    """One act: a verb, what it is about, and where; `about` is an id, or a whole document.

    `concerned` are told on their own servers too, whether anyone there follows the group or not.
    """

    verb: str
    about: Any
    target: str | None = None
    reason: str = ""
    until: datetime | None = None
    concerned: Sequence[Actor] = ()
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        """The id of what it is about."""
        return str(self.about["id"]) if isinstance(self.about, dict) else str(self.about)


async def rule_here(group: Actor, by: Actor, ruling: Ruling) -> dict[str, Any]:
    """Write an act in a group of ours, and have the group pass it on; call in a transaction.

    Returns the act as it went out, to be taken back by `take_back`.
    """
    is_for_all = (await settings_of(group)).see is See.EVERYONE
    activity = _written(group, by, ruling, is_for_all=is_for_all)
    # Its own key: a Delete would call the letters of the note's author back.
    uri = str(activity["id"])
    sent = await send_out(activity, by, Reach(), lane=FIRM, key=uri, is_public=is_for_all)
    document = sent.document()
    await spread_ruling(group, document, ruling.uri, ruling.concerned)
    return document


async def take_back(
    group: Actor, by: Actor, act: dict[str, Any], *, reason: str = "", concerned: Sequence[Actor]
) -> None:
    """Undo an act in a group of ours, whoever did it; call in a transaction."""
    ruling = Ruling("Undo", bare(act), reason=reason, concerned=concerned)
    await rule_here(group, by, ruling)


async def spread_ruling(
    group: Actor, activity: dict[str, Any], about: str, concerned: Sequence[Actor] = ()
) -> None:
    """Have a group of ours pass an act on as it came."""
    is_for_all = (await settings_of(group)).see is See.EVERYONE
    await pass_on(
        group,
        activity,
        uri=f"{group.uri}/a/{mark_of(str(activity['id']))}",
        key=f"{group.uri} {about}",
        is_for_all=is_for_all,
        reach=Reach(followers_of=group, actors=concerned),
    )


async def ask_there(group: Actor, by: Actor, ruling: Ruling) -> None:
    """Send an act to a group elsewhere that somebody here moderates; call in a transaction."""
    is_for_all = (await settings_of(group)).see is not See.MEMBERS
    activity = _written(group, by, ruling, is_for_all=is_for_all)
    reach = Reach(actors=[group, *ruling.concerned])
    await send_out(activity, by, reach, lane=FIRM, key=str(activity["id"]), is_public=is_for_all)


async def act_before(by: Actor, verb: str, about: str, **more: Any) -> dict[str, Any]:
    """Return the last act of somebody here about something, to be undone elsewhere; of what they
    did not do themselves, what it says."""
    sent = await Sent.filter(actor_id=by.id, kind=verb, object_uri=about).order_by("-id").first()
    if sent is not None:
        return bare(sent.document())
    return write(verb, id=activity_uri(), actor=by.uri, object=about, to=[PUBLIC], **more)


def mark_of(uri: str) -> str:
    """Return a short name for an activity, the same every time it is passed on."""
    return hashlib.sha256(uri.encode()).hexdigest()[:32]


def _written(group: Actor, by: Actor, ruling: Ruling, *, is_for_all: bool) -> dict[str, Any]:
    return write(
        ruling.verb,
        id=activity_uri(),
        actor=by.uri,
        object=ruling.about,
        to=[PUBLIC] if is_for_all else [group.uri, group.followers_uri],
        cc=[group.uri],
        audience=group.uri,
        target=ruling.target,
        summary=ruling.reason or None,
        endTime=ruling.until,
        **ruling.more,
    )
