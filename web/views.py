"""What the templates are given: frozen views, never rows of the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from core.html import Sanitised
from web.colour import average_of

PAPER = "#dcd1c3"


# The frame around every page.


@dataclass(frozen=True)
class Viewer:
    """Who is signed in and reading."""

    id: int
    name: str
    handle: str
    """`mei`, without the @."""
    avatar: str = ""
    role: str = "member"
    """member, moderator or admin."""
    unread: int = 0
    waiting: int = 0
    """Follow requests that wait for an answer."""
    open_reports: int = 0
    """For moderators: reports that nobody has answered."""
    is_confirmed: bool = True

    @property
    def url(self) -> str:
        """Path of one's own page."""
        return f"/@{self.handle}"

    @property
    def may_moderate(self) -> bool:
        """Whether the queue of reports is theirs to see."""
        return self.role in ("moderator", "admin")


@dataclass(frozen=True)
class Site:
    """This instance, as the frame names it."""

    name: str
    domain: str
    policy_version: int = 0
    registration: str = "closed"
    """open, approval, invite or closed."""
    source_url: str = ""


@dataclass(frozen=True)
class Flash:
    """A line said once, after something was done."""

    text: str
    kind: str = "done"
    """done or problem."""


@dataclass(frozen=True)
class Frame:
    """Everything around the content; a middleware puts one into each request."""

    site: Site
    viewer: Viewer | None = None
    csrf: str = ""
    theme: str = "auto"
    """auto, light or dark."""
    path: str = "/"
    """Path and query of this page, for forms that come back to it."""
    flashes: tuple[Flash, ...] = ()


@dataclass(frozen=True)
class Pager:
    """Where a list goes on; the end text stands where it does not."""

    older_url: str = ""
    newer_url: str = ""
    end_text: str = ""


@dataclass(frozen=True)
class Tab:
    """One of several faces of a page."""

    label: str
    url: str
    is_current: bool = False
    count: int = 0


@dataclass(frozen=True)
class Form:
    """What was typed, and what is wrong with it; errors[""] is about the whole form."""

    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    errors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def value(self, name: str) -> str:
        """Return what was typed, or nothing."""
        return self.values.get(name, "")

    def is_on(self, name: str) -> bool:
        """Tell whether a box was ticked."""
        return self.values.get(name, "") not in ("", "0", "off", "false")

    def error(self, name: str) -> str:
        """Return the sentence that says what is wrong with a field, or nothing."""
        return self.errors.get(name, "")


@dataclass(frozen=True)
class Choice:
    """One option of a select or a group of radio buttons."""

    value: str
    label: str
    hint: str = ""


# People.


@dataclass(frozen=True)
class PersonCard:
    """A person or a group wherever one is named."""

    id: int
    name: str
    handle: str
    """`@mei` for people here, `@ana@remote.example` for others: the host is never hidden."""
    url: str
    """Path of the page here: `/@mei`, `/@ana@remote.example`, `/g/name`."""
    avatar: str = ""
    about: str = ""
    """One plain line."""
    is_remote: bool = False
    is_group: bool = False
    is_bot: bool = False
    is_locked: bool = False
    is_gone: bool = False
    relation: "Relation | None" = None


@dataclass(frozen=True)
class Relation:
    """What is between the viewer and a person."""

    is_me: bool = False
    following: bool = False
    requested: bool = False
    followed_by: bool = False
    muting: bool = False
    blocking: bool = False


@dataclass(frozen=True)
class ProfileField:
    """A line of the table on a profile."""

    name: str
    value: Sanitised
    is_verified: bool = False


@dataclass(frozen=True)
class Notice:
    """A dated notice that something was decided about a note or a person."""

    decided_on: date
    reason: str = ""
    rule: str = ""
    """`3. No harassment`."""
    rule_url: str = ""
    record_url: str = ""
    until: date | None = None
    appeal: str = ""
    """Where an appeal stands, as a sentence."""


@dataclass(frozen=True)
class PersonPage:
    """The head of a profile."""

    card: PersonCard
    full_handle: str
    about: Sanitised
    banner: str = ""
    fields: tuple[ProfileField, ...] = ()
    notes: int = 0
    followers: int | None = None
    """None where the person keeps the number to themselves."""
    following: int | None = None
    joined: date | None = None
    remote_url: str = ""
    language: str = ""
    moved_to: PersonCard | None = None
    suspended: Notice | None = None
    atom_url: str = ""
    document_url: str = ""
    """What other servers read instead of the page; of those who live here."""


