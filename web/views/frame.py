"""Around a page: who looks, where they are, how a list goes on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

PAPER = "#dcd1c3"


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
    is_suspended: bool = False
    posts_here: bool = False

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
    news: "PolicyNews | None" = None
    """A version of the rules that comes, or has just come, into force."""


@dataclass(frozen=True)
class PolicyNews:
    """A version of the rules that members are told of, and since or from when it counts.

    What was adopted and is no version yet has the number 0, the `title` and `url` of its proposal.
    """

    version: int
    effective: datetime
    is_coming: bool
    title: str = ""
    url: str = ""


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
    layout: str = "waterfall"
    """waterfall or column: how notes stand in lists."""
    saves_data: bool = False
    """The browser asked for as little as possible (Save-Data): no video begins by itself,
    and pictures are small."""


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
class Trouble:
    """Why another server did not give what was asked for, and what can be done."""

    title: str
    text: str
    reason: str = ""
    """What the policy says of that server."""
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class Narrowing:
    """How a list of notes can be narrowed, and where its videos are watched one after another."""

    faces: tuple[Tab, ...]
    watch_url: str
    """Empty where there is nothing to watch."""
    whole_url: str = ""
    """Where the list is whole, if it is narrowed now."""


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


@dataclass(frozen=True)
class ErrorPage:
    """Something went wrong: what happened, what is safe, what to do, and a code to look for."""

    status: int
    title: str
    text: str
    safe: str = ""
    code: str = ""
    retry_url: str = ""
    retry_label: str = ""
