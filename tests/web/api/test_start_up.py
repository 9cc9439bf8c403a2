"""What five clients of others ask from the first sign-in to the first screen, in their order.

Each answer is held to its shape, field by field, and what a client cannot do without is there.

They stand in for a web client in a browser: we know of none on the npm registry, only of the
libraries below them, of which tests/walks/test_masto.py walks the one that most of them use.
"""

import base64
import json
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from aiohttp import ClientSession, FormData

from tests.conftest import account_of
from tests.web.api.described import check, compare, entity
from tests.web.conftest import Browser

SCOPES = "read write follow push"
OOB = "urn:ietf:wg:oauth:2.0:oob"


@dataclass(frozen=True)
class Habits:
    """How a client signs in, what it asks then, and how it opens its stream."""

    name: str
    redirect: str
    sends_app: str  # as what it registers: form or json
    sends_code: str  # as what it asks for the token
    uses_pkce: bool
    asks_first: tuple[str, ...]
    first_screen: tuple[str, ...]
    stream_by: str  # how it names its token there: protocol or query
    origin: str = ""  # of clients that live in browsers
    wants: str = ""  # more of what the person is sent to


ELK = Habits(
    name="Elk",
    redirect="https://elk.example/api/here/oauth/https%3A%2F%2Felk.example",
    sends_app="json",
    sends_code="json",
    uses_pkce=False,
    asks_first=("/api/v2/instance",),
    first_screen=(
        *("/api/v2/instance", "/nodeinfo/2.0", "/api/v1/accounts/verify_credentials"),
        *("/api/v1/preferences", "/api/v1/push/subscription", "/api/v1/followed_tags"),
        *("/api/v1/timelines/home?limit=30", "/api/v1/markers?timeline[]=notifications"),
        "/api/v1/notifications?limit=30",
    ),
    stream_by="protocol",
    origin="https://elk.example",
    wants="force_login=true&lang=en",
)
PHANPY = Habits(
    name="Phanpy",
    redirect="https://phanpy.example/",
    sends_app="form",
    sends_code="form",
    uses_pkce=True,
    asks_first=("/.well-known/host-meta",),
    first_screen=(
        *("/api/v1/preferences", "/api/v2/instance", "/api/v1/accounts/verify_credentials"),
        *("/.well-known/nodeinfo", "/nodeinfo/2.0", "/api/v1/timelines/home?limit=20"),
        *("/api/v1/custom_emojis", "/api/v1/notifications?limit=80"),
        *("/api/v1/follow_requests?limit=80", "/api/v2/filters"),
        *("/api/v1/followed_tags?limit=200", "/api/v1/lists"),
        "/api/v1/markers?timeline[]=home&timeline[]=notifications",
    ),
    stream_by="protocol",
    origin="https://phanpy.example",
)
TUSKY = Habits(
    name="Tusky",
    redirect="oauth2redirect://com.keylesspalace.tusky/",
    sends_app="form",
    sends_code="form",
    uses_pkce=False,
    asks_first=("/api/v2/instance",),
    first_screen=(
        *("/api/v1/accounts/verify_credentials", "/api/v2/instance", "/api/v2/filters"),
        *("/api/v1/timelines/home?limit=30", "/api/v1/notifications?limit=30"),
        *("/api/v2/notifications/policy", "/api/v1/custom_emojis"),
        "/api/v1/markers?timeline[]=notifications",
    ),
    stream_by="query",
)
ICE_CUBES = Habits(
    name="IceCubesApp",
    redirect="icecubesapp://",
    sends_app="json",
    sends_code="json",
    uses_pkce=False,
    asks_first=("/api/v2/instance",),
    first_screen=(
        *("/api/v1/accounts/verify_credentials", "/api/v2/instance", "/api/v1/preferences"),
        *("/api/v1/lists", "/api/v1/followed_tags?limit=100", "/api/v2/filters"),
        *("/api/v1/custom_emojis", "/api/v1/markers?timeline[]=home&timeline[]=notifications"),
        "/api/v1/timelines/home?limit=50",
        "/api/v2/notifications?limit=30&expand_accounts=full&grouped_types[]=favourite",
    ),
    stream_by="protocol",
)
TUBA = Habits(
    name="Tuba",
    redirect="tuba://auth_code",
    sends_app="form",
    sends_code="form",
    uses_pkce=False,
    asks_first=("/.well-known/nodeinfo",),
    first_screen=(
        *("/.well-known/nodeinfo", "/api/v1/accounts/verify_credentials", "/api/v1/instance"),
        *("/api/v2/instance", "/api/v1/lists", "/api/v1/timelines/home?limit=20"),
    ),
    stream_by="query",
)
CLIENTS = (PHANPY, ELK, TUSKY, ICE_CUBES, TUBA)


