"""Figures of a closed period as a page shows them: groups of numbers, each with chart and table."""

from collections.abc import Mapping
from typing import Any

from moderation.closed_figures import ClosedPeriod, FigureCorrection
from moderation.masking import FEW, masked
from moderation.policy_figures import EMERGENCY
from moderation.states import Thing
from moderation.vocabulary import Measure
from web.building.decisions import APPEAL_WORDS, MEASURE_WORDS, THING_WORDS
from web.building.proposals import STATES as PROPOSAL_STATES
from web.charts import bars
from web.texts import _, lazy
from web.views.figures import Correction, FigureGroup, FigurePage

SINGLE = {
    "reports": lazy("Reports"),
    "cases_opened": lazy("Cases opened"),
    "cases_decided": lazy("Cases decided"),
    "overdue": lazy("Cases that were late"),
    "decisions": lazy("Decisions"),
    "automated": lazy("Decisions that a filter began"),
    "automated_overturned": lazy("Of these, overturned"),
    "appeals_filed": lazy("Appeals"),
    "appeals_same_person": lazy("Appeals heard by the only moderator there is"),
    "appeals_overdue": lazy("Appeals that were late"),
    "provisional_hides": lazy("Notes hidden for the time being"),
    "server_measures_added": lazy("Measures against servers, new"),
    "server_measures_lifted": lazy("Measures against servers, ended"),
    "moderators_active": lazy("Moderators who decided something"),
    "proposals_opened": lazy("Proposals published"),
    "turnout": lazy("Share of the rolls that voted"),
}
HOURS = {
    "acknowledged": lazy("Until somebody took a case"),
    "decided": lazy("Until a case was decided"),
    "appeal": lazy("Until an appeal was answered"),
}
TABLES = {
    "reports_by_source": lazy("Reports by where they came from"),
    "reports_by_category": lazy("Reports by rule"),
    "reports_by_outcome": lazy("Reports by outcome"),
    "measures_by_kind": lazy("Decisions by measure"),
    "measures_by_thing": lazy("Decisions by what they were about"),
    "measures_by_rule": lazy("Decisions by rule"),
    "appeals_by_outcome": lazy("Appeals by outcome"),
    "proposals_by_result": lazy("Proposals by result"),
}
SOURCES = {"member": lazy("Members"), "remote": lazy("People elsewhere")}
OUTCOMES = {
    "upheld": lazy("right"),
    "partly": lazy("partly right"),
    "not_upheld": lazy("not right"),
    "duplicate": lazy("known already"),
    "misuse": lazy("misuse"),
}

RESULTS = {
    **{state.value: words for state, words in PROPOSAL_STATES.items()},
    EMERGENCY: lazy("emergency"),
}


def figure_page(
    closed: ClosedPeriod, corrections: list[FigureCorrection], titles: Mapping[str, str]
) -> FigurePage:
    """Show a period as it was counted, with what was corrected since; `titles` are of rules."""
    shown = masked(closed.document)
    return FigurePage(
        name=closed.name,
        closed=closed.closed_at,
        singles=tuple((str(words), _single(key, shown)) for key, words in SINGLE.items()),
        hours=tuple(
            (str(words), _hours(shown, key, "median"), _hours(shown, key, "p90"))
            for key, words in HOURS.items()
        ),
        groups=tuple(_group(key, shown.get(key, {}), titles) for key in TABLES),
        totals=(
            (_("Notes"), shown.get("totals", {}).get("notes", 0)),
            (_("Members"), shown.get("totals", {}).get("members", 0)),
        ),
        corrections=tuple(
            Correction(each.at, tuple(_changed(masked(each.changes), titles)))
            for each in corrections
        ),
    )


def _single(key: str, shown: Mapping[str, Any]) -> str:
    if key != "turnout":
        return str(shown.get(key, 0))
    return "–" if shown.get(key) is None else f"{shown[key] * 100:.0f} %"


def _group(key: str, values: Mapping[str, Any], titles: Mapping[str, str]) -> FigureGroup:
    title = str(TABLES[key])
    rows = tuple((_name(key, each, titles), str(count)) for each, count in values.items())
    drawn = [(name, 0 if said == FEW else int(said), said) for name, said in rows]
    return FigureGroup(title, rows, bars(title, drawn))


def _name(key: str, value: str, titles: Mapping[str, str]) -> str:
    match key:
        case "reports_by_source":
            return str(SOURCES.get(value, value))
        case "reports_by_outcome":
            return str(OUTCOMES.get(value, value))
        case "measures_by_kind":
            return str(MEASURE_WORDS.get(Measure(value), value))
        case "measures_by_thing":
            return str(THING_WORDS.get(Thing(value), value))
        case "proposals_by_result":
            return str(RESULTS.get(value, value))
        case "appeals_by_outcome":
            return next(
                (str(said) for state, said in APPEAL_WORDS.items() if state == value), value
            )
    return titles.get(value, {"none": _("No rule named"), "law": _("The law")}.get(value, value))


def _hours(shown: Mapping[str, Any], key: str, which: str) -> str:
    found = shown.get(key, {}).get(which)
    return "–" if found is None else f"{found:g}"


def _changed(changes: dict[str, Any], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    lines = []
    for key, value in changes.items():
        words = str(SINGLE.get(key) or HOURS.get(key) or TABLES.get(key) or key)
        if not isinstance(value, dict):
            lines.append((words, _single(key, changes)))
            continue
        for name, count in value.items():
            said = name if key in HOURS else _name(key, name, titles)
            lines.append((f"{words}: {said}", "–" if count is None else str(count)))
    return lines
