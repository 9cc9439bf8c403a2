"""`rubric policy plan | apply | export`."""

import tomllib
from typing import Any

import msgspec
import pytest

from core.settings import Settings
from moderation.policy import current, version_of
from moderation.reading import BadPolicy
from rubric import policy_command
from tests.moderation.drafts import RULE, entry


def with_policy(here: Settings, **policy: Any) -> Settings:
    return msgspec.structs.replace(here, policy=policy)


async def test_a_plan_names_each_change(here: Settings):
    chosen = with_policy(
        here,
        rules=[RULE],
        accounts={"registration": "invite"},
        federation={"entries": [entry("spam.example")]},
    )

    told = (await policy_command.plan(chosen)).splitlines()

    assert told[0] == "Version 1 is in force; the draft is based on 1."
    assert "[rules]" in told
    assert "  + no-ads.title.en: No advertising" in told
    assert "  ~ registration: approval → invite" in told
    assert "  + entries.spam.example.severity: reject" in told
    assert "No server we know would be treated differently." in told
    assert told[-1].startswith("rubric policy apply")
    assert current().version == 1


async def test_what_was_applied_is_in_force(here: Settings):
    number = await policy_command.apply(with_policy(here, rules=[RULE]), "Less noise.")

    assert number == "policy version 2 is in force"
    assert current().sections.rules[0].id == "no-ads"
    assert current().summary == {"en": "Less noise."}


async def test_the_reason_is_in_the_language_of_the_policy(here: Settings):
    rule = {"id": "a", "title": {"zh": "甲"}}

    await policy_command.apply(with_policy(here, rules=[rule], language="zh"), "更清楚。")

    assert current().summary == {"zh": "更清楚。"}


async def test_a_draft_of_an_older_version_is_refused_and_both_sides_shown(here: Settings):
    await policy_command.apply(with_policy(here, accounts={"min_age": 13}), "First.")
    late = with_policy(here, rules=[RULE])

    with pytest.raises(policy_command.Impossible) as refusal:
        await policy_command.apply(late, "Second.")

    told = str(refusal.value)
    assert "based on version 1, but version 2 is the newest" in told
    assert "min_age: 0 → 13" in told
    assert "no-ads.title.en: No advertising" in told
    assert "write based_on = 2" in told
    assert told in await policy_command.plan(late)
    assert await version_of(3) is None


async def test_a_draft_of_a_version_that_never_was_is_refused(here: Settings):
    with pytest.raises(policy_command.Impossible, match="There is no version 9"):
        await policy_command.apply(with_policy(here, based_on=9, rules=[RULE]), "Why not.")


async def test_a_draft_that_says_the_same_is_nothing_to_publish(here: Settings):
    chosen = with_policy(here, accounts={"registration": "approval"})

    assert "there is nothing to publish" in await policy_command.plan(chosen)
    with pytest.raises(policy_command.Impossible, match="nothing to publish"):
        await policy_command.apply(chosen, "Hm.")


async def test_without_a_policy_in_config_there_is_nothing_to_plan(here: Settings):
    with pytest.raises(policy_command.Impossible, match="rubric policy export"):
        await policy_command.plan(here)


async def test_a_reason_is_demanded(here: Settings):
    with pytest.raises(BadPolicy, match="say in a sentence"):
        await policy_command.apply(with_policy(here, rules=[RULE]), " ")


async def test_a_wrong_key_is_named(here: Settings):
    with pytest.raises(BadPolicy, match="invites: no such key"):
        await policy_command.plan(with_policy(here, accounts={"invites": 1}))


async def test_an_export_can_be_changed_and_applied(here: Settings):
    await policy_command.apply(with_policy(here, rules=[RULE]), "First.")

    exported = tomllib.loads(await policy_command.export())["policy"]
    exported["accounts"]["min_age"] = 16
    number = await policy_command.apply(with_policy(here, **exported), "Older.")

    assert (exported["based_on"], number) == (2, "policy version 3 is in force")
    assert current().sections.accounts.min_age == 16


async def test_a_changed_sentence_is_marked_word_by_word(here: Settings):
    await policy_command.apply(with_policy(here, rules=[RULE]), "First.")
    changed = {**RULE, "text": {"en": "Sell your things elsewhere.", "zh": RULE["text"]["zh"]}}

    told = await policy_command.plan(with_policy(here, based_on=2, rules=[changed]))

    assert "  ~ no-ads.text.en\n      - Sell things elsewhere.\n" in told
    assert "      + Sell{+ your+} things elsewhere." in told
