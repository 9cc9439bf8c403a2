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
from aiohttp import ClientSession

from actors.accounts import Account, Role
from actors.actor import Actor
from actors.apps import issue_to_app, register
from actors.scopes import SCOPES
from actors.tokens import make_token
from core.clock import now
from tests.conftest import account_of
from tests.web.conftest import listening
from web.api import instance
from web.api.access import ACCESS, Access, Call, Door, Undeclared, person
from web.api.answers import ts
from web.api.table import CALLS
from web.app import build_app
from web.keys import AREAS, Area

EVERYTHING = ("profile", "read", "write", "follow", "push", "admin:read", "admin:write")
NOBODYS = 4_611_686_018_427_387_904  # an id that nothing has
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
    wrong = await answers(wire, through(Door.APP, Door.PERSON), "", INVALID)

    assert wrong == []


async def test_OAU_03_no_door_opens_to_a_token_that_is_not_good(wire):
    wrong = await answers(wire, through(Door.ANYONE, Door.APP, Door.PERSON), "made-up", INVALID)

    assert wrong == []


async def test_OAU_03_a_token_without_the_scope_is_refused_everywhere(wire, settle):
    mei = await account_of(await settle("mei", role=Role.ADMIN))
    tokens: dict[tuple[str, ...], str] = {}

    wrong = []
    for call in (each for each in through(Door.ANYONE, Door.APP, Door.PERSON) if each[3].scopes):
        scopes = call[3].scopes
        if scopes not in tokens:
            tokens[scopes] = await make_token(mei, without(call[3]), "an app")
        wrong += await answers(wire, [call], tokens[scopes], OUTSIDE)

    assert wrong == []


async def test_OAU_03_one_scope_of_those_named_is_enough(wire, settle):
    mei = await account_of(await settle("mei", role=Role.ADMIN))
    tokens = {each: await make_token(mei, [each], "an app") for each in SCOPES}

    wrong = []
    for call in through(Door.ANYONE, Door.APP, Door.PERSON):
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
        through(Door.ANYONE, Door.APP, Door.PERSON),
        token,
        (403, "Your login is currently disabled"),
    )

    assert wrong == []


async def test_OAU_03_an_app_that_acts_for_nobody_is_no_person(wire, here):
    app, _ = await register("An app", ["https://app.example/"], EVERYTHING)
    token, _ = await issue_to_app(app, EVERYTHING)

    wrong = await answers(
        wire, through(Door.PERSON), token, (422, "This method requires an authenticated user")
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
    mei = await settle("mei", is_locked=True)
    owner, stranger = await client(mei), await client(await settle("bo"), *EVERYTHING)
    held = await belongings(owner)
    before = {path: await owner.get(path) for path in held}
    ids = {int(found) for path in held for found in re.findall(r"/(\d+)$", path)}

    told = []
    for call in (each for each in CALLS if re.search(r"\{(?:\w+_)?id", each[1])):
        for number in ids:
            said = await knock(wire, call, stranger.token, number, json={"status": "mine now"})
            if "planted" in said.text or said.status >= 500:
                told.append(f"{named(call)}: {said.status} {said.text[:80]}")

    assert told == []
    assert {path: await owner.get(path) for path in held} == before


async def belongings(owner) -> list[str]:
    """Make things that are somebody's alone, with a word in each that nobody else may read."""
    word = "planted"
    held = {
        "statuses": await owner.post("/api/v1/statuses", status=word, visibility="direct"),
        "scheduled_statuses": await owner.post(
            "/api/v1/statuses", status=word, scheduled_at=ts(now() + timedelta(days=1))
        ),
        "lists": await owner.post("/api/v1/lists", title=word),
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
    return [
        *(f"/api/v1/{kind}/{found['id']}" for kind, found in held.items()),
        f"/api/v1/statuses/{private['id']}",
        f"/api/v1/polls/{private['poll']['id']}",
        f"/api/v2/filters/{kept['id']}",
        f"/api/v2/filters/keywords/{kept['keywords'][0]['id']}",
    ]


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

    assert [each for each in outside if not each.startswith("/policy")] == []


def test_no_address_stands_in_the_table_twice():
    found = [named(call) for call in CALLS]

    assert sorted(found) == sorted(set(found))


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
