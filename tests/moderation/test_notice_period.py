"""A version that is published now and counts from a later day."""

from datetime import timedelta

import pytest
import time_machine

from core.clock import now
from core.jobs import Job
from moderation.adopting import adopt, ensure_policy
from moderation.gate import measures_for
from moderation.policy import coming, current, newest, refresh, version_of, versions
from moderation.reading import BadPolicy, Draft
from tests.moderation.drafts import entry, sections_of, servers

WHY = {"en": "Because."}
WEEK = timedelta(days=7)


def draft(based_on: int = 1, **tables: object) -> Draft:
    return Draft(sections_of(**tables), based_on)


async def test_a_version_waits_for_its_day_and_is_seen_meanwhile(here):
    policy = await adopt(
        draft(**servers(entry("bad.example"))), summary=WHY, effective=now() + WEEK
    )

    assert current().version == 1
    assert coming() == newest() == policy
    assert await version_of(2) == policy
    assert [each.version for each in await versions()] == [2, 1]
    assert not measures_for("bad.example").reject


async def test_it_comes_into_force_by_itself_on_its_day(here):
    await adopt(draft(**servers(entry("bad.example"))), summary=WHY, effective=now() + WEEK)

    with time_machine.travel(now() + WEEK + timedelta(minutes=1)):
        await refresh()

        assert current().version == 2
        assert coming() is None
        assert measures_for("bad.example").reject


async def test_what_follows_from_it_is_done_on_its_day(here):
    await adopt(draft(), summary=WHY, effective=now() + WEEK)

    job = await Job.filter(name="moderation.enforce").order_by("-due").first()

    assert job.due >= int((now() + timedelta(days=6)).timestamp() * 1000)


async def test_a_start_in_between_remembers_what_is_coming(here):
    await adopt(draft(), summary=WHY, effective=now() + WEEK)

    await ensure_policy()

    assert current().version == 1
    assert newest().version == 2


async def test_what_follows_builds_on_it_and_cannot_overtake_it(here):
    first = await adopt(draft(), summary=WHY, effective=now() + WEEK)

    with pytest.raises(BadPolicy, match="cannot come before"):
        await adopt(draft(2, content={"max_tags": 3}), summary=WHY, effective=now() + timedelta(1))
    second = await adopt(draft(2, content={"max_tags": 3}), summary=WHY)

    assert second.effective == first.effective
    assert current().version == 1


async def test_another_process_hears_of_it(here):
    await adopt(draft(), summary=WHY, effective=now() + WEEK)
    await ensure_policy()
    later = await adopt(draft(2, content={"max_tags": 3}), summary=WHY)

    await refresh(at_once=True)

    assert newest() == later
