"""Why an adopted proposal was given back, as people read it: in words, not in keys."""

import msgspec
import pytest

from core.clock import now
from core.ids import new_id
from moderation.policy import current
from moderation.proposals import Proposal
from moderation.states import ProposalState
from web.building.measure_words import treated_words
from web.building.policy_keys import KEYS, keys_in_words
from web.texts import speaking

KEPT = "appeals.window_days, rules.no-ads.text.zh, federation.entries.loud.example reject"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Appeals · Days to appeal", "Rules · 1. No ads · Text · 中文", "loud.example")),
        (
            "zh-Hans",
            ("申诉 · ", "规则 · 1. No ads · 正文 · 中文", "其他服务器 · loud.example · 拒绝"),
        ),
    ],
)
def test_keys_are_said_in_words_with_rules_by_their_title(language, said):
    with speaking(language):
        found = keys_in_words(KEPT, {"no-ads": "1. No ads"})

    assert len(found) == 3
    for words, part in zip(found, said, strict=True):
        assert part in words
    assert not any("_" in each or "reject" in each for each in found)


def test_a_sentence_stays_as_it_is():
    assert keys_in_words("a rule needs a title, rules say", {}) == (
        "a rule needs a title, rules say",
    )


def test_how_a_server_is_treated_is_said_in_words():
    with speaking("zh-Hans"):
        assert treated_words("limit, no_media") == "受限, 不含图片"
        assert treated_words("") == "与其他服务器一样"
    assert "window_days" in KEYS


async def test_its_page_names_no_key(here, settle, browser):
    mei = await settle("mei")
    proposal = await Proposal.create(
        id=new_id(),
        proposer=mei,
        title="Longer",
        summary="Longer.",
        reason="It is short.",
        document=msgspec.to_builtins(current().sections),
        based_on=current().version,
        state=ProposalState.RETURNED,
        ended_because="appeals.window_days",
        opened_at=now(),
        ended_at=now(),
    )

    page = await (await browser.get(proposal.page, Accept_Language="en")).text()

    assert "Why it was given back" in page
    assert "appeals.window_days" not in page
    assert str(KEYS["window_days"]) in page
