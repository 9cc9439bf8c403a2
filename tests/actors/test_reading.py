"""What we believe of an actor."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.reading import MAX_ALIASES, MAX_FIELDS, actor_document_from
from federation.errors import Malformed
from tests.federation.zoo import TYPES, anything, documents, unhurried

ANA = "https://a.example/u/ana"
PEM = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"


def person(**more):
    return {
        "id": ANA,
        "type": "Person",
        "preferredUsername": "ana",
        "inbox": f"{ANA}/inbox",
        "publicKey": {"id": f"{ANA}#main-key", "owner": ANA, "publicKeyPem": PEM},
    } | more


def field(name, value):
    return {"type": "PropertyValue", "name": name, "value": value}


def test_a_person_is_read():
    read = actor_document_from(
        person(
            name=" Ana\nB. ",
            summary="<p>Tea</p>",
            url="https://a.example/@ana",
            outbox=f"{ANA}/outbox",
            endpoints={"sharedInbox": "https://a.example/inbox"},
            icon={"type": "Image", "url": "https://cdn.example/a.png", "summary": "a face"},
            image={"type": "Image", "url": "https://cdn.example/b.png", "name": "a quay"},
            attachment=[field("Site", '<a href="https://ana.example">ana</a>')],
            discoverable=True,
            webfinger="ana@example.com",
            published="2024-01-01T00:00:00Z",
        )
    )

    assert (read.id, read.type, read.handle) == (ANA, "Person", "ana")
    assert (read.name, read.summary) == ("Ana B.", "<p>Tea</p>")
    assert (read.url, read.outbox) == ("https://a.example/@ana", f"{ANA}/outbox")
    assert read.shared_inbox == "https://a.example/inbox"
    assert (read.icon_url, read.icon_alt) == ("https://cdn.example/a.png", "a face")
    assert (read.header_url, read.header_alt) == ("https://cdn.example/b.png", "a quay")
    assert read.fields == [("Site", '<a href="https://ana.example">ana</a>')]
    assert read.public_keys == [(f"{ANA}#main-key", PEM)]
    assert (read.discoverable, read.indexable, read.locked) == (True, False, False)
    assert read.webfinger == "ana@example.com"
    assert read.published == datetime(2024, 1, 1, tzinfo=UTC)
    assert not any((read.is_group, read.is_bot, read.suspended, read.memorial))


@pytest.mark.parametrize("wrong", [None, 3, "", [ANA], {"id": ANA}, "acct:ana@a.example", "/u/ana"])
def test_ORG_22_an_actor_without_a_proper_id_is_malformed(wrong):
    with pytest.raises(Malformed):
        actor_document_from(person(id=wrong))


@pytest.mark.parametrize(
    "wrong", [None, 3, "", [], "Note", "Create", "OrderedCollection", "Tombstone"]
)
def test_ORG_22_what_is_no_actor_is_malformed(wrong):
    with pytest.raises(Malformed):
        actor_document_from(person(type=wrong))


@pytest.mark.parametrize(
    ("named", "read"),
    [
        ("Feed", "Service"),
        (["Person", "schema:Person"], "Person"),
        ("https://www.w3.org/ns/activitystreams#Person", "Person"),
        ("Organization", "Organization"),
    ],
)
def test_types_we_do_not_know_are_services(named, read):
    assert actor_document_from(person(type=named)).type == read


@pytest.mark.parametrize(
    "inbox",
    [
        *(None, 3, [], {}, "", "inbox", "//a.example/inbox", "ftp://a.example/inbox"),
        *("https://b.example/inbox", "http://a.example/inbox", "https://a.example:444/inbox"),
        *("http://127.0.0.1/inbox", "https://a.example@b.example/inbox"),
    ],
)
def test_ORG_09_an_inbox_that_is_not_beside_its_actor_is_malformed(inbox):
    with pytest.raises(Malformed):
        actor_document_from(person(inbox=inbox))


@pytest.mark.parametrize(
    "wrong", ["https://b.example/x", "http://127.0.0.1/x", "ftp://a.example", 3, [], {}]
)
def test_ORG_09_endpoints_elsewhere_are_left_out(wrong):
    keys = ("outbox", "followers", "following", "featured", "sharedInbox", "url")

    read = actor_document_from(
        person(**dict.fromkeys(keys, wrong), endpoints={"sharedInbox": wrong})
    )

    assert read.shared_inbox is read.outbox is read.followers is read.following is None
    assert read.featured is read.url is None


def test_a_shared_inbox_may_stand_at_the_top():
    read = actor_document_from(person(sharedInbox="https://a.example/inbox"))

    assert read.shared_inbox == "https://a.example/inbox"


@pytest.mark.parametrize(
    "name", ["ana", "Ana_B", "a.b-c", "mastodon.example", "a:b", "x" * 64, "1"]
)
def test_names_that_others_allow_are_read(name):
    assert actor_document_from(person(preferredUsername=name)).handle == name


@pytest.mark.parametrize(
    "name", [None, 3, "", "x" * 65, "a b", "a@b", "añá", ".a", "a.", "{{nick}}", "a\n", "<b>"]
)
def test_ORG_11_names_that_could_pass_for_something_else_are_malformed(name):
    with pytest.raises(Malformed):
        actor_document_from(person(preferredUsername=name))


@pytest.mark.parametrize(
    "key",
    [
        {"id": f"{ANA}#k", "owner": "https://a.example/u/bob", "publicKeyPem": PEM},
        {"id": "https://b.example/u/ana#k", "owner": ANA, "publicKeyPem": PEM},
        {"id": f"{ANA}#k", "owner": ANA, "publicKeyPem": 3},
        {"id": f"{ANA}#k", "owner": ANA, "publicKeyPem": "AAAA"},
        {"id": f"{ANA}#k", "owner": ANA, "publicKeyPem": PEM + "A" * 10_000},
        {"id": None, "owner": ANA, "publicKeyPem": PEM},
        {"id": f"{ANA}#k", "owner": None, "publicKeyPem": PEM},
        "https://a.example/key",
        None,
    ],
)
def test_SIG_09_SIG_10_a_key_that_is_not_the_actors_own_is_left_out(key):
    assert actor_document_from(person(publicKey=key)).public_keys == []


def test_SIG_11_keys_come_alone_in_lists_and_under_a_path():
    keys = [
        {"id": f"{ANA}/main-key", "owner": ANA, "publicKeyPem": PEM},
        {"id": ANA, "publicKeyPem": PEM},
    ]

    assert actor_document_from(person(publicKey=keys)).public_keys == [
        (f"{ANA}/main-key", PEM),
        (ANA, PEM),
    ]


def test_keys_for_documents_belong_to_their_controller():
    def multikey(name, **more):
        return {"id": f"{ANA}#{name}", "type": "Multikey", "controller": ANA} | more

    read = actor_document_from(
        person(
            assertionMethod=[
                multikey("one", publicKeyMultibase="z6MkOne"),
                multikey("rsa", publicKeyMultibase="z4MX"),
                multikey("other", publicKeyMultibase="z6MkTwo", controller="https://a.example/u/b"),
                f"{ANA}#reference",
            ]
        )
    )

    assert read.multikeys == [(f"{ANA}#one", "z6MkOne")]


def test_the_surplus_of_fields_and_aliases_is_left_out():
    fields = [field(f"n{each}", "v" * 9_999) for each in range(40)]
    aliases = [f"https://b.example/{each}" for each in range(40)]

    read = actor_document_from(person(attachment=fields, alsoKnownAs=["javascript:x", *aliases]))

    assert len(read.fields) == MAX_FIELDS
    assert len(read.fields[0][1]) == 2_048
    assert read.also_known_as == aliases[: MAX_ALIASES - 1]


def test_XSS_06_a_name_is_one_line_without_direction_marks_and_not_endless():
    assert actor_document_from(person(name="a\u202eb\nc")).name == "ab c"
    assert len(actor_document_from(person(name="x" * 5_000)).name) == 200


def test_a_group_tells_who_keeps_it():
    group = person(
        type="Group",
        attributedTo=f"{ANA}/moderators",
        postingRestrictedToMods=True,
        capabilities={"acceptsJoins": True},
    )

    read = actor_document_from(group)

    assert read.is_group
    assert read.moderators == f"{ANA}/moderators"
    assert read.posting_restricted
    assert read.accepts_joins
    assert read.discoverable, "a group is there to be found unless it says otherwise"


def test_moderators_on_another_server_are_not_believed():
    read = actor_document_from(person(type="Group", attributedTo="https://b.example/moderators"))

    assert read.moderators is None


def test_a_channel_names_its_owners():
    owner = {"type": "Person", "id": "https://a.example/accounts/nick"}

    read = actor_document_from(person(type="Group", attributedTo=[owner], moderators=f"{ANA}/mods"))

    assert read.owners == [owner["id"]]
    assert read.moderators == f"{ANA}/mods"


@pytest.mark.parametrize(
    "told",
    [
        {"manuallyApprovesFollowers": True},
        {"accessType": "closed"},
        {"accessType": "private"},
        {"openness": "invite_only"},
    ],
)
def test_a_door_that_is_closed_is_closed_in_every_dialect(told):
    assert actor_document_from(person(type="Group", **told)).locked


@pytest.mark.parametrize(
    "told", [{}, {"manuallyApprovesFollowers": "true"}, {"openness": "open"}, {"openness": []}]
)
def test_other_doors_are_open(told):
    assert not actor_document_from(person(type="Group", **told)).locked


def test_a_bot_is_known_by_its_type():
    assert actor_document_from(person(type="Service")).is_bot
    assert actor_document_from(person(type="Application")).is_bot


def test_plain_lines_stay_lines():
    assert actor_document_from(person(summary="one\ntwo")).summary == "one<br>two"


def test_what_was_left_behind_is_read():
    read = actor_document_from(
        person(movedTo={"id": "https://b.example/ana"}, suspended=True, memorial=True)
    )

    assert read.moved_to == "https://b.example/ana"
    assert read.suspended
    assert read.memorial


mostly_right = documents(
    id=st.just(ANA),
    type=st.sampled_from([*TYPES, "Service"]),
    preferredUsername=st.just("ana"),
    inbox=st.just(f"{ANA}/inbox"),
    attachment=anything,
    publicKey=anything,
    icon=anything,
)


@unhurried
@given(mostly_right)
def test_ORG_22_anything_is_an_actor_or_malformed(document):
    try:
        read = actor_document_from(document)
    except Malformed:
        return

    assert read.id == ANA
    assert read.inbox.startswith("https://a.example/")
