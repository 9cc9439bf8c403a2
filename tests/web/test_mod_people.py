"""Those who ask to join, invites, and notes that are held."""

import pytest

from actors.accounts import Account, Role
from actors.actor import Actor, local_actor
from actors.invites import Invite, make_invite
from actors.registration import create_account
from core.clock import now
from inbox.timelines import HomeEntry
from notes.note import Note
from tests.conftest import PASSWORD, account_of
from tests.walks.test_notes import following


async def asking_to_join(name="ana"):
    return await create_account(
        name, f"{name}@example.org", PASSWORD, approved=False, reason="I bake."
    )


async def test_a_moderator_lets_someone_in(settle, browser):
    mira = await settle("mira", role=Role.MODERATOR)
    ana = await asking_to_join()
    await browser.sign_in(await account_of(mira))

    page = await browser.get("/mod/people")
    answer = await browser.post(f"/mod/people/{ana.id}/approve")

    assert "I bake." in await page.text()
    assert answer.status == 303
    assert (await Account.get(id=ana.id)).approved_at
    assert (await local_actor("ana")).is_present


async def test_who_is_declined_is_forgotten_and_the_name_is_free(settle, browser):
    mira = await settle("mira", role=Role.MODERATOR)
    ana = await asking_to_join()
    await browser.sign_in(await account_of(mira))
    await browser.get("/mod/people")

    await browser.post(f"/mod/people/{ana.id}/decline", {"reason": "full"})

    assert not await Account.filter(id=ana.id).exists()
    assert await local_actor("ana") is None


async def test_OAU_08_nobody_sees_who_waits_for_approval(settle, browser):
    await asking_to_join()

    page = await browser.get("/u/ana", Accept="application/activity+json")

    assert page.status == 404


@pytest.mark.parametrize("path", ["/mod/people", "/mod/held"])
async def test_ADM_01_members_see_nothing_of_the_desk(settle, browser, path):
    mei = await settle("mei")
    await browser.sign_in(await account_of(mei))

    page = await browser.get(path)

    assert page.status == 403


async def test_ADM_01_members_approve_nobody(settle, browser):
    mei = await settle("mei")
    ana = await asking_to_join()
    await browser.sign_in(await account_of(mei))

    answer = await browser.post(f"/mod/people/{ana.id}/approve")

    assert answer.status == 403
    assert (await Account.get(id=ana.id)).approved_at is None


async def test_a_member_makes_as_many_invites_as_the_policy_says(settle, browser):
    mei = await settle("mei")
    await browser.sign_in(await account_of(mei))
    await browser.get("/settings/invites")

    answers = [(await browser.post("/settings/invites", {"uses": "50"})).status for _ in range(6)]

    assert answers == [303] * 5 + [403]
    assert {invite.most_uses for invite in await Invite.all()} == {1}


async def test_OAU_06_nobody_ends_the_invite_of_another(settle, browser):
    mei, ben = await settle("mei"), await settle("ben")
    invite = await make_invite(await account_of(ben))
    await browser.sign_in(await account_of(mei))

    answer = await browser.post(f"/settings/invites/{invite.id}/withdraw")

    assert answer.status == 404
    assert (await Invite.get(id=invite.id)).expires_at > now()


async def held_note(mei, remote, settle_down):
    ana, _ = await following(mei, remote)
    note = remote.note(ana, "<p>held words</p>")
    await remote.send(mei.inbox, remote.activity("Create", ana, note), ana)
    await settle_down()
    await Note.filter(uri=note["id"]).update(held_at=now(), held_because="a filter")
    await HomeEntry.all().delete()
    return await Note.get(uri=note["id"])


async def test_a_held_note_is_shown_once_a_moderator_says_so(settle, browser, remote, settle_down):
    mira = await settle("mira", role=Role.MODERATOR)
    note = await held_note(mira, remote, settle_down)
    await browser.sign_in(await account_of(mira))

    page = await browser.get("/mod/held")
    await browser.post(f"/mod/held/{note.id}/release")

    assert "held words" in await page.text()
    assert (await Note.get(id=note.id)).held_at is None
    assert await HomeEntry.filter(reader_id=mira.id, note_id=note.id).exists()


async def test_a_held_note_can_be_deleted_here(settle, browser, remote, settle_down):
    mira = await settle("mira", role=Role.MODERATOR)
    note = await held_note(mira, remote, settle_down)
    await browser.sign_in(await account_of(mira))
    await browser.get("/mod/held")

    await browser.post(f"/mod/held/{note.id}/delete")

    assert (await Note.get(id=note.id)).deleted_at
    assert await Actor.filter(id=note.author_id).exists()
