"""Proposals in the database: from a draft to a version, with ballots that nobody can read."""

import json
from datetime import timedelta
from importlib import import_module

import msgspec
import pytest
import time_machine

from actors.accounts import Account, Role
from actors.actor import Actor, Kind
from actors.memberships import Membership
from core import sql
from core.clock import now
from core.ids import new_id
from core.jobs import Job
from core.settings import SettingsError
from inbox import voters
from inbox.notifications import Notification
from inbox.voters import tell_of_proposal
from moderation import emergency, proposing, voting
from moderation.adopting import adopt, ensure_policy
from moderation.audit import StaffAct
from moderation.ballots import ENVELOPE, LENGTH, Ballot, Elector, Said
from moderation.foreseeing import simulate_wanted
from moderation.policy import (
    PolicyVersion,
    adopted,
    current,
    is_overtaken,
    latest,
    newest,
    refresh,
    that_counted,
    version_of,
    versions,
)
from moderation.proposal_clock import step, step_due
from moderation.proposals import Proposal, ProposalText, Sponsor
from moderation.proposing import Written
from moderation.reading import Draft, sections_from
from moderation.record import RecordEntry, faults
from moderation.saying import say_version
from moderation.states import Choice, ProposalState
from notes.note import Note
from outbox.create import publish
from outbox.draft import Draft as NoteDraft
from outbox.refusals import NotAllowed, NotValid
from tests.conftest import account_of
from tests.moderation.drafts import RULE
from tests.moderation.rows import follows, note_by, stranger

DAY = timedelta(days=1)


@pytest.fixture
async def member(settle):
    """Make a member who has been here for a year: `await member("mei")`."""

    async def make(name: str, role: Role = Role.MEMBER) -> Account:
        account = await account_of(await settle(name, role=role))
        await Account.filter(id=account.id).update(
            created_at=now() - timedelta(days=365), seen_at=now()
        )
        return await Account.get(id=account.id).select_related("actor")

    return make


async def govern(preset: str, **more) -> None:
    """Have a policy in force that is changed like this."""
    tree = msgspec.to_builtins(current().sections)
    tree["governance"] |= {"preset": preset, **more}
    newest = await latest()
    await adopt(Draft(sections_from(tree), newest.version), summary={"en": "Another way."})


async def changed(**tables) -> Draft:
    """A draft of the next version with these keys in their tables."""
    newest = await latest()
    tree = msgspec.to_builtins(newest.sections)
    for name, values in tables.items():
        tree[name] |= values
    return Draft(sections_from(tree), newest.version)


async def with_a_filter(word: str = "pills") -> Draft:
    """A draft that holds notes with a word back."""
    filters = [{"id": "pills", "rule": "no-ads", "when": {"words": [word]}, "then": "hold"}]
    tree = msgspec.to_builtins(current().sections) | {"filters": filters, "rules": [RULE]}
    return Draft(sections_from(tree), (await latest()).version)


async def written(draft: Draft | None = None, **more) -> Written:
    """A proposal that is whole."""
    draft = draft or await changed(appeals={"window_days": 60})
    return Written("More time", "Sixty days to appeal.", "Thirty are few.", draft, **more)


async def voted_on(member) -> tuple[Proposal, list[Account]]:
    """A proposal whose vote is open, and six who may vote."""
    await govern("assembly", sponsors=0, discussion_days=1, vote_days=1)
    people = [await member(name) for name in ("mei", "jo", "kim", "ana", "bo", "cy")]
    proposal = await proposing.begin(people[0], await written())
    await proposing.publish(proposal, people[0])
    for _ in range(2):
        await Proposal.filter(id=proposal.id).update(due_at=now())
        await step_due()
    fresh = await Proposal.get(id=proposal.id)
    assert fresh.state == "vote"
    return fresh, people


async def close(proposal: Proposal) -> Proposal:
    await Proposal.filter(id=proposal.id).update(due_at=now())
    await step_due()
    return await Proposal.get(id=proposal.id)


