"""A proposal from an idea to version n+1: wished, written, sponsored, voted on in browsers."""

from datetime import timedelta

import msgspec
import pytest

from actors.accounts import Account, Role
from core.clock import now
from moderation.adopting import adopt
from moderation.ballots import Ballot
from moderation.ideas import Idea
from moderation.policy import current
from moderation.proposal_clock import step_due
from moderation.proposals import Proposal
from moderation.reading import Draft, sections_from
from tests.conftest import account_of
from tests.moderation.drafts import RULE
from tests.web.conftest import *  # noqa: F403  browsers and the running application

ENGLISH = {"Accept_Language": "en"}


@pytest.fixture
async def people(here, settle, browsers):
    """Six members of long standing and an admin, each with a browser, under `assembly`."""
    tree = msgspec.to_builtins(current().sections) | {"rules": [RULE]}
    tree["governance"] |= {"preset": "assembly", "sponsors": 1}
    await adopt(Draft(sections_from(tree), current().version), summary={"en": "An assembly."})
    found = {}
    for name in ("mei", "jo", "kim", "ana", "bo", "cy", "boss"):
        role = Role.ADMIN if name == "boss" else Role.MEMBER
        account = await account_of(await settle(name, role=role))
        year_ago = now() - timedelta(days=365)
        await Account.filter(id=account.id).update(created_at=year_ago, seen_at=now())
        found[name] = browsers()
        await found[name].sign_in(account)
    return found


async def go_on(proposal: Proposal) -> Proposal:
    await Proposal.filter(id=proposal.id).update(due_at=now())
    await step_due()
    return await Proposal.get(id=proposal.id)


async def test_members_change_a_rule(people, wire, remote, settle_down):
    mei, jo, boss = people["mei"], people["jo"], people["boss"]
    before = current().version
    idea = {"kind": "policy", "title": "Allow small ads", "text": "A flea market would be nice."}
    wished = await mei.fill("/ideas", "/ideas", idea)
    wish = await Idea.get()
    assert wished.headers["Location"] == wish.page
    await jo.fill(wish.page, f"{wish.page}/support", {"support": "1"})
    assert (await Idea.get()).supports == 2

    await mei.get(f"/policy/proposals/new?idea={wish.id}&rule=no-ads")
    made = await mei.post(
        "/policy/proposals/new",
        {
            "idea": str(wish.id),
            "rule": "no-ads",
            "title": "Allow small ads",
            "summary": "Members may sell what they used.",
            "reason": "A flea market would be nice.",
            "rule_title": "No shops",
            "rule_text": "Sell only what you have used yourself.",
        },
    )
    proposal = await Proposal.get()
    page = proposal.page
    assert (made.status, made.headers["Location"]) == (303, page)
    assert (await jo.get(page)).status == 404
    assert "used yourself" in await (await mei.get(page, **ENGLISH)).text()
    await mei.post(f"{page}/publish")
    assert (await Idea.get()).proposal_id == proposal.id
    await jo.fill(page, f"{page}/sponsor", {})
    await settle_down()
    proposal = await Proposal.get().select_related("thread")
    assert proposal.state == "discussion"

    ana = remote.person("ana")
    note = remote.note(
        ana, "<p>We did that, it worked ELSEWHERE.</p>", inReplyTo=proposal.thread.uri
    )
    proposer = await Account.get(actor__name="mei").select_related("actor")
    await remote.send(proposer.actor.inbox, remote.activity("Create", ana, note), ana)
    await settle_down()
    assert "ELSEWHERE" in await (await jo.get(page)).text()

    for _ in range(2):
        proposal = await go_on(proposal)
    assert proposal.state == "vote"
    for name in ("mei", "jo", "kim", "ana", "bo"):
        fields = {"choice": "no", "ballot_reason": f"WHY-{name}"}
        assert (await people[name].fill(page, f"{page}/vote", fields)).status == 303
        changed = await people[name].fill(page, f"{page}/vote", fields | {"choice": "yes"})
        assert changed.status == 303
    assert await Ballot.all().count() == 5
    await said_nowhere(page, boss, wire)

    proposal = await go_on(proposal)
    assert (proposal.state, proposal.tally) == ("adopted", {"yes": 5, "no": 0, "abstain": 0})
    proposal = await go_on(proposal)
    await settle_down()

    assert (proposal.state, current().version) == ("in_force", before + 1)
    document = await (await wire.get("/policy.json")).json()
    assert document["by"] == f"proposal {proposal.id}: 5 yes, 0 no, 0 abstain"
    rule = document["sections"]["rules"][0]
    assert rule["text"] == {
        "en": "Sell only what you have used yourself.",
        "zh": RULE["text"]["zh"],
    }
    told = await (await wire.get(f"{page}.json")).json()
    assert (told["vote"]["tally"]["yes"], len(told["receipts"])) == (5, 5)
    assert sorted(told["ballot_reasons"]) == sorted(
        f"WHY-{n}" for n in ("mei", "jo", "kim", "ana", "bo")
    )
    history = await (await jo.get("/policy/history", **ENGLISH)).text()
    assert page in history


