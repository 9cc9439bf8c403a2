"""The words of the machines of product.md 6: states, and what else has to be one of several."""

from enum import StrEnum

from moderation.vocabulary import Measure

MOST_WORDS = 5_000


class Scope(StrEnum):
    """Whose moderators act: those of the server, or those of one group."""

    SERVER = "server"
    GROUP = "group"


class CaseState(StrEnum):
    """How far a case has come (product.md 6.1)."""

    OPEN = "open"
    CLAIMED = "claimed"
    WAITING = "waiting"
    DECIDED = "decided"
    MERGED = "merged"
    REOPENED = "reopened"


LIVE = (CaseState.OPEN, CaseState.CLAIMED, CaseState.WAITING, CaseState.REOPENED)


class WaitingFor(StrEnum):
    """Whom a case waits for."""

    AUTHOR = "author"
    SECOND = "second_person"
    ORIGIN = "origin_server"
    LEGAL = "legal"


class DecisionState(StrEnum):
    """How far a decision has come (product.md 6.2)."""

    DRAFT = "draft"
    NEEDS_SECOND = "needs_second"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    LIFTED = "lifted"
    AMENDED = "amended"
    OVERTURNED = "overturned"


ISSUED = (
    DecisionState.IN_FORCE,
    DecisionState.EXPIRED,
    DecisionState.LIFTED,
    DecisionState.AMENDED,
    DecisionState.OVERTURNED,
)


class AppealState(StrEnum):
    """How far an appeal has come (product.md 6.2)."""

    OPEN_WINDOW = "open_window"
    FILED = "filed"
    INADMISSIBLE = "inadmissible"
    IN_REVIEW = "in_review"
    WITH_PANEL = "with_panel"
    OVERDUE = "overdue"
    UPHELD = "upheld"
    AMENDED = "amended"
    OVERTURNED = "overturned"


HEARD = (AppealState.UPHELD, AppealState.AMENDED, AppealState.OVERTURNED)
PENDING = (
    AppealState.FILED,
    AppealState.IN_REVIEW,
    AppealState.WITH_PANEL,
    AppealState.OVERDUE,
)


class Verdict(StrEnum):
    """What somebody on a panel says of a decision."""

    UPHOLD = "uphold"
    OVERTURN = "overturn"


class Inadmissible(StrEnum):
    """Why an appeal is not heard."""

    LATE = "late"
    REPEATED = "repeated"
    ABUSIVE = "abusive"


class Source(StrEnum):
    """What a case began with."""

    MEMBER = "member"
    REMOTE = "remote_server"
    TRUSTED_LIST = "trusted_list"
    OWN = "own_initiative"
    FILTER = "filter"


class Thing(StrEnum):
    """What a decision is about."""

    NOTE = "note"
    ACCOUNT = "account"
    GROUP = "group"
    SERVER = "server"


_OF_SERVERS = (Measure.LIMIT, Measure.NO_MEDIA, Measure.HOLD, Measure.REJECT, Measure.DROP)

MEASURES: dict[Thing, tuple[Measure, ...]] = {
    Thing.NOTE: (
        Measure.NONE,
        Measure.LABEL,
        Measure.QUIET,
        Measure.CLOSE,
        Measure.AGE,
        Measure.HIDE,
        Measure.REMOVE,
    ),
    Thing.ACCOUNT: (
        Measure.NONE,
        Measure.WARN,
        Measure.QUIET,
        Measure.SLOW,
        Measure.READ_ONLY,
        Measure.SUSPEND,
        Measure.CLOSE_ACCOUNT,
        Measure.LEAVE_GROUP,
    ),
    Thing.GROUP: (
        Measure.NONE,
        Measure.WARN,
        Measure.QUIET,
        Measure.RESTRICT_GROUP,
        Measure.SUSPEND,
        Measure.CLOSE_GROUP,
    ),
    Thing.SERVER: (Measure.NONE, *_OF_SERVERS),
}
"""Which measures there are for what (product.md 6.3)."""


class ProposalState(StrEnum):
    """How far a proposal has come (product.md 7)."""

    DRAFT = "draft"
    SEEKING_SPONSORS = "seeking_sponsors"
    DISCUSSION = "discussion"
    FINAL_TEXT = "final_text"
    VOTE = "vote"
    AWAITING_ADMIN = "awaiting_admin"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    NO_QUORUM = "no_quorum"
    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    VETOED = "vetoed"
    RETURNED = "returned"


UNDECIDED = (
    ProposalState.DRAFT,
    ProposalState.SEEKING_SPONSORS,
    ProposalState.DISCUSSION,
    ProposalState.FINAL_TEXT,
    ProposalState.VOTE,
    ProposalState.AWAITING_ADMIN,
)
OPENED = UNDECIDED[1:]
"""What everyone can read and nobody has decided yet."""
DECIDED_FOR = (ProposalState.ADOPTED, ProposalState.IN_FORCE)


class ProposalNews(StrEnum):
    """What those who have to do with a proposal are told of it."""

    VOTE_OPENED = "vote_opened"
    VOTE_CLOSED = "vote_closed"
    ANSWERED = "proposal_answered"
    RETURNED = "proposal_returned"


class Choice(StrEnum):
    """What a ballot says."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class IdeaState(StrEnum):
    """What the team says of an idea."""

    OPEN = "open"
    PLANNED = "planned"
    DONE = "done"
    DECLINED = "declined"


class IdeaKind(StrEnum):
    """What an idea is about."""

    FEATURE = "feature"
    POLICY = "policy"
