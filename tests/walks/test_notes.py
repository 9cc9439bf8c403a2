"""Notes that come in and go out: written, answered, changed, taken back."""

from actors.follows import Follow
from actors.remote import look_up
from core.clock import now
from core.ids import new_id
from inbox.notifications import Event, Notification
from inbox.timelines import HomeEntry
from notes.note import Audience, Edit, Note, Tombstone
from outbox.create import publish
from outbox.delete import withdraw
from outbox.draft import Draft
from outbox.update import edit
from rubric.worker import work_letters
from tests.counting import counted
from tests.walks.people import came


async def following(mei, remote, name="ana"):
    """Mei follows someone there, as if it had been accepted."""
    person = remote.person(name)
    actor = await look_up(f"@{name}@{remote.host}")
    await Follow.create(
        id=new_id(), uri=f"{mei.uri}#f{actor.id}", follower=mei, followed=actor, is_accepted=True
    )
    return person, actor


async def followed_by(mei, remote, settle_down, name="ana"):
    """Someone there follows Mei."""
    person = remote.person(name)
    await remote.send(mei.inbox, remote.activity("Follow", person, mei.uri), person)
    await settle_down()
    remote.letters.clear()
    return person


async def test_a_note_of_someone_followed_comes_home(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await following(mei, remote)
    note = remote.note(ana, "<p>你好，世界 <script>alert(1)</script></p>", name="茶")

    await remote.send(mei.inbox, remote.activity("Create", ana, note), ana)
    await settle_down()

    kept = await Note.get(uri=note["id"])
    assert "你好，世界" in kept.content
    assert "script" not in kept.content
    assert kept.title == "茶"
    assert await HomeEntry.filter(reader_id=mei.id, note_id=kept.id).exists()


async def test_a_note_that_comes_home_costs_few_statements(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await following(mei, remote)
    await came(remote, ana, mei, settle_down)
    await remote.send(mei.inbox, remote.activity("Create", ana, remote.note(ana)), ana)

    with counted() as asked:
        while await work_letters():
            pass

    of_triggers = [each for each in asked if "note_words" in each]
    assert await HomeEntry.filter(reader_id=mei.id).count() == 2
    # Looked for and taken; the signer; ten for the note; ended; and a look for more.
    assert len(asked) - len(of_triggers) <= 14, asked


async def test_a_deleted_note_that_comes_again_stays_gone(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await following(mei, remote)
    note = await came(remote, ana, mei, settle_down)
    await Note.filter(id=note.id).update(deleted_at=now())
    await HomeEntry.all().delete()

    again = remote.note(ana) | {"id": note.uri}
    await remote.send(mei.inbox, remote.activity("Create", ana, again), ana)
    await settle_down()

    assert (await Note.get(uri=note.uri)).deleted_at is not None
    assert not await HomeEntry.exists()


async def test_the_same_create_twice_is_one_note(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await following(mei, remote)
    note = remote.note(ana)
    create = remote.activity("Create", ana, note)

    for letter in (create, create, remote.activity("Create", ana, note)):
        await remote.send(mei.inbox, letter, ana)
        await settle_down()

    assert await Note.filter(uri=note["id"]).count() == 1
    assert await HomeEntry.filter(reader_id=mei.id).count() == 1


async def test_a_note_that_concerns_nobody_here_is_not_kept(settle, remote, settle_down):
    mei = await settle("mei")
    eve = remote.person("eve")

    status = await remote.send(mei.inbox, remote.activity("Create", eve, remote.note(eve)), eve)
    await settle_down()

    assert status == 202
    assert not await Note.exists()


async def test_a_mention_tells_whom_it_names(settle, remote, settle_down):
    mei = await settle("mei")
    ana = remote.person("ana")
    tag = {"type": "Mention", "href": mei.uri, "name": f"@mei@{remote.here.server.domain}"}
    note = remote.note(ana, "<p>@mei hello</p>", tag=[tag], cc=[mei.uri])

    await remote.send(mei.inbox, remote.activity("Create", ana, note), ana)
    await settle_down()

    told = await Notification.get(reader_id=mei.id)
    assert told.event == Event.MENTION


async def test_our_note_goes_to_followers_with_its_addressing(settle, remote, settle_down):
    mei = await settle("mei")
    await followed_by(mei, remote, settle_down)

    note = await publish(mei, Draft(text="春天的茶 #茶", title="茶", audience=Audience.FOLLOWERS))
    await settle_down()

    create = remote.last("Create")
    assert create["object"]["id"] == note.uri
    assert create["to"] == [mei.followers_uri] == create["object"]["to"]
    assert "春天的茶" in create["object"]["content"]
    assert create["object"]["name"] == "茶"
    assert [tag["name"] for tag in create["object"]["tag"]] == ["#茶"]
    assert remote.letters[-1].path == "/inbox"


async def test_a_note_for_people_goes_to_their_own_letterbox_alone(settle, remote, settle_down):
    mei = await settle("mei")
    await followed_by(mei, remote, settle_down)
    ben = remote.person("ben")

    text = f"only for you @ben@{remote.host}"
    await publish(mei, Draft(text=text, audience=Audience.PEOPLE))
    await settle_down()

    assert [letter.path for letter in remote.letters] == ["/users/ben/inbox"]
    create = remote.last("Create")
    assert create["to"] == [ben.uri]
    assert create["cc"] == []
    assert create["object"]["directMessage"] is True


async def test_an_edit_goes_out_and_keeps_what_was_said(settle, remote, settle_down):
    mei = await settle("mei")
    await followed_by(mei, remote, settle_down)
    note = await publish(mei, Draft(text="first"))

    await edit(mei, note, Draft(text="second"))
    await settle_down()

    assert "second" in remote.last("Update")["object"]["content"]
    assert remote.last("Update")["object"]["updated"]
    assert "first" in (await Edit.get(note_id=note.id)).content
    assert remote.types() == ["Create", "Update"]


async def test_their_edit_is_written_over_only_by_its_author(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await following(mei, remote)
    bob, _ = await following(mei, remote, "bob")
    note = remote.note(ana)
    await remote.send(mei.inbox, remote.activity("Create", ana, note), ana)
    await settle_down()

    forged = note | {"content": "<p>bob was here</p>", "updated": "2026-11-21T10:00:00Z"}
    await remote.send(mei.inbox, remote.activity("Update", bob, forged), bob)
    await settle_down()
    unchanged = (await Note.get(uri=note["id"])).content
    newer = note | {"content": "<p>newer</p>", "updated": "2026-11-21T10:00:00Z"}
    await remote.send(mei.inbox, remote.activity("Update", ana, newer), ana)
    await settle_down()

    assert unchanged == "<p>Hello</p>"
    assert (await Note.get(uri=note["id"])).content == "<p>newer</p>"


async def test_a_delete_leaves_no_words(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await following(mei, remote)
    note = remote.note(ana)
    await remote.send(mei.inbox, remote.activity("Create", ana, note), ana)
    await settle_down()

    gone = {"id": note["id"], "type": "Tombstone"}
    await remote.send(mei.inbox, remote.activity("Delete", ana, gone), ana)
    await settle_down()

    kept = await Note.get(uri=note["id"])
    assert kept.deleted_at
    assert kept.content == ""
    assert not await HomeEntry.exists()


async def test_ORG_17_a_delete_before_its_create_wins(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await following(mei, remote)
    note = remote.note(ana)

    await remote.send(mei.inbox, remote.activity("Delete", ana, note["id"]), ana)
    await settle_down()
    await remote.send(mei.inbox, remote.activity("Create", ana, note), ana)
    await settle_down()

    assert not await Note.exists()
    assert await Tombstone.filter(uri=note["id"]).exists()


async def test_ORG_17_a_neighbour_who_buries_an_id_first_keeps_nothing_from_its_author(
    settle, remote, settle_down
):
    mei = await settle("mei")
    ana, _ = await following(mei, remote)
    bob, _ = await following(mei, remote, "bob")
    deleted, standing = remote.note(ana), remote.note(ana, "<p>still there</p>")

    for note in (deleted, standing):
        await remote.send(mei.inbox, remote.activity("Delete", bob, note["id"]), bob)
    await remote.send(mei.inbox, remote.activity("Delete", ana, deleted["id"]), ana)
    await remote.send(mei.inbox, remote.activity("Delete", ana, deleted["id"]), ana)
    await settle_down()
    for note in (deleted, standing):
        await remote.send(mei.inbox, remote.activity("Create", ana, note), ana)
    await settle_down()

    # The author's own word counts, whoever spoke before; the neighbour's counts for nothing.
    assert [each.uri for each in await Note.all()] == [standing["id"]]
    buried = await Tombstone.filter(uri=deleted["id"]).values_list("owner_uri", flat=True)
    assert sorted(buried) == sorted([ana.uri, bob.uri])


async def test_ORG_17_the_author_buries_and_no_neighbour_digs_up(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await following(mei, remote)
    bob, _ = await following(mei, remote, "bob")
    note = remote.note(ana)

    for author in (ana, bob):
        await remote.send(mei.inbox, remote.activity("Delete", author, note["id"]), author)
    await settle_down()
    await remote.send(mei.inbox, remote.activity("Create", ana, note), ana)
    forged = note | {"attributedTo": bob.uri, "content": "<p>forged</p>"}
    await remote.send(mei.inbox, remote.activity("Create", bob, forged), bob)
    # Whoever fetches it themselves, as from a boost, is told the same.
    await remote.send(mei.inbox, remote.activity("Announce", bob, note["id"]), bob)
    await settle_down()

    assert not await Note.exists()


async def test_ORG_17_a_strangers_delete_of_what_is_there_changes_nothing(
    settle, remote, elsewhere, settle_down
):
    mei = await settle("mei")
    ana, _ = await following(mei, remote)
    bob, cara = remote.person("bob"), elsewhere.person("cara")
    note = remote.note(ana)
    await remote.send(mei.inbox, remote.activity("Create", ana, note), ana)
    await settle_down()

    await remote.send(mei.inbox, remote.activity("Delete", bob, note["id"]), bob)
    await elsewhere.send(mei.inbox, elsewhere.activity("Delete", cara, note["id"]), cara)
    await settle_down()

    assert (await Note.get(uri=note["id"])).deleted_at is None
    assert not await Tombstone.exists()


async def test_ORG_17_a_delete_of_another_server_before_the_create_is_not_remembered(
    settle, remote, elsewhere, settle_down
):
    mei = await settle("mei")
    ana, _ = await following(mei, remote)
    cara = elsewhere.person("cara")
    note = remote.note(ana)

    await elsewhere.send(mei.inbox, elsewhere.activity("Delete", cara, note["id"]), cara)
    await settle_down()
    assert not await Tombstone.exists()
    await remote.send(mei.inbox, remote.activity("Create", ana, note), ana)
    await settle_down()

    assert await Note.exists(uri=note["id"])


async def test_a_letter_is_taken_back_from_its_reader_alone(settle, remote, settle_down):
    mei = await settle("mei")
    bo = await followed_by(mei, remote, settle_down)
    ana = remote.person("bea")
    text = f"@bea@{remote.host} between us"
    note = await publish(mei, Draft(text=text, audience=Audience.PEOPLE))
    await settle_down()

    await withdraw(mei, note)
    await settle_down()

    gone = [got for got in remote.letters if got.type == "Delete"]
    assert [got.path for got in gone] == ["/users/bea/inbox"]
    assert (gone[0].document["to"], gone[0].document.get("cc", [])) == ([ana.uri], [])
    assert bo.uri not in str(gone[0].document)


async def test_withdrawing_follows_the_note_everywhere(settle, remote, settle_down):
    mei = await settle("mei")
    await followed_by(mei, remote, settle_down)
    note = await publish(mei, Draft(text="soon gone"))
    await settle_down()

    await withdraw(mei, note)
    await settle_down()

    assert remote.last("Delete")["object"]["id"] == note.uri
    assert (await Note.get(id=note.id)).content == ""


async def test_a_reply_is_forwarded_to_the_authors_followers(
    settle, remote, elsewhere, settle_down
):
    mei = await settle("mei")
    await followed_by(mei, remote, settle_down)
    note = await publish(mei, Draft(text="what do you think?"))
    await settle_down()
    cara = elsewhere.person("cara")
    answer = elsewhere.note(
        cara, "<p>much</p>", inReplyTo=note.uri, cc=[mei.uri, mei.followers_uri]
    )
    create = elsewhere.activity("Create", cara, answer)

    await elsewhere.send(mei.inbox, create, cara)
    await settle_down()

    assert remote.last("Create") == create
    assert (await Note.get(id=note.id)).replies_count == 1


async def test_LD_01_a_forwarded_letter_is_believed_at_its_origin_only(
    settle, remote, elsewhere, settle_down
):
    mei = await settle("mei")
    note = await publish(mei, Draft(text="what do you think?"))
    ana, cara = remote.person("ana"), elsewhere.person("cara")
    true = elsewhere.note(cara, "<p>true</p>", inReplyTo=note.uri, cc=[mei.uri])
    forged = true | {"content": "<p>forged</p>"}

    await remote.send(mei.inbox, elsewhere.activity("Create", cara, forged), ana)
    await settle_down()

    assert (await Note.get(uri=true["id"])).content == "<p>true</p>"


async def test_a_thread_is_completed_in_the_background(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await following(mei, remote)
    first = remote.note(ana, "<p>first</p>")
    second = remote.note(ana, "<p>second</p>", inReplyTo=first["id"])
    third = remote.note(ana, "<p>third</p>", inReplyTo=second["id"])

    await remote.send(mei.inbox, remote.activity("Create", ana, third), ana)
    await settle_down()

    threads = {note.thread_id for note in await Note.all()}
    assert await Note.all().count() == 3
    assert len(threads) == 1
