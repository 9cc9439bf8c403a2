"""Documents of some forty other programs: each is understood or refused, and none surprises us."""

import os
import random
import re
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from actors.reading import actor_document_from
from federation.activity import activity_from
from federation.errors import FederationError
from federation.littleboxes import check
from federation.read import loads
from federation.vocabulary import ACTIVITY_TYPES, ACTOR_TYPES, KNOWN_TYPES, NOTE_TYPES, type_of
from notes.note_document import audience_of
from notes.reading import note_document_from

CORPUS = Path(
    os.environ.get("RUBRIC_CORPUS") or Path(__file__).parents[1].parent / "shared" / "corpus"
)
FILES = sorted(each.relative_to(CORPUS).as_posix() for each in CORPUS.glob("**/*.json"))

pytestmark = pytest.mark.skipif(
    not FILES,
    reason=f"NO WIRE CORPUS at {CORPUS}: nothing here proves that we understand other servers. "
    "Set RUBRIC_CORPUS to a folder of recorded documents.",
)

# Mbin's tests replace what changes from run to run.
SCRUBBED = {
    b'"SCRUBBED_ID"': b'"https://kbin.test/scrubbed"',
    b'"SCRUBBED_DATE"': b'"2024-01-01T00:00:00Z"',
}


def bytes_of(name):
    body = (CORPUS / name).read_bytes()
    for mark, stand_in in SCRUBBED.items():
        body = body.replace(mark, stand_in)
    return body


def document(name):
    return loads(bytes_of(name))


def kind_of(read):
    """Return which of our readers is for this document."""
    kind = type_of(read)
    if kind in ACTOR_TYPES or (kind not in KNOWN_TYPES and "inbox" in read):
        return "actor"
    if kind in NOTE_TYPES:
        return "note"
    if kind in ACTIVITY_TYPES or (kind not in KNOWN_TYPES and "actor" in read):
        return "activity"
    return "other"


def parts_of(name):
    """Return a document and what it is about in the end, each with its kind."""
    outer = inner = document(name)
    while kind_of(inner) == "activity" and isinstance(inner.get("object"), dict):
        inner = inner["object"]
    whole = [outer] if inner is outer or inner.keys() <= {"id", "type"} else [outer, inner]
    return [(kind_of(each), each) for each in whole]


def understand(kind, raw):
    """Read a document with the reader for its kind, and prove what was read."""
    match kind:
        case "actor":
            prove_actor(raw)
        case "note":
            prove_note(raw)
        case "activity":
            prove_activity(raw)


def prove_actor(raw):
    found = actor_document_from(raw)

    assert found.id == raw["id"]
    assert found.handle == raw["preferredUsername"]
    assert found.inbox == raw["inbox"]
    assert bool(found.name) == bool((raw.get("name") or "").strip())
    assert bool(found.summary) == bool((raw.get("summary") or "").strip())
    assert bool(found.icon_url) == bool(raw.get("icon"))
    assert found.locked or not raw.get("manuallyApprovesFollowers")


def prove_note(raw):
    found = note_document_from(raw)

    assert found.id == raw["id"]
    assert found.author in str(raw["attributedTo"])
    assert bool(found.title) == bool(raw.get("name"))
    if (raw.get("content") or "").strip():
        assert found.content or found.title
    attached = raw.get("attachment") or []
    attached = attached if isinstance(attached, list) else [attached]
    assert len(found.attachments) >= len(attached)
    is_open = re.search(
        r'"(https://www.w3.org/ns/activitystreams#|as:)?Public"', str(raw).replace("'", '"')
    )
    assert (audience_of(found, None) in ("public", "quiet")) == bool(is_open)
    if raw.get("published"):
        assert found.published


def prove_activity(raw):
    found = activity_from(raw)
    view = check(raw)

    assert found.id == raw["id"]
    assert found.actor == view.activity.actor
    assert found.object_id or found.object_ids or isinstance(raw["object"], dict)


@pytest.mark.parametrize("name", FILES)
def test_every_document_is_understood_or_refused(name):
    for kind, raw in parts_of(name):
        with suppress(FederationError):
            understand(kind, raw)


JUNK = (
    None,
    True,
    -1,
    2**53,
    0.5,
    "",
    "x",
    "https://a.example/",
    [],
    {},
    [[]],
    [None, 3],
    {"id": 3},
)