async def test_a_proposal_finds_sponsors_and_is_discussed_in_a_public_note(member, settle_down):
    await govern("consult")
    mei, jo, kim = [await member(name) for name in ("mei", "jo", "kim")]
    proposal = await proposing.begin(mei, await written())
    await proposing.publish(proposal, mei)

    await proposing.sponsor(proposal, jo)
    await proposing.sponsor(proposal, jo)
    assert (await Proposal.get(id=proposal.id)).state == "seeking_sponsors"
    await proposing.sponsor(await Proposal.get(id=proposal.id), kim)
    await settle_down()

    fresh = await Proposal.get(id=proposal.id).select_related("thread")
    assert (fresh.state, await Sponsor.filter(proposal_id=proposal.id).count()) == ("discussion", 2)
    assert fresh.thread.author_id == mei.actor_id
    assert fresh.page in fresh.thread.content
    with pytest.raises(NotAllowed):
        await proposing.unsponsor(fresh, jo)


async def test_a_new_member_neither_proposes_nor_sponsors_nor_votes(member, settle):
    proposal, people = await voted_on(member)
    newcomer = await account_of(await settle("new"))

    with pytest.raises(NotAllowed):
        await proposing.begin(newcomer, await written())
    with pytest.raises(NotAllowed, match="roll"):
        await voting.cast(proposal, newcomer, "yes")
    proposal.state = ProposalState.SEEKING_SPONSORS
    with pytest.raises(NotAllowed):
        await proposing.sponsor(proposal, newcomer)

    assert await Elector.filter(proposal_id=proposal.id).count() == len(people)


async def test_MOD_06_whoever_became_eligible_after_the_vote_opened_is_not_on_the_roll(member):
    proposal, _ = await voted_on(member)

    late = await member("late")

    with pytest.raises(NotAllowed, match="roll"):
        await voting.cast(proposal, late, "yes")


async def test_a_ballot_is_changed_until_the_vote_closes_and_counted_once(member):
    proposal, people = await voted_on(member)
    for each in people:
        await voting.cast(proposal, each, "no", "Not this.")
    for each in people[:5]:
        await voting.cast(proposal, each, "yes", f"Reason {each.id}")
    assert await voting.turnout_of(proposal) == 6

    done = await close(proposal)

    assert done.tally == {"yes": 5, "no": 1, "abstain": 0}
    assert (done.state, done.quorum, done.electorate) == ("adopted", 5, 6)
    assert len(done.receipts) == 6
    assert voting.own_receipt(done, people[0].actor) in done.receipts
    with pytest.raises(NotAllowed, match="not open"):
        await voting.cast(done, people[0], "no")


async def test_a_ballot_says_no_more_than_its_choice_and_is_gone_when_counted(member):
    proposal, people = await voted_on(member)
    for each in people:
        await voting.cast(proposal, each, "yes")

    kept = await Ballot.all()
    rows = json.dumps(await Ballot.all().values(), default=str)
    assert {len(each.sealed) for each in kept} == {LENGTH + 28}
    assert len({bytes(each.sealed) for each in kept}) == len(kept)
    assert not any(b"choice" in bytes(each.sealed) for each in kept)
    for each in people:
        assert str(each.actor_id) not in rows
        assert str(each.id) not in rows
        assert f'"{each.actor.name}"' not in rows
    assert not await StaffAct.exists()
    done = await close(proposal)

    assert not await Ballot.exists()
    assert done.ballot_reasons == []


async def test_MOD_06_the_ballot_of_who_was_suspended_meanwhile_does_not_count(member):
    proposal, people = await voted_on(member)
    for each in people:
        await voting.cast(proposal, each, "yes")
    await type(people[5].actor).filter(id=people[5].actor_id).update(suspended_at=now())

    done = await close(proposal)

    assert done.tally == {"yes": 5, "no": 0, "abstain": 0}


async def test_a_ballot_that_was_put_in_the_place_of_another_is_not_counted_as_theirs(member):
    proposal, people = await voted_on(member)
    await voting.cast(proposal, people[0], "no")
    await voting.cast(proposal, people[1], "yes")
    one, other = await Ballot.all()

    await Ballot.filter(voter=one.voter).update(sealed=other.sealed)

    with pytest.raises(SettingsError):
        await close(proposal)
    assert await Ballot.all().count() == 2


