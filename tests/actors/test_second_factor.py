"""The second factor: which codes are taken, how often one may try, and what ends with it."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine

from actors import second_factor as second
from actors import sessions
from actors.accounts import Account
from actors.second_factor import Authenticator, RecoveryCode
from actors.sessions import Session
from core.limits import TooMany
from tests.conftest import account_of

NOON = datetime(2027, 1, 15, 12, 0, 10, tzinfo=UTC)


async def with_app(settle) -> tuple[Account, pyotp.TOTP, list[str]]:
    """Somebody whose app is set up, with what makes its codes and the recovery codes."""
    account = await account_of(await settle("mei"))
    secret = await second.begin(account)
    await sessions.start(account)
    (session,) = await sessions.sessions_of(account)
    made = await second.confirm(account, pyotp.TOTP(secret).now(), session.id)
    assert made is not None
    return account, pyotp.TOTP(secret), made


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


async def test_ACC_03_a_code_is_taken_once_and_none_older(here, settle, noon):
    account, app, _ = await with_app(settle)
    noon.shift(90)
    code, older = app.at(NOON + timedelta(seconds=90)), app.at(NOON + timedelta(seconds=60))

    answers = [await second.is_right(account, each) for each in (code, code, older)]

    assert answers == [True, False, False]


@pytest.mark.parametrize(
    ("seconds", "right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
async def test_ACC_03_a_clock_may_be_half_a_minute_wrong(here, settle, noon, seconds, right):
    account, app, _ = await with_app(settle)
    noon.shift(300)

    code = app.at(NOON + timedelta(seconds=300 + seconds))

    assert await second.is_right(account, code) is right


async def test_ACC_03_the_code_that_set_the_app_up_does_not_sign_in(here, settle, noon):
    account, app, _ = await with_app(settle)

    assert not await second.is_right(account, app.at(NOON))


async def test_ACC_03_a_recovery_code_is_good_once_and_kept_as_a_hash(here, settle, noon):
    account, _, codes = await with_app(settle)

    answers = [await second.is_right(account, each) for each in (codes[0], codes[0].upper())]
    spaced = await second.is_right(account, codes[1].replace("-", " ").upper())

    assert len(set(codes)) == 10
    assert (answers, spaced) == ([True, False], True)
    assert await second.codes_left(account) == 8
    kept = {each.code_hash for each in await RecoveryCode.all()}
    assert not kept & {each.replace("-", "") for each in codes}


async def test_ACC_03_nobody_uses_the_recovery_code_of_another(here, settle, noon):
    _, _, codes = await with_app(settle)
    ben = await account_of(await settle("ben"))

    assert not await second.is_right(ben, codes[0])


async def test_ACC_02_after_ten_wrong_codes_no_right_one_is_taken_for_an_hour(here, settle, noon):
    account, app, codes = await with_app(settle)
    noon.shift(90)
    for _ in range(10):
        assert not await second.is_right(account, "000000")

    with pytest.raises(TooMany) as raised:
        await second.is_right(account, app.at(NOON + timedelta(seconds=90)))
    with pytest.raises(TooMany):
        await second.is_right(account, codes[0])
    noon.shift(raised.value.seconds + 1)

    assert await second.is_right(account, codes[0])


async def test_a_wrong_code_sets_nothing_up(here, settle, noon):
    account = await account_of(await settle("mei"))
    secret = await second.begin(account)

    wrong = await second.confirm(account, "000000", 0)
    with_nothing = await second.is_right(account, pyotp.TOTP(secret).at(NOON))

    assert wrong is None
    assert not with_nothing
    assert not await second.has_second_factor(account)


async def test_an_app_that_works_is_not_replaced_by_one_that_may_not(here, settle, noon):
    account, _, _ = await with_app(settle)

    with pytest.raises(ValueError, match="already"):
        await second.begin(account)


async def test_the_secret_of_an_app_is_locked_in_the_database(here, settle, noon):
    account, app, _ = await with_app(settle)

    row = await Authenticator.get(account_id=account.id)

    assert app.secret.encode() not in bytes(row.secret)


async def test_who_sets_an_app_up_signs_all_other_browsers_out(here, settle, noon):
    account = await account_of(await settle("mei"))
    await sessions.start(account, agent="another")

    account, _, _ = await with_app_of(account)

    assert [each.is_strong for each in await Session.all()] == [True]


async def with_app_of(account: Account) -> tuple[Account, str, list[str]]:
    secret = await second.begin(account)
    await sessions.start(account, agent="this")
    this = await Session.get(agent="this")
    made = await second.confirm(account, pyotp.TOTP(secret).now(), this.id)
    return account, secret, made or []


async def test_without_the_last_second_factor_codes_and_strength_end(here, settle, noon):
    account, _, _ = await with_app(settle)

    await second.drop_app(account)

    assert not await RecoveryCode.exists()
    assert not await Session.exists(is_strong=True)
    assert not await second.has_second_factor(account)


async def test_new_recovery_codes_end_the_old(here, settle, noon):
    account, _, codes = await with_app(settle)

    new = await second.new_codes(account)

    assert not await second.is_right(account, codes[0])
    assert await second.is_right(account, new[0])
