"""What an operator does with accounts from the shell, without the shell."""

import pytest

from actors.accounts import Role
from actors.closing import close
from actors.tokens import Token
from rubric import people
from rubric.people import Impossible
from tests.conftest import account_of


async def test_OAU_08_who_has_left_gets_no_token_no_role_and_no_password(settle):
    mei = await settle("mei")
    await close(await account_of(mei))

    for work in (
        people.create_token("mei", ["read"]),
        people.change_role("mei", Role.MODERATOR),
        people.change_password("mei", "another long secret"),
        people.drop_second_factor("mei"),
    ):
        with pytest.raises(Impossible, match="has left"):
            await work
    assert not await Token.exists()


async def test_a_token_is_for_someone_who_lives_here(settle):
    await settle("mei")

    secret = await people.create_token("mei", ["read"])

    assert len(secret) >= 32
    assert await Token.all().count() == 1