@pytest.mark.parametrize("reason", ["", "\x01" * 500, "\U0001f600" * 500, '"\\' * 250])
async def test_whatever_is_said_a_ballot_is_of_one_length(here, reason):
    assert len(ENVELOPE.close(Said(Choice.ABSTAIN, reason), "somebody")) == LENGTH + 28


@pytest.mark.parametrize(("choice", "reason"), [("maybe", ""), ("yes", "x" * 501)])
async def test_what_is_no_ballot(member, choice, reason):
    proposal, people = await voted_on(member)

    with pytest.raises(NotValid):
        await voting.cast(proposal, people[0], choice, reason)

    assert not await Ballot.exists()


async def test_a_withdrawn_vote_leaves_no_ballots(member):
    proposal, people = await voted_on(member)
    await voting.cast(proposal, people[1], "no")

    await proposing.withdraw(await Proposal.get(id=proposal.id), people[0], "I was wrong.")

    assert not await Ballot.exists()
    assert (await Proposal.get(id=proposal.id)).state == "withdrawn"


async def test_adopted_it_is_in_force_after_its_notice_as_the_next_version(member):
    proposal, people = await voted_on(member)
    for each in people:
        await voting.cast(proposal, each, "yes")
    before = current().version
    adopted = await close(proposal)
    assert adopted.due_at > now() + 6 * DAY
    await step_due()
    assert current().version == before

    done = await close(proposal)
    await step_due()

    assert (done.state, done.version, current().version) == ("in_force", before + 1, before + 1)
    assert current().sections.appeals.window_days == 60
    assert current().by == f"proposal {proposal.id}: 6 yes, 0 no, 0 abstain"


async def test_what_came_into_force_meanwhile_stays(member):
    proposal, people = await voted_on(member)
    for each in people:
        await voting.cast(proposal, each, "yes")
    await close(proposal)
    await adopt(await changed(content={"max_tags": 7}), summary={"en": "Fewer."})

    await close(proposal)

    assert current().sections.appeals.window_days == 60
    assert current().sections.content.max_tags == 7


async def mend() -> None:
    """Run what the migration says."""
    found = import_module("rubric.migrations.0054_in_force_too_soon")
    for statement in (found.RENUMBER, found.WAIT):
        await sql.rows(statement, [])


async def told_apart(proposal: Proposal) -> dict[str, object]:
    """Another of the same words and version, which the version does not name."""
    columns = ("title", "document", "based_on", "version", "proposer_id")
    return {"id": new_id()} | {name: getattr(proposal, name) for name in columns}


