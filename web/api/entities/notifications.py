"""Notification, alone and in groups, as the API writes them (mastodon-api.md 6.5)."""

from collections.abc import Sequence
from typing import Any

import msgspec

from actors.actor import Actor
from core.rows import load_ids
from inbox.grouped import SAMPLE, Group, key_of
from inbox.notifications import Event, Notification
from inbox.requests import Waiting
from inbox.sieve import Sieve, Verdict
from inbox.told import set_aside_of
from moderation.reports import OPEN, Report
from notes.note import Note
from web.api.answers import ts
from web.api.entities.accounts import accounts_by_id, accounts_of
from web.api.entities.instance import rule_numbers
from web.api.entities.statuses import statuses_of
from web.api.entities.warnings import AccountWarning, warnings_of


class NotificationReport(msgspec.Struct, kw_only=True):
    """A report as the notification of a moderator shows it."""

    id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    status_ids: list[str]
    rule_ids: list[str]
    collection_ids: list[str] = []
    rubric: dict[str, str | None]
    target_account: msgspec.Raw


class NotificationEntity(msgspec.Struct, kw_only=True):
    """What a reader was told; `status`, `report` and `moderation_warning` where it is
    about one."""

    id: str
    type: str
    created_at: str
    group_key: str
    account: msgspec.Raw
    status: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    report: NotificationReport | msgspec.UnsetType = msgspec.UNSET
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
    report: NotificationReport | msgspec.UnsetType = msgspec.UNSET
    moderation_warning: AccountWarning | msgspec.UnsetType = msgspec.UNSET


class PartialAccount(msgspec.Struct, kw_only=True):
    """As much of an account as its picture needs."""

    id: str
    acct: str
    locked: bool
    bot: bool
    url: str
    avatar: str
    avatar_static: str
    avatar_description: str = ""


class GroupedNotifications(msgspec.Struct, kw_only=True):
    """Groups, and beside them each account and status once."""

    accounts: list[msgspec.Raw]
    statuses: list[msgspec.Raw]
    notification_groups: list[NotificationGroup]
    partial_accounts: list[PartialAccount] | msgspec.UnsetType = msgspec.UNSET


class PolicySummary(msgspec.Struct):
    """How many people, and how many of their events, wait under the requests."""

    pending_requests_count: int
    pending_notifications_count: int


class NotificationPolicy(msgspec.Struct, kw_only=True):
    """What becomes of events: `accept`, `filter` or `drop`."""

    for_not_following: str
    for_not_followers: str
    for_new_accounts: str
    for_private_mentions: str
    for_limited_accounts: str
    for_bots: str
    summary: PolicySummary


class V1NotificationPolicy(msgspec.Struct, kw_only=True):
    """The same for apps that know only whether something is set aside."""

    filter_not_following: bool
    filter_not_followers: bool
    filter_new_accounts: bool
    filter_private_mentions: bool
    summary: PolicySummary


class NotificationRequest(msgspec.Struct, kw_only=True):
    """Someone whose events wait; `notifications_count` is a text, as Mastodon writes it."""

    id: str
    created_at: str
    updated_at: str
    account: msgspec.Raw
    notifications_count: str
    last_status: msgspec.Raw | None


async def notifications_of(told: Sequence[Notification], reader: Actor) -> list[NotificationEntity]:
    """Write these notifications; who did it and the note must be loaded."""
    accounts = await accounts_of([each.actor for each in told])
    statuses = await _statuses([each.note for each in told if each.note], reader)
    reports = await _reports(told)
    warnings = await warnings_of(told)
    aside = await set_aside_of([each.id for each in told])
    return [
        NotificationEntity(
            id=str(each.id),
            type=each.event.value,
            created_at=ts(each.created_at),
            group_key=key_of(each),
            account=accounts[each.actor_id],
            status=statuses.get(each.note_id or 0, msgspec.UNSET),
            report=reports.get(each.id, msgspec.UNSET),
            moderation_warning=warnings.get(each.id, msgspec.UNSET),
            filtered=True if each.id in aside else msgspec.UNSET,
        )
        for each in told
    ]


async def grouped(
    groups: Sequence[Group], reader: Actor, *, is_page: bool = True, partial: bool = False
) -> GroupedNotifications:
    """Write groups; `partial` leaves all but the newest of each group with their picture alone."""
    shown = {each.actor_id: each.actor for group in groups for each in group.rows[:SAMPLE]}
    notes = {group.note.id: group.note for group in groups if group.note}
    first = {group.rows[0].actor_id for group in groups}
    whole = [each for each in shown.values() if not partial or each.id in first]
    accounts = await accounts_of(list(shown.values()))
    statuses = await _statuses(list(notes.values()), reader)
    newest = [group.rows[0] for group in groups]
    reports, warnings = await _reports(newest), await warnings_of(newest)
    beside = [accounts[each.id] for each in shown.values() if each not in whole]
    return GroupedNotifications(
        accounts=[accounts[each.id] for each in whole],
        statuses=list(statuses.values()),
        notification_groups=[_group(each, reports, warnings, is_page=is_page) for each in groups],
        partial_accounts=[msgspec.json.decode(each, type=PartialAccount) for each in beside]
        if partial
        else msgspec.UNSET,
    )


