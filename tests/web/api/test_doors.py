"""Every address of the client API at every kind of caller: the table says who is let in.

All of it is made from CALLS, so that a new line is tried by being there (security.md OAU-03,
OAU-06, OAU-08).
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from actors.accounts import Account, Role
from actors.actor import Actor
from actors.apps import issue_to_app, register
from actors.scopes import SCOPES
from actors.tokens import make_token
from core.clock import now
from inbox.notifications import Event, tell
from notes.note import Note
from tests.conftest import account_of
from tests.factories import addressed
from tests.factories import stranger as unknown
from tests.web.api.village import picture, subscription
from tests.web.conftest import listening
from web.api import instance
from web.api.access import ACCESS, ALL, Access, Call, Door, Undeclared, person
from web.api.answers import ts
from web.api.table import CALLS
from web.app import build_app
from web.asking import RANK
from web.keys import AREAS, Area

EVERYTHING = ("profile", "read", "write", "follow", "push", "admin:read", "admin:write")
NOBODYS = 4_611_686_018_427_387_904  # an id that nothing has
# Documents for everyone, which no app signs in for.
OPEN_RECORDS = ("/policy", "/record", "/transparency", "/federation/", "/ideas")
# What answers other than with JSON, and not at all for as long as one listens.
STREAMS = "/api/v1/streaming"


@dataclass(frozen=True)
class Told:
    """What came back."""

    status: int
    body: Any
    text: str


def filled(path: str, number: int = NOBODYS) -> str:
    """Put something into every place of an address."""
    return re.sub(r"\{\w+\}", "x", re.sub(r"\{(?:\w+_)?id(?::[^}]*)?\}", str(number), path))


async def knock(wire, call: Call, token: str, number: int = NOBODYS, **more: Any) -> Told:
    """Ask at an address, with a token or none; read the answer, but no stream to its end."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with wire.request(
        call[0], filled(call[1], number), headers=headers, allow_redirects=False, **more
    ) as response:
        if response.content_type == "text/event-stream":
            return Told(response.status, {}, "")
        async with asyncio.timeout(30):
            text = await response.text()
        is_json = response.content_type == "application/json"
        return Told(response.status, await response.json() if is_json else None, text)


def through(*doors: Door) -> Iterator[Call]:
    yield from (call for call in CALLS if call[3].door in doors)


def named(call: Call) -> str:
    return f"{call[0]} {call[1]}"


async def answers(wire, calls, token, expected) -> list[str]:
    """Ask everywhere; return where the answer is not the expected status with its words."""
    status, words = expected
    wrong = []
    for call in calls:
        told = await knock(wire, call, token)
        if told.status != status or not isinstance(told.body, dict) or told.body["error"] != words:
            wrong.append(f"{named(call)}: {told.status} {told.text[:80]}")
    return wrong


def without(access: Access) -> list[str]:
    """Every scope but those that hold one of those asked for."""
    wanted = set(access.scopes)
    return [
        each
        for each in SCOPES
        if each != "follow" and not any(one == each or one.startswith(f"{each}:") for one in wanted)
    ]


INVALID = (401, "The access token is invalid")
OUTSIDE = (403, "This action is outside the authorized scopes")


async def test_OAU_03_without_a_token_only_open_doors_open(wire):
    wrong = await answers(wire, through(Door.APP, Door.PERSON, Door.NEWCOMER), "", INVALID)

    assert wrong == []


async def test_OAU_03_no_door_opens_to_a_token_that_is_not_good(wire):
    wrong = await answers(wire, (each for each in CALLS if each[3] is not ALL), "made-up", INVALID)

    assert wrong == []


async def test_OAU_03_a_token_without_the_scope_is_refused_everywhere(wire, settle):
    mei = await account_of(await settle("mei", role=Role.ADMIN))
    tokens: dict[tuple[str, ...], str] = {}

    wrong = []
    for call in (each for each in CALLS if each[3].scopes):
        scopes = call[3].scopes
        if scopes not in tokens:
            tokens[scopes] = await make_token(mei, without(call[3]), "an app")
        wrong += await answers(wire, [call], tokens[scopes], OUTSIDE)

    assert wrong == []


