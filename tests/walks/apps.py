"""Somebody's app at a real server: the calls of the client API, as a program makes them."""

from typing import Any

import aiohttp

from tests.walks.processes import Server

SCOPES = "read write follow"


class App:
    """Acts for someone who lives there, or for nobody."""

    def __init__(self, server: Server, token: str = "") -> None:
        self.server = server
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    @classmethod
    async def of(cls, server: Server, name: str) -> "App":
        """An app that somebody let in."""
        said = await server.rubric("token", "create", name, "--scopes", SCOPES)
        return cls(server, said.split()[-1])

    async def call(self, method: str, path: str, /, **values: Any) -> tuple[int, Any]:
        """Ask for something with a query, or say something in JSON; the status and what came."""
        sent = {"params": values} if method == "GET" else {"json": values}
        url = f"{self.server.base}{path}"
        async with (
            aiohttp.ClientSession(headers=self._headers) as session,
            session.request(method, url, **sent) as answer,
        ):
            is_json = "json" in answer.content_type
            return answer.status, await (answer.json() if is_json else answer.read())

    async def got(self, path: str, **query: Any) -> Any:
        """What is there, which must be there."""
        status, found = await self.call("GET", path, **query)
        assert status == 200, (path, status, found)
        return found

    async def said(self, method: str, path: str, /, **values: Any) -> Any:
        """Do something, which must be let."""
        status, found = await self.call(method, path, **values)
        assert status == 200, (path, status, found)
        return found

    async def upload(self, picture: bytes, description: str) -> str:
        """Bring a picture; the id of it."""
        form = aiohttp.FormData()
        form.add_field("file", picture, filename="p.png", content_type="image/png")
        form.add_field("description", description)
        async with (
            aiohttp.ClientSession(headers=self._headers) as session,
            session.post(f"{self.server.base}/api/v2/media", data=form) as answer,
        ):
            assert answer.status in (200, 202), await answer.text()
            return str((await answer.json())["id"])

    async def find(self, words: str) -> dict[str, Any]:
        """The one account that a search with looking up brings."""
        found = await self.got("/api/v2/search", q=words, resolve="true", type="accounts")
        assert len(found["accounts"]) == 1, found
        return dict(found["accounts"][0])

    async def texts(self, path: str, **query: Any) -> list[str]:
        """What the statuses of a list say, and of what is boosted in it."""
        return [(each.get("reblog") or each)["content"] for each in await self.got(path, **query)]