def spoiled(raw, dice):
    """Return a copy in which something, however deep, is something else."""
    if isinstance(raw, dict) and raw and dice.random() < 0.9:
        key = dice.choice(list(raw))
        return raw | {key: spoiled(raw[key], dice)}
    if isinstance(raw, list) and raw and dice.random() < 0.9:
        place = dice.randrange(len(raw))
        return [*raw[:place], spoiled(raw[place], dice), *raw[place + 1 :]]
    return dice.choice(JUNK)


@pytest.mark.parametrize("name", FILES)
def test_ORG_22_a_spoiled_document_is_understood_or_refused(name):
    dice = random.Random(name)
    for _, raw in parts_of(name):
        for _ in range(20):
            broken = spoiled(raw, dice)
            if not isinstance(broken, dict):
                continue
            for read in (actor_document_from, note_document_from, activity_from, check):
                with suppress(FederationError):
                    read(broken)


# Examples of specifications and libraries: often without ids, actors or inboxes.
EXAMPLES = ("w3c-as2/", "granary/", "go-ap/", "fedbox/", "vectors/")

REFUSED = {
    "bridgy/bridgy-fed--ap.brid.gy.as2.json": "no inbox",
    "bridgy/bridgy-fed--bsky.brid.gy.as2.json": "no inbox",
    "bridgy/bridgy-fed--fa.brid.gy.as2.json": "no inbox",
    "bridgy/bridgy-fed--fc.brid.gy.as2.json": "no inbox",
    "fedify/fedify--example.com-create.json": "a Create of nothing",
    "fedify/fedify--example.com-person.json": "no inbox",
    "mastodon/akkoma--relay-accept-follow.json": "without one actor",
    "mastodon/mobilizon--fixtures-mastodon-delete-user.json": "no inbox",
    "misskey/akkoma--fixtures-misskey-like.json": "id of another server",
    "peertube/activity_pub--peertube-video.json": "no one author on its own server",
    "pleroma/akkoma--fixtures-activitypub-client-post-activity.json": "without",
    "pleroma/akkoma--webfinger-pleroma-user.json": "without an id",
}


def test_of_what_servers_send_only_the_broken_is_refused():
    refused = {}
    for name in FILES:
        for kind, raw in parts_of(name):
            try:
                understand(kind, raw)
            except FederationError as refusal:
                refused.setdefault(name, str(refusal))
    servers = {name: why for name, why in refused.items() if not name.startswith(EXAMPLES)}

    assert servers.keys() == REFUSED.keys()
    for name, why in servers.items():
        assert REFUSED[name] in why


def test_as_much_is_understood_as_ever():
    understood, refused = Counter(), Counter()
    for kind, raw in (each for name in FILES for each in parts_of(name)):
        try:
            understand(kind, raw)
        except FederationError:
            refused[kind] += 1
        else:
            understood[kind] += 1

    assert understood["actor"] >= 65, (understood, refused)
    assert understood["note"] >= 102, (understood, refused)
    assert understood["activity"] >= 167, (understood, refused)


