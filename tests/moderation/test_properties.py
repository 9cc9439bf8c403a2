"""Whatever happens in whatever order, as far as it is allowed: the figures equal a recount, the
chain verifies, and nothing private is in a public document."""

from collections import Counter
from datetime import timedelta
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.transactions import in_transaction

from actors.accounts import Role
from actors.actor import Actor
from actors.groups import See, make_group
from actors.memberships import Role as GroupRole
from actors.memberships import State, stand
from core.clock import now
from moderation import appealing, deciding, drafting, group_acts, group_offices, handling, hearing
from moderation.appeals import Appeal
from moderation.cases import Case, ProvisionalHide
from moderation.closed_figures import ClosedPeriod
from moderation.decisions import Decision
from moderation.due import settle_due
from moderation.figures import figures
from moderation.filing import file_report, withdraw
from moderation.list_writing import fires_of
from moderation.panel_counting import step_panel
from moderation.panel_hearing import decline, draw, say
from moderation.panels import Panel, SealedVerdict, Seat
from moderation.policy import current, document_of, open_shelf, put_in_force, versions
from moderation.provisional_hides import hide_for_now
from moderation.record import RecordEntry, faults
from moderation.redacting import WORDS, redact, words_of
from moderation.reports import Report
from moderation.states import AppealState, CaseState, Inadmissible, WaitingFor
from notes.note import Note
from notes.visibility import may_see
from outbox.create import publish
from outbox.draft import Draft
from outbox.refusals import NotAllowed, NotValid
from tests.moderation.deciding import written
from tests.moderation.drafts import policy_of
from tests.moderation.paneling import willing

MARK = "XPRIVATEX"
OF_CASES = ("claim", "hide_now", "close", "reopen", "decide", "wait", "resume", "merge")
IN_GROUPS = ("remove", "restore", "ban", "unban", "lock", "unlock", "report_there")
EVENTS = (
    *("report", "withdraw", "confirm", "return", "lift", "replace"),
    *("appeal", "take", "refuse", "uphold", "overturn", "amend", "panel", "speak", "give_up"),
    *("redact", "server", "a_day", "a_month", *OF_CASES, *IN_GROUPS),
)
PANELS = {"appeals": {"panel": 3, "panel_effect": "binding"}}
MEASURES = ("none", "hide", "remove", "quiet", "label", "close", "warn", "read_only", "suspend")
STEPS = st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 11)), max_size=16)


class House(NamedTuple):
    """Who lives here, what two of them wrote, in the open and in a closed group, and that group."""

    staff: list[Actor]
    authors: list[Actor]
    notes: list[Note]
    jo: Actor
    boss: Actor
    den: Actor
    hosts: list[Actor]
    inside: list[Note]
    members: list[Actor]


class Undone(Exception):
    """Takes an example back, so that the next one finds the house as it was."""


@pytest.fixture
async def house(here, settle):
    put_in_force(policy_of(**PANELS))
    staff = [await settle(name, role=Role.MODERATOR) for name in ("mod", "two", "three")]
    authors = [await settle("mei"), await settle("bo")]
    notes = [await publish(each, Draft(text=f"Words {MARK}")) for each in authors]
    jo, boss = await settle("jo"), await settle("boss", role=Role.ADMIN)
    hosts = [await settle("kim"), await settle("lee")]
    den = await make_group(hosts[0], "den", title="Den", see=See.MEMBERS)
    await stand(hosts[1].id, den.id, State.MEMBER, role=GroupRole.MODERATOR)
    for each in (*authors, jo):
        await stand(each.id, den.id, State.MEMBER)
    inside = [
        await publish(each, Draft(text=f"Inside {MARK}", group_id=den.id)) for each in authors
    ]
    members = await willing(settle, *("ann", "ben", "cleo", "dan"))
    return House(staff, authors, notes, jo, boss, den, hosts, inside, members)


async def last(model, number, **wanted):
    found = await model.filter(**wanted).order_by("id")
    return found[number % len(found)] if found else None


