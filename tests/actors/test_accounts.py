"""Accounts: names, addresses, passwords, and who may do what."""

import asyncio

import pytest

from actors import credentials, emails, passwords
from actors.accounts import Account, BadName, Role, Taken, find, is_free, is_functional, may_sign_in
from actors.actor import Actor
from actors.closing import close
from actors.emails import BadAddress, key_of, tidy
from actors.guessable import is_guessable
from actors.keys import signer_of
from actors.passwords import BadPassword
from actors.registration import Mode, NotNow, create_account, is_reserved, register
from actors.roles import LastAdmin, change_role
from core.clock import now
from core.limits import TooMany
from tests.conftest import PASSWORD, account_of


async def test_someone_new_has_all_that_others_need_to_know(here):
    account = await create_account("mei_1", "Mei@Example.ORG", PASSWORD)

    actor = await Actor.get(local_name="mei_1")
    base = here.server.base_url
    assert (actor.uri, actor.inbox) == (f"{base}/u/mei_1", f"{base}/u/mei_1/inbox")
    assert (actor.shared_inbox, actor.url) == (f"{base}/inbox", f"{base}/@mei_1")
    assert actor.full_handle == f"mei_1@{here.server.account_domain}"
    assert (await signer_of(actor)).key_id == f"{base}/u/mei_1#main-key"
    assert (account.email, account.email_key) == ("Mei@example.org", "mei@example.org")


NO_NAMES = ["", "Mei", "mei lin", "mei-lin", "mei.lin", "mëi", "m" * 31, "梅"]


@pytest.mark.parametrize("name", NO_NAMES)
async def test_ACC_07_names_are_plain(here, name):
    with pytest.raises(BadName):
        await create_account(name, "mei@example.org", PASSWORD)

    assert not await Actor.exists(local_name=name)


async def test_ACC_07_a_name_is_never_given_again(here):
    await close(await create_account("mei", "mei@example.org", PASSWORD))

    with pytest.raises(Taken, match="name"):
        await create_account("mei", "other@example.org", PASSWORD)

    assert not await is_free("mei")


async def test_ACC_04_a_mailbox_has_one_account(here):
    await create_account("mei", "mei@example.org", PASSWORD)

    with pytest.raises(Taken, match="email"):
        await create_account("ana", "Mei+2@Example.org", PASSWORD)

    assert await is_free("ana")


async def test_the_address_of_who_left_may_come_back(here):
    await close(await create_account("mei", "mei@example.org", PASSWORD))

    again = await create_account("mei_again", "mei@example.org", PASSWORD)

    assert (await find("mei@example.org")).id == again.id


@pytest.mark.parametrize("name", ["admin", "www", "inbox", "_admin", "mod_", "support"])
async def test_ACC_07_names_of_the_house_are_the_operators_to_give(here, name):
    assert is_reserved(name)
    with pytest.raises(Taken):
        await register(name, "", PASSWORD, mode=Mode.OPEN)

    assert await create_account(name, "", PASSWORD, role=Role.ADMIN)


async def test_nobody_registers_where_it_is_closed(here):
    with pytest.raises(NotNow):
        await register("mei", "", PASSWORD, mode=Mode.CLOSED)


# Addresses.


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "mei",
        "mei@",
        "@example.org",
        "mei@localhost",
        "mei@@example.org",
        "mei@ana@example.org",
        "mei%ana@example.org",
        "mei!ana@example.org",
        '"mei"@example.org',
        '"mei@ana"@example.org',
        "mei@[127.0.0.1]",
        "mei@127.0.0.1",
        ".mei@example.org",
        "mei.@example.org",
        "mei..lin@example.org",
        "mei lin@example.org",
        "mei@exa mple.org",
        "mei@-example.org",
        "mei@example-.org",
        "mei@example..org",
        "mei@example.org.",
        "mei@example.org\r\nBcc: eve@example.org",
        "mei\x00@example.org",
        "mei,ana@example.org",
        "mei;ana@example.org",
        "<mei@example.org>",
        "mei(x)@example.org",
        "mei@example.org,eve@example.org",
        "mei\u202e@example.org",
        "m" * 65 + "@example.org",
        "mei@" + "a" * 64 + ".org",
        "mei@" + ".".join(["abcdefghi"] * 30) + ".org",
    ],
)
def test_ACC_04_these_are_no_addresses(text):
    with pytest.raises(BadAddress):
        tidy(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (" mei@example.org ", "mei@example.org"),
        ("Mei.Lin+tag@Example.ORG", "Mei.Lin+tag@example.org"),
        ("o'neill_x-y~z@mail.example.co.uk", "o'neill_x-y~z@mail.example.co.uk"),
        ("mei@bücher.example", "mei@xn--bcher-kva.example"),
    ],
)
def test_ACC_04_these_are_addresses(text, written):
    assert tidy(text) == written


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("mei@example.org", "MEI@EXAMPLE.ORG", True),
        ("mei@example.org", "mei+tag@example.org", True),
        ("mei.lin@gmail.com", "meilin+x@googlemail.com", True),
        ("mei.lin@example.org", "meilin@example.org", False),
        ("mei@bücher.example", "mei@xn--bcher-kva.example", True),
        ("mei@example.org", "mei@example.com", False),
    ],
)
def test_ACC_04_spellings_of_one_mailbox(one, other, are_same):
    assert (key_of(one) == key_of(other)) is are_same