async def said_nowhere(page, boss, wire) -> None:
    """See that nothing of the ballots is in any page or document while the vote is open."""
    shown = [
        await (await boss.get(page)).text(),
        await (await wire.get(f"{page}.json")).text(),
        await (await wire.get("/policy/proposals.json")).text(),
    ]
    for each in shown:
        assert "WHY-" not in each
    assert (await wire.get(f"{page}.json")).status == 200
    assert (await (await wire.get(f"{page}.json")).json())["vote"]["tally"] is None


async def test_a_form_that_is_wrong_keeps_what_was_typed(people):
    mei = people["mei"]
    fields = {"title": "Mine", "summary": "S.", "reason": "R.", "toml": "[policy]\nking = 1"}

    refused = await mei.fill("/policy/proposals/new", "/policy/proposals/new", fields)

    text = await refused.text()
    assert refused.status == 422
    assert "no such key" in text
    assert "king = 1" in text
    assert not await Proposal.exists()


async def test_who_cannot_take_part_yet_is_told_before_they_write(here, settle, browsers):
    newcomer = browsers()
    await newcomer.sign_in(await account_of(await settle("new")))

    answer = await newcomer.get("/policy/proposals/new", **ENGLISH)

    assert (answer.status, answer.headers["Location"]) == (303, "/policy/proposals")
    text = await (await newcomer.get("/policy/proposals", **ENGLISH)).text()
    assert "You cannot take part yet" in text
    assert "members with a confirmed address" in text


async def test_only_where_members_vote_a_discussion_says_that_they_do(people, settle_down):
    mei, jo = people["mei"], people["jo"]
    fields = {
        "title": "Longer",
        "summary": "More days.",
        "reason": "Few are few.",
        "toml": f"based_on = {current().version}\n[appeals]\nwindow_days = 50\n",
    }
    made = await mei.fill("/policy/proposals/new", "/policy/proposals/new", fields)
    page = made.headers["Location"]
    await mei.fill(page, f"{page}/publish", {})
    await jo.fill(page, f"{page}/sponsor", {})
    await settle_down()
    said = "Members of this server vote."
    assert said in await (await jo.get(page, **ENGLISH)).text()

    proposal = await Proposal.get()
    numbers = dict(proposal.numbers) | {"preset": "steward"}
    await Proposal.filter(id=proposal.id).update(numbers=numbers)

    text = await (await jo.get(page, **ENGLISH)).text()
    assert "Everyone may speak here" in text
    assert said not in text


