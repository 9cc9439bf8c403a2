"""@policy and the rules one by one, as other servers and browsers find them."""

import json

import pytest

from moderation.adopting import adopt
from moderation.reading import Draft
from tests.moderation.drafts import RULE, sections_of

WHY = {"en": "Because."}
AS2 = "application/activity+json"


@pytest.mark.parametrize("path", ["/@policy", "/u/policy", "/.well-known/webfinger?resource={}"])
async def test_it_can_be_found(browser, here, path):
    path = path.format(f"acct:policy@{here.server.account_domain}")

    accept = AS2 if path.startswith("/u/") else "*/*"

    assert (await browser.get(path, accept=accept)).status == 200


async def test_rules_are_documents(browser, here):
    await adopt(Draft(sections_of(), 1), summary=WHY)

    listed = json.loads(await (await browser.get("/policy/rules", accept=AS2)).text())
    one = json.loads(await (await browser.get("/policy/rules/no-ads", accept=AS2)).text())

    assert listed["totalItems"] == 1
    assert listed["orderedItems"][0]["id"] == one["id"] == here.url("/policy/rules/no-ads")
    assert one["name"] == "1. No advertising"
    assert one["contentMap"]["zh"] == f"<p>{RULE['text']['zh']}</p>"
    assert (await browser.get("/policy/rules/other", accept=AS2)).status == 404
