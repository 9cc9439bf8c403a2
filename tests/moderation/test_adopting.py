"""Versions of the policy: the first, the next, and those that come too late."""

import asyncio
import hashlib
import tomllib

import msgspec
import pytest

from core.jobs import Job
from core.settings import use
from federation.jcs import canonical
from moderation.adopting import OutOfDate, Unchanged, adopt, ensure_policy
from moderation.policy import (
    PolicyVersion,
    current,
    document_of,
    policy_links,
    refresh,
    version_of,
    versions,
)
from moderation.reading import BadPolicy, Draft, draft_from
from moderation.sections import Sections
from moderation.writing import toml_of
from tests.moderation.drafts import RULE, sections_of

WHY = {"en": "Because."}


def draft(based_on: int = 1, **tables: object) -> Draft:
    return Draft(sections_of(**tables), based_on)


async def test_an_empty_instance_gets_its_first_version(here):
    policy = current()

    assert policy.version == 1
    assert policy.sections == Sections()
    assert policy.by == "operator"
    assert (await document_of(policy))["previous"] is None


async def test_the_first_version_is_what_config_says(here):
    await PolicyVersion.all().delete()
    use(msgspec.structs.replace(here, policy={"rules": [RULE], "preset": "consult"}))

    await ensure_policy()

    assert current().sections.rules[0].id == "no-ads"
    assert current().sections.governance.preset == "consult"


async def test_a_first_start_with_a_wrong_policy_says_what_is_wrong(here):
    await PolicyVersion.all().delete()
    use(msgspec.structs.replace(here, policy={"rulez": []}))

    with pytest.raises(BadPolicy, match="rulez: no such key"):
        await ensure_policy()
    assert not await PolicyVersion.exists()


async def test_a_later_start_does_not_read_the_draft_as_the_policy(here):
    use(msgspec.structs.replace(here, policy={"rules": [RULE]}))

    await ensure_policy()

    assert current().sections == Sections()


async def test_a_later_start_with_a_wrong_draft_goes_on(here):
    use(msgspec.structs.replace(here, policy={"rulez": []}))

    await ensure_policy()

    assert current().version == 1


async def test_adopting_makes_the_next_version_and_the_work_that_follows(here):
    await Job.all().delete()

    policy = await adopt(draft(), summary=WHY)

    assert policy.version == 2
    assert current() == policy
    assert await Job.filter(name="moderation.enforce").count() == 1


async def test_two_drafts_of_one_version_cannot_both_be_adopted(here):
    await adopt(draft(), summary=WHY)

    with pytest.raises(OutOfDate) as late:
        await adopt(draft(accounts={"min_age": 16}), summary=WHY)

    assert late.value.in_force.version == 2
    assert late.value.base.version == 1
    assert await PolicyVersion.all().count() == 2


async def test_of_two_that_adopt_at_the_same_time_one_is_told(here):
    drafts = [draft(accounts={"min_age": age}) for age in (13, 16)]

    outcomes = await asyncio.gather(
        *(adopt(each, summary=WHY) for each in drafts), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["OutOfDate", "Policy"]
    assert await PolicyVersion.all().count() == 2


async def test_saying_the_same_again_is_no_version(here):
    await adopt(draft(), summary=WHY)

    for based_on in (1, 2):
        with pytest.raises(Unchanged):
            await adopt(draft(based_on), summary=WHY)


@pytest.mark.parametrize("summary", [{}, {"en": "  "}])
async def test_a_version_without_a_reason_is_refused(here, summary):
    with pytest.raises(BadPolicy, match="say in a sentence"):
        await adopt(draft(), summary=summary)


async def test_a_version_published_elsewhere_is_seen_within_seconds(here):
    await PolicyVersion.create(
        number=2, document=msgspec.to_builtins(sections_of()), sha256="x", summary=WHY
    )

    await refresh()
    before = current().version
    await refresh(at_once=True)

    assert (before, current().version) == (1, 2)


async def test_old_versions_stay_as_they_were(here):
    await adopt(draft(), summary=WHY)
    await adopt(draft(2, accounts={"min_age": 16}), summary=WHY)

    assert [each.version for each in await versions()] == [3, 2, 1]
    assert (await version_of(2)).sections == sections_of()
    assert await version_of(4) is None
    assert await version_of(0) is None


async def test_anyone_can_check_the_checksum_of_a_document(here):
    policy = await adopt(draft(), summary=WHY)

    document = msgspec.json.decode(msgspec.json.encode(await document_of(policy)))

    assert hashlib.sha256(canonical(document["sections"])).hexdigest() == document["sha256"]
    assert document["version"] == 2
    assert document["previous"] == 1
    assert document["by"] == "operator"
    assert document["summary_of_change"] == WHY
    assert document["languages"] == ["en", "zh"]
    assert document["effective"] == document["adopted"]


async def test_what_is_exported_can_be_adopted_again(here):
    few = {"id": "g", "rule": "no-ads", "then": "label", "when": {"more_links_than": 0}}
    rules = [{**RULE, "appealable": False}]
    policy = await adopt(draft(filters=[_filter(), few], rules=rules), summary=WHY)

    again = draft_from(tomllib.loads(toml_of(policy))["policy"])

    assert again == Draft(policy.sections, 2)
    with pytest.raises(Unchanged):
        await adopt(again, summary=WHY)


async def test_nodeinfo_points_only_to_what_there_is(here):
    assert policy_links() == {
        "policy": here.url("/policy"),
        "version": 1,
        "json": here.url("/policy.json"),
        "record": here.url("/record"),
        "federation": here.url("/federation"),
        "rules": here.url("/policy/rules"),
        "figures": here.url("/transparency"),
        "moderators": here.url("/about"),
        "actor": here.url("/u/policy"),
    }


def _filter() -> dict[str, object]:
    when = {"words": ["x", "买"], "more_links_than": 0}
    return {"id": "f", "rule": "no-ads", "then": "hold", "when": when, "shadow_until": "2027-01-01"}


@pytest.mark.parametrize("size", [3, 5])
async def test_a_version_can_have_panels_whose_word_counts(here, size):
    await adopt(draft(appeals={"panel": size, "panel_effect": "binding"}), summary=WHY)

    said = current().sections.appeals
    assert (said.panel, said.panel_effect) == (size, "binding")
