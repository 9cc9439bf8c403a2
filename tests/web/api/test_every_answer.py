"""Every address of the client API in a place full of life, held to the shape it promises.

What is not visited here is not promised: a new line of the table has to be added.
"""

import re
from datetime import timedelta

from aiohttp import FormData

from core.clock import now
from tests.web.api.described import operation_of, promises
from tests.web.api.village import FOG, picture, subscription
from web.api.admin.table import ADMIN_CALLS
from web.api.answers import ts
from web.api.table import CALLS

# What is read, before anything is changed; "-" has no content here, and why.
READS = (
    *("/api/v1/apps/verify_credentials", "/oauth/userinfo", "/api/v1/preferences"),
    *("/api/v1/accounts/verify_credentials", "/api/v1/profile", "/api/openapi.json"),
    *("/.well-known/oauth-authorization-server", "/api/v1/instance", "/api/v2/instance"),
    *("/api/v1/instance/rules", "/api/v1/instance/extended_description"),
    *("/api/v1/instance/privacy_policy", "/api/v1/instance/terms_of_service"),
    *("/api/v1/instance/domain_blocks", "/api/v1/instance/activity"),
    *("/api/v1/instance/languages",),
    "/api/v1/accounts/relationships?id[]={ana}&id[]={cai}&id[]={dan}&id[]={zoe}",
    "/api/v1/accounts/familiar_followers?id[]={newcomer}",
    *("/api/v1/accounts/search?q=ana", "/api/v1/accounts/lookup?acct=ana"),
    *("/api/v1/accounts?id[]={ana}&id[]={group}&id[]={zoe}", "/api/v1/accounts/{zoe}"),
    *("/api/v1/accounts/{group}", "/api/v1/accounts/{mei}", "/api/v1/accounts/{ana}"),
    *("/api/v1/accounts/{ana}/statuses", "/api/v1/accounts/{mei}/statuses?pinned=true"),
    *("/api/v1/accounts/{group}/statuses", "/api/v1/accounts/{mei}/endorsements"),
    *("/api/v1/accounts/{ana}/followers", "/api/v1/accounts/{ana}/following"),
    *("/api/v1/accounts/{ana}/lists", "/api/v1/accounts/{ana}/featured_tags"),
    *("/api/v1/blocks", "/api/v1/mutes", "/api/v1/endorsements", "/api/v1/domain_blocks"),
    *("/api/v1/favourites", "/api/v1/bookmarks", "/api/v1/statuses?id[]={status}"),
    *("/api/v1/statuses/{status}", "/api/v1/statuses/{asked}", "/api/v1/statuses/{boost}"),
    *("/api/v1/statuses/{status}/context", "/api/v1/statuses/{answer}/context"),
    *("/api/v1/statuses/{mine}/source", "/api/v1/statuses/{asked}/history"),
    *("/api/v1/statuses/{mine}/favourited_by", "/api/v1/statuses/{mine}/reblogged_by"),
    *("/api/v1/polls/{poll}", "/api/v1/scheduled_statuses"),
    *("/api/v1/scheduled_statuses/{scheduled}", "/api/v1/lists", "/api/v1/lists/{list}"),
    *("/api/v1/lists/{list}/accounts", "/api/v1/timelines/list/{list}"),
    *("/api/v2/filters", "/api/v2/filters/{filter}", "/api/v2/filters/{filter}/keywords"),
    *("/api/v2/filters/keywords/{word}", "/api/v2/filters/{filter}/statuses"),
    *("/api/v2/filters/statuses/{named}", "/api/v1/filters", "/api/v1/filters/{word}"),
    *("/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/tag/hills"),
    *("/api/v1/timelines/direct", "/api/v1/conversations", "/api/v1/tags/hills"),
    *("/api/v1/followed_tags", "/api/v1/featured_tags", "/api/v1/featured_tags/suggestions"),
    *("/api/v1/notifications", "/api/v1/notifications?include_filtered=true"),
    *("/api/v1/notifications/{told}", "/api/v1/notifications/unread_count"),
    *("/api/v2/notifications", "/api/v2/notifications?expand_accounts=partial_avatars"),
    *("/api/v2/notifications/unread_count", "/api/v2/notifications/{key}"),
    *("/api/v2/notifications/{key}/accounts", "/api/v2/notifications/policy"),
    *("/api/v1/notifications/policy", "/api/v1/notifications/requests"),
    *("/api/v1/notifications/requests/{zoe}", "/api/v1/notifications/requests/merged"),
    *("/api/v1/markers?timeline[]=home", "/api/v1/follow_requests"),
    *("/api/v1/push/subscription", "/api/v2/search?q=hills", "/api/v1/search?q=ana"),
    *("/api/v1/trends", "/api/v1/trends/tags", "/api/v1/trends/statuses"),
    *("/api/v2/suggestions", "/api/v1/suggestions", "/api/v1/directory?order=new"),
    *("/api/v1/statuses/{mine}/quotes", "/api/v1/statuses/{mine}/card", "/api/v1/trends/links"),
    "/api/v1/domain_blocks/preview?domain=elsewhere.example",
    f"/api/v1/timelines/link?url={FOG}",
    *("/api/v1/instance/peers", "/api/v1/peers/search?q=else"),
)
# What nothing is there for: no pictures for words are uploaded, nothing is translated, and
# identity proofs exist no longer anywhere.
EMPTY = (
    *("/api/v1/custom_emojis", "/api/v1/accounts/{ana}/identity_proofs"),
    "/api/v1/instance/translation_languages",
)

