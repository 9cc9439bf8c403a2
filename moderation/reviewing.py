"""What ends by itself before long: looked at again in time, and renewed, or left to its end."""

from collections.abc import Collection
from datetime import date, timedelta

from msgspec.structs import replace
from tortoise.transactions import in_transaction

from actors.accounts import Account
from actors.actor import Actor
from core.clock import now
from moderation.adopting import adopt
from moderation.audit import StaffAct, write_down
from moderation.decisions import Decision
from moderation.policy import Policy, newest, refresh
from moderation.reading import Draft
from moderation.sections import Entry
from moderation.states import DecisionState, Scope, Thing
from moderation.strict import LONGEST_REASON
from outbox.refusals import NotAllowed, NotValid

AHEAD = timedelta(days=30)
MOST = 100
LET_END_ENTRY, LET_END_DECISION = "policy.let_end", "decision.let_end"


async def ending_entries() -> list[Entry]:
    """Return the policy's measures against servers that end within 30 days, or just did, the first
    to end on top; those that somebody lets end are left out."""
    today = now().date()
    entries = [
        each
        for each in newest().sections.federation.entries
        if each.until and today - AHEAD <= each.until <= today + AHEAD
    ]
    left = await _left(LET_END_ENTRY, {f"server:{each.domain}" for each in entries})
    waiting = [each for each in entries if (each.key, str(each.until)) not in left]
    return sorted(waiting, key=lambda each: (str(each.until), each.domain))


async def ending_decisions(hidden: Collection[int]) -> list[Decision]:
    """Return decisions about people, groups and notes that end within 30 days; `hidden` are cases
    that are not the reader's to see. Those about servers stand in the policy."""
    found = Decision.filter(
        state=DecisionState.IN_FORCE,
        scope=Scope.SERVER,
        until__lte=now() + AHEAD,
        thing__not=Thing.SERVER,
    )
    rows = await found.exclude(case_id__in=sorted(hidden)).order_by("until", "id").limit(MOST)
    left = await _left(LET_END_DECISION, {f"decision:{each.id}" for each in rows})
    return [each for each in rows if (str(each.id), str(each.until)) not in left]


async def behind(entries: Collection[Entry]) -> dict[str, int]:
    """Return the decisions in force that some of these measures stand on, by their keys: those are
    renewed by a decision in their place."""
    hosts = [each.domain for each in entries]
    found = Decision.filter(host__in=hosts, thing=Thing.SERVER, state=DecisionState.IN_FORCE)
    keys = {each.key for each in entries}
    by_key = {f"{each.host} {each.measure.value}": each.id for each in await found}
    return {key: number for key, number in by_key.items() if key in keys}


async def renew(key: str, account: Account, until: date, why: str, *, address: str = "") -> Policy:
    """Publish a version of the policy in which a measure ends later.

    Raises NotValid for a day that is not later or where nobody says why, NotAllowed where there is
    no such measure or a decision stands behind it, Unchanged and OutOfDate as `adopt` does.
    """
    await refresh(at_once=True)
    policy = newest()
    entry = _named(policy, key)
    if key in await behind([entry]):
        raise NotAllowed("A decision stands behind this measure. Put another in its place.")
    if not why.strip():
        raise NotValid("why", "Say why: it is published with the version.")
    if until <= max(now().date(), entry.until or date.min):
        raise NotValid("until", "Choose a day that is later than the end it has.")
    federation = policy.sections.federation
    entries = tuple(
        replace(each, until=until) if each.key == key else each for each in federation.entries
    )
    changed = replace(policy.sections, federation=replace(federation, entries=entries))
    words = {policy.sections.language: f"{key} → {until}. {why.strip()}"[:LONGEST_REASON]}
    async with in_transaction():
        adopted = await adopt(Draft(changed, policy.version), summary=words, by="admin")
        await write_down(
            account.actor_id,
            "policy.renew",
            f"server:{entry.domain}",
            before={"key": key, "until": str(entry.until)},
            after={"key": key, "until": str(until)},
            reason=why.strip(),
            address=address,
        )
    return adopted


async def let_end_entry(key: str, moderator: Actor, *, address: str = "") -> None:
    """Say that a measure of the policy may end on its day; raise NotAllowed for none."""
    await refresh(at_once=True)
    entry = _named(newest(), key)
    after = {"key": key, "until": str(entry.until)}
    about = f"server:{entry.domain}"
    await write_down(moderator.id, LET_END_ENTRY, about, after=after, address=address)


async def let_end_decision(decision: Decision, moderator: Actor, *, address: str = "") -> None:
    """Say that a decision may end on its day; raise NotAllowed for one that does not end."""
    if decision.until is None or not decision.is_in_force:
        raise NotAllowed("This measure has no end to wait for.")
    after = {"key": str(decision.id), "until": str(decision.until)}
    about = f"decision:{decision.id}"
    await write_down(moderator.id, LET_END_DECISION, about, after=after, address=address)


def _named(policy: Policy, key: str) -> Entry:
    found = (each for each in policy.sections.federation.entries if each.key == key)
    entry = next(found, None)
    if entry is None or entry.until is None:
        raise NotAllowed("This measure has no end to wait for.")
    return entry


async def _left(act: str, names: Collection[str]) -> set[tuple[str, str]]:
    """Return what somebody lets end, with the day it was to end then: a renewed one comes again."""
    acts = await StaffAct.filter(act=act, about__in=sorted(names))
    return {(str(each.after["key"]), str(each.after["until"])) for each in acts}