class TestBehindAVersionThatWaits:
    """Adopted, its notice over, published: and another version has to have its day first."""

    async def waiting(self, member) -> Proposal:
        proposal, people = await voted_on(member)
        for each in people:
            await voting.cast(proposal, each, "yes")
        await close(proposal)
        fewer = await changed(content={"max_tags": 7})
        await adopt(fewer, summary={"en": "Fewer."}, effective=now() + 5 * DAY)
        return await close(proposal)

    async def test_it_is_in_force_when_its_version_is(self, member):
        proposal = await self.waiting(member)

        assert (proposal.state, proposal.version) == ("adopted", newest().version)
        assert (proposal.due_at, proposal.in_force_at) == (newest().effective, None)
        await refresh(at_once=True)
        assert adopted() is None  # the version is what is told of
        with time_machine.travel(proposal.due_at + timedelta(minutes=1), tick=True):
            await ensure_policy()
            await step_due()
            await step_due()
            done = await Proposal.get(id=proposal.id)
            assert (done.state, done.version) == ("in_force", current().version)
            assert current().sections.appeals.window_days == 60

    async def test_one_that_was_said_to_be_in_force_too_soon_waits_again(self, member):
        proposal = await self.waiting(member)
        day, soon = proposal.due_at, now()
        too_soon = {"state": "in_force", "in_force_at": soon, "due_at": None}
        await Proposal.filter(id=proposal.id).update(**too_soon)
        fine = {"version": current().version, "is_emergency": False}
        other = await Proposal.create(**(await told_apart(proposal)) | too_soon | fine)

        await mend()
        await mend()

        fresh, kept = await Proposal.get(id=proposal.id), await Proposal.get(id=other.id)
        assert (fresh.state, fresh.in_force_at, fresh.due_at) == ("adopted", None, day)
        assert fresh.version == proposal.version
        assert (kept.state, kept.in_force_at, kept.due_at) == ("in_force", soon, None)

    async def test_one_whose_version_was_written_anew_waits_for_the_new_one(self, member):
        proposal = await self.waiting(member)
        number, soon = proposal.version, now()
        row = await PolicyVersion.get(number=number)
        too_soon = {"state": "in_force", "in_force_at": soon, "due_at": None}
        await Proposal.filter(id=proposal.id).update(**too_soon)
        left_out = await Proposal.create(**(await told_apart(proposal)) | too_soon)
        for by, at in (("admin", soon), (row.adopted_by, row.effective_at)):
            number += 1
            columns = {"document": row.document, "sha256": row.sha256, "adopted_by": by}
            await PolicyVersion.create(number=number, effective_at=at, **columns)

        await mend()

        fresh, kept = await Proposal.get(id=proposal.id), await Proposal.get(id=left_out.id)
        assert (fresh.state, fresh.version, fresh.due_at) == ("adopted", number, row.effective_at)
        assert (kept.state, kept.version) == ("in_force", proposal.version)

    async def test_an_emergency_renumbers_what_waits(self, member):
        proposal = await self.waiting(member)
        boss = await member("boss", Role.ADMIN)
        tree = msgspec.to_builtins(current().sections)
        tree["accounts"] |= {"min_age": 18}
        urgent = Written("Now", "Now.", "Now.", Draft(sections_from(tree), current().version))
        first = await proposing.begin(boss, urgent)

        await emergency.declare(first, boss, now() + 10 * DAY)

        fresh = await Proposal.get(id=proposal.id)
        assert (fresh.state, fresh.version) == ("adopted", proposal.version + 3)
        assert newest().version == fresh.version
        with time_machine.travel(proposal.due_at + timedelta(minutes=1), tick=True):
            await ensure_policy()
            await step(fresh, now())
            assert (fresh.state, fresh.version) == ("in_force", current().version)

    async def test_what_an_emergency_leaves_no_room_for_is_given_back(self, member):
        proposal = await self.waiting(member)
        boss = await member("boss", Role.ADMIN)
        tree = msgspec.to_builtins(current().sections)
        tree["appeals"] |= {"window_days": 90}
        urgent = Written("Now", "Now.", "Now.", Draft(sections_from(tree), current().version))
        first = await proposing.begin(boss, urgent)

        await emergency.declare(first, boss, now() + 10 * DAY)

        fresh = await Proposal.get(id=proposal.id)
        assert (fresh.state, fresh.version) == ("returned", None)
        assert fresh.ended_because == "appeals.window_days"
        said = await Job.filter(name="moderation.say_of_proposal").values_list("payload", flat=True)
        assert any(b"returned" in bytes(each) for each in said)


async def test_what_does_not_fit_any_longer_is_given_back_and_says_why(member):
    proposal, people = await voted_on(member)
    for each in people:
        await voting.cast(proposal, each, "yes")
    await close(proposal)
    await adopt(await changed(appeals={"window_days": 10}), summary={"en": "Fewer."})

    done = await close(proposal)

    assert (done.state, done.ended_because) == ("returned", "appeals.window_days")
    assert current().sections.appeals.window_days == 10


async def test_an_amendment_keeps_the_text_before_it(member):
    await govern("consult", sponsors=0)
    mei = await member("mei")
    proposal = await proposing.begin(mei, await written())
    await proposing.publish(proposal, mei)

    await proposing.amend(
        proposal, mei, await changed(appeals={"window_days": 45}), "A little less."
    )

    texts = await ProposalText.filter(proposal_id=proposal.id).order_by("number")
    assert [dict(each.document)["appeals"]["window_days"] for each in texts] == [60, 45]
    assert texts[1].why == "A little less."
    with pytest.raises(NotValid, match="same as before"):
        await proposing.amend(
            await Proposal.get(id=proposal.id),
            mei,
            await changed(appeals={"window_days": 45}),
            "Again.",
        )