async def test_OAU_03_one_scope_of_those_named_is_enough(wire, settle):
    mei = await account_of(await settle("mei", role=Role.ADMIN))
    tokens = {each: await make_token(mei, [each], "an app") for each in SCOPES}

    wrong = []
    for call in (each for each in CALLS if each[3] is not ALL):
        for scope in call[3].scopes:
            told = await knock(wire, call, tokens[scope])
            if told.status == 401 or (told.status == 403 and told.body["error"] == OUTSIDE[1]):
                wrong.append(f"{named(call)} with {scope}: {told.status} {told.text[:80]}")

    assert wrong == []


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"confirmed_at": None}, "Your login is missing a confirmed e-mail address"),
        ({"approved_at": None}, "Your login is currently pending approval"),
        ({"disabled_at": now()}, "Your login is currently disabled"),
        ({"closed_at": now()}, "Your login is currently disabled"),
    ],
    ids=["unconfirmed", "unapproved", "disabled", "closed"],
)
async def test_OAU_08_whoever_may_not_act_is_refused_everywhere(wire, settle, state, words):
    mei = await account_of(await settle("mei", role=Role.ADMIN))
    token = await make_token(mei, EVERYTHING, "an app")
    await Account.filter(id=mei.id).update(**state)

    wrong = await answers(wire, through(Door.ANYONE, Door.APP, Door.PERSON), token, (403, words))

    assert wrong == []


async def test_OAU_08_the_suspended_are_refused_everywhere(wire, settle):
    mei = await account_of(await settle("mei", role=Role.ADMIN))
    token = await make_token(mei, EVERYTHING, "an app")
    await Actor.filter(id=mei.actor_id).update(suspended_at=now())

    wrong = await answers(
        wire,
        (each for each in CALLS if each[3] is not ALL),
        token,
        (403, "Your login is currently disabled"),
    )

    assert wrong == []


async def test_OAU_03_an_app_that_acts_for_nobody_is_no_person(wire, here):
    app, _ = await register("An app", ["https://app.example/"], EVERYTHING)
    token, _ = await issue_to_app(app, EVERYTHING)

    wrong = await answers(
        wire,
        through(Door.PERSON, Door.NEWCOMER),
        token,
        (422, "This method requires an authenticated user"),
    )
    shut = [
        named(call)
        for call in through(Door.ANYONE, Door.APP)
        if (await knock(wire, call, token)).status in (401, 403)
    ]

    assert wrong == []
    assert shut == []


async def test_every_answer_is_json_and_nothing_breaks(wire, settle):
    mei = await account_of(await settle("mei", role=Role.ADMIN))
    token = await make_token(mei, EVERYTHING, "an app")

    wrong = []
    for call in CALLS:
        for more in ({}, {"data": b"{", "headers": {}}, {"json": []}, {"params": {"id": "x"}}):
            told = await knock(wire, call, token, **{k: v for k, v in more.items() if v != {}})
            is_said = told.status < 400 or isinstance((told.body or {}).get("error"), str)
            is_json = told.body is not None or call[1].startswith(STREAMS)
            if told.status >= 500 or not is_said or not is_json:
                wrong.append(f"{named(call)} {more}: {told.status} {told.text[:80]}")

    assert wrong == []


async def test_OAU_06_nobody_reaches_what_is_anothers_by_its_id(wire, settle, client):
    mei, bo = await settle("mei", is_locked=True), await settle("bo")
    owner, stranger = await client(mei), await client(bo, *EVERYTHING)
    held = await belongings(owner, mei, await settle("ana"))
    before = {path: unsigned(await owner.get(path)) for path in held}
    ids = {int(found) for path in held for found in re.findall(r"/(\d+)(?:/|$)", path)}
    keys = {path.rpartition("/")[2] for path in held if "/api/v2/notifications/" in path}
    in_places = [call for call in CALLS if re.search(r"\{(?:\w+_)?id|\{key", call[1])]

    told = []
    for call in in_places:
        for number in ids:
            for key in keys if "{key" in call[1] else ("",):
                line = (call[0], call[1].replace("{key}", key), *call[2:])
                sent = {"status": "mine now", "title": "mine now", "keyword": "mine now"}
                said = await knock(wire, line, stranger.token, number, json=sent)
                if "planted" in said.text or said.status >= 500:
                    told.append(f"{named(call)}: {said.status} {said.text[:80]}")

    assert told == []
    assert {path: unsigned(await owner.get(path)) for path in held} == before
    # Each kind of thing has an address that shows it to its owner, and is missing to the stranger.
    for path in held:
        assert (await stranger.ask("GET", path))[0] == 404, path


