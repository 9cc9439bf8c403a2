"""Figures of the policy itself: what became of proposals, who voted, and measures about servers."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from moderation.policy import Policy, that_counted, versions
from moderation.proposals import Proposal
from moderation.sections import Entry
from moderation.states import ProposalState
from moderation.vocabulary import Severity

EMERGENCY = "emergency"
GONE_ON = (ProposalState.ADOPTED, ProposalState.IN_FORCE)


class PolicyFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to the policy in a period; `turnout` is a share of the rolls, None of none."""

    opened: int = 0
    by_result: dict[str, int] = {}
    turnout: float | None = None
    servers_added: int = 0
    servers_lifted: int = 0


async def policy_figures(begin: datetime, end: datetime) -> PolicyFigures:
    """Count from one moment, included, to another, left out."""
    opened = Proposal.filter(opened_at__gte=begin, opened_at__lt=end)
    voted = await Proposal.filter(vote_ended_at__gte=begin, vote_ended_at__lt=end)
    added, lifted = _servers(that_counted(await versions()), begin, end)
    return PolicyFigures(
        opened=await opened.count(),
        by_result=await _results(begin, end),
        turnout=_turnout(voted),
        servers_added=added,
        servers_lifted=lifted,
    )


async def _results(begin: datetime, end: datetime) -> dict[str, int]:
    """Count by what came of them, on the day it did; of emergencies, that there was one."""
    emergencies = Proposal.filter(is_emergency=True, opened_at__gte=begin, opened_at__lt=end)
    others = Proposal.filter(is_emergency=False, opened_at__not_isnull=True)
    adopted = others.filter(state__in=GONE_ON, decided_at__gte=begin, decided_at__lt=end)
    ended = await others.filter(ended_at__gte=begin, ended_at__lt=end)
    found = Counter(each.state.value for each in ended)
    found[ProposalState.ADOPTED.value] += await adopted.count()
    found[EMERGENCY] += await emergencies.count()
    return {name: number for name, number in sorted(found.items()) if number}


def _turnout(voted: Sequence[Proposal]) -> float | None:
    electorate = sum(each.electorate for each in voted)
    cast = sum(sum(dict(each.tally or {}).values()) for each in voted)
    return round(cast / electorate, 3) if electorate else None


def _servers(known: Sequence[Policy], begin: datetime, end: datetime) -> tuple[int, int]:
    """Count measures that came and that ended, by a version or on their day."""
    added = lifted = 0
    until = end
    older_ones: list[Policy | None] = [*known[1:], None]
    for newer, older in zip(known, older_ones, strict=True):
        now_named, before = _measures(newer), _measures(older)
        if begin <= newer.effective < end and older is not None:
            day = newer.effective.date()
            added += len(now_named.keys() - before.keys())
            gone = [before[key] for key in before.keys() - now_named.keys()]
            lifted += sum(_is_in_force(each, day) for each in gone)
        held = (max(begin, newer.effective).date(), min(end, until).date())
        lifted += sum(_ends_within(each, *held) for each in now_named.values())
        until = newer.effective
    return added, lifted


def _measures(policy: Policy | None) -> dict[str, Entry]:
    entries = policy.sections.federation.entries if policy else ()
    return {each.key: each for each in entries if each.severity is not Severity.ACCEPT}


def _is_in_force(entry: Entry, day: date) -> bool:
    return entry.until is None or entry.until >= day


def _ends_within(entry: Entry, begin: date, end: date) -> bool:
    """Tell whether it no longer counts from one of these days on, the last of them left out."""
    return entry.until is not None and begin <= entry.until + timedelta(days=1) < end
