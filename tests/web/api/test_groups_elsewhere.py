"""Groups of other servers, as apps of others see them: accounts that pass notes on."""

from actors.actor import Actor
from actors.memberships import State, membership_of
from notes.group_posts import GroupPost, Standing
from notes.note import Note
from tests.factories import boosted, noted, stranger


async def group_elsewhere(name="tea"):
    return await Actor.get(id=(await stranger(name, kind="Group")).id)


async def test_a_group_is_an_account_whose_statuses_are_what_it_passed_on(settle, client):
    mei, tea = await settle("mei"), await group_elsewhere()
    note = await noted(await stranger("ana"), "<p>post</p>")
    await Note.filter(id=note.id).update(group_id=tea.id)
    await boosted(tea, note)
    app = await client(mei)

    account = await app.get(f"/api/v1/accounts/{tea.id}")
    statuses = await app.get(f"/api/v1/accounts/{tea.id}/statuses")
    bare = await app.get(f"/api/v1/accounts/{tea.id}/statuses?exclude_reblogs=true")

    assert (account["group"], account["bot"], account["acct"]) == (True, False, tea.handle)
    assert [each["reblog"]["content"] for each in statuses] == ["<p>post</p>"]
    assert [each["id"] for each in bare] == [each["id"] for each in statuses]


async def test_it_is_joined_and_left_by_following(settle, client):
    mei, tea = await settle("mei"), await group_elsewhere()
    app = await client(mei)

    asked = await app.post(f"/api/v1/accounts/{tea.id}/follow")
    row = await membership_of(mei, tea)
    left = await app.post(f"/api/v1/accounts/{tea.id}/unfollow")

    assert (asked["following"], asked["requested"]) == (False, True)
    assert row.state is State.ASKED
    assert (left["following"], left["requested"]) == (False, False)
    assert (await membership_of(mei, tea)).state is State.LEFT


async def test_a_mention_posts_into_it(settle, client):
    mei, tea = await settle("mei"), await group_elsewhere()
    app = await client(mei)

    posted = await app.post("/api/v1/statuses", status=f"@{tea.full_handle} Oolong, anyone?")

    post = await GroupPost.get(note_id=int(posted["id"]))
    assert (post.group_id, post.standing, post.title) == (
        tea.id,
        Standing.PENDING,
        "Oolong, anyone?",
    )
    assert [each["acct"] for each in posted["mentions"]] == [tea.handle]