ACTS = (
    *("follow", "note", "endorse", "unendorse", "pin", "unpin", "unfollow", "block", "unblock"),
    *("mute", "unmute", "remove_from_followers"),
)
MARKS = (
    *("favourite", "unfavourite", "bookmark", "unbookmark", "reblog", "unreblog", "mute"),
    *("unmute",),
)

# What is changed, in this order, with what is sent.
CHANGES = (
    ("POST", "/oauth/userinfo", None),
    *(("POST", f"/api/v1/accounts/{{bo}}/{each}", {"comment": "x"}) for each in ACTS),
    *(("POST", f"/api/v1/statuses/{{asked}}/{each}", None) for each in MARKS),
    ("POST", "/api/v1/statuses/{mine}/unpin", None),
    ("POST", "/api/v1/statuses/{mine}/pin", None),
    ("PATCH", "/api/v1/accounts/update_credentials", {"display_name": "Mei Lin"}),
    ("PATCH", "/api/v1/profile", {"note": "Tea"}),
    ("DELETE", "/api/v1/profile/avatar", None),
    ("DELETE", "/api/v1/profile/header", None),
    ("POST", "/api/v1/reports", {"account_id": "{bo}", "comment": "Loud", "rule_ids": ["1"]}),
    ("DELETE", "/api/v1/domain_blocks", {"domain": "noise.example"}),
    ("POST", "/api/v1/domain_blocks", {"domain": "noise.example"}),
    ("POST", "/api/v1/statuses", {"status": "One more"}),
    ("PUT", "/api/v1/statuses/{mine}", {"status": "Coffee first"}),
    ("POST", "/api/v1/polls/{own}/votes", {"choices": ["1"]}),
    ("PUT", "/api/v1/scheduled_statuses/{scheduled}", {"scheduled_at": "{soon}"}),
    ("DELETE", "/api/v1/scheduled_statuses/{scheduled}", None),
    ("POST", "/api/v1/lists", {"title": "Others"}),
    ("PUT", "/api/v1/lists/{list}", {"title": "Good friends"}),
    ("DELETE", "/api/v1/lists/{list}/accounts", {"account_ids": ["{ana}"]}),
    ("POST", "/api/v1/lists/{list}/accounts", {"account_ids": ["{ana}"]}),
    ("DELETE", "/api/v1/lists/{list}", None),
    ("POST", "/api/v2/filters", {"title": "Noise", "context": ["home"]}),
    ("PUT", "/api/v2/filters/{filter}", {"title": "Play"}),
    ("POST", "/api/v2/filters/{filter}/keywords", {"keyword": "ball"}),
    ("PUT", "/api/v2/filters/keywords/{word}", {"keyword": "meetings"}),
    ("POST", "/api/v2/filters/{filter}/statuses", {"status_id": "{asked}"}),
    ("DELETE", "/api/v2/filters/statuses/{named}", None),
    ("POST", "/api/v1/filters", {"phrase": "rain", "context": ["home"]}),
    ("PUT", "/api/v1/filters/{word}", {"phrase": "snow", "context": ["home"]}),
    ("DELETE", "/api/v2/filters/keywords/{word}", None),
    ("DELETE", "/api/v1/filters/{other}", None),
    ("DELETE", "/api/v2/filters/{filter}", None),
    *(
        ("POST", f"/api/v1/tags/rivers/{each}", None)
        for each in ("follow", "unfollow", "feature", "unfeature")
    ),
    ("POST", "/api/v1/conversations/{direct}/read", None),
    ("POST", "/api/v1/conversations/{direct}/unread", None),
    ("DELETE", "/api/v1/conversations/{direct}", None),
    ("DELETE", "/api/v1/suggestions/{newcomer}", None),
    ("POST", "/api/v1/follow_requests/{eve}/authorize", None),
    ("PATCH", "/api/v2/notifications/policy", {"for_bots": "drop"}),
    ("PATCH", "/api/v1/notifications/policy", {"filter_not_following": True}),
    ("POST", "/api/v1/notifications/requests/{zoe}/accept", None),
    ("POST", "/api/v1/notifications/requests/accept", {"id": ["{zoe}"]}),
    ("POST", "/api/v1/notifications/requests/dismiss", {"id": ["{zoe}"]}),
    ("POST", "/api/v1/notifications/{told}/dismiss", None),
    ("POST", "/api/v2/notifications/{key}/dismiss", None),
    ("DELETE", "/api/v1/notifications/destroy_multiple", {"ids": ["1"]}),
    ("POST", "/api/v1/notifications/clear", None),
    ("POST", "/api/v1/markers", {"notifications": {"last_read_id": "1"}}),
    ("PUT", "/api/v1/push/subscription", {"data": {"alerts": {"poll": True}}}),
    ("DELETE", "/api/v1/push/subscription", None),
    ("POST", "/api/v1/push/subscription", subscription()),
    ("POST", "/api/v1/statuses/{mine}/quotes/{quoting}/revoke", None),
    (
        "PUT",
        "/api/v1/statuses/{mine}/interaction_policy",
        {"quote_approval_policy": "followers"},
    ),
    ("DELETE", "/api/v1/statuses/{mine}", None),
)
# Visited by hand below, or in tests of their own that hold them to the same shapes.
BY_HAND = {
    ("GET", "/api/oembed"),
    ("GET", "/api/v1/timelines/link"),
    ("GET", "/api/v1/trends/links"),
    ("GET", "/api/v1/statuses/{id}/card"),
    ("POST", "/api/v1/statuses/{id}/translate"),
    ("GET", "/api/v1/announcements"),
    ("POST", "/api/v1/announcements/{id}/dismiss"),
    ("PUT", "/api/v1/announcements/{id}/reactions/{name}"),
    ("DELETE", "/api/v1/announcements/{id}/reactions/{name}"),
    *(("POST", "/api/v1/accounts"), ("POST", "/api/v1/emails/confirmations")),
    ("GET", "/api/v1/emails/check_confirmation"),
    *(("POST", "/api/v1/apps"), ("POST", "/oauth/token"), ("POST", "/oauth/revoke")),
    *(("POST", "/api/v1/media"), ("POST", "/api/v2/media")),
    *((method, "/api/v1/media/{id}") for method in ("GET", "PUT", "DELETE")),
    *(("POST", "/api/v1/featured_tags"), ("DELETE", "/api/v1/featured_tags/{id}")),
    ("POST", "/api/v1/notifications/requests/{id}/dismiss"),
    ("POST", "/api/v1/follow_requests/{id}/reject"),
    ("GET", "/api/v1/instance/terms_of_service/{date}"),
    ("GET", "/api/oembed"),
}
# What speaks ActivityPub itself has tests of its own: tests/web/test_own_outbox.py and others.
ACTIVITYPUB = {
    (call[0], call[1]) for call in CALLS if call[1].startswith(("/u/", "/api/activitypub/"))
}
# So has what is for moderators: tests/web/api/test_admin.py and those beside it.
MODERATING = {(call[0], call[1]) for call in ADMIN_CALLS}
# What is ours alone has tests of its own, which visit all of it: test_groups.py, test_boards.py.
OURS = {(call[0], call[1]) for call in CALLS if call[1].startswith("/api/rubric/v1/")}
STREAMS = {(call[0], call[1]) for call in CALLS if "/api/v1/streaming" in call[1]}


