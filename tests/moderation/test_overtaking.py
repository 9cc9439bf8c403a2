"""Versions that come into force before others, and transactions that break off meanwhile."""

from contextlib import suppress
from datetime import timedelta

from tortoise.transactions import in_transaction

from core.clock import now
from moderation.adopting import adopt
from moderation.gate import measures_for
from moderation.overtaking import overtake
from moderation.policy import PolicyVersion, current, newest, refresh, waiting
from moderation.reading import Draft
from tests.moderation.drafts import entry, sections_of, servers

WHY = {"en": "Because."}
WEEK = timedelta(days=7)


class Broken(Exception):
    """Something after it went wrong."""


async def broken_off(sections):
    """Put sections in force in a transaction that then breaks off."""
    with suppress(Broken):
        async with in_transaction():
            await overtake(sections, summary=WHY, by="decision 1")
            raise Broken


async def test_what_was_never_written_is_not_followed(here):
    waits = await adopt(
        Draft(sections_of(content={"max_tags": 3}), 1), summary=WHY, effective=now() + WEEK
    )
    await broken_off(sections_of(**servers(entry("bad.example"))))

    await refresh(at_once=True)

    assert await PolicyVersion.all().count() == 2
    assert current().version == 1
    assert (newest(), waiting()) == (waits, [waits])
    assert not measures_for("bad.example").reject


async def test_what_is_written_in_its_place_is_followed(here):
    """Another process may write a version of the same number before this one looks."""
    await broken_off(sections_of(**servers(entry("bad.example"))))
    async with in_transaction():
        done = await overtake(
            sections_of(**servers(entry("worse.example"))), summary=WHY, by="decision 2"
        )

    assert done.version == 2
    assert current().version == 2
    assert measures_for("worse.example").reject
    assert not measures_for("bad.example").reject


async def test_several_that_overtake_in_one_transaction_build_on_each_other(here):
    async with in_transaction():
        await overtake(sections_of(**servers(entry("bad.example"))), summary=WHY, by="decision 1")
        await overtake(sections_of(content={"max_tags": 3}), summary=WHY, by="decision 2")

    await refresh(at_once=True)

    assert (current().version, waiting()) == (3, [])
    assert not measures_for("bad.example").reject
