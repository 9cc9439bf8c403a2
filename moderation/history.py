"""Since when something has been in the policy as it is."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

from moderation.policy import Policy, that_counted
from moderation.rules import Rule
from moderation.sections import Entry


def changed_rules(versions: Sequence[Policy], *, since: datetime) -> dict[str, date]:
    """Return the rules of the newest version that were changed since then, and when last.

    `versions` are all there are, the newest first. What the first version says is no change.
    """
    found: dict[str, date] = {}
    for newer, older in pairwise(that_counted(versions)):
        if newer.effective < since:
            break
        for rule_id in changes_of_rules(older, newer):
            found.setdefault(rule_id, newer.effective.date())
    present = {rule.id for rule in versions[0].sections.rules} if versions else set()
    return {rule_id: day for rule_id, day in found.items() if rule_id in present}


def changes_of_rules(older: Policy, newer: Policy) -> list[str]:
    """Name the rules that came, went, or say something else."""
    before, after = _rules(older), _rules(newer)
    return [each for each in {**after, **before} if before.get(each) != after.get(each)]


def first_days(versions: Sequence[Policy]) -> dict[str, date]:
    """Tell since when each server of the newest version has been treated as it is."""
    found: dict[str, date] = {}
    if not versions:
        return found
    waiting = {entry.key for entry in versions[0].sections.federation.entries}
    for policy in that_counted(versions):
        named = {entry.key for entry in policy.sections.federation.entries}
        waiting &= named
        found |= dict.fromkeys(waiting, policy.effective.date())
    return found


def since_of(entry: Entry, days: dict[str, date], otherwise: date) -> date:
    """Return the day written down for a server, or that of the version it came with."""
    return entry.since or days.get(entry.key, otherwise)


def _rules(policy: Policy) -> dict[str, Rule]:
    return {rule.id: rule for rule in policy.sections.rules}