async def step(event, number, house) -> None:
    staff, authors, notes, jo = house.staff, house.authors, house.notes, house.jo
    mod, place = staff[number % 3], number % 2
    if event in IN_GROUPS:
        await in_group(event, number, house)
        return
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
            for panel in await Panel.filter(closed_at=None):
                await Panel.filter(id=panel.id).update(closes_at=panel.closes_at - gone)
            await settle_due()
        case "redact":
            if entry := await last(RecordEntry, number):
                await redact(entry, house.boss, fields=list(WORDS), reason="Too much.")
        case "server":
            host = f"{('a', 'b', 'c')[number % 3]}.example"
            case = await handling.open_own(mod, target=None, host=host, because=MARK)
            made = await drafting.draft(
                case, mod, written("limit", facts=MARK, outcome="", to_reporters="")
            )
            await deciding.issue(made, case, mod)
        case "replace":
            if old := await last(Decision, number, scope="server", thing="note"):
                case = await Case.get(id=old.case_id)
                new = await drafting.draft(
                    case, mod, written("quiet", note_id=old.note_id, facts=MARK)
                )
                await deciding.replace(old, new, case, mod)
        case "confirm" | "return" | "lift" | "appeal":
            if decision := await last(Decision, number):
                if event == "confirm":
                    await deciding.confirm(decision, mod)
                elif event == "return":
                    await deciding.give_back(decision, mod, MARK)
                elif event == "lift":
                    await deciding.lift(decision, mod, "Fine.")
                else:
                    await appealing.file(decision, MARK, new_facts=MARK)
        case "take" | "refuse" | "uphold" | "overturn" | "amend":
            if appeal := await last(Appeal, number):
                if event == "take":
                    await hearing.take_up(appeal, mod)
                elif event == "refuse":
                    await hearing.refuse(appeal, mod, Inadmissible.ABUSIVE, "Please be civil.")
                else:
                    await settle_appeal(event, appeal, mod)
        case "panel":
            if appeal := await last(Appeal, number):
                await draw(appeal, mod)
        case "speak" | "give_up":
            if panel := await last(Panel, number, closed_at=None):
                await sit(event, number, panel, house.members[number % 4])
        case _:
            if case := await last(Case, number):
                await of_case(event, case, mod, notes, number)


async def sit(event, number, panel, member) -> None:
    if event == "speak":
        await say(panel, member, "overturn" if number % 3 else "uphold", "Looked at again.")
    else:
        await decline(panel, member)
    await step_panel({"panel_id": panel.id})


async def settle_appeal(event, appeal, mod) -> None:
    outcome = {"uphold": "upheld", "overturn": "overturned", "amend": "amended"}[event]
    old, instead = await Decision.get(id=appeal.decision_id), None
    if event == "amend" and old.thing == "note" and old.group_id is None:
        case = await Case.get(id=old.case_id)
        form = written("quiet", note_id=old.note_id, facts=MARK)
        instead = await drafting.draft(case, mod, form)
    await hearing.settle(appeal, mod, outcome, "Read again.", instead=instead)


async def in_group(event, number, house) -> None:
    host, place, den = house.hosts[number % 2], number // 2 % 2, house.den
    note = await Note.get(id=house.inside[place].id).select_related("author")
    match event:
        case "remove":
            await group_acts.remove(host, den, note, reason=MARK)
        case "restore":
            await group_acts.restore(host, den, note, reason=MARK)
        case "lock":
            await group_acts.lock(host, den, note, reason=MARK)
        case "unlock":
            await group_acts.unlock(host, den, note)
        case "ban":
            await group_offices.ban(host, den, note.author, reason=MARK)
        case "unban":
            await group_offices.unban(host, den, note.author)
        case "report_there":
            await file_report(house.jo, note.author, notes=[note], comment=MARK, to_group=True)


async def of_case(event, case, mod, notes, number) -> None:
    note = next((each for each in notes if each.author_id == case.target_id), None)
    if note is None or (event != "claim" and case.group_id is not None):
        raise NotAllowed("It is about a server, or for those who run the group.")
    match event:
        case "claim":
            await handling.claim(case, mod)
        case "hide_now":
            await hide_for_now(case, mod, note, reason=MARK, hours=5)
        case "close":
            await handling.decide(
                case, mod, outcome="not_upheld", to_reporters=MARK, no_breach=MARK
            )
        case "reopen":
            await handling.reopen(case, mod, MARK)
        case "wait":
            until = now() + timedelta(days=2)
            await handling.wait(case, mod, WaitingFor.AUTHOR, MARK, until)
        case "resume":
            await handling.resume(case, mod)
        case "merge":
            if other := await last(Case, number + 1):
                await handling.merge(case, other, mod)
        case "decide":
            measure = MEASURES[number % len(MEASURES)]
            about = note.id if measure not in ("warn", "read_only", "suspend") else None
            made = await drafting.draft(
                case, mod, written(measure, note_id=about, label="Ad", facts=MARK)
            )
            await deciding.issue(made, case, mod)


async def check(house) -> None:
    for group_id in (None, house.den.id):
        await check_figures(group_id)
    assert await faults() == []
    assert await faults(f"group:{house.den.id}") == []
    await check_public(house)
    issued = await Decision.filter(issued_at__not_isnull=True).count()
    assert await RecordEntry.filter(kind="decision").count() == issued
    assert not await Case.exists(state=CaseState.CLAIMED, claimed_by_id=None)
    await check_panels()
    for note in house.notes:
        await check_shown(await Note.get(id=note.id).select_related("author"), house.jo)


