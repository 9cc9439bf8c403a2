"""The board of ideas: wishing, supporting, answering, and making a proposal of an idea."""

from tortoise.expressions import F
from tortoise.transactions import in_transaction

from actors.accounts import Account, Role
from actors.actor import Actor
from core.clock import now
from core.jobs import put
from moderation.audit import write_down
from moderation.ideas import Idea, IdeaSupport
from moderation.rows import keep
from moderation.states import IdeaKind, IdeaState
from outbox.refusals import NotAllowed, NotValid

MOST_TITLE = 200
MOST_TEXT = 3_000
MOST_ANSWER = 3_000
MOST_RELEASE = 40
MOST_OPEN = 10
SETTLED = (IdeaState.DONE, IdeaState.DECLINED)


async def wish(account: Account, kind: str, title: str, text: str, language: str) -> Idea:
    """Put an idea on the board, with its author's support and a thread to talk about it."""
    if kind not in tuple(IdeaKind):
        raise NotValid("kind", "Choose what the idea is about.")
    if not title.strip() or len(title.strip()) > MOST_TITLE:
        raise NotValid("title", "Give the idea a title of at most 200 characters.")
    if not text.strip() or len(text.strip()) > MOST_TEXT:
        raise NotValid("text", "Describe the idea in at most 3000 characters.")
    if await Idea.filter(author_id=account.actor_id, state=IdeaState.OPEN).count() >= MOST_OPEN:
        raise NotAllowed("You have ten ideas that nobody has answered yet. Wait for an answer.")
    async with in_transaction():
        idea = await Idea.create(
            kind=IdeaKind(kind),
            author_id=account.actor_id,
            title=title.strip(),
            text=text.strip(),
            language=language,
        )
        await support(idea, account.actor)
        await put("moderation.open_thread", {"idea": idea.id})
    return idea


async def support(idea: Idea, actor: Actor) -> None:
    """Want an idea too, once."""
    _check_open(idea)
    async with in_transaction():
        _, is_new = await IdeaSupport.get_or_create(idea_id=idea.id, actor_id=actor.id)
        if is_new:
            await Idea.filter(id=idea.id).update(
                supports=F("supports") + 1, revision=F("revision") + 1
            )


async def take_support_back(idea: Idea, actor: Actor) -> None:
    """No longer want an idea."""
    _check_open(idea)
    async with in_transaction():
        if await IdeaSupport.filter(idea_id=idea.id, actor_id=actor.id).delete():
            await Idea.filter(id=idea.id).update(
                supports=F("supports") - 1, revision=F("revision") + 1
            )


async def answer(
    idea: Idea, account: Account, state: str, words: str, release: str = "", *, address: str = ""
) -> None:
    """Say what the team makes of an idea; declining needs a reason, done a release."""
    if account.role == Role.MEMBER:
        raise NotAllowed("Only the team answers ideas.")
    if state not in tuple(IdeaState):
        raise NotValid("state", "Choose what becomes of the idea.")
    if not words.strip() or len(words) > MOST_ANSWER:
        raise NotValid("answer", "Say why, in at most 3000 characters.")
    if state == IdeaState.DONE and idea.kind == IdeaKind.FEATURE and not release.strip():
        raise NotValid("release", "Name the release that it came with.")
    before = {"state": idea.state.value}
    idea.state, idea.answer = IdeaState(state), words.strip()
    idea.release = release.strip()[:MOST_RELEASE] if state == IdeaState.DONE else ""
    idea.answered_by_id, idea.answered_at = account.actor_id, now()
    async with in_transaction():
        await keep(idea)
        await write_down(
            account.actor_id,
            "idea.answer",
            f"idea:{idea.id}",
            before=before,
            after={"state": idea.state.value},
            reason=words.strip(),
            address=address,
        )


async def tie_to_proposal(idea_id: int, proposal_id: int) -> None:
    """Let an idea point to the proposal it became, the first one that was published."""
    await Idea.filter(id=idea_id, proposal_id=None).update(
        proposal_id=proposal_id, state=IdeaState.PLANNED, revision=F("revision") + 1
    )


def _check_open(idea: Idea) -> None:
    if idea.state in SETTLED:
        raise NotAllowed("This idea has been settled.")