ACTORS = {
    "mastodon/kitsune--actors-mastodon.social_users_fediversereport.json": {
        "handle": "fediversereport",
        "name": "Fediverse Report",
        "url": "https://mastodon.social/@fediversereport",
        "shared_inbox": "https://mastodon.social/inbox",
        "featured": "https://mastodon.social/users/fediversereport/collections/featured",
        "discoverable": True,
        "indexable": True,
        "locked": False,
    },
    "mastodon/akkoma--mastodon-service_actor.json": {"type": "Service", "is_bot": True},
    "mastodon/akkoma--relay-relay.json": {
        "type": "Application",
        "handle": "relay",
        "inbox": "https://relay.mastodon.host/inbox",
    },
    "mastodon/akkoma--users_mock-nonsense_attachment_user.json": {
        "fields": [],
        "discoverable": True,
        "url": "https://fedi.vision/@vote/",
    },
    "misskey/kitsune--actors-misskey.io_users_7rkrarq81i.json": {
        "name": ":angry_ai::syuilo::angry_ai:",
        "emojis": [
            {
                "shortcode": "angry_ai",
                "url": "https://media.misskeyusercontent.com/emoji/angry_ai.png",
            },
            {
                "shortcode": "syuilo",
                "url": "https://media.misskeyusercontent.com/emoji/syuilo.png",
            },
        ],
    },
    "pleroma/akkoma--fixtures-mewmew_no_name.json": {"name": "", "locked": True},
    "pleroma/akkoma--tesla_mock-mewmew@lm.kazv.moe.json": {
        "also_known_as": [
            "https://lm.kazv.moe/users/tester",
            "https://lm.kazv.moe/users/testuser",
        ],
    },
    "fedify/fedify--users-hongminhee.json": {
        "name": "洪 民憙 (Hong Minhee)",
        "shared_inbox": None,
        "multikeys": [
            (
                "https://wizard.casa/users/hongminhee#ed25519-key",
                "z6MkweqJajqa5jRAJTBVxxu47oCdB7HzmYbBKN8VGbFJmKkC",
            )
        ],
    },
    "friendica/lemmy--objects-person_2.json": {"type": "Organization", "handle": "informapirata"},
    "gancio/mobilizon--fixtures-gancio-actor.json": {
        "type": "Application",
        "fields": [("Website", "<a href='https://demo.gancio.org'>https://demo.gancio.org</a>")],
    },
    "gnusocial/lemmy--objects-group.json": {
        "is_group": True,
        "url": "https://instance.gnusocial.test/!hackers",
        "public_keys": [],  # the key in it belongs to another actor
    },
    "guppe/akkoma--fixtures-guppe-actor.json": {"is_group": True, "handle": "Bernie2020"},
    "lemmy/lemmy--objects-group.json": {
        "is_group": True,
        "name": "Ten Forward",
        "moderators": "https://enterprise.lemmy.ml/c/tenforward/moderators",
        "owners": [],
        "posting_restricted": False,
        "locked": False,
        "discoverable": True,
    },
    "lotide/lemmy--objects-group.json": {"is_group": True, "shared_inbox": None},
    "microblogpub/akkoma--microblogpub-user_with_invalid_also_known_as.json": {
        "id": "https://mbp.example.com",
        "also_known_as": [],
    },
    "mobilizon/lemmy--objects-group.json": {
        "is_group": True,
        "handle": "contribateliers",
        "locked": False,
    },
    "nodebb/discourse-activity-pub--case_1-group_actor.json": {
        "is_group": True,
        "handle": "activitypub",
        "url": "https://community.nodebb.org/category/30/activitypub",
    },
    "peertube/lemmy--objects-group.json": {
        "owners": ["https://tilvids.com/accounts/thelinuxexperiment"],
        "moderators": None,
        "posting_restricted": True,
        "icon_url": "https://tilvids.com/lazy-static/avatars/"
        "13b0214b-edc0-4c5b-a04d-be648a3a370a.jpg",
    },
    "wordpress/lemmy--objects-group.json": {
        "handle": "dbzer0.com",
        "webfinger": "dbzer0.com@dbzer0.com",
        "moderators": "https://dbzer0.com/wp-json/activitypub/1.0/collections/moderators",
        "indexable": True,
    },
}


@pytest.mark.parametrize("name", ACTORS)
def test_actors_are_read_as_they_are(name):
    found = actor_document_from(document(name))

    assert {key: getattr(found, key) for key in ACTORS[name]} == ACTORS[name]


