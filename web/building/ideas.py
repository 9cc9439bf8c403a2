"""Ideas → what the board and their pages show."""

from collections.abc import Sequence

from actors.actor import Actor
from moderation.ideas import Idea, IdeaSupport
from moderation.states import IdeaKind, IdeaState
from moderation.wishing import SETTLED
from web.building.people import person_card
from web.building.proposals import public_thread
from web.texts import lazy
from web.views.notes import ThreadView
from web.views.proposals import IdeaView

KINDS = {IdeaKind.FEATURE: lazy("the program"), IdeaKind.POLICY: lazy("the rules")}
STATES = {
    IdeaState.OPEN: lazy("open"),
    IdeaState.PLANNED: lazy("planned"),
    IdeaState.DONE: lazy("done"),
    IdeaState.DECLINED: lazy("declined"),
}


async def idea_views(ideas: Sequence[Idea], viewer: Actor | None) -> tuple[IdeaView, ...]:
    """Show ideas of a list; `author` and `answered_by` are loaded."""
    mine = set[int]()
    if viewer is not None:
        rows = IdeaSupport.filter(actor_id=viewer.id, idea_id__in=[each.id for each in ideas])
        mine = {row["idea_id"] for row in await rows.values("idea_id")}
    return tuple(_idea(each, is_mine_too=each.id in mine) for each in ideas)


async def idea_view(idea: Idea, viewer: Actor | None) -> IdeaView:
    """Show one idea with its thread."""
    supports = viewer is not None and await IdeaSupport.exists(idea_id=idea.id, actor_id=viewer.id)
    thread = await public_thread(idea.thread_id, viewer)
    return _idea(idea, is_mine_too=supports, thread=thread)


def _idea(idea: Idea, *, is_mine_too: bool, thread: ThreadView | None = None) -> IdeaView:
    return IdeaView(
        id=idea.id,
        url=idea.page,
        title=idea.title,
        text=idea.text,
        kind=idea.kind.value,
        kind_words=str(KINDS[idea.kind]),
        state=idea.state.value,
        state_words=str(STATES[idea.state]),
        person=person_card(idea.author),
        created=idea.created_at,
        supports=idea.supports,
        is_mine_too=is_mine_too,
        is_open=idea.state not in SETTLED,
        answer=idea.answer,
        answered_by=person_card(idea.answered_by) if idea.answered_by else None,
        answered=idea.answered_at,
        release=idea.release,
        proposal_url=f"/policy/proposals/{idea.proposal_id}" if idea.proposal_id else "",
        thread=thread,
    )