# Media.


@dataclass(frozen=True)
class Source:
    """The same picture at another size or in another format."""

    url: str
    width: int
    type: str = "image/jpeg"


@dataclass(frozen=True)
class MediaView:
    """A picture, video or sound."""

    url: str
    small_url: str = ""
    width: int = 0
    height: int = 0
    alt: str = ""
    kind: str = "image"
    """image, video, gifv, audio or unknown."""
    blurhash: str = ""
    focus_x: float = 0.0
    focus_y: float = 0.0
    seconds: int | None = None
    sources: tuple[Source, ...] = ()
    id: int = 0
    remote_url: str = ""

    @property
    def colour(self) -> str:
        """`#rrggbb` to show while the picture is on its way."""
        return average_of(self.blurhash) or PAPER

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, 4:3 where nobody told."""
        return (self.width, self.height) if self.width and self.height else (4, 3)

    @property
    def cover_size(self) -> tuple[int, int]:
        """Size with its ratio clamped to 3:4 … 4:3, as covers are cut."""
        width, height = self.size
        return width, round(min(max(height, width * 3 / 4), width * 4 / 3))

    @property
    def focus(self) -> str:
        """Class names that put the focal point in the middle of a cut picture."""
        return f"fx{round((self.focus_x + 1) * 2)} fy{round((1 - self.focus_y) * 2)}"


# Notes.


@dataclass(frozen=True)
class NoteCard:
    """A note in a waterfall: the whole card is one link."""

    id: int
    url: str
    author: PersonCard
    cover: MediaView | None = None
    title: str = ""
    excerpt: str = ""
    """Plain text, at most some 280 characters."""
    language: str = ""
    likes: int = 0
    is_liked: bool = False
    audience: str = "public"
    """A key of product.md 5.1: public, quiet, followers, mutuals, circle, people, server, self …"""
    images: int = 0
    video_seconds: int | None = None
    has_poll: bool = False
    content_note: str = ""
    is_sensitive: bool = False
    boosted_by: PersonCard | None = None
    group: PersonCard | None = None
    published: datetime | None = None


@dataclass(frozen=True)
class NoteLink:
    """A note named in passing."""

    url: str
    excerpt: str
    author: PersonCard | None = None
    cover: MediaView | None = None
    language: str = ""


@dataclass(frozen=True)
class TagCard:
    """A hashtag, with how often it was used this week."""

    name: str
    url: str
    uses: int = 0


@dataclass(frozen=True)
class LinkCard:
    """The page a note links to: text and one picture that we encoded ourselves."""

    url: str
    title: str
    text: str = ""
    host: str = ""
    image: MediaView | None = None


@dataclass(frozen=True)
class PollOption:
    """An answer of a poll."""

    text: str
    votes: int | None = None
    share: int = 0
    """Per cent."""
    is_mine: bool = False


@dataclass(frozen=True)
class PollView:
    """A poll, open or closed; voting posts to the note's `/vote`."""

    options: tuple[PollOption, ...]
    is_multiple: bool = False
    closes: datetime | None = None
    is_closed: bool = False
    has_voted: bool = False
    voters: int = 0


@dataclass(frozen=True)
class May:
    """What the viewer may do with a note."""

    reply: bool = False
    like: bool = False
    boost: bool = False
    bookmark: bool = False
    edit: bool = False
    delete: bool = False
    pin: bool = False
    report: bool = False
    vote: bool = False


@dataclass(frozen=True)
class NoteView:
    """A note in full."""

    id: int
    url: str
    """Path here; forms post to `{url}/like` and so on."""
    author: PersonCard
    html: Sanitised
    published: datetime
    title: str = ""
    remote_url: str = ""
    content_note: str = ""
    is_sensitive: bool = False
    language: str = ""
    media: tuple[MediaView, ...] = ()
    poll: PollView | None = None
    link: LinkCard | None = None
    tags: tuple[TagCard, ...] = ()
    audience: str = "public"
    honesty: str = ""
    """For the author: who will honour the choices, counted."""
    edited: datetime | None = None
    likes: int = 0
    boosts: int = 0
    replies: int = 0
    is_liked: bool = False
    is_boosted: bool = False
    is_bookmarked: bool = False
    is_pinned: bool = False
    may: May = May()
    boosted_by: PersonCard | None = None
    in_reply_to: NoteLink | None = None
    group: PersonCard | None = None