def unsigned(value: Any) -> str:
    """Write an answer without what addresses of pictures are signed with, which changes."""
    return re.sub(r"\?until=[^'\"]+", "", str(value))


async def belongings(owner, mei, ana) -> list[str]:
    """Make things that are somebody's alone, with a word in each that nobody else may read."""
    word = "planted"
    held = {
        "statuses": await owner.post("/api/v1/statuses", status=word, visibility="direct"),
        "scheduled_statuses": await owner.post(
            "/api/v1/statuses", status=word, scheduled_at=ts(now() + timedelta(days=1))
        ),
        "lists": await owner.post("/api/v1/lists", title=word),
        "media": await uploaded(owner, word),
    }
    private = await owner.post(
        "/api/v1/statuses",
        status=word,
        visibility="private",
        poll={"options": [word, "other"], "expires_in": 3600},
    )
    kept = await owner.post(
        "/api/v2/filters", title=word, context=["home"], keywords_attributes=[{"keyword": word}]
    )
    of_one = await owner.post(
        f"/api/v2/filters/{kept['id']}/statuses", status_id=held["statuses"]["id"]
    )
    board = await owner.post("/api/rubric/v1/boards", name=word, sharing="link")
    await owner.post(
        f"/api/rubric/v1/boards/{board['id']}/statuses", status_id=held["statuses"]["id"]
    )
    note = await Note.get(id=int(held["statuses"]["id"])).select_related("author")
    await addressed(note, ana)
    await tell(mei, Event.LIKE, ana, note)
    [told] = await owner.get("/api/v1/notifications")
    stranger_here = await unknown("waiting")
    await owner.ask("PATCH", "/api/v2/notifications/policy", json={"for_not_following": "filter"})
    await tell(mei, Event.FOLLOW, stranger_here)
    return [
        *(f"/api/v1/{kind}/{found['id']}" for kind, found in held.items()),
        f"/api/v1/lists/{held['lists']['id']}/accounts",
        f"/api/v1/timelines/list/{held['lists']['id']}",
        f"/api/v1/statuses/{private['id']}",
        f"/api/v1/statuses/{private['id']}/source",
        f"/api/v1/statuses/{private['id']}/history",
        f"/api/v1/polls/{private['poll']['id']}",
        f"/api/v2/filters/{kept['id']}",
        f"/api/v2/filters/{kept['id']}/keywords",
        f"/api/v2/filters/{kept['id']}/statuses",
        f"/api/v2/filters/keywords/{kept['keywords'][0]['id']}",
        f"/api/v2/filters/statuses/{of_one['id']}",
        f"/api/v1/filters/{kept['keywords'][0]['id']}",
        f"/api/rubric/v1/boards/{board['id']}",
        f"/api/rubric/v1/boards/{board['id']}/statuses",
        f"/api/v1/notifications/{told['id']}",
        f"/api/v2/notifications/{told['group_key']}",
        f"/api/v1/notifications/requests/{stranger_here.id}",
    ]


async def uploaded(owner, word) -> Any:
    """Upload a picture that is on no note yet."""
    data = FormData({"description": word})
    data.add_field("file", picture((64, 64)), filename="x.png", content_type="image/png")
    _, made = await owner.ask("POST", "/api/v2/media", data=data)
    async with asyncio.timeout(60):
        while made["url"] is None:
            _, made = await owner.ask("GET", f"/api/v1/media/{made['id']}")
    return made


