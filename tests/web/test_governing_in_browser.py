"""Governing in a real browser: from an idea to the next version, and staff with a passkey."""

from datetime import timedelta

import msgspec
import pytest
from playwright.async_api import expect

from actors.accounts import Account, Role
from actors.passkeys import Passkey
from actors.sessions import Session
from core.clock import now
from moderation.adopting import adopt
from moderation.ideas import Idea
from moderation.policy import current, put_in_force
from moderation.proposal_clock import step_due
from moderation.proposals import Proposal
from moderation.reading import Draft, sections_from
from moderation.states import Choice
from moderation.voting import cast
from tests.conftest import account_of
from tests.moderation.deciding import again, decided, taken
from tests.moderation.drafts import RULE, policy_of
from tests.web.test_composing_in_browser import at_work, chromium, until, window

__all__ = ["chromium"]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
async def assembly(here, settle):
    """Six members of long standing, under `assembly` with one sponsor."""
    tree = msgspec.to_builtins(current().sections) | {"rules": [RULE]}
    tree["governance"] |= {"preset": "assembly", "sponsors": 1}
    await adopt(Draft(sections_from(tree), current().version), summary={"en": "An assembly."})
    people = [await settle(name) for name in ("mei", "jo", "kim", "ana", "bo", "cy")]
    year_ago = now() - timedelta(days=365)
    await Account.all().update(created_at=year_ago, seen_at=now())
    return people


async def press(page, name) -> None:
    """Press the button of this name and wait for the page that comes of it."""
    async with page.expect_navigation():
        await page.get_by_role("button", name=name, exact=True).first.click()


async def go_on(wanted) -> None:
    """Let the day of the proposal come."""
    await Proposal.all().update(due_at=now())
    await step_due()
    assert (await Proposal.get()).state == wanted


async def wishes(page) -> None:
    """Put an idea about the rules on the board."""
    await page.goto("/ideas")
    await page.get_by_text("Add an idea", exact=True).click()
    await page.locator("input[name=kind][value=policy]").check()
    await page.locator("#f-title").fill("Allow small ads")
    await page.locator("#f-text").fill("A flea market would be nice.")
    await press(page, "Add it")


async def proposes(page) -> None:
    """Make a proposal of the idea, edit the rule in place, look at the difference and publish."""
    idea = await Idea.get()
    await page.goto(f"/policy/proposals/new?idea={idea.id}&rule=no-ads")
    await page.locator("#f-summary").fill("Members may sell what they used.")
    await page.locator("#f-rule_title").fill("No shops")
    await page.locator("#f-rule_text").fill("Sell only what you have used yourself.")
    await press(page, "Keep it and see the difference")
    await expect(page.locator("ins").first).to_be_visible()
    await press(page, "Publish it")


async def votes(page, url, choice) -> None:
    """Cast a ballot, or another in its place."""
    await page.goto(url)
    is_new = await page.get_by_role("button", name="Vote", exact=True).count()
    await page.locator(f"input[name=choice][value={choice}]").check()
    await press(page, "Vote" if is_new else "Change my ballot")
    await expect(page.locator(".flash")).to_contain_text("Your ballot is cast.")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_members_change_a_rule_from_an_idea_to_the_next_version(
    here, assembly, chromium, scripts
):
    mei, jo, kim, *others = assembly
    before = current().version
    async with at_work(here):
        hers, his, kims = [
            await window(chromium, here, each, java_script_enabled=scripts, locale="en-GB")
            for each in (mei, jo, kim)
        ]
        await wishes(hers)
        await his.goto((await Idea.get()).page)
        await press(his, "I want this too")
        await proposes(hers)
        url = (await Proposal.get()).page
        await his.goto(url)
        await press(his, "Be a sponsor")
        await until(lambda: Proposal.filter(thread_id__not_isnull=True).count(), 1)
        await go_on("final_text")
        await go_on("vote")
        await votes(hers, url, "yes")
        await votes(his, url, "no")
        await votes(his, url, "yes")
        await votes(kims, url, "abstain")
        for each in others:
            await cast(await Proposal.get(), await account_of(each), Choice.YES)
        await kims.goto("/notifications")
        await expect(kims.locator(".alerts")).to_contain_text("A vote on the rules is open")
        await go_on("adopted")
        await his.goto(url)
        counted = await his.locator("table", has_text="Abstain").inner_text()
        await go_on("in_force")
        await his.goto("/policy")
        rule = await his.locator("#no-ads").inner_text()
        await expect(his.locator("#no-ads")).to_have_class("rule changed")
        await expect(his.locator(".strip-line.news")).to_contain_text("The rules changed on")
        await his.goto(f"/policy/{before}..{before + 1}")
        await expect(his.locator(".diff")).to_contain_text("used yourself")
        for each in (hers, his, kims):
            await each.context.close()

    assert current().version == before + 1
    assert counted.split() == ["Yes", "5", "No", "0", "Abstain", "1"]
    assert "Sell only what you have used yourself." in rule


async def test_a_passkey_is_made_signs_in_and_proves_who_acts_for_the_house(here, settle, chromium):
    put_in_force(policy_of())
    boss, mod = await settle("boss", role=Role.ADMIN), await settle("mod", role=Role.MODERATOR)
    ana, jo = await settle("ana"), await settle("jo")
    waits = await decided(await taken(jo, ana, mod), mod, "suspend")
    async with at_work(here):
        page = await window(chromium, here, boss, locale="en-GB")
        devices = await page.context.new_cdp_session(page)
        await devices.send("WebAuthn.enable")
        made = await devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        await page.goto("/admin/policy")
        refused = await page.locator("h1").inner_text()
        await page.goto("/settings/second-factor")
        await page.locator("[data-passkey=new] [name=label]").fill("This laptop")
        await page.get_by_role("button", name="Add a passkey").click()
        await expect(page.locator("[data-codes] code")).to_have_count(10)
        kept = await devices.send(
            "WebAuthn.getCredentials", {"authenticatorId": made["authenticatorId"]}
        )

        await page.context.clear_cookies()
        await page.goto("/sign-in")
        await page.get_by_role("button", name="Sign in with a passkey").click()
        await page.wait_for_url(lambda url: "/sign-in" not in url)
        await page.goto("/admin/policy")
        let_in = await page.locator("h1").inner_text()

        await Session.all().update(proved_at=now() - timedelta(minutes=16))
        await page.goto(f"/mod/decisions/{waits.id}")
        await press(page, "I agree with this decision")
        await expect(page.locator("h1")).to_have_text("Show again that it is you")
        between = await again(waits)
        async with page.expect_navigation():
            await page.get_by_role("button", name="Use a passkey").click()
        await expect(page.locator(".flash.done")).to_be_visible()
        await page.context.close()

    key = await Passkey.get()
    assert refused != let_in
    assert (len(kept["credentials"]), key.label) == (1, "This laptop")
    assert let_in == "The next version of the rules"
    assert key.used_at is not None
    assert (between.state, (await again(waits)).state) == ("needs_second", "in_force")
    assert (await again(waits)).second_by_id == boss.id
