"""Telling those on the roll of a vote that it opened, and that it closed."""

from collections.abc import Mapping
from typing import Any

from actors.instance import instance_actor
from core.jobs import Lane, put
from inbox.notifications import Event, tell_staff
from moderation.ballots import Elector
from moderation.proposals import Proposal

AT_ONCE = 200


async def tell_of_vote(payload: Mapping[str, Any]) -> None:
    """Tell the next of those on the roll, each once, and leave the rest to another job.

    Who voted is not asked: everyone on the roll is told. Job `inbox.tell_of_vote`.
    """
    number, event = int(payload["proposal"]), Event(payload["event"])
    if not await Proposal.exists(id=number):
        return
    rows = Elector.filter(proposal_id=number, id__gt=int(payload.get("after", 0)))
    found = await rows.order_by("id").limit(AT_ONCE).values("id", "actor_id")
    instance = await instance_actor()
    for row in found:
        await tell_staff(row["actor_id"], event, instance.id, number)
    if len(found) == AT_ONCE:
        rest = {"proposal": number, "event": event.value, "after": found[-1]["id"]}
        await put("inbox.tell_of_vote", rest, lane=Lane.LATER)