@dataclass(frozen=True)
class Stub:
    """What stands where a note was."""

    kind: str = "removed"
    """removed (by a decision), deleted (by its author), expired or hidden (from this viewer)."""
    url: str = ""
    notice: Notice | None = None


@dataclass(frozen=True)
class Branch:
    """A comment with the comments below it, two levels deep; `more_url` goes on."""

    note: NoteView | Stub
    replies: "tuple[Branch, ...]" = ()
    more: int = 0
    more_url: str = ""


@dataclass(frozen=True)
class ThreadView:
    """A note, what it answers, and what was answered."""

    note: NoteView
    ancestors: tuple[NoteView | Stub, ...] = ()
    replies: tuple[Branch, ...] = ()
    pager: Pager = Pager()
    remote_replies_url: str = ""
    """Where the rest of a remote thread can be read, if we do not have it all."""


# Writing.


@dataclass(frozen=True)
class MediaSlot:
    """A place for one picture in the composer; `media` is one that is already here."""

    number: int
    media: MediaView | None = None
    alt: str = ""
    error: str = ""
    cell: int = 5
    """Which of nine cells, row by row, has the focal point."""


@dataclass(frozen=True)
class Composer:
    """The form for a new note, an answer or a change."""

    action: str = "/compose"
    kind: str = "new"
    """new, reply or edit."""
    form: Form = Form()
    """title, text, content_note, sensitive, language, audience, to."""
    slots: tuple[MediaSlot, ...] = tuple(MediaSlot(number) for number in range(1, 5))
    most_media: int = 4
    audiences: tuple[str, ...] = ("public", "quiet", "followers", "people")
    languages: tuple[Choice, ...] = ()
    most_title: int = 80
    most_text: int = 5000
    reply_to: NoteView | None = None
    honesty: str = ""
    alt_policy: str = "remind"
    """off, remind or require."""
    cancel_url: str = "/"
    nudge: str = ""
    """What the policy asks the author to consider; sending again goes on."""
    options: tuple[str, ...] = ("", "", "", "")
    """Answers of a poll, as far as they are written."""
    poll_spans: tuple[Choice, ...] = ()
    """How long a poll may stay open; empty where there can be no poll."""


# Alerts and messages.


@dataclass(frozen=True)
class NotificationView:
    """Something that happened; a few people may have done the same."""

    id: int
    kind: str
    """mention, reply, like, boost, follow, follow_request, poll, edit, decision, report, welcome"""
    people: tuple[PersonCard, ...]
    moment: datetime
    more_people: int = 0
    note: NoteLink | None = None
    text: str = ""
    """For decision, report and welcome: what is to be said."""
    url: str = ""
    is_unread: bool = False


@dataclass(frozen=True)
class FollowRequest:
    """Someone asks to follow; answers post to `/requests/{person.id}/accept` or `/reject`."""

    person: PersonCard
    asked: datetime


@dataclass(frozen=True)
class Conversation:
    """Private notes between the same people."""

    url: str
    people: tuple[PersonCard, ...]
    excerpt: str
    moment: datetime
    is_unread: bool = False


# Settings.


@dataclass(frozen=True)
class SessionRow:
    """A browser that is signed in."""

    id: int
    device: str
    created: datetime
    last_seen: datetime
    is_current: bool = False


@dataclass(frozen=True)
class AppRow:
    """An app that was let in."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created: datetime
    website: str = ""
    last_used: datetime | None = None


@dataclass(frozen=True)
class AppAsking:
    """An app that wants to be let in; `fields` go back with the answer."""

    name: str
    scopes: tuple[str, ...]
    """Each a sentence's end: "read your notes"."""
    redirect: str
    fields: Mapping[str, str]


# Rules and what follows from them.


@dataclass(frozen=True)
class RuleView:
    """A rule of the policy, in the viewer's language."""

    id: str
    number: int
    title: str
    text: str = ""
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    category: str = ""
    measures: tuple[str, ...] = ()
    is_appealable: bool = True
    changed: date | None = None
    """Set while the margin mark stands: ninety days after a change."""
    language: str = ""

    @property
    def url(self) -> str:
        """Path of the rule on the policy page."""
        return f"/policy#{self.id}"