async def test_where_the_admins_decide_a_member_suggests_and_an_admin_opens_and_answers(member):
    mei, boss = await member("mei"), await member("boss", Role.ADMIN)
    proposal = await proposing.begin(mei, await written())
    with pytest.raises(NotAllowed):
        await proposing.publish(proposal, mei)
    proposal = await Proposal.get(id=proposal.id)
    await proposing.suggest(proposal, mei)
    await proposing.publish(proposal, boss)
    for _ in range(2):
        proposal = await close(proposal)
    assert proposal.state == "awaiting_admin"

    await proposing.decide(proposal, boss, "adopted", "Yes: nobody objected.", "")

    fresh = await Proposal.get(id=proposal.id)
    assert (fresh.state, fresh.answered_by_id) == ("adopted", boss.actor_id)
    assert await StaffAct.all().order_by("id").values_list("act", flat=True) == [
        "proposal.open",
        "proposal.decide",
    ]


async def test_a_veto_is_written_down_with_its_ground(member):
    proposal, _ = await voted_on(member)
    boss = await member("boss", Role.ADMIN)

    await proposing.veto(proposal, boss, "legal_duties", "A court forbids it.")

    fresh = await Proposal.get(id=proposal.id)
    assert (fresh.state, fresh.veto_ground) == ("vetoed", "legal_duties")
    assert not await Ballot.exists()


async def test_nobody_has_more_than_three_proposals_open(member):
    await govern("consult")
    mei = await member("mei")
    for number in range(4):
        draft = await changed(appeals={"window_days": 40 + number})
        proposal = await proposing.begin(mei, await written(draft))
        if number < 3:
            await proposing.publish(proposal, mei)

    with pytest.raises(NotAllowed, match="as many"):
        await proposing.publish(proposal, mei)


async def test_two_who_change_a_proposal_at_once_do_not_write_over_each_other(member):
    await govern("consult", sponsors=0)
    mei = await member("mei")
    proposal = await proposing.begin(mei, await written())
    await proposing.publish(proposal, mei)
    one, other = [await Proposal.get(id=proposal.id) for _ in range(2)]
    await proposing.amend(one, mei, await changed(appeals={"window_days": 45}), "Less.")

    with pytest.raises(NotAllowed, match="meanwhile"):
        await proposing.withdraw(other, mei, "No.")

    assert (await Proposal.get(id=proposal.id)).state == "discussion"


async def test_a_draft_is_brought_over_to_the_version_in_force_when_it_is_published(member):
    await govern("consult", sponsors=0)
    mei = await member("mei")
    fits, clashes = [await proposing.begin(mei, await written()) for _ in range(2)]
    await adopt(await changed(content={"max_tags": 7}), summary={"en": "Fewer."})
    await proposing.publish(fits, mei)
    assert (fits.based_on, fits.sections.content.max_tags) == (current().version, 7)

    await adopt(await changed(appeals={"window_days": 10}), summary={"en": "Fewer."})

    with pytest.raises(NotValid, match="does not fit"):
        await proposing.publish(clashes, mei)


async def tried(proposal: Proposal) -> Proposal:
    """The proposal once the job has tried it on what was posted."""
    await simulate_wanted({"proposal": proposal.id})
    return await Proposal.get(id=proposal.id).select_related("proposer")


async def test_a_change_of_servers_shows_what_it_would_end(member, settle):
    await govern("consult", sponsors=0)
    mei, bot = await member("mei"), await stranger("bot", "spam.example")
    club = await stranger("club", "spam.example", kind=Kind.GROUP)
    await follows(mei.actor, bot)
    await note_by(bot)
    await Membership.create(group_id=club.id, person_id=mei.actor_id)
    entries = [{"domain": "spam.example", "severity": "reject", "reason": {"en": "Spam."}}]

    proposal = await proposing.begin(
        mei, await written(await changed(federation={"entries": entries}))
    )

    assert proposal.simulation is None
    with pytest.raises(NotValid, match="First see"):
        await proposing.publish(proposal, mei)
    (found,) = (await tried(proposal)).simulation["servers"]
    assert found == {
        "host": "spam.example", "before": "", "after": "reject", "people": 2, "follows": 1,
        "followers": 0, "notes": 1, "members": 1, "groups": 1, "guests": 0,
            "is_whole": True,
    }  # fmt: skip
    await proposing.publish(await tried(proposal), mei)