NOTES = {
    "mastodon/lemmy--objects-note_2.json": {
        "author": "https://floss.social/users/kde",
        "audience": "public",
        "language": "en",
        "url": "https://floss.social/@kde/113306831140126616",
        "in_reply_to": "https://floss.social/users/kde/statuses/113306824627995724",
        "mentions": [("https://lemmy.kde.social/c/kde", "@kde@lemmy.kde.social")],
        "media": ["image"],
        "likes": 39,
        "shares": 24,
    },
    "mastodon/akkoma--tesla_mock-poll_attachment.json": {
        "type": "Question",
        "choices": [("a", 0), ("A", 0), ("Aa", 0), ("AA", 0), ("AAa", 1), ("AAA", 3)],
        "media": ["image"],
    },
    "mastodon/akkoma--fixtures-mastodon-vote.json": {
        "is_vote": True,
        "title": "suya..",
        "audience": "people",
        "content": "",
    },
    "mastodon/lemmy--activities-private_message.json": {"audience": "people", "language": "es"},
    "mastodon/akkoma--fixtures-mastodon-post-activity-nsfw.json": {
        "summary": "cw",
        "sensitive": True,
        "hashtags": ["NSFW"],
        "audience": "public",
    },
    "mastodon/akkoma--fixtures-mastodon-announce-private.json": {"audience": "followers"},
    "mastodon/lemmy--objects-note_1.json": {"audience": "quiet"},
    "mastodon/akkoma--tesla_mock-status.emelie.json": {
        "media": ["video"],
        "hashtags": ["mastocats"],
    },
    "misskey/akkoma--quote_post-misskey_quote_post.json": {
        "quote": "https://misskey.io/notes/8vs6wxufd0",
        "url": None,
    },
    "misskey/akkoma--misskey-mfm_underscore_format.json": {
        "hashtags": ["dancedance"],
        "mentions": [("http://localhost:4001/users/akkoma_user", "@akkoma_user")],
    },
    "misskey/kitsune--objects-misskey.io_notes_9wdc7w599izd0c70.json": {
        "media": ["image"],
        "source": "",
        "summary": "",
        "sensitive": False,
    },
    "pleroma/lemmy--objects-note.json": {
        "content": "Have what?",
        "audience": "quiet",
        "context": "https://queer.hacktivis.me/contexts/34cba3d2-2f35-4169-aeff-56af9bfeb753",
    },
    "peertube/kitsune--objects-framatube.org_videos_watch_"
    "217eefeb-883d-45be-b7fc-a788ad8507d3.json": {
        "type": "Video",
        "author": "https://framatube.org/accounts/framasoft",
        "owners": ["https://framatube.org/video-channels/joinpeertube"],
        "title": "What is PeerTube? (english subtitles)",
        "language": "en",
        "media": ["video"],
        "duration": 113.0,
        "poster": "https://framatube.org/lazy-static/previews/"
        "217eefeb-883d-45be-b7fc-a788ad8507d3.jpg",
    },
    "peertube/akkoma--tesla_mock-peertube.moe-vid.json": {
        "content": "<p>tfw</p>\n<p>song is 'my old piano' by diana ross</p>\n",
        "hashtags": ["feels"],
        "duration": 29.0,
    },
    "peertube/lemmy--objects-note.json": {
        "in_reply_to": "https://bae.st/objects/87c1cbf5-542a-491d-af57-0414c8648381",
        "mentions": [("https://bae.st/users/af2", "@af2@bae.st")],
    },
    "lemmy/lemmy--objects-comment.json": {
        "content": "<p>first comment!</p>\n",
        "source": "first comment!",
        "language": "fr",
        "groups": [
            "https://enterprise.lemmy.ml/c/tenforward",
            "https://enterprise.lemmy.ml/u/picard",
        ],
    },
    "lemmy/lemmy--activities-create_or_update-create_private_message_0.19.json": {
        "type": "ChatMessage",
        "audience": "people",
        "content": "<p>hi!</p>\n",
    },
    "lotide/lemmy--activities-create_page_image.json": {
        "title": "image",
        "summary": "",
        "media": ["image"],
        "audience": "quiet",
    },
    "mbin/mbin--CreateTest__testCreateEntryWithUrlAndImage__1.json": {
        "type": "Page",
        "title": "test",
        "summary": "",
        "excerpt": "test #test",
        "media": ["link", "image"],
        "language": "en",
    },
    "mbin/mbin--AnnounceTest__testAnnounceCreatePost__1.json": {
        "source": "test\n\n #test",
        "groups": ["https://kbin.test/m/test", "https://kbin.test/u/user/followers"],
    },
    "friendica/lemmy--objects-note_2.json": {
        "hashtags": ["Friendica", "Lemmy"],
        "language": "en",
        "audience": "public",
    },
    "mobilizon/mobilizon--fixtures-mobilizon-post-activity-media.json": {
        "type": "Event",
        "title": "My first event",
        "place": "Locaux de Framasoft, 10 Rue Jangot, 69007, Lyon, France",
        "starts": datetime(2018, 2, 12, 14, 8, 20, tzinfo=UTC),
        "media": ["link", "link", "image"],
    },
    "nodebb/discourse-activity-pub--case_2-received_2.json": {
        "title": "Long-formers Activate!",
        "hashtags": ["fosdem", "socialwebfosdem", "ghost", "wordpress", "activitypub"],
        "context": "https://community.nodebb.org/topic/18591",
        "media": ["image"],
        "replies": "https://community.nodebb.org/post/103075/replies",
    },
    "wordpress/lemmy--activities-announce.json": {
        "type": "Article",
        "title": "Lemmy (Part 4)",
        "language": "en",
        "groups": [
            "https://pfefferle.org/@pfefferle.org",
            "https://pfefferle.org/wp-json/activitypub/1.0/actors/1/followers",
        ],
    },
    "funkwhale/akkoma--tesla_mock-funkwhale_audio.json": {
        "type": "Audio",
        "media": ["audio"],
        "url": "https://channels.tests.funkwhale.audio/library/tracks/74",
        "excerpt": "#funkwhale #test #tests",
    },
    "fedibird/akkoma--quote_post-fedibird_quote_uri.json": {
        "quote": "https://fedibird.com/users/yamako/statuses/107699333438289729",
    },
    "ghost/activitypub--__snapshots__-publish-post-create-activity.json": {
        "type": "Article",
        "title": "Post title",
        "media": ["image"],
    },
    "bookwyrm/akkoma--fixtures-bookwyrm-article.json": {"media": ["image"], "audience": "public"},
    "kroeg/akkoma--fixtures-kroeg-array-less-emoji.json": {
        "title": "Kroeg dev thread",
        "emojis": [
            {
                "shortcode": "icon_e_smile",
                "url": "https://puckipedia.com/forum/images/smilies/icon_e_smile.png",
            }
        ],
    },
    "smithereen/lemmy--objects-note.json": {
        "mentions": [("https://ds9.lemmy.ml/u/nutomic", "")],
        "content": "<p>So does this federate now?</p>",
    },
    "mitra/lemmy--activities-create_post.json": {
        "language": "da",
        "groups": [
            "https://voyager.lemmy.ml/c/pubtest0906",
            "https://mitra.social/users/test/followers",
        ],
    },
}