@dataclass(frozen=True)
class EntryView:
    """A server the policy limits, with the reason and the day the measure is looked at again."""

    host: str
    measure: str
    reason: str
    since: date
    review: date | None = None
    source: str = ""


@dataclass(frozen=True)
class PolicySection:
    """A table of the policy, in words."""

    id: str
    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PolicyVersion:
    """One line of the history."""

    version: int
    effective: datetime
    by: str
    summary: str
    changed_rules: int = 0
    is_current: bool = False


@dataclass(frozen=True)
class PolicyView:
    """The rules of the house, whole."""

    version: PolicyVersion
    rules: tuple[RuleView, ...]
    sections: tuple[PolicySection, ...] = ()
    entries: tuple[EntryView, ...] = ()
    sha256: str = ""
    languages: tuple[str, ...] = ()
    authoritative: str = ""
    """The language whose text counts where translations differ."""
    current_version: int = 0
    """The version in force, to which old ones point."""


@dataclass(frozen=True)
class DiffPart:
    """A run of words: same, added or removed."""

    text: str
    kind: str = "same"


@dataclass(frozen=True)
class DiffRow:
    """A rule on both sides of a change: same, changed, added or removed."""

    kind: str
    title: str
    before: tuple[DiffPart, ...] = ()
    after: tuple[DiffPart, ...] = ()


@dataclass(frozen=True)
class PolicyDiff:
    """What changed between two versions."""

    before: PolicyVersion
    after: PolicyVersion
    rows: tuple[DiffRow, ...]


@dataclass(frozen=True)
class ReportForm:
    """Reporting a note or a person."""

    action: str
    person: PersonCard
    note: NoteLink | None = None
    rules: tuple[RuleView, ...] = ()
    form: Form = Form()
    """rule, words, forward, block, mute."""
    host: str = ""
    """The other server, which may be told as well."""


@dataclass(frozen=True)
class ReportView:
    """A report, as its reporter or a moderator sees it."""

    id: int
    url: str
    state: str
    """filed, in_case, answered or withdrawn."""
    filed: datetime
    person: PersonCard | None = None
    note: NoteLink | None = None
    rule: RuleView | None = None
    words: str = ""
    outcome: str = ""
    answered: datetime | None = None
    reporter: PersonCard | None = None
    """For moderators only."""
    source: str = "member"
    """member, remote or filter."""
    host: str = ""
    """The server that sent it."""
    due: datetime | None = None
    claimed_by: PersonCard | None = None
    is_overdue: bool = False


# The place itself.


@dataclass(frozen=True)
class HowWeDecide:
    """The box that tells a visitor who decides, by which rule."""

    policy_version: int
    effective: datetime
    rules: int
    moderators: int = 0
    reports_last_month: int | None = None
    median_hours: int | None = None


@dataclass(frozen=True)
class AboutView:
    """Who runs this place, and with what."""

    purpose: str
    contact: str = ""
    operator: str = ""
    software: str = "Rubric"
    version: str = ""
    languages: tuple[str, ...] = ()
    members: int = 0
    notes: int = 0
    peers: int = 0
    staff: tuple[PersonCard, ...] = ()
    decide: HowWeDecide | None = None


@dataclass(frozen=True)
class JoinView:
    """Making an account, as far as the policy lets one."""

    registration: str
    """open, approval, invite or closed."""
    form: Form = Form()
    """handle, email, password, reason, invite, age, locale."""
    rules: tuple[RuleView, ...] = ()
    min_age: int = 0
    invited_by: PersonCard | None = None
    neighbours: tuple[str, ...] = ()
    needs_mail: bool = True


@dataclass(frozen=True)
class ErrorPage:
    """Something went wrong: what happened, what is safe, what to do, and a code to look for."""

    status: int
    title: str
    text: str
    safe: str = ""
    code: str = ""
    retry_url: str = ""


# What moderators answer beside reports.


@dataclass(frozen=True)
class Applicant:
    """Someone who asked to join."""

    id: int
    card: PersonCard
    asked: datetime
    reason: str = ""
    has_confirmed: bool = False


@dataclass(frozen=True)
class HeldNote:
    """A note from elsewhere that nobody sees before a moderator has."""

    id: int
    author: PersonCard
    came: datetime
    html: Sanitised
    title: str = ""
    because: str = ""


@dataclass(frozen=True)
class InviteRow:
    """An invite somebody made."""

    id: int
    url: str
    uses: int
    most_uses: int
    expires: datetime | None = None
    is_open: bool = True
