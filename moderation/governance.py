"""How the policy is changed: the numbers of its preset, and who takes part (product.md 7)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.queryset import QuerySet

from actors.accounts import Account, is_functional
from core.clock import now
from moderation.policy import current
from moderation.sections import Governance, steps_of
from moderation.vocabulary import Preset, Reserved

ACTIVE_FOR_QUORUM = timedelta(days=30)


@dataclass(frozen=True)
class Numbers:
    """The numbers a proposal is settled by, as they stood when it was published."""

    preset: Preset
    sponsors: int
    sponsor_days: int
    discussion_days: int
    final_hours: int
    vote_days: int
    threshold_percent: int
    quorum_people: int
    quorum_percent: int
    notice_days: int
    emergency_days: int
    emergency_open_days: int
    reserved: tuple[Reserved, ...] = ()

    @property
    def has_vote(self) -> bool:
        """Whether members vote at all."""
        return self.preset != Preset.STEWARD

    @property
    def is_binding(self) -> bool:
        """Whether the vote decides."""
        return self.preset == Preset.ASSEMBLY


def numbers_of(said: Governance) -> Numbers:
    """Fill what a policy does not say with what its preset says."""
    steps = steps_of(said)
    return Numbers(
        preset=said.preset,
        sponsors=steps.sponsors,
        sponsor_days=said.sponsor_days,
        discussion_days=steps.discussion_days,
        final_hours=said.final_hours,
        vote_days=steps.vote_days,
        threshold_percent=steps.threshold_percent,
        quorum_people=said.quorum_people,
        quorum_percent=said.quorum_percent,
        notice_days=said.notice_days,
        emergency_days=said.emergency_days,
        emergency_open_days=said.emergency_open_days,
        reserved=said.reserved,
    )


def is_eligible(account: Account, at: datetime) -> bool:
    """Tell whether a member may propose, sponsor and vote; `account.actor` is loaded (MOD-06)."""
    said = current().sections.governance
    return (
        is_functional(account)
        and account.created_at <= at - timedelta(days=said.account_days)
        and account.seen_at is not None
        and account.seen_at >= at - timedelta(days=said.active_days)
    )


def eligible_accounts(at: datetime) -> QuerySet[Account]:
    """Ask for the accounts that `is_eligible` is true of."""
    said = current().sections.governance
    return Account.filter(
        approved_at__not_isnull=True,
        confirmed_at__not_isnull=True,
        disabled_at=None,
        closed_at=None,
        created_at__lte=at - timedelta(days=said.account_days),
        seen_at__gte=at - timedelta(days=said.active_days),
        actor__suspended_at=None,
        actor__gone_at=None,
    )


async def eligible_now() -> int:
    """Count who may take part today."""
    return await eligible_accounts(now()).count()
