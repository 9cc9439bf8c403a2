"""A small service that speaks as LibreTranslate does: it knows few languages, and shouts."""

import re
from typing import Any, Self

from aiohttp import web

LANGUAGES = [
    {"code": "en", "name": "English", "targets": ["de", "en", "zh-Hans"]},
    {"code": "de", "name": "German", "targets": ["en", "de"]},
    {"code": "zh-Hans", "name": "Chinese", "targets": ["en"]},
]


class Translator:
    """It puts words into capitals, leaves tags alone, and keeps what it was asked."""

    def __init__(self, key: str = "") -> None:
        self.key = key
        self.asked: list[dict[str, Any]] = []
        self.languages: Any = LANGUAGES
        self.answer: Any = None
        """What it says in the place of a translation, where a test wishes so."""
        self.status = 200
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes(
            [web.get("/languages", self._languages), web.post("/translate", self._translate)]
        )
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _languages(self, _: web.Request) -> web.Response:
        return web.json_response(self.languages, status=self.status)

    async def _translate(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.asked.append(asked)
        if self.key and asked.get("api_key") != self.key:
            return web.json_response({"error": "Invalid API key"}, status=403)
        if self.answer is not None:
            return web.json_response(self.answer, status=self.status)
        said: dict[str, Any] = {"translatedText": [_loud(each) for each in asked["q"]]}
        if asked["source"] == "auto":
            said["detectedLanguage"] = [{"confidence": 90, "language": "en"} for _ in asked["q"]]
        return web.json_response(said, status=self.status)


def _loud(text: str) -> str:
    """Put into capitals what is neither a tag nor an entity."""
    return re.sub(r"(<[^>]*>|&\w+;)|([^<&]+)", lambda m: m[1] or m[2].upper(), text)
