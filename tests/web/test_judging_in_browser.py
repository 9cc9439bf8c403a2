"""From a report to an appeal that is right, in a real browser; and the desk by its keys."""

import pytest
from playwright.async_api import expect

from actors.accounts import Role
from actors.sessions import Session
from moderation.appeals import Appeal
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.filing import file_report
from moderation.links import token_of
from moderation.policy import put_in_force
from notes.note import Note
from outbox.create import publish
from outbox.draft import Draft
from tests.moderation.drafts import policy_of
from tests.web.test_composing_in_browser import at_work, chromium, window
from tests.web.test_governing_in_browser import press

__all__ = ["chromium"]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WORDS = {
    "facts": "It sells watches.",
    "explanation": "We keep this place free of advertising.",
    "summary": "A note that sold things was hidden.",
    "no_end_because": "It is about nothing else.",
    "to_reporters": "Thank you.",
}


async def test_a_report_is_decided_appealed_and_taken_back_without_scripts(here, settle, chromium):
    put_in_force(policy_of())
    mei, jo = await settle("mei"), await settle("jo")
    mod, other = [await settle(name, role=Role.MODERATOR) for name in ("mod", "other")]
    note = await publish(mei, Draft(text="Buy my watches"))
    async with at_work(here):
        his, hers, desk, second = [
            await window(chromium, here, each, java_script_enabled=False, locale="en-GB")
            for each in (jo, mei, mod, other)
        ]
        await Session.all().update(is_strong=True)
        await his.goto(f"{note.page}/report")
        await his.locator("textarea[name=words]").fill("An ad.")
        async with his.expect_navigation():
            await his.locator(f"form[action='{note.page}/report'] button").click()

        await desk.goto("/mod?show=free")
        await desk.locator(".queue header a").first.click()
        await press(desk, "Take this case")
        decide = desk.locator("form[action$='/decide']")
        await decide.locator("[name=measure]").select_option("hide")
        await decide.locator("[name=rule]").select_option("no-ads")
        for name, text in WORDS.items():
            field = decide.locator(f"[name={name}]")
            await field.fill(text)
        await press(desk, "See what they will read")
        await expect(desk.locator("main")).to_contain_text("The public reads")
        await press(desk, "Issue this decision")
        decision = await Decision.get()

        await hers.goto(f"/d/{token_of(decision)}")
        await expect(hers.locator("main")).to_contain_text("free of advertising")
        await hers.locator("textarea[name=words]").fill("It was a joke.")
        async with hers.expect_navigation():
            await hers.locator("form:has(textarea[name=words]) button").click()

        appeal = await Appeal.get()
        await second.goto(f"/mod/appeals/{appeal.id}")
        async with second.expect_navigation():
            await second.locator("form[action$='/take'] button").click()
        await second.locator("[name=appeal_outcome][value=overturned]").check()
        await second.locator("[name=reasons]").fill("A joke indeed.")
        async with second.expect_navigation():
            await second.locator("form[action$='/settle'] button").click()

        await his.goto(note.page)
        await expect(his.locator("main")).to_contain_text("Buy my watches")
        await his.goto("/record")
        await expect(his.locator("main")).to_contain_text("taken back")
        for each in (his, hers, desk, second):
            await each.context.close()

    assert (await Decision.get()).state == "overturned"
    assert (await Note.get(id=note.id)).hidden_at is None


async def test_the_queue_follows_the_keys_and_says_so(here, settle, chromium):
    put_in_force(policy_of())
    mod, jo = await settle("mod", role=Role.MODERATOR), await settle("jo")
    for name in ("mei", "bo"):
        await file_report(jo, await settle(name), comment="An ad.")
    async with at_work(here):
        page = await window(chromium, here, mod, locale="en-GB")
        await Session.all().update(is_strong=True)
        await page.goto("/mod")
        await expect(page.locator("[data-keys-hint]")).to_be_visible()
        links = [
            await each.get_attribute("href") for each in await page.locator(".queue header a").all()
        ]
        focused = "document.activeElement.getAttribute('href')"
        seen = []
        for key in ("j", "j", "j", "k"):
            await page.keyboard.press(key)
            seen.append(await page.evaluate(focused))
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        opened = page.url
        await page.context.close()
        plain = await window(chromium, here, mod, java_script_enabled=False, locale="en-GB")
        await Session.all().update(is_strong=True)
        await plain.goto("/mod")
        await expect(plain.locator("[data-keys-hint]")).to_be_hidden()
        await plain.context.close()

    assert seen == [links[0], links[1], links[1], links[0]]
    assert opened.endswith(links[0])
    assert await Case.all().count() == 2
