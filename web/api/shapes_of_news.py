"""What apps are told of what happened, and of what is found (mastodon-api.md 6.5, 6.10)."""

from typing import Any

import msgspec

from web.api.entities.accounts import Account
from web.api.entities.notifications import PartialAccount
from web.api.entities.tags import Day, TagEntity
from web.api.entities.warnings import WarningAppeal, WarningFacts
from web.api.shapes import Report, Status
from web.api.shapes_of_notes import PreviewCard


class AccountWarning(msgspec.Struct, kw_only=True):
    """A decision about the reader; `text` is its explanation."""

    id: str
    action: str
    text: str
    status_ids: list[str]
    created_at: str
    target_account: Account
    appeal: WarningAppeal | None
    rubric: WarningFacts


class Notification(msgspec.Struct, kw_only=True):
    """What a reader was told; `status` comes with what is about one, `report` with reports."""

    id: str
    type: str
    created_at: str
    group_key: str
    account: Account
    status: Status | msgspec.UnsetType = msgspec.UNSET
    report: Report | msgspec.UnsetType = msgspec.UNSET
    moderation_warning: AccountWarning | msgspec.UnsetType = msgspec.UNSET
    filtered: bool | msgspec.UnsetType = msgspec.UNSET


class NotificationGroup(msgspec.Struct, kw_only=True):
    """What belongs together; `most_recent_notification_id` is a number, as Mastodon sends it."""

    group_key: str
    notifications_count: int
    type: str
    most_recent_notification_id: int
    page_min_id: str | msgspec.UnsetType = msgspec.UNSET
    page_max_id: str | msgspec.UnsetType = msgspec.UNSET
    latest_page_notification_at: str | msgspec.UnsetType = msgspec.UNSET
    sample_account_ids: list[str]
    status_id: str | msgspec.UnsetType = msgspec.UNSET
    report: Report | msgspec.UnsetType = msgspec.UNSET
    moderation_warning: AccountWarning | msgspec.UnsetType = msgspec.UNSET


class GroupedNotificationsResults(msgspec.Struct, kw_only=True):
    """Groups, and beside them each account and status once."""

    accounts: list[Account]
    statuses: list[Status]
    notification_groups: list[NotificationGroup]
    partial_accounts: list[PartialAccount] | msgspec.UnsetType = msgspec.UNSET


class NotificationRequest(msgspec.Struct, kw_only=True):
    """Someone whose events wait; `notifications_count` is a text, as Mastodon writes it."""

    id: str
    created_at: str
    updated_at: str
    account: Account
    notifications_count: str
    last_status: Status | None


class Count(msgspec.Struct):
    """How many, up to the limit that was asked for."""

    count: int


class Merged(msgspec.Struct):
    """Whether what was accepted is in the list."""

    merged: bool


class Conversation(msgspec.Struct):
    """A private thread; `accounts` are the others in it, or oneself where there is nobody else."""

    id: str
    unread: bool
    accounts: list[Account]
    last_status: Status | None


class Found(msgspec.Struct):
    """What was found; there are no collections here, and the list of them is empty."""

    accounts: list[Account]
    statuses: list[Status]
    hashtags: list[TagEntity]
    collections: list[str]


class V1Found(msgspec.Struct):
    """The same for older apps, with tags by their names."""

    accounts: list[Account]
    statuses: list[Status]
    hashtags: list[str]
    collections: list[str]


class Suggestion(msgspec.Struct):
    """Somebody to follow; `sources` says why, `source` says it in elder words."""

    source: str
    sources: list[str]
    account: Account


class TrendingLink(PreviewCard, kw_only=True):
    """A page that trending statuses lead to, with how often it was linked to on seven days."""

    history: list[Day]


class Reaction(msgspec.Struct):
    """A picture that an announcement was answered with."""

    name: str
    count: int
    me: bool


class Announcement(msgspec.Struct):
    """What those who run the place announce; it names nobody and nothing by entities."""

    id: str
    content: str
    starts_at: str | None
    ends_at: str | None
    all_day: bool
    published_at: str
    updated_at: str
    read: bool
    mentions: list[dict[str, Any]]
    statuses: list[dict[str, Any]]
    tags: list[dict[str, Any]]
    emojis: list[dict[str, Any]]
    reactions: list[Reaction]
