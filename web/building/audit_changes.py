"""What an act changed, in words: fields, states and people as those who read the log know them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from actors.actor import Actor
from core.languages import own_name
from core.rows import load_ids
from moderation.audit import StaffAct
from moderation.languages import TAG
from web.building.cases import STATES as CASE_WORDS
from web.building.decisions import APPEAL_WORDS, MEASURE_WORDS, STATE_WORDS, THING_WORDS
from web.building.desk import ROLES
from web.building.ideas import STATES as IDEA_WORDS
from web.building.panels import EFFECTS
from web.building.policy_keys import name_of
from web.building.proposals import GROUNDS
from web.building.proposals import STATES as PROPOSAL_WORDS
from web.building.record_words import FIELDS as RECORD_FIELDS
from web.building.reports import OUTCOMES
from web.render import day, moment
from web.texts import Lazy, lazy

LONGEST = 300
NAMES: dict[str, Lazy] = {
    "state": lazy("State"),
    "claimed_by": lazy("Taken by"),
    "measure": lazy("Measure"),
    "thing": lazy("What it is about"),
    "note": lazy("Note"),
    "notes": lazy("Notes"),
    "actor": lazy("Person"),
    "owner": lazy("Owner"),
    "host": lazy("Server"),
    "hosts": lazy("Servers"),
    "entries": lazy("Servers"),
    "key": lazy("Measure of the policy"),
    "until": lazy("Until"),
    "version": lazy("Version"),
    "decision": lazy("Decision"),
    "decisions": lazy("Decisions"),
    "outcome": lazy("Outcome"),
    "into": lazy("Put into case"),
    "words": lazy("Words"),
    "held because": lazy("Why it was held"),
    "uri": lazy("Address"),
    "draft": lazy("Draft"),
    "section": lazy("Part of the policy"),
    "fields": lazy("What was taken out"),
    "entry": lazy("Entry"),
    "ground": lazy("Ground"),
    "rules": lazy("Rules"),
    "role": lazy("Role"),
    "scopes": lazy("What the app may do"),
    "count": lazy("How many"),
    "size": lazy("Seats"),
    "effect": lazy("What a panel says"),
    "seed": lazy("Seed of the lot"),
    "people": lazy("Who could be drawn"),
    "pool": lazy("SHA-256 of whom the lot was drawn from"),
    "upheld": lazy("For the decision"),
    "overturned": lazy("Against the decision"),
    "job": lazy("Job"),
    "error": lazy("What went wrong"),
    "dropped": lazy("Dropped"),
    "letters": lazy("Which letters"),
    "spared": lazy("What takes something back was kept"),
}
"""What each field of `before` and `after` is called; languages are called by their own names."""
LETTERS: dict[str, Lazy] = {"waiting": lazy("Waiting letters"), "parked": lazy("Parked")}
YES_NO: dict[str, Lazy] = {"yes": lazy("Yes"), "no": lazy("No")}
PEOPLE = ("claimed_by", "actor", "owner")
# The same field has words of its own where another kind of thing changed.
VALUES: dict[str, Mapping[Any, Lazy]] = {
    "case.state": CASE_WORDS,
    "decision.state": STATE_WORDS,
    "group.state": dict[Any, Lazy](CASE_WORDS) | STATE_WORDS,
    "appeal.state": APPEAL_WORDS,
    "appeal.effect": EFFECTS,
    "idea.state": IDEA_WORDS,
    "proposal.outcome": PROPOSAL_WORDS,
    "outcome": OUTCOMES,
    "measure": MEASURE_WORDS,
    "thing": THING_WORDS,
    "role": ROLES,
    "letters": LETTERS,
    "spared": YES_NO,
    "ground": GROUNDS,
    "fields": RECORD_FIELDS,
}


async def people_in(acts: Iterable[StaffAct]) -> dict[int, Actor]:
    """Load those whom the changes of acts name by their ids: one query."""
    sides = [side for act in acts for side in (act.before, act.after) if isinstance(side, dict)]
    named = [str(side.get(name) or "") for side in sides for name in PEOPLE]
    return await load_ids(Actor, {int(each) for each in named if each.isdecimal()})


def changes_of(act: StaffAct, people: Mapping[int, Actor]) -> tuple[tuple[str, str, str], ...]:
    """Name what is different, or all that stands in one of both alone: name, before, after."""
    old, new = (each if isinstance(each, dict) else {} for each in (act.before, act.after))
    kind = act.act.partition(".")[0]
    return tuple(
        (
            name_of_field(name),
            _said(kind, name, old.get(name), people),
            _said(kind, name, new.get(name), people),
        )
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    )


def name_of_field(name: str) -> str:
    """Say what a field is called; words in several languages have those for names."""
    if name in NAMES:
        return str(NAMES[name])
    return own_name(name) if TAG.fullmatch(name) else name


def _said(kind: str, name: str, value: Any, people: Mapping[int, Actor]) -> str:
    match value:
        case None | "":
            return ""
        case dict():
            return " / ".join(f"{own_name(tag)}: {text}" for tag, text in value.items())[:LONGEST]
        case list():
            return ", ".join(_said(kind, name, each, people) for each in value)[:LONGEST]
    return _word(kind, name, str(value), people)[:LONGEST]


def _word(kind: str, name: str, value: str, people: Mapping[int, Actor]) -> str:
    if name in PEOPLE:
        found = people.get(int(value)) if value.isdecimal() else None
        return f"@{found.handle}" if found else value
    if name == "until":
        return _moment(value)
    if name == "section":
        first, *rest = value.split("/")
        return " · ".join((name_of([first]), *rest))
    words = VALUES.get(f"{kind}.{name}") or VALUES.get(name) or {}
    return str(words[value]) if value in words else value


def _moment(value: str) -> str:
    """Write a day or a moment as people do; what is none of both stays."""
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        pass
    try:
        return moment(datetime.fromisoformat(value))
    except ValueError:
        return value
