"""A running application and browsers that talk to it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

import msgspec
import pytest
import time_machine
from aiohttp import ClientResponse, ClientSession, CookieJar, DummyCookieJar, FormData, web
from yarl import URL

from actors import sessions
from actors.accounts import Account, Role
from core.settings import Settings, use
from moderation import policy
from tests.conftest import replaced
from tests.mailbox import Mailbox
from web.app import build_app
from web.deadlines import PunctualRunner
from web.sessions import cookie

CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Browser:
    """Asks the way a browser does: keeps cookies, brings back the token of the last page."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = ClientSession(cookie_jar=CookieJar(unsafe=True))
        self.address = ""
        self.token = ""

    async def get(self, path: str, **headers: str) -> ClientResponse:
        """Open a page, without following where it sends us."""
        return await self._ask("GET", path, headers=self._headers(headers))

    async def post(self, path: str, data: Mapping[str, Any] | None = None, **headers: str) -> Any:
        """Send a form with the token we know; `csrf=…` in the form takes its place."""
        fields = {"csrf": self.token} | dict(data or {})
        return await self._ask("POST", path, data=fields, headers=self._headers(headers))

    async def get_raw(self, path: str) -> ClientResponse:
        """Ask for a path exactly as it is written."""
        url = URL(self.base + path, encoded=True)
        async with self.session.get(
            url, headers=self._headers({}), allow_redirects=False
        ) as response:
            await response.read()
        return response

    async def send(self, path: str, body: Any, content_type: str, **headers: str) -> ClientResponse:
        """Send bytes that need not be a form."""
        kind = {"Content_Type": content_type} if content_type else {}
        skipped = [] if content_type else ["Content-Type"]
        return await self._ask(
            "POST",
            path,
            data=body,
            headers=self._headers(kind | headers),
            skip_auto_headers=skipped,
        )

    async def upload(self, path: str, data: FormData) -> ClientResponse:
        """Send a form with files."""
        return await self._ask("POST", path, data=data, headers=self._headers({}))

    async def fill(self, page: str, action: str, data: Mapping[str, Any]) -> ClientResponse:
        """Open a page and send a form from it."""
        await self.get(page)
        return await self.post(action, data)

    async def sign_in(self, account: Account) -> None:
        """Be signed in from here on, without typing a password; staff as with a second factor."""
        strong = account.role is not Role.MEMBER
        token = await sessions.start(account, agent="a browser of the tests", is_strong=strong)
        self.keep("session", token)
        await self.get("/settings/sessions")

    def keep(self, name: str, value: str) -> None:
        """Have a cookie."""
        self.session.cookie_jar.update_cookies({cookie(name): value}, URL(self.base))

    def cookie(self, name: str) -> str:
        """Return a cookie we were given."""
        found = [each.value for each in self.session.cookie_jar if each.key == cookie(name)]
        return found[0] if found else ""

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        headers = {"Accept": "text/html"}
        if self.address:
            headers["X-Forwarded-For"] = self.address
        return headers | {name.replace("_", "-"): value for name, value in more.items()}

    async def _ask(self, method: str, path: str, **more: Any) -> ClientResponse:
        async with self.session.request(
            method, self.base + path, allow_redirects=False, **more
        ) as response:
            await response.read()
            if found := CSRF.search(await response.text(errors="replace")):
                self.token = found[1]
        return response


# What changes settings has to be asked for before what serves with them.


@pytest.fixture
def early() -> Iterator[None]:
    """The beginning of an hour, so that no count begins anew while a test is counting."""
    with time_machine.travel(1_800_000_000, tick=True):
        yield


def as_policy(registration: str, **accounts: object) -> None:
    """Have a policy in force that lets people in like this."""
    in_force = policy.current()
    sections = msgspec.to_builtins(in_force.sections)
    sections["accounts"] |= {"registration": registration, **accounts}
    changed = msgspec.convert(sections, type(in_force.sections))
    policy.put_in_force(msgspec.structs.replace(in_force, sections=changed))


@pytest.fixture
async def mailbox(here: Settings) -> AsyncIterator[Mailbox]:
    """A mail server that the instance writes through."""
    async with Mailbox() as box:
        use(replaced(here, "mail", url=box.url))
        yield box


@pytest.fixture
async def is_open(settle) -> None:
    """A policy that lets everyone in, and someone who looks after the place."""
    await settle("keeper", role=Role.ADMIN)
    as_policy("open")