async def test_a_change_of_filters_counts_the_notes_it_would_have_met(member):
    await govern("consult", sponsors=0)
    mei = await member("mei")
    for words in ("cheap pills", "a cat"):
        await Note.create(
            uri=f"https://x.example/{words}", author_id=mei.actor_id, content=f"<p>{words}</p>"
        )

    proposal = await proposing.begin(mei, await written(await with_a_filter()))

    fresh = await tried(proposal)
    found = fresh.simulation
    assert (found["notes"], found["matched"], found["authors"]) == (2, 1, 1)
    assert found["filters"] == [
        {
            "id": "pills", "matches": 1, "local": 0, "authors": 1, "acted_on": 0,
            "share_acted_on": 0.0,
        }
    ]  # fmt: skip
    assert len(fresh.samples["pills"]) == 1
    assert str(fresh.samples["pills"][0]) not in json.dumps(found)


async def test_PRIV_what_was_written_to_few_is_not_searched_by_a_simulation(member):
    await govern("consult", sponsors=0)
    mei = await member("mei")
    for number, audience in enumerate(("followers", "people", "server", "members")):
        await Note.create(
            uri=f"https://x.example/{number}", author_id=mei.actor_id, content="<p>cheap pills</p>",
            audience=audience,
        )  # fmt: skip

    proposal = await tried(await proposing.begin(mei, await written(await with_a_filter())))

    assert (proposal.simulation["notes"], proposal.samples) == (0, {})


async def test_what_was_tried_before_a_text_was_written_anew_is_not_attached(member):
    await govern("consult", sponsors=0)
    mei = await member("mei")
    proposal = await proposing.begin(mei, await written(await with_a_filter()))
    first = await tried(proposal)
    assert first.simulation is not None

    await proposing.rewrite(first, mei, await written(await with_a_filter("tablets")))

    assert (await Proposal.get(id=proposal.id)).simulation is None
    assert await Job.filter(name="moderation.simulate").count() == 2


async def test_limits_count_the_notes_they_would_have_sent_back(member):
    await govern("consult", sponsors=0)
    mei = await member("mei")
    await publish(mei.actor, NoteDraft(text="A cat #one #two #three"))
    await publish(mei.actor, NoteDraft(text="A dog #one"))

    proposal = await proposing.begin(mei, await written(await changed(content={"max_tags": 2})))

    found = (await tried(proposal)).simulation
    assert (found["notes"], found["matched"], found["filters"]) == (2, 1, [])


async def test_those_on_the_roll_are_told_that_a_vote_opens_and_closes_and_nobody_else(
    member, settle, settle_down
):
    newcomer = await settle("new")
    proposal, people = await voted_on(member)
    await settle_down()
    opened = await Notification.filter(event="vote_opened").values("reader_id", "about")

    await close(proposal)
    await settle_down()
    await tell_of_proposal({"proposal": proposal.id, "news": "vote_closed"})

    closed = await Notification.filter(event="vote_closed").values_list("reader_id", flat=True)
    everyone = sorted(each.actor_id for each in people)
    assert sorted(each["reader_id"] for each in opened) == everyone
    assert {each["about"] for each in opened} == {proposal.id}
    assert sorted(closed) == everyone
    assert newcomer.id not in closed


async def told_of(event: str) -> list[int]:
    return sorted(await Notification.filter(event=event).values_list("reader_id", flat=True))


