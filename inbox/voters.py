"""Telling those who have to do with a proposal of its vote, and of what came of it."""

from collections.abc import Mapping
from typing import Any

from actors.instance import instance_actor
from core import sql
from core.jobs import Lane, put
from inbox.notifications import Event, tell_staff
from moderation.proposals import Proposal
from moderation.states import ProposalNews

AT_ONCE = 200

# Who voted is not asked: everyone on the roll is told.
_ROLL = "SELECT actor_id FROM elector WHERE proposal_id = ? AND actor_id > ?"
_PARTIES = (
    "SELECT actor_id FROM elector WHERE proposal_id = ? AND actor_id > ?"
    " UNION SELECT actor_id FROM proposal_sponsor WHERE proposal_id = ? AND actor_id > ?"
    " UNION SELECT proposer_id FROM proposal WHERE id = ? AND proposer_id > ?"
)
WHOM = {
    ProposalNews.VOTE_OPENED: _ROLL,
    ProposalNews.VOTE_CLOSED: _ROLL,
    ProposalNews.ANSWERED: _PARTIES,
    ProposalNews.RETURNED: _PARTIES,
}


async def tell_of_proposal(payload: Mapping[str, Any]) -> None:
    """Tell the next of them, each once, and leave the rest to another job.

    A vote is told to its roll; what came of the proposal also to its maker and sponsors. `but` did
    it, and knows. Job `inbox.tell_of_proposal`.
    """
    number, news = int(payload["proposal"]), ProposalNews(payload["news"])
    if not await Proposal.exists(id=number):
        return
    found = await _next_of(WHOM[news], number, int(payload.get("after", 0)))
    instance = await instance_actor()
    for reader_id in found:
        if reader_id != payload.get("but"):
            await tell_staff(reader_id, Event(news.value), instance.id, number)
    if len(found) == AT_ONCE:
        await put("inbox.tell_of_proposal", {**payload, "after": found[-1]}, lane=Lane.LATER)


async def _next_of(whom: str, number: int, after: int) -> list[int]:
    values = [number, after] * (whom.count("?") // 2)
    rows = await sql.rows(
        f"SELECT actor_id FROM ({whom}) AS told ORDER BY actor_id LIMIT ?",  # noqa: S608
        [*values, AT_ONCE],
    )
    return [row["actor_id"] for row in rows]