@pytest.fixture
async def proxied(here: Settings) -> Settings:
    """An instance that lets this machine say where requests come from, as a proxy does."""
    changed = replaced(here, "server", trusted_proxies=("127.0.0.1", "::1"))
    use(changed)
    return changed


@pytest.fixture
async def unlimited(here: Settings) -> Settings:
    """An instance where one may try to sign in as often as one likes."""
    changed = replaced(here, "limits", logins_per_address=0, logins_per_account=0)
    use(changed)
    return changed


@pytest.fixture
async def secure(here: Settings) -> Settings:
    """An instance that people reach by https."""
    changed = replaced(here, "server", base_url=here.server.base_url.replace("http:", "https:"))
    use(changed)
    return changed


@pytest.fixture
async def forgiving(here: Settings) -> Settings:
    """An instance for trying out, whose limit is two documents for an address."""
    changed = replaced(here, "limits", activitypub_per_address=2)
    use(changed)
    return changed


@pytest.fixture
async def stingy(here: Settings) -> Settings:
    """An instance that answers three requests of an address, two of them for documents."""
    changed = replaced(here, "limits", requests_per_address=3, activitypub_per_address=2)
    # An instance for trying out does not count what its own machine asks.
    changed = replaced(changed, "federation", allow_private_addresses=False)
    use(changed)
    return changed


@pytest.fixture
async def stingy_with_apps(here: Settings) -> Settings:
    """An instance where an address may register two apps."""
    changed = replaced(here, "limits", apps_per_address=2)
    # An instance for trying out does not count what its own machine asks.
    changed = replaced(changed, "federation", allow_private_addresses=False)
    use(changed)
    return changed


@pytest.fixture
async def browsers(served: Settings) -> AsyncIterator[Callable[[], Browser]]:
    """As many browsers as a test wants."""
    opened: list[Browser] = []

    def another() -> Browser:
        opened.append(Browser(f"http://{served.server.bind}"))
        return opened[-1]

    yield another
    for each in opened:
        await each.session.close()


@pytest.fixture
async def browser(browsers: Callable[[], Browser]) -> Browser:
    """One browser, not signed in."""
    return browsers()


@pytest.fixture
async def wire(served: Settings) -> AsyncIterator[ClientSession]:
    """A client without cookies, for what is not a page; its base is the server's."""
    base = f"http://{served.server.bind}"
    async with ClientSession(base, cookie_jar=DummyCookieJar()) as session:
        yield session


@asynccontextmanager
async def listening(app: web.Application, chosen: Settings, **bounds: float) -> AsyncIterator[None]:
    """Have an application listen where these settings say, with deadlines."""
    runner = PunctualRunner(app, **bounds)
    await runner.setup()
    host, _, port = chosen.server.bind.rpartition(":")
    await web.TCPSite(runner, host, int(port), reuse_address=True).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def raw(chosen: Settings, request: str) -> bytes:
    """Send bytes as they are, and return what comes back until the other side hangs up.

    A byte that is no UTF-8, such as 0xE9, is written `\\udce9`.
    """
    host, _, port = chosen.server.bind.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    whole = request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
    writer.write(whole.encode("utf-8", "surrogateescape"))
    answer = await reader.read()
    await shut(writer)
    return answer


async def shut(writer: asyncio.StreamWriter) -> None:
    """Hang up, whether or not the other side did."""
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


class Door:
    """Opens plain connections to an instance that is in a hurry."""

    def __init__(self, chosen: Settings, deadline: float) -> None:
        self.domain = chosen.server.domain
        self.deadline = deadline
        self.opened: list[asyncio.StreamWriter] = []

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection."""
        host, _, port = self.domain.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        self.opened.append(writer)
        return reader, writer

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for writer in self.opened:
            await shut(writer)


@pytest.fixture
async def hurried(here: Settings) -> AsyncIterator[Door]:
    """An instance whose deadlines are short enough for a test."""
    async with (
        listening(build_app(), here, head_s=0.5, body_s=0.5),
        Door(here, 0.5) as door,
    ):
        yield door


@pytest.fixture
async def few_connections(here: Settings) -> AsyncIterator[Door]:
    """An instance that takes three connections from an address."""
    async with listening(build_app(), here, most_of_one=3), Door(here, 10) as door:
        yield door