async def test_the_answer_is_told_to_maker_sponsors_and_roll_and_not_to_who_gave_it(
    member, settle, settle_down
):
    await govern("consult", sponsors=1, discussion_days=1, vote_days=1)
    mei, jo, boss = await member("mei"), await member("jo"), await member("boss", Role.ADMIN)
    proposal = await proposing.begin(mei, await written())
    await proposing.publish(proposal, mei)
    await proposing.sponsor(proposal, jo)
    await Account.filter(id=mei.id).update(seen_at=now() - 90 * DAY)  # not on the roll
    kim, newcomer = await member("kim"), await settle("new")
    for _ in range(3):
        proposal = await close(await Proposal.get(id=proposal.id))
    assert proposal.state == "awaiting_admin"

    await proposing.decide(proposal, boss, "adopted", "Yes.", "")
    await settle_down()

    told = sorted([mei.actor_id, jo.actor_id, kim.actor_id])
    assert await told_of("proposal_answered") == told
    assert newcomer.id not in await told_of("vote_closed")
    assert boss.actor_id in await told_of("vote_closed")
    await adopt(await changed(appeals={"window_days": 10}), summary={"en": "Fewer."})
    assert (await close(proposal)).state == "returned"
    await settle_down()
    assert await told_of("proposal_returned") == sorted([*told, boss.actor_id])


async def test_a_sponsor_who_is_suspended_hears_nothing_of_it_until_they_are_back(
    member, settle_down
):
    proposal, people = await voted_on(member)
    suspended, *others = people
    await settle_down()
    await Actor.filter(id=suspended.actor_id).update(suspended_at=now())

    await close(proposal)
    await settle_down()

    assert await told_of("vote_closed") == sorted(each.actor_id for each in others)


async def test_a_veto_is_told_to_those_who_were_voting(member, settle_down):
    proposal, people = await voted_on(member)
    boss = await member("boss", Role.ADMIN)

    await proposing.veto(proposal, boss, "legal_duties", "The law.")
    await settle_down()

    assert await told_of("proposal_answered") == sorted(each.actor_id for each in people)


async def test_a_long_roll_is_told_in_parts(member, settle_down, monkeypatch):
    monkeypatch.setattr(voters, "AT_ONCE", 2)
    await voted_on(member)

    await settle_down()

    assert await Notification.filter(event="vote_opened").count() == 6


async def test_what_is_adopted_is_told_to_members_before_it_is_a_version(member):
    proposal, people = await voted_on(member)
    for each in people:
        await voting.cast(proposal, each, "yes")

    done = await close(proposal)
    await refresh(at_once=True)

    assert (adopted().proposal_id, adopted().due) == (done.id, done.due_at)
    await Proposal.filter(id=done.id).update(due_at=now())
    await step_due()
    await refresh(at_once=True)
    assert adopted() is None