async def test_a_draft_written_as_toml_is_amended_and_withdrawn(people):
    mei, jo, boss = people["mei"], people["jo"], people["boss"]
    toml = await (await mei.get("/policy/1.toml")).text()
    fields = {
        "title": "Longer",
        "summary": "More days.",
        "reason": "Few are few.",
        "toml": f"based_on = {current().version}\n[appeals]\nwindow_days = 50\n",
    }
    assert "window_days" in toml
    made = await mei.fill("/policy/proposals/new", "/policy/proposals/new", fields)
    page = made.headers["Location"]
    assert (await mei.fill(page, f"{page}/publish", {})).status == 303
    await jo.fill(page, f"{page}/sponsor", {})
    amended = fields | {"why": "A compromise.", "toml": fields["toml"].replace("50", "40")}
    assert (await mei.fill(f"{page}/edit", f"{page}/edit", amended)).status == 303
    assert "A compromise." in await (await boss.get(page)).text()
    assert (await jo.get(f"{page}/edit")).status == 404

    await mei.fill(page, f"{page}/withdraw", {"because": "Nobody likes it."})

    assert "Nobody likes it." in await (await boss.get(page)).text()
    proposal = await Proposal.get()
    assert (proposal.state, proposal.text_number) == ("withdrawn", 2)


async def test_the_team_answers_an_idea_and_others_do_not(people):
    mei, boss = people["mei"], people["boss"]
    await mei.fill("/ideas", "/ideas", {"kind": "feature", "title": "Maps", "text": "Show places."})
    page = (await Idea.get()).page
    answer = {"state": "done", "answer": "Here they are."}
    assert (await mei.fill(page, f"{page}/answer", answer)).status == 403
    assert (await boss.fill(page, f"{page}/answer", answer)).status == 422

    await boss.fill(page, f"{page}/answer", answer | {"release": "0.4"})

    text = await (await mei.get("/ideas", **ENGLISH)).text()
    assert "done" in text
    assert "0.4" in await (await mei.get(page)).text()
    closed = await mei.fill(page, f"{page}/support", {"support": ""})
    assert closed.status == 303
    assert (await Idea.get()).supports == 1


async def test_an_admin_declares_an_emergency_and_vetoes_in_writing(people, settle_down):
    boss, jo = people["boss"], people["jo"]
    fields = {
        "title": "Stop spam",
        "summary": "Fewer tags.",
        "reason": "A wave of spam.",
        "toml": f"based_on = {current().version}\n[content]\nmax_tags = 3\n",
    }
    page = (await boss.fill("/policy/proposals/new", "/policy/proposals/new", fields)).headers[
        "Location"
    ]
    untried = await boss.get(page, **ENGLISH)
    assert "It is being tried on what was posted." in await untried.text()
    await settle_down()
    until = f"{now() + timedelta(days=5):%Y-%m-%dT%H:%M}"
    assert (await boss.fill(page, f"{page}/emergency", {"until": until})).status == 303
    assert current().sections.content.max_tags == 3
    assert "Stop spam" in await (await jo.get("/record", **ENGLISH)).text()
    shown = await (await jo.get(page, **ENGLISH)).text()
    assert "Has to be proposed by" in shown
    assert "Looked at again" not in shown
    assert "no note to answer" not in shown  # an emergency is talked about under its proposal
    lasting = await boss.fill(
        f"/policy/proposals/new?emergency={page.rsplit('/', 1)[1]}",
        "/policy/proposals/new",
        fields | {"emergency": page.rsplit("/", 1)[1]},
    )
    place = lasting.headers["Location"]
    await settle_down()
    await boss.fill(place, f"{place}/publish", {})

    empty = {"ground": "legal_duties", "because": " "}
    refused = await boss.post(f"{place}/veto", empty, **ENGLISH)
    assert refused.status == 422
    assert "Give the reasons." in await refused.text()
    await boss.fill(place, f"{place}/veto", {"ground": "legal_duties", "because": "A court."})

    proposal = await Proposal.get(id=int(place.rsplit("/", 1)[1]))
    assert (proposal.state, proposal.emergency_id) == ("vetoed", int(page.rsplit("/", 1)[1]))
    assert "A court." in await (await jo.get(place)).text()
