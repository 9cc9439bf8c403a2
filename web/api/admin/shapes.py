"""What apps of moderators are answered, as the files beside write it."""

from typing import Any

import msgspec

from web.api.entities.accounts import Account, Role
from web.api.shapes import Nothing, Status
from web.api.shapes_of_instance import Rule
from web.api.shapes_of_notes import CustomEmoji


class AdminIp(msgspec.Struct):
    """An address somebody is signed in from, for admins alone."""

    ip: str
    used_at: str


class Standing(msgspec.Struct):
    """What Mastodon has no word for in how somebody stands."""

    read_only: bool
    slow_minutes: int
    closed: bool


class AdminAccount(msgspec.Struct, kw_only=True):
    """An account for moderators; `email`, `ip` and `ips` hold something for admins alone."""

    id: str
    username: str
    domain: str | None
    created_at: str
    email: str | None
    ip: str | None
    ips: list[AdminIp]
    locale: str | None
    invite_request: str | None
    role: Role | None
    confirmed: bool
    approved: bool
    disabled: bool
    sensitized: bool
    silenced: bool
    suspended: bool
    account: Account
    rubric: Standing


class InCase(msgspec.Struct):
    """The case a report belongs to, and what came of it, in our words."""

    case: str | None
    state: str
    outcome: str | None
    decide_by: str | None


class AdminReport(msgspec.Struct, kw_only=True):
    """A report for moderators, with the notes it names."""

    id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    updated_at: str
    account: AdminAccount
    target_account: AdminAccount
    assigned_account: AdminAccount | None
    action_taken_by_account: AdminAccount | None
    statuses: list[Status]
    rules: list[Rule]
    rubric: InCase


class Decided(msgspec.Struct):
    """The decision that an action became; it may still wait for a second person."""

    decision: str
    case: str
    state: str
    measure: str


class Acted(msgspec.Struct):
    """What an action became."""

    rubric: Decided


class ServerMeasures(msgspec.Struct):
    """What is done about a server, in the words of the policy, and until which day."""

    measures: list[str]
    until: str | None


class AdminDomainBlock(msgspec.Struct, kw_only=True):
    """A server that the policy limits or rejects."""

    id: str
    domain: str
    digest: str
    created_at: str
    severity: str
    reject_media: bool
    reject_reports: bool
    private_comment: str | None
    public_comment: str
    obfuscate: bool
    rubric: ServerMeasures


class Why(msgspec.Struct):
    """Why a server is let in by name."""

    reason: str


class AdminDomainAllow(msgspec.Struct):
    """A server that the policy lets in by name."""

    id: str
    domain: str
    created_at: str
    rubric: Why


class DayCounted(msgspec.Struct):
    """A day and what was counted on it, as a string."""

    date: str
    value: str


class AdminMeasure(msgspec.Struct):
    """Something that was counted, and what it was in the period before."""

    key: str
    unit: str | None
    total: str
    previous_total: str
    data: list[DayCounted]


class Line(msgspec.Struct, kw_only=True):
    """One of a list, and how much of it there is."""

    key: str
    human_key: str
    value: str
    unit: str | msgspec.UnsetType = msgspec.UNSET
    human_value: str | msgspec.UnsetType = msgspec.UNSET


class AdminDimension(msgspec.Struct):
    """What there is most of."""

    key: str
    data: list[Line]


class CohortDay(msgspec.Struct):
    """How many of a cohort were here in a period or later."""

    date: str
    rate: float
    value: str


class AdminCohort(msgspec.Struct):
    """Those who joined in a period."""

    period: str
    frequency: str
    data: list[CohortDay]


LIFTS = ("enable", "unsilence", "unsuspend", "unsensitive")
HANDLING = ("assign_to_self", "unassign", "resolve", "reopen")

# Address → what it answers, as in web/api/promises.py.
ADMIN_ANSWERS: dict[str, dict[str, Any]] = {
    "/api/v1/admin/accounts": {"GET": list[AdminAccount]},
    "/api/v2/admin/accounts": {"GET": list[AdminAccount]},
    "/api/v1/admin/accounts/{id}": {"GET": AdminAccount, "DELETE": AdminAccount},
    "/api/v1/admin/accounts/{id}/approve": {"POST": AdminAccount},
    "/api/v1/admin/accounts/{id}/reject": {"POST": AdminAccount},
    "/api/v1/admin/accounts/{id}/action": {"POST": Acted},
    **{f"/api/v1/admin/accounts/{{id}}/{each}": {"POST": AdminAccount} for each in LIFTS},
    "/api/v1/admin/reports": {"GET": list[AdminReport]},
    "/api/v1/admin/reports/{id}": {"GET": AdminReport, "PUT": AdminReport},
    **{f"/api/v1/admin/reports/{{id}}/{each}": {"POST": AdminReport} for each in HANDLING},
    "/api/v1/admin/domain_blocks": {"GET": list[AdminDomainBlock], "POST": AdminDomainBlock},
    "/api/v1/admin/domain_blocks/{id}": {
        "GET": AdminDomainBlock,
        "PUT": AdminDomainBlock,
        "DELETE": Nothing,
    },
    "/api/v1/admin/domain_allows": {"GET": list[AdminDomainAllow], "POST": AdminDomainAllow},
    "/api/v1/admin/domain_allows/{id}": {"GET": AdminDomainAllow, "DELETE": Nothing},
    "/api/rubric/v1/admin/emojis": {"GET": list[CustomEmoji], "POST": CustomEmoji},
    "/api/rubric/v1/admin/emojis/{shortcode}": {"DELETE": Nothing},
    "/api/v1/admin/measures": {"POST": list[AdminMeasure]},
    "/api/v1/admin/dimensions": {"POST": list[AdminDimension]},
    "/api/v1/admin/retention": {"POST": list[AdminCohort]},
}