async def told_of(village):
    """Name what has an id only once it has happened."""
    told = await village.app.get("/api/v1/notifications", **{"types[]": "favourite"})
    village.ids |= {"told": told[-1]["id"], "key": told[-1]["group_key"]}
    own = await village.friend.get("/api/v1/statuses/" + village.ids["asked"])
    assert own["poll"]["id"] == village.ids["poll"]
    made = await village.friend.post(
        "/api/v1/statuses", status="?", poll={"options": ["a", "b"], "expires_in": 600}
    )
    village.ids["own"] = made["poll"]["id"]
    kept = await village.app.post("/api/v1/filters", phrase="fog", context=["thread"])
    village.ids |= {"other": kept["id"], "soon": ts(now() + timedelta(days=3))}


def filled(value, ids):
    """Put ids into what is sent."""
    if isinstance(value, dict):
        return {name: filled(each, ids) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, ids) for each in value]
    return value.format(**ids) if isinstance(value, str) else value


async def test_every_list_that_is_read_has_something_in_it_and_every_answer_its_shape(village):
    await told_of(village)

    bare = []
    for path in READS:
        found = await village.app.get(path.format(**village.ids))
        parts = found.values() if "search" in path and isinstance(found, dict) else [found]
        if not any(parts):
            bare.append(path)
    empty = [await village.app.get(path.format(**village.ids)) for path in EMPTY]

    assert bare == []
    assert empty == [[], [], {}]


