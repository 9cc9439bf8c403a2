"""The only way out to other servers."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, Self

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from aiohttp.abc import AbstractResolver
from aiohttp.resolver import DefaultResolver
from cachetools import TTLCache
from yarl import URL

from core import metrics
from core.settings import is_loopback_name
from federation import fetching, guard
from federation.allowance import Budget
from federation.answers import Answer, Download, Fetched, Form, seconds_to_wait
from federation.errors import FederationError, Malformed, Refused, Unbelievable
from federation.opened import Opened, opened
from federation.read import loads, loads_any
from federation.signatures import Signer, next_form, sign
from federation.urls import canonical_host, host_of, same_origin
from federation.vocabulary import ACCEPT, AS2

LARGEST_NOTE = 2048
CONNECT_S = 5.0
STREAM_TIMEOUT = ClientTimeout(total=None, connect=15, sock_connect=CONNECT_S, sock_read=15)
# Less than the 5 s after which many servers hang up on their side.
KEEP_ALIVE_S = 4.0
FORMS_FOR_S = 24 * 3600.0

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Client:
    """Fetches and posts; make it inside the running loop, and close it.

    No address is called that guard refuses, our own included, and no answer is trusted further
    than the URL that it finally came from.
    """

    def __init__(
        self,
        *,
        own_hosts: Iterable[str] = (),
        private_ok: bool = False,
        user_agent: str = "Rubric",
        timeout_s: float = 10.0,
        media_timeout_s: float = 60.0,
        resolver: AbstractResolver | None = None,
        signing: Executor | None = None,
        neighbour: str = "",
    ) -> None:
        self._own = frozenset(canonical_host(host) for host in own_hosts)
        self._private_ok = private_ok
        self._user_agent = user_agent
        self._timeout_s = timeout_s
        self._media_timeout_s = media_timeout_s
        self._signing = signing
        self._forms: TTLCache[str, Form] = TTLCache(10_000, FORMS_FOR_S)
        self._neighbour = neighbour.rstrip("/")
        self._beside: ClientSession | None = None
        self._resolver = guard.CheckedResolver(resolver or DefaultResolver(), private_ok=private_ok)
        self._session = _session(self._resolver, private_ok=private_ok)
        # Of their own, so that videos which play for minutes take no place of letters.
        self._streams = _session(self._resolver, private_ok=private_ok)
        self._post_timeout = ClientTimeout(total=timeout_s, sock_connect=CONNECT_S)

    async def close(self) -> None:
        """Hang up every connection."""
        await self._session.close()
        await self._streams.close()
        if self._beside is not None:
            await self._beside.close()
        await self._resolver.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def base_of(self, host: str) -> str:
        """Make the URL of a host's front door; http only where development allows it."""
        is_http = self._private_ok and (":" in host or is_loopback_name(host))
        return f"{'http' if is_http else 'https'}://{host}"

    async def fetch(
        self, url: str, signer: Signer | None = None, *, budget: Budget | None = None, hops: int = 1
    ) -> Fetched:
        """Fetch an AS2 document; whose it is, is not checked here (fetch_object does)."""
        got = await self._get(url, fetching.as2(self._timeout_s, hops=hops), signer, budget)
        return Fetched(got.url, loads(got.body), got.content_type)

    async def fetch_object(
        self, uri: str, signer: Signer | None = None, *, budget: Budget | None = None
    ) -> dict[str, Any]:
        """Fetch what may speak for its id, which is not always the uri that was asked (ORG-01).

        Raises Unbelievable unless the id is the URL that the document came from.
        """
        fetched = await self.fetch(uri, signer, budget=budget)
        claimed = fetched.document.get("id")
        if not isinstance(claimed, str):
            raise Malformed(f"{fetched.url} has no id")
        if claimed == fetched.url:
            return fetched.document
        if not same_origin(claimed, fetched.url):
            raise Unbelievable(f"{fetched.url} speaks for {claimed[:200]}")
        again = await self.fetch(claimed, signer, budget=budget, hops=0)
        if again.document.get("id") != claimed:
            raise Unbelievable(f"{claimed[:200]} does not speak for itself")
        return again.document

    async def confirms(self, url: str, signer: Signer) -> bool:
        """Ask what the status alone answers: 200 is yes, any other is no; raises Unreachable."""
        target = self._target(url)
        headers = await self._signed("GET", target, None, signer)
        headers["Accept"], headers["User-Agent"] = ACCEPT, self._user_agent
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._session.get(target, headers=headers, allow_redirects=False) as response,
            ):
                return bool(response.status == 200)
        except (ClientError, OSError) as error:
            raise fetching.failure(url, error) from error

    async def fetch_json(self, url: str, *, budget: Budget | None = None) -> Fetched:
        """Fetch a JRD or another plain JSON document, which has no say about AS2 objects."""
        got = await self._get(url, fetching.plain_json(self._timeout_s), None, budget)
        return Fetched(got.url, loads(got.body), got.content_type)

    async def fetch_text(
        self, url: str, *, types: Collection[str], budget: Budget | None = None
    ) -> str:
        """Fetch a small text of one of the content types."""
        got = await self._get(url, fetching.some_text(self._timeout_s, types), None, budget)
        return got.body.decode("utf-8", "replace")

    async def fetch_bytes(
        self, url: str, *, limit: int, types: Collection[str], budget: Budget | None = None
    ) -> Download:
        """Fetch at most `limit` bytes of one of the content types, and not too slowly."""
        wanted = fetching.media(self._media_timeout_s, types, limit=limit)
        got = await self._get(url, wanted, None, budget)
        return Download(got.url, got.body, fetching.essence(got.content_type))

    @asynccontextmanager
    async def open_media(self, url: str, *, limit: int, part: str = "") -> AsyncIterator[Opened]:
        """Open a file of at most `limit` bytes, or a part of it as `Range` names one.

        Whatever it is said to be: who reads it looks at what it is. Raises as `fetch` does.
        """
        headers = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": self._user_agent}
        if part:
            headers["Range"] = part
        try:
            for _ in range(fetching.MEDIA_HOPS + 1):
                async with self._streams.get(
                    self._target(url),
                    headers=headers,
                    allow_redirects=False,
                    timeout=STREAM_TIMEOUT,
                ) as response:
                    if response.status not in _REDIRECTS:
                        yield opened(response, url, limit)
                        return
                    location = response.headers.get("Location", "")
                    url = guard.next_hop(url, location, private_ok=self._private_ok)
        except (ClientError, OSError) as error:
            raise fetching.failure(url, error) from error
        raise Malformed(f"{url} redirects too often")

    async def post(
        self,
        inbox: str,
        body: bytes,
        signer: Signer,
        *,
        form: Form | None = None,
        digest: str | None = None,
        beside: Mapping[str, str] | None = None,
    ) -> Answer:
        """Bring a letter; knock again with the other form of signature after 401 or 400 (SIG-20).

        Without a form, the one that this host took last is used; `beside` are headers that no
        signature covers. Statuses are told, not raised: where both forms were refused, what was
        said to the first, for the other is often not understood at all;
        raises Unreachable, ForbiddenAddress, or Refused for an inbox of our own.
        """
        target = self._target(inbox)
        host = target.raw_authority
        first = form or self._forms.get(host, "cavage")
        knock = partial(self._knock, target, body, signer, digest=digest, beside=beside or {})
        answer = await knock(form=first)
        if (second := next_form(first, answer.status)) is None:
            return answer
        again = await knock(form=second)
        if not again.is_done:
            return answer
        self._forms[host] = second
        return again

    async def push(self, endpoint: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Bring an encrypted message to a push service; statuses are told, not raised.

        Raises Unreachable, or ForbiddenAddress for what is neither https nor public.
        """
        target = self._target(endpoint)
        headers = headers | {"User-Agent": self._user_agent}
        try:
            async with self._session.post(
                target,
                data=body,
                headers=headers,
                allow_redirects=False,
                timeout=self._post_timeout,
            ) as response:
                wait = seconds_to_wait(response.headers.get("Retry-After"))
                return Answer(response.status, "cavage", wait)
        except (ClientError, OSError) as error:
            raise fetching.failure(str(target), error) from error

    async def ask_neighbour(
        self, path: str, values: Mapping[str, Any] | None = None, *, seconds: float
    ) -> Any:
        """Ask the one service that the operator named, by POST where there are values; read JSON.

        It may lie at a private address, for nobody else chose it, and it sends us nowhere else.
        Raises what `fetch` does.
        """
        url = f"{self._neighbour}{path}"
        target = guard.check_url(url, private_ok=True)
        wanted = fetching.plain_json(seconds)
        try:
            async with (
                asyncio.timeout(seconds),
                self._next_door().request(
                    "GET" if values is None else "POST",
                    target,
                    json=values,
                    headers={"Accept": wanted.accept, "User-Agent": self._user_agent},
                    allow_redirects=False,
                ) as response,
            ):
                got = await fetching.read(response, url, wanted)
        except (ClientError, OSError) as error:
            raise fetching.failure(url, error) from error
        return loads_any(got.body)

    def _next_door(self) -> ClientSession:
        if self._beside is None:
            resolver = guard.CheckedResolver(DefaultResolver(), private_ok=True)
            self._beside = _session(resolver, private_ok=True)
        return self._beside

    async def _knock(
        self,
        target: URL,
        body: bytes,
        signer: Signer,
        *,
        form: Form,
        digest: str | None,
        beside: Mapping[str, str],
    ) -> Answer:
        headers = await self._signed("POST", target, body, signer, form=form, digest=digest)
        headers.update(beside)
        headers["Content-Type"] = headers["Accept"] = AS2
        headers["User-Agent"] = self._user_agent
        try:
            async with self._session.post(
                target,
                data=body,
                headers=headers,
                allow_redirects=False,
                timeout=self._post_timeout,
            ) as response:
                text = await response.content.read(LARGEST_NOTE)
        except (ClientError, OSError) as error:
            raise fetching.failure(str(target), error) from error
        if 200 <= response.status < 300:
            return Answer(response.status, form)
        wait = seconds_to_wait(response.headers.get("Retry-After"))
        return Answer(response.status, form, wait, text.decode("utf-8", "replace"))

    async def _signed(
        self,
        method: str,
        target: URL,
        body: bytes | None,
        signer: Signer,
        *,
        form: Form = "cavage",
        digest: str | None = None,
    ) -> dict[str, str]:
        work = partial(sign, method, str(target), body, signer, form=form, digest=digest)
        if self._signing is None:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self._signing, work)

    def _target(self, url: str) -> URL:
        target = guard.check_url(url, private_ok=self._private_ok)
        # Asked of the URL as it goes on the wire, so that no spelling of our name slips by.
        if host_of(str(target)) in self._own:
            raise Refused(f"{url} is ours, and is looked up here (ORG-08)")
        return target

    async def _get(
        self, url: str, wanted: fetching.Wanted, signer: Signer | None, budget: Budget | None
    ) -> fetching.Got:
        try:
            got = await self._follow(url, wanted, signer, budget)
        except FederationError as error:
            metrics.fetches.labels(type(error).__name__.lower()).inc()
            raise
        metrics.fetches.labels("done").inc()
        return got

    async def _follow(
        self, url: str, wanted: fetching.Wanted, signer: Signer | None, budget: Budget | None
    ) -> fetching.Got:
        seen: list[str] = []
        try:
            async with asyncio.timeout(wanted.seconds):
                while url not in seen:
                    seen.append(url)
                    got = await self._hop(url, wanted, signer, budget)
                    if isinstance(got, fetching.Got):
                        return got
                    if len(seen) > wanted.hops:
                        raise Malformed(f"{seen[0]} redirects too often")
                    url = got
        except (ClientError, OSError) as error:
            raise fetching.failure(url, error) from error
        raise Malformed(f"{seen[0]} redirects in a circle")

    async def _hop(
        self, url: str, wanted: fetching.Wanted, signer: Signer | None, budget: Budget | None
    ) -> fetching.Got | str:
        """Ask one server, signing for it alone (SIG-19): its answer, or where it sends us.

        It is asked once more with the other form of signature if it does not take the first.
        """
        target = self._target(url)
        if budget is not None:
            budget.spend(url)
        first = self._forms.get(target.raw_authority, "cavage")
        async with self._asked(target, wanted, signer, first) as response:
            second = next_form(first, response.status) if signer else None
            if second is None:
                return await self._said(response, url, wanted)
        if budget is not None:
            budget.spend(url)
        async with self._asked(target, wanted, signer, second) as response:
            if response.status < 400:
                self._forms[target.raw_authority] = second
            return await self._said(response, url, wanted)

    @asynccontextmanager
    async def _asked(
        self, target: URL, wanted: fetching.Wanted, signer: Signer | None, form: Form
    ) -> AsyncIterator[ClientResponse]:
        headers = (
            {} if signer is None else await self._signed("GET", target, None, signer, form=form)
        )
        headers["Accept"] = wanted.accept
        headers["Accept-Encoding"] = wanted.encoding
        headers["User-Agent"] = self._user_agent
        async with self._session.get(target, headers=headers, allow_redirects=False) as response:
            yield response

    async def _said(
        self, response: ClientResponse, url: str, wanted: fetching.Wanted
    ) -> fetching.Got | str:
        if response.status in _REDIRECTS:
            location = response.headers.get("Location", "")
            return guard.next_hop(url, location, private_ok=self._private_ok)
        return await fetching.read(response, url, wanted)


def _session(resolver: AbstractResolver, *, private_ok: bool) -> ClientSession:
    return ClientSession(
        connector=TCPConnector(
            limit=256,
            limit_per_host=4,
            keepalive_timeout=KEEP_ALIVE_S,
            resolver=resolver,
            socket_factory=guard.socket_factory(private_ok=private_ok),
        ),
        request_class=guard.request_class(private_ok=private_ok),
        cookie_jar=DummyCookieJar(),
        trust_env=False,
        skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
        timeout=ClientTimeout(total=None, sock_connect=CONNECT_S),
    )


_current: ContextVar[Client] = ContextVar("client")


def client() -> Client:
    """Return the client that `use_client` set for this process or this test."""
    return _current.get()


def use_client(chosen: Client) -> None:
    """Make this the way out of everything that is started from here on."""
    _current.set(chosen)
