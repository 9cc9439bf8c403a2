"""What a policy consists of: one struct for each table of `[policy]` (product.md 4).

Unknown keys are named, never ignored. `docs/operators.md` says for each what acts on it.
"""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from federation.urls import canonical_host
from moderation.filters import Filter
from moderation.languages import TAG, Words, check_words
from moderation.rules import Rule, numbered
from moderation.strict import (
    LONGEST_REASON,
    LONGEST_TEXT,
    Count,
    Slug,
    Table,
    Weight,
    check_host,
    check_once,
)
from moderation.vocabulary import (
    AltText,
    GroupMaking,
    GroupSight,
    ListFormat,
    Measure,
    Mode,
    Naming,
    OnOverdue,
    OnRetraction,
    Panel,
    Preset,
    PurgeNow,
    Quoting,
    Registration,
    Reserved,
    Severity,
    Trust,
    Unconfirmed,
)

MOST_RULES = 100
MOST_FILTERS = 200
MOST_ENTRIES = 20_000
MOST_LISTS = 30


class About(Table, frozen=True):
    """`[policy.about]`: what this place is for, who runs it, and how to reach them."""

    purpose: Words = {}
    operator: Annotated[str, Meta(max_length=200)] = ""
    contact: Annotated[str, Meta(max_length=320)] = ""

    def __post_init__(self) -> None:
        check_words(self.purpose, longest=LONGEST_TEXT)


class FirstDays(Table, frozen=True):
    """What new members may do: so many links and mentions of strangers in a note."""

    days: Count = 3
    links: Count = 3
    mentions: Count = 5


class Accounts(Table, frozen=True):
    """`[policy.accounts]`: how one becomes a member; `min_age` 0 asks nobody for their age."""

    registration: Registration = Registration.APPROVAL
    min_age: Annotated[int, Meta(ge=0, le=21)] = 0
    unconfirmed: Unconfirmed = Unconfirmed.NONE
    invites_per_member: Count = 5
    first_days: FirstDays = FirstDays()


class Content(Table, frozen=True):
    """`[policy.content]`: what notes may and must be; `sensitive` says what has to be marked."""

    alt_text: AltText = AltText.REMIND
    sensitive: Words = {}
    paid_recommendations: bool = False
    blocked_tags: tuple[str, ...] = ()
    max_tags: Count = 30

    def __post_init__(self) -> None:
        check_words(self.sensitive, longest=LONGEST_TEXT)


class Entry(Table, frozen=True):
    """`[[policy.federation.entries]]`: a server, all below it, and how we treat it until a day.

    `source` is the list it was taken from, if any.
    """

    domain: str
    severity: Severity
    reason: Words = {}
    since: date | None = None
    until: date | None = None
    source: Annotated[str, Meta(max_length=60)] = ""

    def __post_init__(self) -> None:
        check_host(self.domain)
        check_words(self.reason, longest=LONGEST_REASON)
        if not self.reason and self.severity is not Severity.ACCEPT:
            raise ValueError(f"{self.domain}: a measure needs a reason that everyone can read")

    @property
    def key(self) -> str:
        """What tells it from the other entries."""
        return f"{self.domain} {self.severity}"


class ServerList(Table, frozen=True):
    """`[[policy.federation.lists]]`: a list of servers that others keep and we follow.

    `cap` is the strictest measure taken for it; among lists that name one server, the highest
    `priority` speaks.
    """

    id: Slug
    url: Annotated[str, Meta(max_length=1_000)]
    format: ListFormat = ListFormat.CSV
    trust: Trust = Trust.SUGGEST
    cap: Severity = Severity.LIMIT
    priority: Annotated[int, Meta(ge=0, le=100)] = 0
    on_retraction: OnRetraction = OnRetraction.SUGGEST

    def __post_init__(self) -> None:
        scheme, slashes, rest = self.url.partition("://")
        if scheme not in ("https", "http") or not slashes:
            raise ValueError(f"{self.url!r} is no address; write https://…")
        check_host(rest.partition("/")[0].partition("?")[0])
        if self.cap is Severity.ACCEPT:
            raise ValueError("cap: a list can only make us stricter; write limit or more")


class Federation(Table, frozen=True):
    """`[policy.federation]`: which servers may speak with this one."""

    mode: Mode = Mode.OPEN
    lists: Annotated[tuple[ServerList, ...], Meta(max_length=MOST_LISTS)] = ()
    entries: Annotated[tuple[Entry, ...], Meta(max_length=MOST_ENTRIES)] = ()

    def __post_init__(self) -> None:
        check_once(
            [f"{canonical_host(each.domain)} {each.severity}" for each in self.entries],
            "the entry",
        )
        check_once([each.id for each in self.lists], "the list")


class Moderation(Table, frozen=True):
    """`[policy.moderation]`: how soon reports are read, and what moderators must do."""

    ack_hours: Count = 24
    decide_days: Count = 7
    second_person_for: tuple[Measure, ...] = (
        Measure.SUSPEND,
        Measure.CLOSE_ACCOUNT,
        Measure.REJECT,
    )
    sunset_days: dict[Measure, Count] = {}
    notify_remote: bool = True
    purge_now: tuple[PurgeNow, ...] = tuple(PurgeNow)