async def test_every_change_is_answered_in_its_shape(village):
    await told_of(village)

    wrong = []
    for method, path, sent in CHANGES:
        at = path.format(**village.ids)
        status, found = await village.app.ask(method, at, json=filled(sent or {}, village.ids))
        if status != 200:
            wrong.append(f"{method} {path}: {status} {found}")

    assert wrong == []


async def test_uploads_apps_and_what_ends_something_are_answered_in_their_shape(village):
    app, ids = village.app, village.ids
    for path in ("/api/v1/media", "/api/v2/media"):
        data = FormData()
        data.add_field("file", picture((90, 60)), filename="x.png", content_type="image/png")
        status, made = await app.ask("POST", path, data=data)
        assert status in (200, 202)
    at = f"/api/v1/media/{made['id']}"
    told = [await app.ask("GET", at), await app.ask("PUT", at, json={"description": "Teal"})]
    told.append(await app.ask("DELETE", at))
    day = (await app.get("/api/v1/instance/terms_of_service"))["effective_date"]
    told.append(await app.ask("GET", f"/api/v1/instance/terms_of_service/{day}"))
    page = (await app.get(f"/api/v1/statuses/{ids['mine']}"))["url"]
    told.append(await app.ask("GET", f"/api/oembed?url={page}"))
    made = await app.post("/api/v1/featured_tags", name="rivers")
    told.append(await app.ask("DELETE", f"/api/v1/featured_tags/{made['id']}"))
    told.append(await app.ask("POST", f"/api/v1/follow_requests/{ids['eve']}/reject"))
    told.append(await app.ask("POST", f"/api/v1/notifications/requests/{ids['zoe']}/dismiss"))
    registered = await app.post(
        "/api/v1/apps", client_name="X", redirect_uris="https://x.example/", scopes="read"
    )
    secrets = {key: registered[key] for key in ("client_id", "client_secret")}
    given = await app.post("/oauth/token", grant_type="client_credentials", **secrets)
    told.append(
        await app.ask("POST", "/oauth/revoke", json={**secrets, "token": given["access_token"]})
    )

    assert [status for status, _ in told if status not in (200, 206)] == []


def test_no_address_is_left_out():
    known = {(method, pattern): set() for method, pattern in promises()}
    by_statuses = {id(statuses): at for at, statuses in promises().items()}
    asked = [*(("GET", path) for path in (*READS, *EMPTY)), *(each[:2] for each in CHANGES)]
    ids = dict.fromkeys(NAMES, "1") | {"key": "x-1"}

    for method, path in asked:
        known[by_statuses[id(operation_of(method, path.format(**ids)))]].add(path)
    for method, path in (*BY_HAND, *STREAMS, *ACTIVITYPUB, *MODERATING, *OURS):
        plain = re.sub(r"\{(\w+_)?id\}", "1", path)
        known[by_statuses[id(operation_of(method, plain))]].add(path)

    assert (left := [at for at, paths in known.items() if not paths]) == [], left


NAMES = (
    *("ana", "mei", "bo", "cai", "dan", "eve", "zoe", "group", "newcomer", "status", "asked"),
    *("mine", "boost", "answer", "poll", "own", "scheduled", "list", "filter", "word", "named"),
    *("told", "direct", "other", "quoting"),
)
