"""Accounts and reports as moderators' apps are told of them; addresses are for admins alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from actors.accounts import Account, Role
from actors.actor import Actor
from actors.instance import instance_actor
from actors.sessions import Session
from core.clock import now
from core.rows import load_ids
from moderation.cases import Case
from moderation.policy import current
from moderation.reports import Report, ReportState
from moderation.states import LIVE
from notes.note import Note
from web.api.answers import ts
from web.api.entities.accounts import accounts_of, role_of
from web.api.entities.instance import rule_numbers, rules
from web.api.entities.statuses import statuses_of


async def admin_accounts_of(actors: Sequence[Actor], viewer: Account) -> dict[int, dict[str, Any]]:
    """Write these actors for a moderator, by id; e-mail and addresses only for an admin."""
    shown = await accounts_of(actors)
    ids = [each.id for each in actors if each.is_local]
    found = {each.actor_id: each for each in await Account.filter(actor_id__in=ids)}
    sees = viewer.role is Role.ADMIN
    seen = await _addresses(found.values()) if sees else {}
    return {
        each.id: _account(each, found.get(each.id), shown[each.id], seen, sees=sees)
        for each in actors
    }


async def admin_account_of(actor: Actor, viewer: Account) -> dict[str, Any]:
    """Write one actor for a moderator."""
    return (await admin_accounts_of([actor], viewer))[actor.id]


async def admin_reports_of(reports: Sequence[Report], viewer: Account) -> list[dict[str, Any]]:
    """Write reports for a moderator, in their order: the same queries for one as for many."""
    cases = await load_ids(Case, [each.case_id for each in reports])
    people = await _people(reports, cases)
    page = Page(
        people=people,
        accounts=await admin_accounts_of(list(people.values()), viewer),
        statuses=await _statuses(reports, viewer),
        rules={each["id"]: each for each in rules(current())},
        cases=cases,
        instance=(await instance_actor()).id,
    )
    return [page.report(each) for each in reports]


@dataclass(frozen=True)
class Page:
    """What reports on a page are written of."""

    people: dict[int, Actor]
    accounts: dict[int, dict[str, Any]]
    statuses: dict[int, msgspec.Raw]
    rules: dict[str, dict[str, Any]]
    cases: dict[int, Case]
    instance: int

    def report(self, report: Report) -> dict[str, Any]:
        """Write a report; one that a server sent in nobody's name is by that server's actor."""
        case = self.cases.get(report.case_id or 0)
        is_done = report.state in (ReportState.ANSWERED, ReportState.WITHDRAWN)
        return {
            "id": str(report.id),
            "action_taken": is_done,
            "action_taken_at": ts(report.answered_at) if report.answered_at else None,
            "category": "violation" if report.rules else "other",
            "comment": report.comment,
            "forwarded": report.is_forwarded,
            "created_at": ts(report.created_at),
            "updated_at": ts(report.answered_at or report.created_at),
            "account": self._by(report),
            "target_account": self.accounts[report.target_id],
            "assigned_account": self._one(_claimer(case)),
            "action_taken_by_account": self._one(
                case.decided_by_id if case and report.state is ReportState.ANSWERED else None
            ),
            "statuses": [self.statuses[each] for each in report.notes if each in self.statuses],
            "rules": [self.rules[each] for each in rule_numbers(report.rules)],
            "rubric": {
                "case": str(report.case_id) if report.case_id else None,
                "state": report.state.value,
                "outcome": report.outcome.value if report.outcome else None,
                "decide_by": ts(case.decide_by) if case and case.is_live else None,
            },
        }

    def _by(self, report: Report) -> dict[str, Any]:
        known = (report.reporter_id, report.sender_id, self.instance)
        return next(self.accounts[each] for each in known if each in self.accounts)

    def _one(self, number: int | None) -> dict[str, Any] | None:
        return self.accounts.get(number or 0)


def _claimer(case: Case | None) -> int | None:
    return case.claimed_by_id if case is not None and case.state in LIVE else None


async def _people(reports: Sequence[Report], cases: dict[int, Case]) -> dict[int, Actor]:
    ids = {(await instance_actor()).id}
    for each in reports:
        ids |= {each.target_id, each.reporter_id or 0, each.sender_id or 0}
    for case in cases.values():
        ids |= {case.claimed_by_id or 0, case.decided_by_id or 0}
    return await load_ids(Actor, ids - {0})


async def _statuses(reports: Sequence[Report], viewer: Account) -> dict[int, msgspec.Raw]:
    """Write the reported notes, private ones too: a recipient reported them."""
    named = {number for each in reports for number in each.notes}
    notes = await Note.filter(id__in=sorted(named), deleted_at=None).select_related("author")
    whole = [each for each in notes if not each.is_boost]
    written = await statuses_of(whole, viewer.actor)
    return dict(zip((each.id for each in whole), written, strict=True))


async def _addresses(accounts: Iterable[Account]) -> dict[int, list[Session]]:
    """Return the sessions that are open, the last used first, by account."""
    ids = [each.id for each in accounts]
    found: dict[int, list[Session]] = {}
    rows = Session.filter(account_id__in=ids, expires_at__gt=now()).order_by("-seen_at")
    for each in await rows:
        found.setdefault(each.account_id, []).append(each)
    return found


def _account(
    actor: Actor,
    account: Account | None,
    shown: msgspec.Raw,
    seen: dict[int, list[Session]],
    *,
    sees: bool,
) -> dict[str, Any]:
    ips = [
        {"ip": each.address, "used_at": ts(each.seen_at)}
        for each in (seen.get(account.id, []) if account else [])
        if each.address
    ]
    is_off = account is not None and account.disabled_at is not None
    return {
        "id": str(actor.id),
        "username": actor.name,
        "domain": None if actor.is_local else actor.host,
        "created_at": ts(actor.created_at),
        "email": account.email if account and sees else None,
        "ip": ips[0]["ip"] if ips else None,
        "ips": ips,
        "locale": account.locale if account else None,
        "invite_request": (account.reason or None) if account else None,
        "role": role_of(account.role) if account else None,
        "confirmed": account is None or account.confirmed_at is not None,
        "approved": account is None or account.approved_at is not None,
        "disabled": is_off or actor.read_only_at is not None,
        "sensitized": False,
        "silenced": actor.quieted_at is not None,
        "suspended": actor.suspended_at is not None,
        "account": shown,
        "rubric": {
            "read_only": actor.read_only_at is not None,
            "slow_minutes": actor.slow_minutes,
            "closed": account is not None and account.closed_at is not None,
        },
    }
