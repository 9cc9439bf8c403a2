"""One's own account: sessions, apps, invites, and joining."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from web.views.frame import Form
from web.views.people import PersonCard
from web.views.policy import RuleView


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


@dataclass(frozen=True)
class JoinView:
    """Making an account, as far as the policy lets one."""

    registration: str
    """open, approval, invite or closed."""
    form: Form = field(default_factory=Form)
    """handle, email, password, reason, invite, age, locale."""
    rules: tuple[RuleView, ...] = ()
    min_age: int = 0
    invited_by: PersonCard | None = None
    neighbours: tuple[str, ...] = ()
    needs_mail: bool = True


@dataclass(frozen=True)
class InviteRow:
    """An invite somebody made."""

    id: int
    url: str
    uses: int
    most_uses: int
    expires: datetime | None = None
    is_open: bool = True


@dataclass(frozen=True)
class PasskeyRow:
    """A passkey of one's own."""

    id: int
    label: str
    created: datetime
    used: datetime | None = None


@dataclass(frozen=True)
class SecondFactorView:
    """What someone shows beside their password; `secret` and `square` while an app is set up."""

    has_app: bool = False
    secret: str = ""
    square: Markup = field(default_factory=Markup)
    passkeys: tuple[PasskeyRow, ...] = ()
    codes_left: int = 0
    is_needed: bool = False

    @property
    def is_set_up(self) -> bool:
        """Whether anything is asked for."""
        return self.has_app or bool(self.passkeys)