class Appeals(Table, frozen=True):
    """`[policy.appeals]`: how long one may disagree with a decision, and who looks again."""

    window_days: Count = 30
    decide_days: Count = 14
    panel: Annotated[int, Meta(ge=0, le=5)] = 0
    panel_effect: Panel = Panel.ADVICE
    on_overdue: OnOverdue = OnOverdue.NOTHING

    def __post_init__(self) -> None:
        if self.panel not in (0, 3, 5):
            raise ValueError("a panel has 0 (none), 3 or 5 people")


class Governance(Table, frozen=True):
    """`[policy.governance]`: who decides about this policy, and how long each step takes.

    What is not set is as the preset has it (`steps_of`); what is `reserved` is never voted on.
    """

    preset: Preset = Preset.STEWARD
    sponsors: Count | None = None
    discussion_days: Count | None = None
    vote_days: Count | None = None
    threshold_percent: Annotated[int, Meta(ge=50, le=100)] | None = None
    quorum_people: Count = 5
    quorum_percent: Annotated[int, Meta(ge=0, le=100)] = 20
    sponsor_days: Count = 14
    final_hours: Count = 24
    notice_days: Count = 7
    account_days: Count = 30
    active_days: Count = 60
    emergency_days: Annotated[int, Meta(ge=1, le=14)] = 14
    emergency_open_days: Annotated[int, Meta(ge=1, le=14)] = 3
    reserved: tuple[Reserved, ...] = tuple(Reserved)


class Steps(Struct, frozen=True):
    """How long a proposal is discussed and voted on, and what it needs."""

    sponsors: int
    discussion_days: int
    vote_days: int
    threshold_percent: int


_STEPS = {
    Preset.STEWARD: Steps(0, 7, 0, 50),
    Preset.CONSULT: Steps(2, 7, 5, 50),
    Preset.ASSEMBLY: Steps(3, 10, 7, 60),
}


def steps_of(said: Governance) -> Steps:
    """Return the numbers that hold: those that are written, the rest as the preset has them."""
    preset = _STEPS[said.preset]
    written = {name: getattr(said, name) for name in Steps.__struct_fields__}
    return replace(preset, **{name: each for name, each in written.items() if each is not None})


class Groups(Table, frozen=True):
    """`[policy.groups]`: who makes groups, who may see what is in them, and after how many days
    without anybody who runs one its members may ask for the role; 0 never."""

    create: GroupMaking = GroupMaking.MEMBERS
    see: Annotated[tuple[GroupSight, ...], Meta(min_length=1)] = tuple(GroupSight)
    succession_days: Count = 60


class Ranking(Table, frozen=True):
    """`[policy.ranking]`: the numbers of the one formula that orders what is trending."""

    save: Weight = 1.0
    comment: Weight = 0.8
    boost: Weight = 0.8
    like: Weight = 0.5
    half_life_hours: Annotated[float, Meta(gt=0, le=10_000)] = 24.0
    window_hours: Count = 72
    least_people: Count = 3
    least_notes: Count = 20
    least_account_days: Count = 3


class Transparency(Table, frozen=True):
    """`[policy.transparency]`: what the public record shows, and after how long."""

    moderator_names: Naming = Naming.ROLE
    quote: Quoting = Quoting.PUBLIC
    delay_hours: Annotated[int, Meta(ge=0, le=168)] = 0
    mask_below: Count = 3
    posts_decisions: bool = False


class Retention(Table, frozen=True):
    """`[policy.retention]`: how many days things are kept; 0 keeps them."""

    removed_days: Count = 14
    reports_days: Count = 365
    logs_days: Count = 30
    remote_days: Count = 0


class Sections(Table, frozen=True):
    """A whole policy; where translations differ, the text in `language` counts."""

    language: str = "en"
    about: About = About()
    rules: Annotated[tuple[Rule, ...], Meta(max_length=MOST_RULES)] = ()
    accounts: Accounts = Accounts()
    content: Content = Content()
    filters: Annotated[tuple[Filter, ...], Meta(max_length=MOST_FILTERS)] = ()
    federation: Federation = Federation()
    moderation: Moderation = Moderation()
    appeals: Appeals = Appeals()
    governance: Governance = Governance()
    groups: Groups = Groups()
    ranking: Ranking = Ranking()
    transparency: Transparency = Transparency()
    retention: Retention = Retention()

    def __post_init__(self) -> None:
        if not TAG.fullmatch(self.language):
            raise ValueError(f"language: {self.language!r} is no tag such as en, zh or pt-BR")
        self._check_names()
        self._check_languages()

    def _check_names(self) -> None:
        rules = [rule.id for rule in self.rules]
        check_once(rules, "rules: the id")
        check_once([str(number) for number, _ in numbered(self.rules)], "rules: the number")
        check_once([each.id for each in self.filters], "filters: the id")
        for each in self.filters:
            if each.rule not in rules:
                raise ValueError(
                    f"filters: {each.id!r} is about {each.rule!r}, which is no rule;"
                    f" there are {', '.join(rules) or 'none'}"
                )

    def _check_languages(self) -> None:
        for rule in self.rules:
            if self.language not in rule.title:
                raise ValueError(
                    f"rules: {rule.id!r} has no title in {self.language!r}, which is the language"
                    " that counts"
                )


def languages_of(sections: Sections) -> list[str]:
    """Return the languages that every rule can be read in, the one that counts first."""
    spoken = [set(rule.title) for rule in sections.rules] or [{sections.language}]
    common = set.intersection(*spoken) - {sections.language}
    return [sections.language, *sorted(common)]
