"""What the text of a proposal has to be before people decide about it."""

from collections.abc import Sequence

from moderation.difference import Change
from moderation.governance import Numbers
from moderation.proposals import Proposal
from moderation.states import MOST_WORDS
from moderation.vocabulary import Reserved
from outbox.refusals import NotValid

MOST_TITLE = 200
MOST_SUMMARY = 2_000
OUTSIDE_VOTES = "This is reserved: it is outside votes, and the admins decide about it."
# Secrets are in no policy; what is deleted at once is what the law demands, and nobody votes on
# what may not be voted on.
RESERVED = {Reserved.LEGAL_DUTIES: (("moderation", "purge_now"), ("governance", "reserved"))}
LIMITS = (("content", "max_tags"), ("content", "blocked_tags"), ("accounts", "first_days"))


def needs_simulation(changes: Sequence[Change]) -> bool:
    """Tell whether filters, servers or limits change, so that one has to see what that would do."""
    return any(
        change.path[0] in ("filters", "federation") or change.path[:2] in LIMITS
        for change in changes
    )


def is_only_words(changes: Sequence[Change]) -> bool:
    """Tell whether nothing but the words of rules changes that stay."""
    return all(
        change.path[0] == "rules"
        and len(change.path) > 2
        and change.path[2] in ("title", "text", "examples")
        for change in changes
    ) and not any(change.path[2:] == ("id",) for change in changes)


def check_texts(proposal: Proposal, changes: Sequence[Change]) -> None:
    """Raise NotValid for what a proposal lacks that people are to decide about."""
    if not proposal.title.strip() or len(proposal.title) > MOST_TITLE:
        raise NotValid("title", "Give the proposal a title of at most 200 characters.")
    if not proposal.summary.strip() or len(proposal.summary) > MOST_SUMMARY:
        raise NotValid("summary", "Say in a few sentences what changes.")
    if not proposal.reason.strip() or len(proposal.reason) > MOST_WORDS:
        raise NotValid("reason", "Say why it should change.")
    check_changes(proposal, changes)
    if needs_simulation(changes) and proposal.simulation is None:
        raise NotValid("draft", "First see what it would have done.")


def check_changes(proposal: Proposal, changes: Sequence[Change]) -> None:
    """Raise NotValid where a text changes nothing, or is more than words."""
    if not changes:
        raise NotValid("draft", "It says the same as the rules in force.")
    if proposal.is_wording and not is_only_words(changes):
        raise NotValid("is_wording", "It changes more than words.")


def check_reserved(changes: Sequence[Change], numbers: Numbers) -> None:
    """Raise NotValid where members would vote on what the policy keeps out of votes."""
    paths = [path for each in numbers.reserved for path in RESERVED.get(each, ())]
    if numbers.has_vote and any(change.path[:2] in paths for change in changes):
        raise NotValid("draft", OUTSIDE_VOTES)
