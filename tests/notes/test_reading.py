"""What we believe of a note."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import Malformed
from federation.vocabulary import PUBLIC
from notes.note import Audience
from notes.note_document import audience_of
from notes.reading import note_document_from
from tests.federation.zoo import TYPES, anything, documents, unhurried

ANA = "https://a.example/ana"
BOB = "https://a.example/bob"
NOTE = "https://a.example/n/1"
GROUP = "https://g.example/tea"


def note(**more):
    return {"id": NOTE, "type": "Note", "attributedTo": ANA, "content": "<p>hi</p>"} | more


def read(**more):
    return note_document_from(note(**more))


def test_a_note_is_read():
    found = read(
        to=["as:Public"],
        cc=f"{ANA}/followers",
        published="2024-01-01T00:00:00Z",
        updated="2024-01-02T00:00:00Z",
        url="https://a.example/@ana/1",
        inReplyTo={"id": "https://b.example/1"},
        context="https://b.example/c",
        conversation="tag:b.example,2024:c",
        replies={"id": f"{NOTE}/replies", "type": "Collection"},
        likes={"totalItems": 3},
        shares=f"{NOTE}/shares",
    )

    assert (found.id, found.type, found.author) == (NOTE, "Note", ANA)
    assert (found.title, found.content) == ("", "<p>hi</p>")
    assert (found.to, found.cc) == ([PUBLIC], [f"{ANA}/followers"])
    assert found.published == datetime(2024, 1, 1, tzinfo=UTC)
    assert found.updated == datetime(2024, 1, 2, tzinfo=UTC)
    assert (found.url, found.in_reply_to) == ("https://a.example/@ana/1", "https://b.example/1")
    assert (found.context, found.conversation) == ("https://b.example/c", "tag:b.example,2024:c")
    assert found.replies == f"{NOTE}/replies"
    assert found.embedded_replies["type"] == "Collection"
    assert (found.likes, found.shares) == (3, 0)
    assert found.comments_enabled
    assert not found.is_vote


@pytest.mark.parametrize(
    "author", [1, "1", None, [], "", "ana", {}, {"id": 1}, [1], "acct:ana@a.example"]
)
def test_ORG_06_a_note_by_nobody_is_malformed(author):
    with pytest.raises(Malformed):
        read(attributedTo=author)


def test_ORG_06_an_author_on_another_server_is_malformed():
    with pytest.raises(Malformed):
        read(attributedTo="https://b.example/ana")
    with pytest.raises(Malformed):
        read(attributedTo="http://a.example/ana")


def test_ORG_06_several_authors_need_the_sender_among_them():
    document = note(attributedTo=[BOB, ANA])

    assert note_document_from(document, by=ANA).author == ANA
    for by in (None, "https://a.example/eve"):
        with pytest.raises(Malformed):
            note_document_from(document, by=by)


def test_ORG_06_a_sender_who_is_not_the_author_is_refused():
    with pytest.raises(Malformed):
        note_document_from(note(), by=BOB)


def test_ORG_06_an_actor_that_is_not_attributed_to_anyone_writes_nothing():
    document = note(actor=ANA)
    del document["attributedTo"]

    with pytest.raises(Malformed):
        note_document_from(document)


def test_a_channel_is_an_owner_and_its_account_the_author():
    account, channel = {"type": "Person", "id": ANA}, {"type": "Group", "id": BOB}

    found = read(type="Video", attributedTo=[channel, account])

    assert (found.author, found.owners) == (ANA, [BOB])
    assert found.group_candidates == [BOB]


def test_a_person_may_speak_for_a_group():
    found = note_document_from(note(type="Article", actor=ANA, attributedTo=BOB), by=ANA)

    assert (found.author, found.owners) == (ANA, [BOB])


@pytest.mark.parametrize("uri", [None, 3, "", [NOTE], {"id": NOTE}, "tag:a.example"])
def test_ORG_22_a_note_without_a_proper_id_is_malformed(uri):
    with pytest.raises(Malformed):
        read(id=uri)


@pytest.mark.parametrize(
    "kind", ["Person", "Create", "Tombstone", "Collection", "Link", "", None, 3]
)
def test_ORG_22_what_is_no_note_is_malformed(kind):
    with pytest.raises(Malformed):
        read(type=kind)


def test_an_unknown_thing_with_a_name_is_a_card():
    found = read(type="Recipe", name="Scones", content=None, url="https://a.example/scones")

    assert (found.type, found.title) == ("Recipe", "Scones")
    assert 'href="https://a.example/scones"' in found.content
    with pytest.raises(Malformed):
        read(type="Recipe", content=None)


def test_a_title_is_said_once():
    found = read(name="Tea", content="<p><strong>Tea</strong></p><p>is good</p>")

    assert (found.title, found.content) == ("Tea", "<p>is good</p>")


def test_an_article_without_text_shows_its_excerpt():
    found = read(type="Article", content=None, summary="a < b")

    assert (found.summary, found.excerpt, found.content) == ("", "a < b", "<p>a &lt; b</p>")


def test_a_vote_has_a_name_and_no_words():
    assert read(name="tea", content=None, inReplyTo="https://b.example/1").is_vote
    assert not read(name="tea", inReplyTo="https://b.example/1").is_vote
    assert not read(name="tea", content=None).is_vote
    assert not read(
        name="tea", type="Article", content=None, inReplyTo="https://b.example/1"
    ).is_vote


@pytest.mark.parametrize(
    ("to", "cc", "audience"),
    [
        ([PUBLIC], [f"{ANA}/followers"], "public"),
        (["as:Public"], [], "public"),
        ("Public", [], "public"),
        ([f"{ANA}/followers"], [PUBLIC], "quiet"),
        ([f"{ANA}/followers"], [BOB], "followers"),
        ([BOB], [f"{ANA}/followers"], "followers"),
        ([BOB], [], "people"),
        ([], [], "people"),
        (None, None, "people"),
    ],
)
def test_PRIV_06_for_whom_a_note_was_meant(to, cc, audience):
    assert audience_of(read(to=to, cc=cc), f"{ANA}/followers") == Audience(audience)


@pytest.mark.parametrize(
    "unknown",
    [
        "public",
        "https://a.example/#Public",
        f"{BOB}/followers",
        f"{GROUP}/members",
        f"{PUBLIC}s",
        "as:public",
    ],
)
def test_PRIV_06_what_is_not_certain_is_the_most_private(unknown):
    found = read(to=[unknown], cc=[unknown], audience=PUBLIC)

    assert audience_of(found, f"{ANA}/followers") == Audience.PEOPLE
    assert audience_of(found, None) == Audience.PEOPLE
    assert audience_of(found, "") == Audience.PEOPLE


def test_the_group_is_looked_for_where_it_is_named_most_clearly():
    found = read(
        to=[PUBLIC, BOB],
        audience=GROUP,
        target={"type": "Collection", "id": f"{GROUP}/wall", "attributedTo": f"{GROUP}2"},
    )

    assert found.group_candidates == [GROUP, f"{GROUP}2", BOB]
    assert found.target == f"{GROUP}2"


def test_tags_of_every_kind():
    tags = [
        {"type": "Mention", "href": BOB, "name": "@bob@a.example"},
        {"type": "Mention", "name": "@nobody@a.example"},
        {"type": "Mention", "href": "javascript:x", "name": "@x"},
        {"type": "Hashtag", "name": "#Tea"},
        {"type": "Hashtag", "name": "tea"},
        {"type": "Hashtag", "name": "茶"},
        {"type": "Hashtag", "name": "#not one"},
        {"type": "Emoji", "name": ":blob:", "icon": {"url": "https://a.example/b.png"}},
        {"type": "Unheard"},
        "x",
    ]

    found = read(tag=tags)

    assert found.mentions == [(BOB, "@bob@a.example")]
    assert found.hashtags == ["Tea", "茶"]
    assert found.emojis == [{"shortcode": "blob", "url": "https://a.example/b.png"}]
    assert read(tag=tags[0]).mentions == [(BOB, "@bob@a.example")]


def test_DOS_01_the_surplus_of_tags_is_left_out():
    tags = [{"type": "Hashtag", "name": f"#t{each}"} for each in range(300)]

    assert len(read(tag=tags).hashtags) == 100


@pytest.mark.parametrize(
    "told",
    [
        {"quote": "https://b.example/q"},
        {"quote": {"id": "https://b.example/q", "type": "Note"}},
        {"_misskey_quote": "https://b.example/q"},
        {"quoteUrl": "https://b.example/q"},
        {"quoteUri": "https://b.example/q", "quoteUrl": "javascript:x"},
        {
            "tag": {
                "type": "Link",
                "rel": "https://misskey-hub.net/ns#_misskey_quote",
                "href": "https://b.example/q",
            }
        },
    ],
)
def test_quotes_in_every_dialect(told):
    assert read(**told).quote == "https://b.example/q"


def test_a_withdrawn_quote_is_none():
    assert read(quote={"type": "Tombstone", "id": "https://b.example/q"}).quote is None


@pytest.mark.parametrize(
    "told",
    [
        {"sensitive": True},
        {"tag": [{"type": "Hashtag", "name": "#NSFW"}]},
        {"attachment": [{"type": "Image", "url": "https://a.example/x.png", "sensitive": True}]},
    ],
)
def test_what_is_sensitive_is_in_every_dialect(told):
    assert read(**told).sensitive
    assert not read(sensitive="true").sensitive


@pytest.mark.parametrize(
    "told", [{"commentsEnabled": False}, {"commentsPolicy": 2}, {"capabilities": {"reply": None}}]
)
def test_closed_comments_are_closed_in_every_dialect(told):
    assert not read(**told).comments_enabled
    assert read(capabilities={"reply": PUBLIC}, commentsEnabled=None).comments_enabled


def test_ORG_10_a_page_on_another_server_is_not_the_notes():
    assert read(url="https://evil.example/login").url is None
    assert read(url=["javascript:x", "https://a.example/1"]).url == "https://a.example/1"


def test_an_event_has_a_time_and_a_place():
    found = read(
        type="Event",
        startTime="2024-01-01T10:00:00Z",
        endTime="2024-01-01T12:00:00Z",
        location={"name": "The hall", "address": {"addressLocality": "Lyon", "streetAddress": 3}},
    )

    assert found.starts == datetime(2024, 1, 1, 10, tzinfo=UTC)
    assert found.ends == datetime(2024, 1, 1, 12, tzinfo=UTC)
    assert found.place == "The hall, Lyon"
    assert read(endTime="2024-01-01T12:00:00Z").ends is None


def test_a_poll_belongs_to_a_question_alone():
    options = [{"type": "Note", "name": "tea"}, {"type": "Note", "name": "coffee"}]

    assert read(type="Question", oneOf=options).poll.options == [("tea", 0), ("coffee", 0)]
    assert read(oneOf=options).poll is None


def test_a_policy_is_kept_as_it_came():
    policy = {"canReply": {"automaticApproval": [PUBLIC]}}

    assert read(interactionPolicy=policy).interaction == policy
    assert read(interactionPolicy="x").interaction is None


mostly_right = documents(
    id=st.just(NOTE),
    type=st.sampled_from([*TYPES, "ChatMessage"]),
    attributedTo=st.sampled_from([ANA, [ANA, BOB], {"id": ANA, "type": "Person"}]),
    tag=anything,
    attachment=anything,
)


@unhurried
@given(mostly_right, st.none() | st.just(ANA))
def test_ORG_22_anything_is_a_note_or_malformed(document, by):
    try:
        found = note_document_from(document, by=by)
    except Malformed:
        return

    assert found.id == NOTE
    assert found.author.startswith("https://a.example/")
    assert len(found.to) + len(found.cc) + len(found.audience) <= 256
    audience_of(found, None)
