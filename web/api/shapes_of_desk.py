"""What apps are answered about the desk of a group: reports in it, and appeals."""

import msgspec

from web.api.entities.accounts import Account
from web.api.entities.media import MediaAttachment
from web.api.shapes import Status


class Reported(msgspec.Struct):
    """A report, without who made it; `host` is the server it came from."""

    id: str
    created_at: str
    category: str
    comment: str
    status_ids: list[str]
    host: str | None


class GroupDecision(msgspec.Struct):
    """What those who run a group decided; `rule` is the rule of the group, as it was then."""

    id: str
    measure: str
    state: str
    reason: str
    rule: str | None
    status_id: str | None
    created_at: str
    until: str | None


class GroupReport(msgspec.Struct, kw_only=True):
    """All that was reported of somebody in a group and is answered together."""

    id: str
    state: str
    created_at: str
    decide_by: str
    overdue: bool
    reports_count: int
    target_account: Account
    claimed_by: Account | None


class WholeGroupReport(GroupReport, kw_only=True):
    """The same with what was reported; `bar` says why the reader may not answer it."""

    reports: list[Reported]
    statuses: list[Status]
    decisions: list[GroupDecision]
    no_breach: str | None
    bar: str | None


class GroupAppeal(msgspec.Struct, kw_only=True):
    """Somebody disagrees with what was decided about them in a group."""

    id: str
    state: str
    text: str
    new_facts: str
    media_attachments: list[MediaAttachment]
    created_at: str
    decide_by: str | None
    account: Account
    reviewer: Account | None
    reasons: str | None
    decision: GroupDecision
