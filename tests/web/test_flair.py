"""Flair: chosen in the composer or by an app, carried with the note, read, filtered."""

import pytest

from actors.actor import Actor
from actors.groups import Group, make_group, settings_of
from actors.memberships import State, stand
from actors.reading import actor_document_from
from federation.flair import flair_in
from notes.documents import document_of, parts_of
from notes.drafts import SavedDraft
from notes.group_posts import GroupPost, carry
from notes.note import Note
from notes.reading import note_document_from
from outbox.create import publish
from outbox.draft import Draft
from outbox.flair import settle_flair
from outbox.refusals import NotValid
from outbox.sent import Sent
from tests.conftest import account_of
from tests.factories import stranger
from tests.remote import PUBLIC

MARKS = [{"name": "Question", "color": "#1f4e8c"}, {"name": "Find", "color": "#1c6347"}]
WORDS = {"text": "Which pot?", "audience": "public", "step": "publish"}


@pytest.fixture
async def mei(settle, browser):
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    return actor


@pytest.fixture
async def tea(mei):
    return await make_group(mei, "tea", title="Tea", flair=MARKS)


async def document_with(note):
    note = await Note.get(id=note.id).select_related("author")
    return document_of(note, (await parts_of([note]))[note.id])


def tags_of(document):
    return [each for each in document["tag"] if each["type"] == "CommunityPostTag"]


async def test_it_is_chosen_in_the_composer_and_goes_out_with_the_note(
    browser, mei, tea, settle_down
):
    page = await (await browser.get(f"/compose?group={tea.id}")).text()
    answer = await browser.post(
        "/compose", WORDS | {"group": str(tea.id), "flair": f"{tea.id}:Question"}
    )
    await settle_down()

    note = await Note.get(source="Which pot?")
    assert f'<optgroup label="!tea" data-group="{tea.id}">' in page
    assert answer.status == 303
    assert (await GroupPost.get(note_id=note.id)).flair == ["Question"]
    create = await Sent.get(kind="Create")
    assert tags_of(create.document()["object"]) == [
        {
            "type": "CommunityPostTag",
            "id": f"{tea.uri}/tag/question",
            "preferredUsername": "question",
            "name": "Question",
            "color": "#1f4e8c",
        }
    ]
    shown = await (await browser.get("/g/tea?flair=Question")).text()
    other = await (await browser.get("/g/tea?flair=Find")).text()
    assert "Which pot?" in shown
    assert "Which pot?" not in other


async def test_a_draft_keeps_it_and_that_of_another_group_is_left_out(browser, mei, tea):
    await browser.get("/compose")
    named = {"group": str(tea.id), "flair": f"{tea.id}:Find", "step": "preview"}
    await browser.post("/compose", WORDS | named | {"text": "Later"})
    await browser.post("/compose", WORDS | named | {"text": "Other", "flair": "7:Find"})

    draft = await SavedDraft.get(text="Later")
    page = await (await browser.get(f"/compose?draft={draft.id}")).text()

    assert draft.flair == ["Find"]
    assert f'<option value="{tea.id}:Find" selected>' in page
    assert (await SavedDraft.get(text="Other")).flair is None


async def test_a_mark_that_the_group_has_not_is_refused(browser, mei, tea):
    with pytest.raises(NotValid):
        await publish(mei, Draft(text="x", group_id=tea.id, flair=("Nonsense",)))
    await browser.get("/compose")
    answer = await browser.post(
        "/compose", WORDS | {"group": str(tea.id), "flair": f"{tea.id}:Nonsense"}
    )

    assert answer.status == 422
    assert not await Note.exists()


async def test_flair_that_is_changed_goes_out_in_an_update(mei, tea, settle_down):
    note = await publish(mei, Draft(text="Which?", group_id=tea.id))
    await settle_down()
    note = await Note.get(id=note.id).select_related("author")

    await settle_flair(mei, tea, note, ["find", "question"])

    update = await Sent.filter(kind="Update").order_by("-id").first()
    named = [each["name"] for each in tags_of(update.document()["object"])]
    assert named == ["Find", "Question"]


async def test_flair_of_a_group_elsewhere_is_read_and_keeps_its_id(mei, settle_down):
    group = await stranger("pot", kind="Group")
    mark = {"name": "Question", "color": "", "id": "https://elsewhere.example/tag/7"}
    await Group.create(actor_id=group.id, flair=[mark])
    await stand(mei.id, group.id, State.MEMBER)

    note = await publish(mei, Draft(text="Which?", group_id=group.id, flair=("question",)))

    (tag,) = tags_of(await document_with(note))
    assert (tag["id"], tag["name"]) == ("https://elsewhere.example/tag/7", "Question")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            {"tag": [{"type": "CommunityPostTag", "id": "https://x.example/t/1", "name": "News"}]},
            [{"name": "News", "color": "", "id": "https://x.example/t/1"}],
        ),
        (
            {
                "lemmy:tagsForPosts": [
                    {
                        "type": "lemmy:CommunityTag",
                        "display_name": "News",
                        "background_color": "#AABBCC",
                    }
                ]
            },
            [{"name": "News", "color": "#aabbcc", "id": ""}],
        ),
        ({"tag": [{"type": "CommunityPostTag", "name": "A", "color": "red;x"}]}, [("A", "")]),
        ({"tag": [{"type": "Hashtag", "name": "#a"}, 7, None, {"type": "CommunityPostTag"}]}, []),
        ({"tag": "no", "tagsForPosts": 3}, []),
        (
            {
                "tag": [
                    {"type": "CommunityPostTag", "name": "A"},
                    {"type": "CommunityPostTag", "name": "a"},
                ]
            },
            [("A", "")],
        ),
    ],
)
def test_what_others_write_is_read(written, read):
    found = flair_in(written)

    plain = [(each["name"], each["color"]) for each in found]
    assert found == read or plain == read


def test_a_group_and_a_note_are_read_with_their_flair():
    uri = "https://elsewhere.example/c/tea"
    tag = [{"type": "CommunityPostTag", "id": f"{uri}/tag/news", "name": "News"}]
    group = {
        "id": uri,
        "type": "Group",
        "preferredUsername": "tea",
        "inbox": f"{uri}/inbox",
        "outbox": f"{uri}/outbox",
        "publicKey": {"id": f"{uri}#key", "owner": uri, "publicKeyPem": "x"},
        "tag": tag,
    }
    note = {
        "id": "https://elsewhere.example/post/1",
        "type": "Page",
        "attributedTo": "https://elsewhere.example/u/ana",
        "name": "News",
        "to": [PUBLIC],
        "tag": tag,
    }

    assert [each["name"] for each in actor_document_from(group).flair] == ["News"]
    assert note_document_from(note).flair == ["News"]


async def test_of_a_group_here_a_note_from_elsewhere_carries_what_the_group_has(mei, tea):
    note = await publish(mei, Draft(text="Which?", group_id=tea.id))

    await carry(note, ["question", "Nonsense"])
    kept = (await GroupPost.get(note_id=note.id)).flair
    await carry(note, [])

    assert kept == ["Question"]
    assert (await GroupPost.get(note_id=note.id)).flair == []
    assert (await settings_of(await Actor.get(id=tea.id))).flair == MARKS
