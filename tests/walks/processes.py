"""Real servers in processes of their own, and a browser as small as it can be."""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import aiohttp
import asyncpg
import pyotp
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests import postgres, tables

RUBRIC = str(Path(sys.executable).with_name("rubric"))
PATIENCE_S = 180.0
PASSWORD = "a long enough secret"

CONFIG = """
[server]
domain = "localhost:{port}"
bind = "127.0.0.1:{port}"

[database]
url = "{database}"
synchronous = "NORMAL"

[federation]
allow_private_addresses = true
timeout_s = 5

[limits]
requests_per_address = 0
activitypub_per_address = 0
sign_ups_per_address = 0
logins_per_address = 0
"""
OPEN = """
[policy.accounts]
registration = "open"
"""


def environment() -> dict[str, str]:
    """What our processes find around them: also a place for compiled modules, to start soon."""
    kept = Path(tempfile.gettempdir(), "rubric-compiled")
    return os.environ | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(kept)}


class Server:
    """An instance that `rubric serve` runs; its folder outlives every kill.

    It finds its tables there, as after a first start; `is_empty` when that start is the point.
    """

    def __init__(
        self, folder: Path, *, more: str = OPEN, in_sqlite: bool = False, is_empty: bool = False
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = _free_port()
        self.domain = f"localhost:{self.port}"
        self.base = f"http://{self.domain}"
        self.config = folder / "config.toml"
        self.recovery_codes: dict[str, list[str]] = {}
        self.is_in_postgres = postgres.is_wanted() and not in_sqlite
        self.database = self._database(is_empty)
        self.configure(more)
        self._process: asyncio.subprocess.Process | None = None
        self._log = folder / "log"

    def _database(self, is_empty: bool) -> str:
        name, file = f"rubric_{self.port}", self.folder / "rubric.db"
        if self.is_in_postgres:
            return postgres.create(name) if is_empty else tables.in_postgres(name)
        return f"sqlite://{file}" if is_empty else tables.in_sqlite(file)

    def configure(self, more: str) -> None:
        """Write config.toml anew, with these tables behind the usual ones."""
        text = CONFIG.format(port=self.port, database=self.database)
        self.config.write_text(text + more, "utf-8")

    async def start(self, *, interpreter: Sequence[str] = (RUBRIC,)) -> None:
        """Start it, and return once it is ready."""
        await self.launch(interpreter)

        async def is_ready() -> bool:
            return await self.readiness() == 200

        await until(is_ready, f"{self.base} is ready", or_else=self.has_died)

    async def launch(self, interpreter: Sequence[str] = (RUBRIC,)) -> None:
        """Start it, and do not wait."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(*interpreter, "--config", str(self.config), "serve"),
                env=environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def readiness(self) -> int:
        """Ask whether it takes requests: 200 if so, 0 when nobody listens."""
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"{self.base}/readyz") as answer,
            ):
                return answer.status
        except aiohttp.ClientError:
            return 0

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process
        return self._process.pid

    async def kill(self) -> None:
        """End it without a word, as a power cut does to a process."""
        assert self._process
        if self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> float:
        """Ask it to end; return how many seconds that took."""
        assert self._process
        began = time.monotonic()
        self._process.terminate()
        code = await asyncio.wait_for(self._process.wait(), PATIENCE_S)
        assert code == 0, self.log()
        return time.monotonic() - began

    async def remove(self) -> None:
        """End it, however it is, and leave no database behind."""
        if self._process:
            await self.kill()
        if self.is_in_postgres:
            postgres.drop(f"rubric_{self.port}")

    def log(self) -> str:
        """What it said."""
        return self._log.read_text("utf-8") if self._log.exists() else ""

    async def rubric(self, *arguments: str) -> str:
        """Run a command beside it, which must succeed; return what it printed."""
        said = await run("--config", str(self.config), *arguments)
        assert said.code == 0, said.error
        return said.output

    async def settle(self, name: str, *, role: str = "member") -> None:
        """Make someone who lives there."""
        address = f"{name}@example.org"
        await self.rubric(
            *("user", "create", name, "--email", address, "--password", PASSWORD, "--role", role)
        )

    async def rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        """Look into its database; `?` stands for a value."""
        if self.is_in_postgres:
            connection = await asyncpg.connect(self.database)
            for number, _ in enumerate(values, 1):
                statement = statement.replace("?", f"${number}", 1)
            found = [dict(row) for row in await connection.fetch(statement, *values)]
            await connection.close()
            return found
        with sqlite3.connect(self.folder / "rubric.db") as connection:
            connection.row_factory = sqlite3.Row
            found = [dict(row) for row in connection.execute(statement, values)]
        connection.close()
        return found

    async def is_idle(self) -> bool:
        """Tell whether it has nothing to do, and no letter that could go now."""
        jobs = await self.rows(
            "SELECT id FROM job WHERE NOT parked AND (leased OR due < ?) LIMIT 1",
            _milliseconds() + 1000,
        )
        letters = await self.rows("SELECT id FROM delivery WHERE state = 'waiting' LIMIT 1")
        return not jobs and not letters

    def has_died(self) -> str:
        """Say what it left behind when it ended by itself; nothing while it runs."""
        if self._process and self._process.returncode is not None:
            return self.log() or f"ended with {self._process.returncode}"
        return ""


@asynccontextmanager
async def servers(
    folder: Path, *names: str, in_sqlite: bool = False
) -> AsyncIterator[list[Server]]:
    """Start servers side by side; afterwards they are ended, whatever happened."""
    made = [Server(folder / name, in_sqlite=in_sqlite) for name in names]
    try:
        await asyncio.gather(*(each.start() for each in made))
        yield made
    finally:
        for each in made:
            await each.remove()


async def settled(*which: Server) -> None:
    """Wait until none of these has anything to do."""

    async def all_idle() -> bool:
        return all([await each.is_idle() for each in which])

    await until(all_idle, "everything has arrived")
    # What one has just sent may have given another something to do.
    await until(all_idle, "everything has arrived")


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    output: str
    error: str


async def run(*arguments: str, folder: Path | None = None, by_way_of: Sequence[str] = ()) -> Said:
    """Run `rubric` to its end; `by_way_of` is a command that becomes it."""
    process = await asyncio.create_subprocess_exec(
        *by_way_of,
        RUBRIC,
        *arguments,
        cwd=folder,
        env=environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, error = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    except TimeoutError:
        process.kill()
        await process.communicate()
        raise
    return Said(process.returncode or 0, output.decode(), error.decode())


async def until(
    is_so: Callable[[], Awaitable[object]],
    what: str,
    *,
    seconds: float = PATIENCE_S,
    or_else: Callable[[], str] = str,
) -> None:
    """Ask again and again until something is so; fail when it takes too long, or cannot be."""
    until_then = time.monotonic() + seconds
    while not await is_so():
        assert not (why := or_else()), f"not so, that {what}: {why}"
        assert time.monotonic() < until_then, f"not so after {seconds} s, that {what}"
        await asyncio.sleep(0.05)


class Page:
    """What came back: where from, with which status, and what stands in it."""

    def __init__(self, url: str, status: int, text: str) -> None:
        self.url = url
        self.status = status
        self.text = text
        self.tree = LexborHTMLParser(text)

    @property
    def path(self) -> str:
        """Where on the server it is."""
        return urlsplit(self.url).path

    def has(self, words: str) -> bool:
        """Tell whether a reader finds these words."""
        body = self.tree.body
        return body is not None and words in " ".join(body.text(separator=" ").split())

    def form(self, action: str, *fields: str) -> LexborNode:
        """Find the form that goes to an address, which may be given by its end; of several the
        one with these fields, or the first."""
        found = [
            node
            for node in self.tree.css("form")
            if (node.attributes.get("action") or self.path).partition("?")[0].endswith(action)
        ]
        for node in found:
            if all(node.css_first(f'[name="{each}"]') for each in fields):
                return node
        if found:
            return found[0]
        known = [node.attributes.get("action") for node in self.tree.css("form")]
        raise AssertionError(f"{self.url} ({self.status}) has no form {action}, only {known}")

    def cases(self) -> list[str]:
        """The cases that a moderator's desk lists, each once."""
        found = [link for link in self.links("/mod/cases/") if link.rpartition("/")[2].isdigit()]
        return list(dict.fromkeys(found))

    def links(self, start: str = "") -> list[str]:
        """Where one can go from here."""
        found = [str(node.attributes.get("href") or "") for node in self.tree.css("a")]
        return [link for link in found if link.startswith(start)]


class Browser:
    """Someone with a browser: keeps cookies, follows redirects, fills in the forms it is shown."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Accept": "text/html"}
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    def cookies(self) -> str:
        """Write what it keeps as the header it would send."""
        return "; ".join(f"{each.key}={each.value}" for each in self._session.cookie_jar)

    async def get(self, path: str, **query: str) -> Page:
        """Open a page."""
        async with self._session.get(urljoin(self.server.base, path), params=query) as answer:
            return Page(str(answer.url), answer.status, await answer.text())

    async def send(self, page: Page, action: str, **values: Any) -> Page:
        """Fill in a form of a page and send it; bytes are sent as a picture.

        A button with a name is pressed by giving its value. A field `alt-1` is given as `alt__1`.
        """
        filled = {name.replace("__", "-"): value for name, value in values.items()}
        form = page.form(action, *filled)
        known = {
            node.attributes.get("name") for node in form.css("input, textarea, select, button")
        }
        assert known.issuperset(filled), f"{page.url} asks for {known}, not for {set(filled)}"
        fields = _fields(form) | filled
        url = urljoin(page.url, form.attributes.get("action") or page.url)
        data = _as_data(fields, form.attributes.get("enctype") == "multipart/form-data")
        headers = {"Origin": self.server.base, "Sec-Fetch-Site": "same-origin"}
        async with self._session.post(url, data=data, headers=headers) as answer:
            return Page(str(answer.url), answer.status, await answer.text())

    async def sign_up(self, name: str, password: str = PASSWORD) -> Page:
        """Join, and be signed in."""
        page = await self.get("/join")
        return await self.send(page, "/join", handle=name, password=password)

    async def sign_in(self, name: str, password: str = PASSWORD) -> Page:
        """Come back."""
        page = await self.get("/sign-in")
        filled = {"user[email]": name, "user[password]": password}
        return await self.send(page, "/sign-in", **filled)

    async def sign_in_as_staff(self, name: str, password: str = PASSWORD) -> None:
        """Come in as someone who runs the place: the first time, set up an app that makes codes.

        Later a recovery code does, for the app's of this minute was used.
        """
        page = await self.sign_in(name, password)
        codes = self.server.recovery_codes.get(name)
        if codes:
            page = await self.send(page, "/sign-in/second", code=codes.pop())
            assert page.path == "/", page.text
            return
        page = await self.get("/settings/second-factor")
        page = await self.send(page, "/settings/second-factor/app")
        secret = page.tree.css_first("code.secret").text()
        code = pyotp.TOTP(secret).now()
        page = await self.send(page, "/settings/second-factor/app/confirm", code=code)
        shown = [each.text() for each in page.tree.css(".codes code")]
        assert len(shown) == 10, page.text
        self.server.recovery_codes[name] = shown

    async def compose(self, text: str, **values: Any) -> Page:
        """Write a note; what comes back is its page."""
        return await self.send(await self.get("/compose"), "/compose", text=text, **values)

    async def compose_with_picture(
        self, text: str, picture: bytes, alt: str, **values: Any
    ) -> Page:
        """Write a note with a picture, as one does without scripts: upload, describe, publish."""
        empty = await self.get("/compose")
        page = await self.send(empty, "/compose", text=text, files=picture, step="again", **values)
        form = page.form("/compose")
        names = [str(node.attributes.get("name")) for node in form.css("textarea")]
        described = next(name for name in names if name.startswith("alt-"))
        return await self.send(page, "/compose", step="publish", **{described: alt})


def _fields(form: LexborNode) -> dict[str, Any]:
    """Read what a form holds before anyone touches it."""
    fields: dict[str, Any] = {}
    for node in form.css("input, textarea, select"):
        name, kind = node.attributes.get("name"), node.attributes.get("type") or "text"
        if not name or kind == "file" or "disabled" in node.attributes:
            continue
        if kind in ("radio", "checkbox"):
            if "checked" in node.attributes:
                fields[name] = node.attributes.get("value", "on") or ""
        elif node.tag == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            fields[name] = chosen.attributes.get("value") or "" if chosen else ""
        elif node.tag == "textarea":
            fields[name] = node.text().removeprefix("\n")
        else:
            fields[name] = node.attributes.get("value") or ""
    return fields


def _as_data(fields: Mapping[str, Any], is_multipart: bool) -> aiohttp.FormData:
    data = aiohttp.FormData()
    for name, value in fields.items():
        if value is None:
            continue
        if isinstance(value, bytes):
            data.add_field(name, value, filename="picture.png", content_type="image/png")
        elif is_multipart:
            data.add_field(name, str(value), content_type="text/plain; charset=utf-8")
        else:
            data.add_field(name, str(value))
    return data


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _milliseconds() -> int:
    return int(time.time() * 1000)


def as_json(text: str) -> Any:
    """Read JSON."""
    return json.loads(text)