class TestEmergency:
    """Changes that are in force before anybody was asked."""

    async def declared(self, member) -> tuple[Proposal, Account]:
        boss = await member("boss", Role.ADMIN)
        proposal = await proposing.begin(boss, await written())
        await emergency.declare(proposal, boss, now() + 10 * DAY)
        return await Proposal.get(id=proposal.id), boss

    async def test_it_is_in_force_at_once_and_in_the_record(self, member):
        before = current().version

        proposal, _ = await self.declared(member)

        assert (proposal.state, proposal.version) == ("in_force", before + 1)
        assert current().sections.appeals.window_days == 60
        entry = await RecordEntry.get(kind="emergency")
        assert entry.document["explanation"] == "Thirty are few."
        assert await faults() == []

    async def test_it_comes_before_a_version_that_waits_which_is_written_anew(self, member):
        later = now() + 5 * DAY
        await adopt(
            await changed(content={"max_tags": 7}), summary={"en": "Fewer."}, effective=later
        )
        before, waits = current().version, newest()

        await self.declared(member)

        assert (current().version, waits.version) == (before + 2, before + 1)
        assert current().sections.appeals.window_days == 60
        assert current().sections.content.max_tags == 30
        assert (newest().version, newest().effective) == (before + 3, waits.effective)
        assert newest().summary == {"en": "Fewer."}
        assert await is_overtaken(waits)
        entry = await RecordEntry.get(kind="emergency")
        assert entry.document["written_anew"] == {str(waits.version): before + 3}
        with time_machine.travel(later + DAY, tick=True):
            await ensure_policy()
            both = current().sections
            assert (both.content.max_tags, both.appeals.window_days) == (7, 60)
        assert [each.version for each in that_counted(await versions())][:3] == [
            before + 3, before + 2, before,
        ]  # fmt: skip

    async def test_its_end_leaves_what_waits_and_comes_before_it_too(self, member):
        await self.declared(member)
        later = now() + 5 * DAY
        await adopt(
            await changed(content={"max_tags": 7}), summary={"en": "Fewer."}, effective=later
        )

        with time_machine.travel(now() + 3 * DAY + timedelta(minutes=1), tick=True):
            await step_due()
            ended = current().sections
            assert (ended.appeals.window_days, ended.content.max_tags) == (30, 30)
        with time_machine.travel(later + DAY, tick=True):
            await ensure_policy()
            fewer = current().sections
            assert (fewer.appeals.window_days, fewer.content.max_tags) == (30, 7)

    async def test_what_waits_and_does_not_fit_is_dropped_in_the_open(self, member, settle_down):
        later = now() + 5 * DAY
        longer = await changed(appeals={"window_days": 90})
        await adopt(longer, summary={"en": "Longer."}, effective=later)
        waits = newest()
        boss = await member("boss", Role.ADMIN)
        rules = sections_from(
            msgspec.to_builtins(current().sections) | {"appeals": {"window_days": 60}}
        )
        proposal = await proposing.begin(boss, await written(Draft(rules, current().version)))

        await emergency.declare(proposal, boss, now() + 10 * DAY)

        entry = await RecordEntry.get(kind="emergency")
        assert entry.document["did_not_fit"] == [waits.version]
        assert newest().version == current().version == waits.version + 1
        with time_machine.travel(later + DAY, tick=True):
            await ensure_policy()
            await say_version({"version": waits.version})
            assert current().sections.appeals.window_days == 60
        assert not await Note.filter(content__contains=f"/policy/{waits.version - 1}..").exists()

    async def test_nobody_but_an_admin_declares_it(self, member):
        mei = await member("mei")
        proposal = await proposing.begin(mei, await written())

        with pytest.raises(NotAllowed):
            await emergency.declare(proposal, mei, now() + DAY)

        assert current().sections.appeals.window_days == 30

    async def test_it_lapses_after_three_days_and_leaves_what_was_decided_since(self, member):
        proposal, _ = await self.declared(member)
        await adopt(await changed(content={"max_tags": 7}), summary={"en": "Fewer."})
        await step_due()
        assert current().sections.appeals.window_days == 60

        with time_machine.travel(now() + 3 * DAY + timedelta(minutes=1), tick=True):
            await step_due()
            await step_due()

        assert (await Proposal.get(id=proposal.id)).state == "lapsed"
        assert current().sections.appeals.window_days == 30
        assert current().sections.content.max_tags == 7
        assert await RecordEntry.filter(kind="emergency_ended").count() == 1

    async def test_opened_as_a_proposal_it_lasts_until_it_expires(self, member):
        proposal, boss = await self.declared(member)
        lasting = await proposing.begin(boss, await written(proposal.draft), emergency=proposal)
        await proposing.publish(lasting, boss)

        with time_machine.travel(now() + 4 * DAY, tick=True):
            await step_due()
            assert (await Proposal.get(id=proposal.id)).state == "in_force"
        with time_machine.travel(now() + 11 * DAY, tick=True):
            for _ in range(3):
                await step_due()

        assert (await Proposal.get(id=proposal.id)).state == "lapsed"
        assert current().sections.appeals.window_days == 30

    async def test_the_proposal_for_it_makes_it_last_without_another_version(self, member):
        proposal, boss = await self.declared(member)
        lasting = await proposing.begin(boss, await written(proposal.draft), emergency=proposal)
        await proposing.publish(lasting, boss)
        for _ in range(2):
            lasting = await close(lasting)
        await proposing.decide(lasting, boss, "adopted", "It has to last.", "")
        lasting = await close(lasting)
        assert (lasting.state, lasting.version) == ("in_force", proposal.version)

        with time_machine.travel(now() + 20 * DAY, tick=True):
            await step_due()

        assert (await Proposal.get(id=proposal.id)).state == "in_force"
        assert current().version == proposal.version
        assert (await version_of(proposal.version)).by == f"emergency {proposal.id}"