def test_a_plus_alone_is_still_a_name():
    assert emails.key_of("+x@example.org") == "+x@example.org"


# Passwords.


@pytest.mark.usefixtures("slow_passwords")
async def test_ACC_01_hashes_are_slow_and_large(here):
    kept = await passwords.hash_of(PASSWORD)

    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert await passwords.is_right(kept, PASSWORD)
    assert not await passwords.is_right(kept, PASSWORD + "x")


async def test_ACC_01_no_character_is_cut_off(here):
    long = "a tale of tea, " * 18

    kept = await passwords.hash_of(long[:256])

    assert await passwords.is_right(kept, long[:256])
    assert not await passwords.is_right(kept, long[:255])
    assert not await passwords.is_right(kept, long[:257])


async def test_ACC_01_a_hash_nobody_can_read_fits_no_password(here):
    assert not await passwords.is_right("", PASSWORD)
    assert not await passwords.is_right("!", PASSWORD)


@pytest.mark.parametrize("password", ["", "nine char", "x" * 257, "a" * 12, "password123"])
def test_ACC_01_these_are_refused(password):
    with pytest.raises(BadPassword):
        passwords.check(password)


@pytest.mark.parametrize(
    "password",
    [
        "password2024",
        "P@ssw0rd2024!",
        "iloveyou12345",
        "qwertyuiop123",
        "1q2w3e4r5t6y",
        "a1b2c3d4e5f6",
        "1234567890123",
        "2020-12-24 12",
        "aaaaaaaaaaaaa",
        "abcabcabcabc",
        "watermelon99",
        "Football!2024!",
        "letmeinletmein",
        "dragonmaster",
    ],
)
def test_ACC_01_what_everybody_tries_first(password):
    assert is_guessable(password)


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "correct horse battery staple",
        "correcthorsebatterystaple",
        "Xk3jf9Qpz1",
        "mei-likes-tea-at-noon",
        "山外青山楼外楼西湖歌舞",
        "tortoise77marmalade",
    ],
)
def test_ACC_01_what_nobody_tries(password):
    assert not is_guessable(password)


def test_ACC_01_ones_own_name_is_a_word_everybody_knows():
    assert is_guessable("xiaoqing_zhu 1987", about=("xiaoqing_zhu",))
    assert not is_guessable("tortoise77marmalade", about=("mei",))


def test_DOS_05_looking_at_a_long_password_takes_no_time():
    assert not is_guessable("aA1!bB2?" * 31 + "zebra xylophone quartz")


async def test_DOS_14_a_full_queue_is_said(here):
    rush = [asyncio.create_task(passwords.is_right(None, PASSWORD)) for _ in range(60)]

    answers = await asyncio.gather(*rush, return_exceptions=True)

    refused = [each for each in answers if isinstance(each, TooMany)]
    assert len(refused) == 60 - passwords.MOST_WAITING


# Who may.


@pytest.mark.parametrize(
    ("column", "signs_in", "acts"),
    [
        (None, True, True),
        ("confirmed_at", True, False),
        ("approved_at", False, False),
        ("disabled_at", False, False),
        ("closed_at", False, False),
        ("gone_at", False, False),
        ("suspended_at", True, False),
    ],
)
async def test_OAU_08_one_gate(settle, column, signs_in, acts):
    account = await account_of(await settle("mei"))

    if column in ("gone_at", "suspended_at"):
        setattr(account.actor, column, now())
    elif column:
        setattr(account, column, None if column in ("confirmed_at", "approved_at") else now())

    assert (may_sign_in(account), is_functional(account)) == (signs_in, acts)


async def test_the_last_admin_stays_one(settle):
    mei = await account_of(await settle("mei", role=Role.ADMIN))

    with pytest.raises(LastAdmin):
        await change_role(mei, Role.MEMBER)
    await settle("ana", role=Role.ADMIN)
    await change_role(mei, Role.MEMBER)

    assert (await Account.get(id=mei.id)).role == Role.MEMBER


async def test_an_admin_who_cannot_come_in_does_not_count(settle):
    mei = await account_of(await settle("mei", role=Role.ADMIN))
    ana = await account_of(await settle("ana", role=Role.ADMIN))
    await Account.filter(id=ana.id).update(disabled_at=now())

    with pytest.raises(LastAdmin):
        await close(mei)

    assert (await Actor.get(id=mei.actor_id)).gone_at is None


@pytest.mark.parametrize("login", ["mei", "MEI", "@mei", "mei@example.org", "mei+1@EXAMPLE.org"])
async def test_people_are_found_by_what_they_type(settle, login):
    account = await account_of(await settle("mei"))

    assert (await find(login)).id == account.id


@pytest.mark.parametrize("login", ["", "@", "me", "-mei", "mei@", "x" * 100_000, "mei@b@c", "%"])
async def test_nobody_is_found_by_something_else(settle, login):
    await settle("mei")

    assert await find(login) is None


async def test_a_secret_is_spent_once(settle):
    account = await account_of(await settle("mei"))
    from_letter = await credentials.mailed.mailed_token(
        account, credentials.Purpose.RESET, account.email
    )

    answers = await asyncio.gather(
        *[credentials.reset(from_letter, f"{PASSWORD} {n}") for n in range(5)]
    )

    assert len([each for each in answers if each]) == 1
