"""Proposals and ideas, as pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from web.views.notes import ThreadView
from web.views.people import PersonCard
from web.views.policy import DiffRow


@dataclass(frozen=True)
class ProposalLine:
    """A proposal in a list."""

    id: int
    url: str
    title: str
    summary: str
    state: str
    state_words: str
    person: PersonCard
    due: datetime | None = None
    due_words: str = ""
    opened: datetime | None = None
    is_emergency: bool = False
    is_to_review: bool = False


@dataclass(frozen=True)
class Step:
    """A step of a proposal: when it was or will be, and whether it is behind."""

    words: str
    at: datetime | None = None
    is_done: bool = False
    is_now: bool = False


@dataclass(frozen=True)
class Amendment:
    """A text that a proposal had, and what it changed in the one before."""

    number: int
    at: datetime
    why: str
    rows: tuple[DiffRow, ...] = ()


@dataclass(frozen=True)
class TallyView:
    """What a vote said, and what it needed."""

    yes: int
    no: int
    abstain: int
    electorate: int
    quorum: int
    threshold: int

    @property
    def turnout(self) -> int:
        """How many voted."""
        return self.yes + self.no + self.abstain

    @property
    def percent(self) -> int:
        """How many of a hundred who said yes or no said yes."""
        return self.yes * 100 // max(self.yes + self.no, 1)


@dataclass(frozen=True)
class BallotView:
    """One's own part in a vote."""

    may_vote: bool
    choice: str = ""
    reason: str = ""
    receipt: str = ""


@dataclass(frozen=True)
class MayDo:
    """What whoever reads a proposal may do with it."""

    edit: bool = False
    publish: bool = False
    suggest: bool = False
    sponsor: bool = False
    unsponsor: bool = False
    amend: bool = False
    withdraw: bool = False
    veto: bool = False
    decide: bool = False
    declare: bool = False
    propose_lasting: bool = False


@dataclass(frozen=True)
class ProposalView:
    """A proposal, whole."""

    line: ProposalLine
    reason: str
    rows: tuple[DiffRow, ...]
    steps: tuple[Step, ...]
    based_on: int
    preset: str = ""
    has_vote: bool = False
    is_wording: bool = False
    simulation: dict[str, object] | None = None
    is_simulating: bool = False
    samples: Mapping[str, Sequence[int]] = field(default_factory=dict)
    sponsors: tuple[PersonCard, ...] = ()
    sponsors_needed: int = 0
    amendments: tuple[Amendment, ...] = ()
    thread: ThreadView | None = None
    turnout: int | None = None
    electorate: int = 0
    quorum: int = 0
    tally: TallyView | None = None
    ballot: BallotView | None = None
    ballot_reasons: tuple[str, ...] = ()
    answer: str = ""
    departing: str = ""
    answered_by: PersonCard | None = None
    clashes: tuple[str, ...] = ()
    """What of it says something else than the rules that came into force meanwhile."""
    ended_because: str = ""
    veto_ground: str = ""
    version: int = 0
    expires: datetime | None = None
    emergency_url: str = ""
    idea_url: str = ""


@dataclass(frozen=True)
class IdeaView:
    """An idea with what became of it."""

    id: int
    url: str
    title: str
    text: str
    kind: str
    kind_words: str
    state: str
    state_words: str
    person: PersonCard
    created: datetime
    supports: int = 0
    is_mine_too: bool = False
    is_open: bool = True
    answer: str = ""
    answered_by: PersonCard | None = None
    answered: datetime | None = None
    release: str = ""
    proposal_url: str = ""
    thread: ThreadView | None = None
