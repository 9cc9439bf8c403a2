"""The table: measure → what it does, and what undoes it (product.md 6.3)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from moderation import in_groups, on_notes, on_people, on_servers
from moderation.decisions import Decision
from moderation.states import Scope, Thing
from moderation.vocabulary import Measure

Doing = Callable[[Decision], Awaitable[None]]


async def nothing(decision: Decision) -> None:
    """Do nothing: it was said, and that is all."""


@dataclass(frozen=True)
class Effect:
    """What puts a measure into effect, and what puts things back."""

    do: Doing = nothing
    undo: Doing = nothing


WORDS = Effect()
OF_NOTES = Effect(on_notes.mark, on_notes.unmark)
OUT_OF_SIGHT = Effect(on_notes.take_out, on_notes.put_back)
OF_PEOPLE = Effect(on_people.mark, on_people.unmark)
OUT_OF_A_GROUP = Effect(in_groups.put_out, in_groups.let_back)
OF_SERVERS = Effect(on_servers.add_entry, on_servers.take_entry_out)

EFFECTS: dict[tuple[Thing, Measure], Effect] = {
    (Thing.NOTE, Measure.NONE): WORDS,
    (Thing.NOTE, Measure.LABEL): Effect(on_notes.label, on_notes.unlabel),
    (Thing.NOTE, Measure.QUIET): OF_NOTES,
    (Thing.NOTE, Measure.CLOSE): OF_NOTES,
    (Thing.NOTE, Measure.AGE): OF_NOTES,
    (Thing.NOTE, Measure.HIDE): OUT_OF_SIGHT,
    (Thing.NOTE, Measure.REMOVE): OUT_OF_SIGHT,
    (Thing.ACCOUNT, Measure.NONE): WORDS,
    (Thing.ACCOUNT, Measure.WARN): WORDS,
    (Thing.ACCOUNT, Measure.QUIET): OF_PEOPLE,
    (Thing.ACCOUNT, Measure.SLOW): Effect(on_people.slow, on_people.unslow),
    (Thing.ACCOUNT, Measure.READ_ONLY): OF_PEOPLE,
    (Thing.ACCOUNT, Measure.SUSPEND): OF_PEOPLE,
    (Thing.ACCOUNT, Measure.CLOSE_ACCOUNT): OF_PEOPLE,
    (Thing.ACCOUNT, Measure.LEAVE_GROUP): OUT_OF_A_GROUP,
    (Thing.GROUP, Measure.NONE): WORDS,
    (Thing.GROUP, Measure.WARN): WORDS,
    (Thing.GROUP, Measure.QUIET): OF_PEOPLE,
    (Thing.GROUP, Measure.RESTRICT_GROUP): OF_PEOPLE,
    (Thing.GROUP, Measure.SUSPEND): OF_PEOPLE,
    (Thing.GROUP, Measure.CLOSE_GROUP): OF_PEOPLE,
    (Thing.SERVER, Measure.NONE): WORDS,
    (Thing.SERVER, Measure.LIMIT): OF_SERVERS,
    (Thing.SERVER, Measure.NO_MEDIA): OF_SERVERS,
    (Thing.SERVER, Measure.HOLD): OF_SERVERS,
    (Thing.SERVER, Measure.REJECT): OF_SERVERS,
    (Thing.SERVER, Measure.DROP): OF_SERVERS,
}

# What a group's own moderators may do inside it.
IN_GROUPS: dict[tuple[Thing, Measure], Effect] = {
    (Thing.NOTE, Measure.NONE): WORDS,
    (Thing.NOTE, Measure.REMOVE): Effect(in_groups.take_out, in_groups.put_back),
    (Thing.NOTE, Measure.CLOSE): Effect(in_groups.lock, in_groups.unlock),
    (Thing.ACCOUNT, Measure.NONE): WORDS,
    (Thing.ACCOUNT, Measure.LEAVE_GROUP): OUT_OF_A_GROUP,
}


def effect_of(decision: Decision) -> Effect:
    """Return what a decision does; the tables have a line for each measure there is."""
    key = (decision.thing, decision.measure)
    if decision.scope == Scope.GROUP and key in IN_GROUPS:
        return IN_GROUPS[key]
    return EFFECTS[key]
