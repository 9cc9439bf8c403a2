"""What `@policy` says in public of a proposal: that it opened, and what came of it."""

from collections.abc import Mapping
from typing import Any

from core.settings import settings
from moderation.policy import current
from moderation.proposals import Proposal
from moderation.saying import say
from moderation.states import ProposalState

ENGLISH = {
    ProposalState.SEEKING_SPONSORS: "A proposal to change the rules looks for sponsors",
    ProposalState.DISCUSSION: "A proposal to change the rules is being discussed",
    ProposalState.VOTE: "The vote on a proposal is open",
    ProposalState.AWAITING_ADMIN: "A proposal waits for the admins' answer",
    ProposalState.ADOPTED: "A proposal was adopted",
    ProposalState.REJECTED: "A proposal was rejected",
    ProposalState.NO_QUORUM: "Too few voted on a proposal",
    ProposalState.LAPSED: "A proposal has lapsed",
    ProposalState.WITHDRAWN: "A proposal was withdrawn",
    ProposalState.VETOED: "A proposal was stopped for a reserved reason",
    ProposalState.RETURNED: "A proposal was given back",
}
CHINESE = {
    ProposalState.SEEKING_SPONSORS: "一项修改规则的提案正在征集联署",
    ProposalState.DISCUSSION: "一项修改规则的提案正在讨论",
    ProposalState.VOTE: "一项提案的投票已经开始",
    ProposalState.AWAITING_ADMIN: "一项提案正等待管理员答复",
    ProposalState.ADOPTED: "一项提案获得通过",
    ProposalState.REJECTED: "一项提案被否决",
    ProposalState.NO_QUORUM: "一项提案的投票人数不足",
    ProposalState.LAPSED: "一项提案已失效",
    ProposalState.WITHDRAWN: "一项提案已撤回",
    ProposalState.VETOED: "一项提案因保留事项被终止",
    ProposalState.RETURNED: "一项提案被退回",
}


async def say_of_proposal(payload: Mapping[str, Any]) -> None:
    """Post how far a proposal has come; job `moderation.say_of_proposal`.

    That a version is in force is said with the version.
    """
    state = ProposalState(payload["state"])
    if state not in ENGLISH:
        return
    proposal = await Proposal.get(id=payload["id"])
    language = current().sections.language
    words = (CHINESE if language.startswith("zh") else ENGLISH)[state]
    text = f"{words}: {proposal.title}\n\n{settings().url(proposal.page)}"
    await say(text, language=language, key=f"proposal {proposal.id} {state}")