class Starting:
    """One client, from nothing to its first screen."""

    def __init__(self, habits: Habits, wire: ClientSession, browser: Browser) -> None:
        self.habits = habits
        self.wire = wire
        self.browser = browser
        self.token = ""

    async def ask(self, method, path, **more):
        """Ask as it does: from its origin, with its token; hold the answer to its shape."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= {"Origin": self.habits.origin} if self.habits.origin else {}
        async with self.wire.request(method, path, headers=headers, **more) as response:
            await response.read()
        if self.habits.origin:
            assert response.headers["Access-Control-Allow-Origin"] == "*", path
        await check(method, path, response)
        return response

    async def send(self, path, fields, kind):
        """Send fields as a form or as JSON; return the answer, which has to be good."""
        more = {"json": fields} if kind == "json" else {"data": FormData(fields)}
        response = await self.ask("POST", path, **more)
        assert response.status == 200, await response.text()
        return await response.json()

    async def sign_in(self):
        """Register, send the person to the consent page, and change the code for a token."""
        habits = self.habits
        for path in habits.asks_first:
            assert (await self.ask("GET", path)).status == 200
        fields = {
            "client_name": habits.name,
            "redirect_uris": habits.redirect,
            "scopes": SCOPES,
            "website": "https://client.example/",
        }
        app = await self.send("/api/v1/apps", fields, habits.sends_app)
        assert app["name"] == habits.name
        assert app["redirect_uri"] == habits.redirect
        assert app["vapid_key"]
        verifier, pkce = secrets.token_urlsafe(48), {}
        if habits.uses_pkce:
            known = await self.ask("GET", "/.well-known/oauth-authorization-server")
            assert "S256" in (await known.json())["code_challenge_methods_supported"]
            digest = sha256(verifier.encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            pkce = {"code_challenge": challenge, "code_challenge_method": "S256"}
        fields = {
            "grant_type": "authorization_code",
            "client_id": app["client_id"],
            "client_secret": app["client_secret"],
            "redirect_uri": habits.redirect,
            "scope": SCOPES,
            "code": await self._code(app, pkce),
        }
        token = await self.send(
            "/oauth/token",
            fields | ({"code_verifier": verifier} if pkce else {}),
            habits.sends_code,
        )
        assert set(token["scope"].split()) == set(SCOPES.split())
        self.token = token["access_token"]

    async def _code(self, app, pkce):
        wanted = {
            "response_type": "code",
            "client_id": app["client_id"],
            "redirect_uri": self.habits.redirect,
            "scope": SCOPES,
        }
        path = f"/oauth/authorize?{urlencode(wanted | pkce)}"
        # The person has just signed in, as `force_login` wants it.
        page = await self.browser.get(path)
        text = await page.text()
        assert page.status == 200, text
        assert page.headers.get("Cross-Origin-Opener-Policy") != "same-origin"
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
        answer = await self.browser.post("/oauth/authorize", hidden | {"answer": "yes"})
        back = answer.headers["Location"]
        assert back.startswith(f"{self.habits.redirect}?"), back
        code = parse_qs(urlsplit(back).query)["code"][0]
        assert len(code) > 10
        return code

    def stream(self):
        """Open the stream of the home as this client does."""
        if self.habits.stream_by == "query":
            params = {"access_token": self.token, "stream": "user"}
            return self.wire.ws_connect("/api/v1/streaming", params=params)
        return self.wire.ws_connect("/api/v1/streaming", protocols=[self.token])


@pytest.fixture
async def place(village, browser):
    """A place full of life, where the browser is Mei's."""
    await browser.sign_in(await account_of(village.mei))
    return village