def _group(
    group: Group,
    reports: dict[int, NotificationReport],
    warnings: dict[int, AccountWarning],
    *,
    is_page: bool,
) -> NotificationGroup:
    first, last = group.rows[0], group.rows[-1]
    made = NotificationGroup(
        group_key=group.key,
        notifications_count=group.count,
        type=first.event.value,
        most_recent_notification_id=group.newest,
        sample_account_ids=list(dict.fromkeys(str(each.actor_id) for each in group.rows[:SAMPLE])),
        status_id=str(group.note.id) if group.note else msgspec.UNSET,
        report=reports.get(first.id, msgspec.UNSET),
        moderation_warning=warnings.get(first.id, msgspec.UNSET),
    )
    if is_page:
        made.page_min_id, made.page_max_id = str(last.id), str(first.id)
        made.latest_page_notification_at = ts(first.created_at)
    return made


def policy_of(sieve: Sieve, counts: tuple[int, int]) -> NotificationPolicy:
    """Write what a reader wants done."""
    return NotificationPolicy(
        for_not_following=sieve.for_not_following.value,
        for_not_followers=sieve.for_not_followers.value,
        for_new_accounts=sieve.for_new_accounts.value,
        for_private_mentions=sieve.for_private_mentions.value,
        for_limited_accounts=sieve.for_limited_accounts.value,
        for_bots=sieve.for_bots.value,
        summary=PolicySummary(*counts),
    )


def v1_policy_of(sieve: Sieve, counts: tuple[int, int]) -> V1NotificationPolicy:
    """Write the same in the older form."""
    return V1NotificationPolicy(
        filter_not_following=sieve.for_not_following is not Verdict.ACCEPT,
        filter_not_followers=sieve.for_not_followers is not Verdict.ACCEPT,
        filter_new_accounts=sieve.for_new_accounts is not Verdict.ACCEPT,
        filter_private_mentions=sieve.for_private_mentions is not Verdict.ACCEPT,
        summary=PolicySummary(*counts),
    )


async def requests_of(waiting: Sequence[Waiting], reader: Actor) -> list[NotificationRequest]:
    """Write the people who wait."""
    accounts = await accounts_of([each.actor for each in waiting])
    statuses = await _statuses([each.note for each in waiting if each.note], reader)
    return [
        NotificationRequest(
            id=str(each.actor.id),
            created_at=ts(each.began_at),
            updated_at=ts(each.last_at),
            account=accounts[each.actor.id],
            notifications_count=str(each.count),
            last_status=statuses.get(each.note.id) if each.note else None,
        )
        for each in waiting
    ]


async def _statuses(notes: Sequence[Note], reader: Actor) -> dict[int, msgspec.Raw]:
    once = list({each.id: each for each in notes}.values())
    written = await statuses_of(once, reader)
    return dict(zip((each.id for each in once), written, strict=True))


async def _reports(told: Sequence[Notification]) -> dict[int, NotificationReport]:
    """Write the reports that notifications are about, by the notification's id.

    Nobody reads one about themselves, though they were told of it (MOD-01).
    """
    about = {each.id: each.about for each in told if each.event is Event.REPORT}
    if not about:
        return {}
    readers = {each.reader_id for each in told}
    found = await load_ids(Report, about.values())
    reports = {key: each for key, each in found.items() if each.target_id not in readers}
    targets = await accounts_by_id(each.target_id for each in reports.values())
    return {
        number: _report(reports[each], targets[reports[each].target_id])
        for number, each in about.items()
        if each in reports and reports[each].target_id in targets
    }


def _report(report: Report, target: msgspec.Raw) -> NotificationReport:
    rules: list[Any] = list(report.rules)
    return NotificationReport(
        id=str(report.id),
        action_taken=report.state not in OPEN,
        action_taken_at=ts(report.answered_at) if report.answered_at else None,
        category=report.kind.value,
        comment=report.comment,
        forwarded=report.is_forwarded,
        created_at=ts(report.created_at),
        status_ids=[str(each) for each in report.notes],
        rule_ids=rule_numbers(rules),
        rubric={"group_id": str(report.group_id) if report.group_id else None},
        target_account=target,
    )
