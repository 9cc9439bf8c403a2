"""Asking once for what several want."""

import asyncio

import pytest

from federation.allowance import Budget, OverBudget
from federation.errors import Gone, Unreachable
from federation.flights import Flights


class Oracle:
    """Counts the questions, and answers when it is let go."""

    def __init__(self, *, error: Exception | None = None) -> None:
        self.asked = 0
        self.go = asyncio.Event()
        self._error = error

    async def __call__(self) -> str:
        self.asked += 1
        await self.go.wait()
        if self._error:
            raise self._error
        return "yes"


async def test_SIG_14_many_who_ask_the_same_share_one_flight():
    flights, oracle = Flights[str](), Oracle()
    waiting = [asyncio.create_task(flights.ask("key", oracle)) for _ in range(50)]
    await asyncio.sleep(0)
    oracle.go.set()

    assert await asyncio.gather(*waiting) == ["yes"] * 50
    assert oracle.asked == 1


async def test_who_gives_up_does_not_take_the_answer_from_the_others():
    flights, oracle = Flights[str](), Oracle()
    impatient, patient = (asyncio.create_task(flights.ask("key", oracle)) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    oracle.go.set()

    assert await patient == "yes"
    assert oracle.asked == 1


async def test_SIG_14_a_failure_is_remembered_for_a_while():
    now = [0.0]
    flights = Flights[str](failure_ttl_s=60, timer=lambda: now[0])
    oracle = Oracle(error=Unreachable("no one there", retry_after=9))
    oracle.go.set()

    for _ in range(3):
        with pytest.raises(Unreachable, match="no one there") as caught:
            await flights.ask("key", oracle)
        assert caught.value.retry_after == 9
    assert oracle.asked == 1

    now[0] = 61
    with pytest.raises(Unreachable):
        await flights.ask("key", oracle)
    assert oracle.asked == 2


async def test_a_failure_can_be_forgotten():
    flights, oracle = Flights[str](), Oracle(error=Gone("gone"))
    oracle.go.set()
    with pytest.raises(Gone):
        await flights.ask("key", oracle)

    flights.forget("key")
    with pytest.raises(Gone):
        await flights.ask("key", oracle)
    assert oracle.asked == 2


async def test_a_success_is_not_kept():
    flights, oracle = Flights[str](), Oracle()
    oracle.go.set()

    assert [await flights.ask("key", oracle) for _ in range(2)] == ["yes", "yes"]
    assert oracle.asked == 2


@pytest.mark.parametrize("error", [KeyError("bug"), OverBudget("no fetch left")])
async def test_what_is_not_the_others_fault_is_not_remembered(error):
    flights, oracle = Flights[str](), Oracle(error=error)
    oracle.go.set()

    for _ in range(2):
        with pytest.raises(type(error)):
            await flights.ask("key", oracle)
    assert oracle.asked == 2


async def test_SIG_14_only_so_many_questions_are_open():
    flights, oracle = Flights[str](at_once=3), Oracle()
    waiting = [asyncio.create_task(flights.ask(f"key {n}", oracle)) for n in range(3)]
    await asyncio.sleep(0)

    with pytest.raises(Unreachable, match="too many"):
        await flights.ask("one more", oracle)
    joined = asyncio.create_task(flights.ask("key 0", oracle))
    await asyncio.sleep(0)
    oracle.go.set()
    await asyncio.gather(*waiting, joined)

    assert await flights.ask("one more", oracle) == "yes"
    assert oracle.asked == 4


async def test_DOS_10_no_more_failures_are_remembered_than_there_is_room_for():
    flights, oracle = Flights[str](most_failures=10), Oracle(error=Gone("gone"))
    oracle.go.set()

    for n in [*range(11), 0]:
        with pytest.raises(Gone):
            await flights.ask(f"key {n}", oracle)

    assert oracle.asked == 12


def test_DOS_09_a_budget_ends():
    budget = Budget(2)
    budget.spend("https://h.example/1")
    budget.spend("https://h.example/2")

    with pytest.raises(OverBudget):
        budget.spend("https://h.example/3")
    assert budget.left == 0