async def test_OAU_06_what_others_keep_is_in_no_list_of_ones_own(settle, client):
    """Lists, threads, tags, places to be told: all that hangs on the one who asks."""
    mei, bo, ana = [await settle(name) for name in ("mei", "bo", "ana")]
    owner, stranger = await client(mei), await client(bo)
    await belongings(owner, mei, ana)
    await owner.post("/api/v1/featured_tags", name="planted")
    await owner.post("/api/v1/tags/planted/follow")
    await owner.post("/api/v1/push/subscription", **subscription())

    [shown] = await owner.get("/api/v1/featured_tags")
    taken = await stranger.ask("DELETE", f"/api/v1/featured_tags/{shown['id']}")
    [thread] = await owner.get("/api/v1/conversations")
    at = f"/api/v1/conversations/{thread['id']}"
    others = [
        await stranger.ask("POST", f"{at}/read"),
        await stranger.ask("POST", f"{at}/unread"),
        await stranger.ask("DELETE", at),
        await stranger.ask("GET", "/api/v1/push/subscription"),
    ]

    assert taken[0] == 404
    assert {status for status, _ in others} == {404}
    for path in OF_ONESELF:
        assert await stranger.get(path) == [], path
        assert await owner.get(path) != [], path
    assert [each["id"] for each in await owner.get("/api/v1/conversations")] == [thread["id"]]


OF_ONESELF = (
    *("/api/v1/lists", "/api/v2/filters", "/api/v1/filters", "/api/v1/scheduled_statuses"),
    "/api/rubric/v1/boards",
    *("/api/v1/featured_tags", "/api/v1/followed_tags", "/api/v1/conversations"),
    *("/api/v1/notifications", "/api/v1/notifications/requests", "/api/v1/timelines/direct"),
)


async def test_open_doors_do_not_look_at_tokens(wire, here):
    """What everyone may ask is answered alike, whatever comes with the request."""
    other = []
    for call in through(Door.ALL):
        told = [await knock(wire, call, token) for token in ("", "made-up")]
        if told[0].status != told[1].status:
            other.append(f"{named(call)}: {told[0].status}, {told[1].status}")

    assert other == []


@pytest.mark.parametrize(
    "access",
    [
        None,
        Access(Door.PERSON),
        Access(Door.ANYONE),
        Access(Door.PERSON, ("read:everything",)),
        Access(Door.ANYONE, ("admin:read:accounts",)),
    ],
    ids=str,
)
def test_OAU_03_no_application_starts_with_an_address_that_does_not_say_who_is_let_in(access):
    line: Any = ("GET", "/api/v1/unguarded", instance.show, access)

    with pytest.raises(Undeclared, match="/api/v1/unguarded"):
        build_app([*CALLS, line])


def test_OAU_03_no_address_of_the_client_api_stands_outside_the_table():
    app = build_app()

    outside = [
        route.resource.canonical
        for route, area in app[AREAS].items()
        if area is Area.API and route not in app[ACCESS] and route.resource
    ]

    assert [each for each in outside if not each.startswith(OPEN_RECORDS)] == []


def test_no_address_stands_in_the_table_twice():
    found = [named(call) for call in CALLS]

    assert sorted(found) == sorted(set(found))


@pytest.mark.parametrize("role", list(Role))
async def test_ADM_01_each_address_for_staff_opens_to_the_role_it_names(wire, settle, role):
    mei = await account_of(await settle("mei", role=role))
    token = await make_token(mei, EVERYTHING, "an app")
    refused = (403, "This action is not allowed")
    lines = [each for each in CALLS if each[3].is_for_staff]
    shut = [each for each in lines if RANK[role] < RANK[each[3].least]]

    wrong = await answers(wire, shut, token, refused)
    for call in (each for each in lines if each not in shut):
        told = await knock(wire, call, token)
        if told.status in (401, 403):
            wrong.append(f"{named(call)}: {told.status} {told.text[:80]}")

    assert wrong == []
    assert {each[0] for each in shut if each[3].least is Role.ADMIN} == (
        set() if role is Role.ADMIN else {"POST", "PUT", "DELETE"}
    )


@pytest.mark.parametrize(
    ("role", "status"), [(Role.MEMBER, 403), (Role.MODERATOR, 200), (Role.ADMIN, 200)]
)
async def test_OAU_03_what_is_for_staff_takes_the_role_at_the_time_of_asking(
    here, settle, role, status
):
    mei = await account_of(await settle("mei", role=Role.ADMIN))
    token = await make_token(mei, EVERYTHING, "an app")
    line = ("GET", "/api/v1/staff", instance.show, person("admin:read:accounts"))
    await Account.filter(id=mei.id).update(role=role)
    base = f"http://{here.server.bind}"

    async with listening(build_app([*CALLS, line]), here), ClientSession(base) as session:
        told = await knock(session, line, token)

    assert told.status == status
