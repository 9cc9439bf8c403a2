"""So many in a while."""

import pytest
import time_machine

from core.limits import Tally, TooMany, count, forget, sweep


async def test_the_last_one_allowed_passes_and_the_next_does_not(here):
    for _ in range(3):
        await count("a door", most=3, seconds=60)

    with pytest.raises(TooMany) as refused:
        await count("a door", most=3, seconds=60)

    assert 0 < refused.value.seconds <= 60


async def test_another_key_is_counted_apart(here):
    await count("one door", most=1, seconds=60)
    await count("another door", most=1, seconds=60)

    assert await Tally.all().count() == 2


async def test_a_new_window_begins_anew(here):
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        await count("a door", most=1, seconds=60)
        clock.shift(60)

        await count("a door", most=1, seconds=60)

        with pytest.raises(TooMany):
            await count("a door", most=1, seconds=60)


async def test_nought_is_no_limit(here):
    for _ in range(20):
        await count("a door", most=0, seconds=60)

    assert not await Tally.exists()


async def test_what_is_forgotten_is_counted_from_the_beginning(here):
    await count("a door", most=1, seconds=60)

    await forget("a door")

    await count("a door", most=1, seconds=60)


async def test_DOS_10_old_counts_go(here):
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        await count("a door", most=1, seconds=60)
        clock.shift(2 * 86_400)
        await count("a new door", most=1, seconds=60)

        await sweep()

    assert await Tally.all().values_list("key", flat=True) == ["a new door"]