async def check_panels() -> None:
    """An appeal is before a panel as long as that is open; then no trace is left of who sat."""
    is_open = {each.appeal_id for each in await Panel.filter(closed_at=None)}
    before = {each.id for each in await Appeal.filter(state=AppealState.WITH_PANEL)}
    assert is_open == before
    for table in (Seat, SealedVerdict):
        assert not await table.exists(panel__closed_at__not_isnull=True)
    for panel in await Panel.filter(closed_at=None):
        assert await Seat.filter(panel_id=panel.id, is_held=True).count() <= panel.size


async def check_figures(group_id) -> None:
    """Count every row again, in another way than figures do."""
    found = await figures(now() - timedelta(days=400), now() + timedelta(days=1), group_id=group_id)
    decisions = await Decision.filter(group_id=group_id, issued_at__not_isnull=True)
    reports = await Report.filter(group_id=group_id)
    appeals = Appeal.filter(decision__group_id=group_id)
    assert found.reports == len(reports)
    assert found.decisions == len(decisions)
    assert found.measures_by_kind == dict(Counter(each.measure.value for each in decisions))
    assert found.measures_by_thing == dict(Counter(each.thing.value for each in decisions))
    outcomes = Counter(each.outcome.value for each in reports if each.outcome)
    assert found.reports_by_outcome == dict(outcomes)
    cases = Case.filter(group_id=group_id)
    assert found.cases_opened == await cases.count()
    assert found.cases_decided == await cases.filter(decided_at__not_isnull=True).count()
    assert found.appeals_filed == await appeals.filter(filed_at__not_isnull=True).count()
    settled = Counter(
        each.state.value for each in await appeals.filter(settled_at__not_isnull=True)
    )
    assert found.appeals_by_outcome == dict(settled)
    hides = ProvisionalHide.filter(case__group_id=group_id)
    assert found.provisional_hides == await hides.count()
    named = {each.key for each in current().sections.federation.entries}
    balance = found.server_measures_added - found.server_measures_lifted
    assert balance == (0 if group_id else len(named))
    assert MARK not in msgspec.json.encode(found).decode()


async def check_public(house) -> None:
    """Look for what is private in whatever everyone can read."""
    entries = await RecordEntry.all()
    policies = [str(await document_of(each)) for each in await versions()]
    words = [
        *(str(each.document) for each in entries),
        *policies,
        str(fires_of(await versions(), now().date(), base="https://here.example")),
        *(str(each.document) for each in await ClosedPeriod.all()),
    ]
    for each in (house.jo, *house.staff, house.boss, *house.members):
        assert each.uri not in "".join(words)
    assert MARK not in "".join(words)
    for entry in entries:
        if entry.redacted_at is not None:
            assert not words_of(entry)


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
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
async def test_whatever_happens_the_books_are_right(house, steps):
    await example(steps, house)


@pytest.mark.parametrize("ends", [0, 1], ids=["uphold", "overturn"])
async def test_a_panel_is_among_what_happens(house, ends):
    way = ["report", "claim", "decide", "appeal", "take", "panel", *["speak"] * 4, "a_month"]
    number = {"claim": 1, "decide": 10}
    people = iter((0, 3, 6, 9) if not ends else (1, 2, 4, 7))

    for event in way:
        each = next(people) if event == "speak" else number.get(event, 0)
        try:
            await step(event, each, house)
        except NotAllowed:
            assert event == "speak"  # one of the four has no seat, or all have spoken
        await check(house)

    assert (await Panel.get()).is_carried
    decision = await Decision.all().first()
    assert decision.state == ("overturned" if ends else "in_force")


@pytest.mark.parametrize("ends", ["uphold", "overturn"])
async def test_the_longest_way_is_one_of_them(house, ends):
    way = ["report", "claim", "hide_now", "decide", "appeal", "take", ends, "a_month"]
    number = {"claim": 1, "hide_now": 1, "decide": 10}

    for event in way:
        await step(event, number.get(event, 0), house)
    await check(house)

    decision = await Decision.all().first()
    assert decision.state == ("in_force" if ends == "uphold" else "overturned")


async def test_servers_groups_and_redactions_are_among_what_happens(house):
    way = [
        *(("server", 0), ("server", 1), ("report_there", 0), ("remove", 0), ("restore", 0)),
        *(("remove", 2), ("ban", 2), ("lock", 0), ("unban", 2), ("redact", 0), ("a_month", 0)),
    ]

    for event, number in way:
        await step(event, number, house)
        await check(house)

    kinds = {each.kind.value for each in await RecordEntry.all()}
    things = {each.measure.value for each in await Decision.filter(group_id=house.den.id)}
    assert {"decision", "lifted", "redaction"} <= kinds
    assert things == {"remove", "leave_group", "close"}
    assert await Decision.filter(thing="server", state="in_force").count() == 2
    assert await Report.filter(group_id=house.den.id).count() == 1


async def example(steps, house) -> None:
    open_shelf(policy_of(**PANELS))
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
