"""Figures of the policy itself: proposals, turnout, and measures about servers."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from core.clock import now
from moderation.adopting import adopt
from moderation.figures import figures
from moderation.policy import current
from moderation.policy_figures import policy_figures
from moderation.proposals import Proposal
from moderation.reading import Draft
from tests.moderation.drafts import entry, sections_of, servers

BEGIN, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
IN, BEFORE, AFTER = (datetime(2026, month, 10, tzinfo=UTC) for month in (3, 2, 4))
WHY = {"en": "Because."}


@pytest.fixture
async def made(here, settle):
    mei = await settle("mei")

    async def make(state: str, **columns) -> Proposal:
        document = msgspec.to_builtins(sections_of())
        values = {"title": "A change", "document": document, "based_on": 1, "opened_at": IN}
        return await Proposal.create(proposer_id=mei.id, state=state, **(values | columns))

    return make


@pytest.mark.parametrize(
    ("state", "columns", "counted"),
    [
        ("in_force", {"decided_at": IN}, {"adopted": 1}),
        ("adopted", {"decided_at": IN}, {"adopted": 1}),
        ("adopted", {"decided_at": AFTER}, {}),
        ("rejected", {"decided_at": IN, "ended_at": IN}, {"rejected": 1}),
        ("no_quorum", {"ended_at": IN}, {"no_quorum": 1}),
        ("lapsed", {"ended_at": BEFORE}, {}),
        ("withdrawn", {"ended_at": IN}, {"withdrawn": 1}),
        ("withdrawn", {"ended_at": IN, "opened_at": None}, {}),
        ("vetoed", {"ended_at": IN}, {"vetoed": 1}),
        ("returned", {"decided_at": BEFORE, "ended_at": IN}, {"returned": 1}),
        ("vote", {}, {}),
        ("in_force", {"is_emergency": True}, {"emergency": 1}),
        ("lapsed", {"is_emergency": True, "opened_at": BEFORE, "ended_at": IN}, {}),
    ],
)
async def test_a_proposal_is_counted_by_what_came_of_it_and_when(made, state, columns, counted):
    await made(state, **columns)

    assert (await policy_figures(BEGIN, END)).by_result == counted


async def test_turnout_is_the_share_of_all_rolls_that_voted(made):
    for yes, roll in ((3, 10), (5, 30)):
        await made("rejected", vote_ended_at=IN, electorate=roll, tally={"yes": yes, "no": 2})
    await made("rejected", vote_ended_at=AFTER, electorate=5, tally={"yes": 5})

    found = await policy_figures(BEGIN, END)

    assert (found.opened, found.turnout) == (3, 0.3)


async def test_without_a_vote_there_is_no_turnout(made):
    await made("discussion")

    found = await figures(BEGIN, END)

    assert (found.proposals_opened, found.turnout) == (1, None)


async def test_measures_about_servers_are_counted_whoever_made_them(here):
    ends = now().date() + timedelta(days=1)
    one, other = entry("one.example"), entry("two.example", "limit")
    fine = entry("fine.example", "accept")
    for entries in ([one, other, fine], [one], [one, entry("x.example", until=ends)]):
        draft = Draft(sections_of(**servers(*entries)), current().version)
        await adopt(draft, summary=WHY)

    found = await figures(now() - timedelta(days=1), now() + timedelta(days=5))

    assert (found.server_measures_added, found.server_measures_lifted) == (3, 2)


async def test_a_measure_that_ended_on_its_day_is_not_lifted_once_more(here):
    ended = entry("x.example", until=now().date() - timedelta(days=2))
    for entries in ([ended], []):
        draft = Draft(sections_of(**servers(*entries)), current().version)
        await adopt(draft, summary=WHY)

    found = await figures(now() - timedelta(days=1), now() + timedelta(days=1))

    assert (found.server_measures_added, found.server_measures_lifted) == (1, 0)


async def test_a_group_has_none_of_these(made, settle):
    group = await settle("club")
    await made("rejected", ended_at=IN)

    found = await figures(BEGIN, END, group_id=group.id)

    assert (found.proposals_by_result, found.proposals_opened) == ({}, 0)