@pytest.mark.parametrize("habits", CLIENTS, ids=lambda each: each.name)
async def test_a_client_of_others_starts(place, wire, browser, habits):
    client = Starting(habits, wire, browser)

    await client.sign_in()
    seen = {}
    for path in habits.first_screen:
        response = await client.ask("GET", path)
        # A token that never subscribed has no subscription, and clients expect to be told so.
        assert response.status == (404 if "push" in path else 200), path
        seen[path.partition("?")[0]] = await response.json()

    assert seen["/api/v1/accounts/verify_credentials"]["username"] == "mei"
    assert len(seen["/api/v1/timelines/home"]) > 4
    needs(habits, seen)
    await hears(client, place)


def needs(habits: Habits, seen: dict) -> None:
    """What the client cannot do without, beyond the shape of the answers."""
    instance = seen.get("/api/v2/instance") or {}
    if "/nodeinfo/2.0" in seen:
        node = seen["/nodeinfo/2.0"]
        assert (node["version"], node["protocols"]) == ("2.0", ["activitypub"])
        assert node["software"]["name"] == "rubric"
        assert {"services", "usage", "openRegistrations", "metadata"} <= set(node)
    if "/.well-known/nodeinfo" in seen:
        assert seen["/.well-known/nodeinfo"]["links"][0]["rel"].endswith("/schema/2.0")
    match habits.name:
        case "Phanpy":
            assert instance["domain"]
        case "Elk":
            assert instance["configuration"]["urls"]["streaming"].startswith("ws")
            assert instance["configuration"]["vapid"]["public_key"]
        case "Tusky":
            assert instance["configuration"]["accounts"]["max_featured_tags"] > 0
        case "IceCubesApp":
            assert isinstance(instance["contact"]["email"], str)
            assert instance["thumbnail"]["url"]
            assert float(instance["version"][:3]) >= 4.3
        case "Tuba":
            assert seen["/api/v1/instance"]["uri"] == instance["domain"]


async def hears(client: Starting, place) -> None:
    """A new note and a notification come by the stream, each in its shape."""
    ana = await place.friend.get("/api/v1/accounts/verify_credentials")
    async with client.stream() as socket:
        if client.habits.stream_by == "protocol":
            assert socket.protocol == client.token
            await socket.send_json({"type": "subscribe", "stream": "user"})
            await socket.send_json({"type": "subscribe", "stream": "nothing"})
            assert (await socket.receive_json(timeout=30))["status"] == 400
        await place.friend.post("/api/v1/statuses", status="@mei Look outside")
        await place.settle_down()
        heard = {}
        while not {"update", "notification"} <= set(heard):
            message = await socket.receive_json(timeout=30)
            heard[message["event"]] = json.loads(message["payload"])
    compare(entity("Status"), heard["update"], "update")
    compare(entity("Notification"), heard["notification"], "notification")
    assert heard["update"]["account"]["id"] == ana["id"]
    assert heard["notification"]["type"] == "mention"


async def test_host_meta_leads_browsers_to_where_the_api_is(wire, here):
    async with wire.get("/.well-known/host-meta") as response:
        text = await response.text()

    template = re.search(r'template="([^"]+)"', text)[1]
    assert response.content_type == "application/xrd+xml"
    assert urlsplit(template).netloc == here.server.domain
    assert response.headers["Access-Control-Allow-Origin"] == "*"
