"""Invites: who let whom in."""

import asyncio

import pytest
import time_machine

from actors.accounts import Account
from actors.invites import (
    NoInvite,
    invite_of,
    invites_of,
    make_invite,
    spend_invite,
    withdraw,
)
from actors.registration import Mode, create_account, register
from tests.conftest import PASSWORD, account_of


async def test_an_invite_lets_one_in(here):
    invite = await make_invite(None)

    account = await register("mei", "", PASSWORD, mode=Mode.INVITE, invite=invite.code)

    assert account.invite_code == invite.code
    assert await invite_of(invite.code) is None


async def test_ACC_05_without_a_good_one_nobody_is_made(here):
    for code in ("", "nonsense"):
        with pytest.raises(NoInvite):
            await register("mei", "", PASSWORD, mode=Mode.INVITE, invite=code)

    assert not await Account.exists()


async def test_ACC_05_an_old_invite_lets_nobody_in(here):
    with time_machine.travel(1_800_000_000, tick=True) as clock:
        invite = await make_invite(None, days=7)
        clock.shift(7 * 86_400 + 1)

        with pytest.raises(NoInvite):
            await spend_invite(invite.code)

        assert await invite_of(invite.code) is None


async def test_ACC_05_fifty_at_once_with_one_use(here):
    invite = await make_invite(None, most_uses=1)

    async def try_it() -> bool:
        try:
            await spend_invite(invite.code)
        except NoInvite:
            return False
        return True

    answers = await asyncio.gather(*[try_it() for _ in range(50)])

    assert answers.count(True) == 1


async def test_ACC_05_ten_sign_ups_at_once_with_two_uses(here):
    invite = await make_invite(None, most_uses=2)

    answers = await asyncio.gather(
        *[
            register(f"mei{number}", "", PASSWORD, mode=Mode.INVITE, invite=invite.code)
            for number in range(10)
        ],
        return_exceptions=True,
    )

    assert len([each for each in answers if isinstance(each, Account)]) == 2
    assert await Account.all().count() == 2


async def test_ACC_05_what_fails_spends_no_invite(here):
    await create_account("mei", "", PASSWORD)
    invite = await make_invite(None)

    answers = await asyncio.gather(
        register("mei", "", PASSWORD, mode=Mode.INVITE, invite=invite.code),
        return_exceptions=True,
    )

    assert not isinstance(answers[0], Account)
    assert (await invite_of(invite.code)).uses == 0


async def test_OAU_06_only_its_maker_withdraws_an_invite(settle):
    mei, ana = await account_of(await settle("mei")), await account_of(await settle("ana"))
    invite = await make_invite(mei)

    by_another = await withdraw(ana, invite.id)
    still_open = await invite_of(invite.code)
    by_its_maker = await withdraw(mei, invite.id)

    assert (by_another, by_its_maker) == (False, True)
    assert still_open
    assert await invite_of(invite.code) is None
    assert [each.id for each in await invites_of(mei)] == [invite.id]
