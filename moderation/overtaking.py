"""Putting a version in force before others that wait for their day, and what becomes of those."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tortoise.exceptions import IntegrityError

from core.clock import now
from moderation import adopted_machine as machine
from moderation.adopting import OutOfDate, Unchanged, write_version
from moderation.difference import difference
from moderation.languages import Words
from moderation.merging import DoesNotFit, brought_over
from moderation.policy import Policy, current, latest, policy_from, refresh, take_up, waiting
from moderation.proposals import Proposal
from moderation.proposing import tell
from moderation.reading import Draft
from moderation.rows import keep
from moderation.sections import Sections
from moderation.states import ProposalNews, ProposalState


@dataclass(frozen=True)
class Overtaken:
    """What became of versions that waited: those that were written anew, and those that were not.

    `anew` maps the number of each that fits to its new one, `dropped` that of each other one to the
    keys that do not fit.
    """

    version: int
    anew: Mapping[int, int] = field(default_factory=dict)
    dropped: Mapping[int, str] = field(default_factory=dict)


async def overtake(wanted: Sections, *, summary: Words, by: str) -> Overtaken:
    """Put sections in force at once, before versions that wait for their day.

    Each of those is written anew on top, for the same day; where both say different things about a
    key, the one that waited does not come. The proposals they came from go with them. `wanted` is
    made from the version in force. Call it in the transaction of what it follows from; raises
    Unchanged and OutOfDate as `adopt` does.
    """
    await refresh(at_once=True)
    before, queue = current(), waiting()
    if not difference(before.sections, wanted):
        raise Unchanged(f"version {before.version} says the same")
    number = (await latest()).version
    made = [await _next(number + 1, wanted, summary, by)]
    anew, dropped = {}, {}
    was, base = before.sections, wanted
    for each in queue:
        try:
            sections = brought_over(was, each.sections, base)
        except DoesNotFit as error:
            dropped[each.version] = str(error)
        else:
            made.append(await _again(made[-1].version + 1, sections, each))
            anew[each.version], base = made[-1].version, sections
        was = each.sections
    done = Overtaken(made[0].version, anew, dropped)
    await _take_along(done)
    for policy in made:
        take_up(policy)
    return done


async def _take_along(done: Overtaken) -> None:
    """Let adopted proposals know what became of the versions that they wait for."""
    overtaken = [*done.anew, *done.dropped]
    for each in await Proposal.filter(state=ProposalState.ADOPTED, version__in=overtaken):
        number = each.version or 0
        if number in done.anew:
            machine.be_renumbered(each, done.anew[number])
            await keep(each)
        else:
            machine.give_back(each, done.dropped[number], now())
            await keep(each)
            await tell(each, ProposalNews.RETURNED)


async def _again(number: int, sections: Sections, before: Policy) -> Policy:
    return await _next(number, sections, before.summary, before.by, before.effective)


async def _next(
    number: int, sections: Sections, summary: Words, by: str, effective: datetime | None = None
) -> Policy:
    try:
        return policy_from(await write_version(number, sections, summary, by, effective or now()))
    except IntegrityError as error:
        raise OutOfDate(Draft(sections, number - 1), await latest(), None) from error