def seen(found):
    """Return what was read of a note, with what a reader would notice first."""
    first = found.attachments[0] if found.attachments else None
    return {key: getattr(found, key) for key in found.__struct_fields__} | {
        "audience": audience_of(found, f"{found.author}/followers").value,
        "groups": found.group_candidates,
        "media": [each.kind for each in found.attachments],
        "choices": found.poll.options if found.poll else [],
        "duration": first.duration if first else None,
        "poster": first.poster if first else None,
    }


@pytest.mark.parametrize("name", NOTES)
def test_notes_are_read_as_they_are(name):
    _, raw = parts_of(name)[-1]

    found = seen(note_document_from(raw))

    assert {key: found[key] for key in NOTES[name]} == NOTES[name]


ACTIVITIES = {
    "mastodon/lemmy--activities-flag.json": {
        "type": "Flag",
        "object_id": None,
        "object_ids": [
            "https://example.com/users/1",
            "https://example.com/posts/380590",
            "https://example.com/posts/380591",
        ],
    },
    "mastodon/akkoma--fixtures-mastodon-delete.json": {
        "object_id": "http://mastodon.example.org/users/gargron/statuses/99620895606148759",
        "object_type": "Tombstone",
        "is_public": False,
    },
    "mastodon/akkoma--fixtures-mastodon-undo-like-compact-object.json": {
        "object_id": "http://mastodon.example.org/users/admin#likes/2",
        "object_type": "",
    },
    "pleroma/akkoma--fixtures-emoji-reaction.json": {"type": "EmojiReact"},
    "lemmy/lemmy--activities-block-block_user.json": {
        "object_id": "http://ds9.lemmy.ml/u/lemmy_alpha",
        "target_id": "http://enterprise.lemmy.ml/c/main",
        "is_public": True,
    },
    "lemmy/lemmy--activities-community-report_page.json": {
        "object_id": "http://enterprise.lemmy.ml/post/7",
        "object_ids": ["http://enterprise.lemmy.ml/post/7"],
    },
    "mbin/mbin--AnnounceTest__testAnnounceCreatePost__1.json": {
        "actor": "https://kbin.test/m/test",
        "object_type": "Create",
    },
    "piefed/pyfedi--feeds-feed_add.json": {"type": "Announce", "object_type": "Add"},
    "piefed/pyfedi--feed_follow-01.json": {"object_id": "https://example.com/f/feedname"},
    "mobilizon/mobilizon--fixtures-mobilizon-join-activity.json": {"type": "Join"},
    "friendica/lemmy--activities-dislike_page.json": {"type": "Dislike", "is_public": True},
    "prismo/akkoma--fixtures-prismo-url-map.json": {"actor": "https://prismo.news/@mxb"},
    "gnusocial/lemmy--activities-like_note.json": {
        "actor": "https://another_instance.gnusocial.test/actor/43",
    },
}


@pytest.mark.parametrize("name", ACTIVITIES)
def test_activities_are_read_as_they_are(name):
    found = activity_from(document(name))

    assert {key: getattr(found, key) for key in ACTIVITIES[name]} == ACTIVITIES[name]


def test_every_document_keeps_within_our_budgets():
    for name in FILES:
        assert document(name)
