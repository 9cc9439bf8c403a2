"""Filters of the policy → what they met, and what those on trial would have done."""

from collections.abc import Mapping, Sequence

from core.clock import now
from moderation.filters import Filter
from web.building.policy import rule_view
from web.building.policy_values import value_of
from web.views.desk import FilterLine

NONE = {"notes": 0, "authors": 0, "trials": 0, "local": 0}


def filter_lines(
    filters: Sequence[Filter], counts: Mapping[str, Mapping[str, int]]
) -> tuple[FilterLine, ...]:
    """Show filters in the order of the policy, each with its counts."""
    return tuple(_line(each, counts.get(each.id, NONE)) for each in filters)


def _line(each: Filter, counts: Mapping[str, int]) -> FilterLine:
    return FilterLine(
        id=each.id,
        rule=rule_view(each.rule),
        then=value_of("then", each.then),
        where=value_of("where", each.where),
        trial_until=each.shadow_until,
        is_trial=each.shadow_until is not None and each.shadow_until > now().date(),
        notes=counts["notes"],
        authors=counts["authors"],
        trials=counts["trials"],
        local=counts["local"],
    )
