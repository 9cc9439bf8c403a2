"""Whatever happens in whatever order, as far as it is allowed: the figures equal a recount, the
chain verifies, and nothing private is in a public document."""

from collections import Counter
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.transactions import in_transaction

from actors.accounts import Role
from core.clock import now
from moderation import deciding, handling, hearing
from moderation.appeals import Appeal
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.due import settle_due
from moderation.figures import figures
from moderation.filing import file_report, withdraw
from moderation.policy import put_in_force
from moderation.record import RecordEntry, faults
from moderation.reports import Report
from moderation.states import CaseState, Inadmissible
from notes.note import Note
from notes.visibility import may_see
from outbox.create import publish
from outbox.draft import Draft
from outbox.refusals import NotAllowed, NotValid
from tests.moderation.deciding import written
from tests.moderation.drafts import policy_of

MARK = "XPRIVATEX"
EVENTS = (
    *("report", "withdraw", "claim", "hide_now", "close", "reopen", "decide", "confirm", "return"),
    *("lift", "appeal", "take", "refuse", "uphold", "overturn", "a_day", "a_month"),
)
MEASURES = ("none", "hide", "remove", "quiet", "label", "close", "warn", "read_only", "suspend")
STEPS = st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 11)), max_size=14)


class Undone(Exception):
    """Takes an example back, so that the next one finds the house as it was."""


@pytest.fixture
async def house(here, settle):
    put_in_force(policy_of())
    staff = [await settle(name, role=Role.MODERATOR) for name in ("mod", "two", "three")]
    authors = [await settle("mei"), await settle("bo")]
    notes = [await publish(each, Draft(text=f"Words {MARK}")) for each in authors]
    return staff, authors, notes, await settle("jo")


async def last(model, number, **wanted):
    found = await model.filter(**wanted).order_by("id")
    return found[number % len(found)] if found else None


async def step(event, number, house) -> None:
    staff, authors, notes, jo = house
    mod, place = staff[number % 3], number % 2
    match event:
        case "report":
            await file_report(jo, authors[place], notes=[notes[place]], comment=MARK)
        case "withdraw":
            if report := await last(Report, number):
                await withdraw(report)
        case "a_day" | "a_month":
            gone = timedelta(days=1 if event == "a_day" else 31)
            for appeal in await Appeal.all():
                ends = appeal.window_ends_at - gone
                due = appeal.decide_by - gone if appeal.decide_by else None
                await Appeal.filter(id=appeal.id).update(window_ends_at=ends, decide_by=due)
            await settle_due()
        case "confirm" | "return" | "lift" | "appeal":
            if decision := await last(Decision, number):
                if event == "confirm":
                    await deciding.confirm(decision, mod)
                elif event == "return":
                    await deciding.give_back(decision, mod, MARK)
                elif event == "lift":
                    await deciding.lift(decision, mod, "Fine.")
                else:
                    await hearing.file(decision, MARK, new_facts=MARK)
        case "take" | "refuse" | "uphold" | "overturn":
            if appeal := await last(Appeal, number):
                if event == "take":
                    await hearing.take_up(appeal, mod)
                elif event == "refuse":
                    await hearing.refuse(appeal, mod, Inadmissible.ABUSIVE, "Please be civil.")
                else:
                    outcome = {"uphold": "upheld", "overturn": "overturned"}[event]
                    await hearing.settle(appeal, mod, outcome, "Read again.")
        case _:
            if case := await last(Case, number):
                await of_case(event, case, mod, notes, number)


async def of_case(event, case, mod, notes, number) -> None:
    note = next(each for each in notes if each.author_id == case.target_id)
    match event:
        case "claim":
            await handling.claim(case, mod)
        case "hide_now":
            await handling.hide_for_now(case, mod, note, reason=MARK, hours=5)
        case "close":
            await handling.decide(
                case, mod, outcome="not_upheld", to_reporters=MARK, no_breach=MARK
            )
        case "reopen":
            await handling.reopen(case, mod, MARK)
        case "decide":
            measure = MEASURES[number % len(MEASURES)]
            about = note.id if measure not in ("warn", "read_only", "suspend") else None
            made = await deciding.draft(
                case, mod, written(measure, note_id=about, label="Ad", facts=MARK)
            )
            await deciding.issue(made, case, mod)


async def check(house) -> None:
    _, _, notes, jo = house
    found = await figures(now() - timedelta(days=400), now() + timedelta(days=1))
    decisions = await Decision.filter(issued_at__not_isnull=True)
    assert found.reports == await Report.all().count()
    assert found.decisions == len(decisions)
    assert found.measures_by_kind == dict(Counter(each.measure.value for each in decisions))
    outcomes = Counter(each.outcome.value for each in await Report.all() if each.outcome)
    assert found.reports_by_outcome == dict(outcomes)
    assert found.cases_decided == await Case.filter(decided_at__not_isnull=True).count()
    assert found.appeals_filed == await Appeal.filter(filed_at__not_isnull=True).count()
    settled = Counter(each.state.value for each in await Appeal.filter(settled_at__not_isnull=True))
    assert found.appeals_by_outcome == dict(settled)
    assert await faults() == []
    entries = await RecordEntry.all()
    assert MARK not in str([each.document for each in entries])
    assert MARK not in msgspec.json.encode(found).decode()
    assert sum(each.kind == "decision" for each in entries) == len(decisions)
    assert not await Case.exists(state=CaseState.CLAIMED, claimed_by_id=None)
    for note in notes:
        await check_shown(await Note.get(id=note.id).select_related("author"), jo)


async def check_shown(note, jo) -> None:
    """What no decision and no moderator hides is shown, and nothing else is."""
    taken = await Decision.exists(note_id=note.id, measure__in=["hide", "remove"], state="in_force")
    for_now = await hidden_for_now(note.id)
    if note.deleted_at is None:
        assert (note.hidden_at is not None) == (taken or for_now)
    gone = note.hidden_at is not None or note.deleted_at is not None
    assert await may_see(jo, note) == (not gone and note.author.suspended_at is None)


async def hidden_for_now(note_id) -> bool:
    from_case = await Case.filter(hides__note_id=note_id, hides__ended_at=None).exists()
    return bool(from_case)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
async def test_whatever_happens_the_books_are_right(house, steps):
    await example(steps, house)


@pytest.mark.parametrize("ends", ["uphold", "overturn"])
async def test_the_longest_way_is_one_of_them(house, ends):
    way = ["report", "claim", "hide_now", "decide", "appeal", "take", ends, "a_month"]
    number = {"claim": 1, "hide_now": 1, "decide": 10}

    for event in way:
        await step(event, number.get(event, 0), house)
    await check(house)

    decision = await Decision.all().first()
    assert decision.state == ("in_force" if ends == "uphold" else "overturned")


async def example(steps, house) -> None:
    try:
        async with in_transaction():
            for event, number in steps:
                try:
                    async with in_transaction():
                        await step(event, number, house)
                except (NotAllowed, NotValid):
                    continue
            await check(house)
            raise Undone
    except Undone:
        return
