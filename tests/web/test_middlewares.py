"""What happens around every request: hosts, headers, errors, limits."""

import asyncio
import re

import pytest
from aiohttp import ClientSession, web
from structlog.contextvars import get_contextvars
from structlog.testing import capture_logs

from actors.accounts import Role
from core.metrics import REGISTRY
from core.settings import Settings, settings
from federation.errors import Gone, Malformed, TooLarge, Unbelievable, Unreachable
from federation.vocabulary import AS2
from tests.conftest import PASSWORD, account_of
from tests.factories import noted
from tests.web.conftest import listening, raw, shut
from tests.web.test_forms import filled
from web import forms
from web.app import build_app
from web.errors import Missing, NotAllowed
from web.routes import API, PAGES, WIRE

GETS = sorted({path for method, path, _ in (*PAGES, *API, *WIRE) if method == "GET"})
JSON = "application/json"


# Hosts.


@pytest.mark.parametrize(
    "host",
    ["evil.example", "LOCALHOST:{port}", "localhost.:{port}", "localhost", "localhost:1", ""],
)
async def test_WEB_05_another_host_is_not_answered(wire, here, host):
    port = here.server.bind.rpartition(":")[2]

    answer = await wire.get("/sign-in", headers={"Host": host.format(port=port)})

    assert answer.status in (400, 421)
    assert 'name="password"' not in await answer.text()


async def test_SIG_03_an_absolute_target_is_refused(served):
    asked = f"GET http://{served.server.domain}/sign-in HTTP/1.1\r\nHost: {served.server.domain}"
    foreign = f"GET http://evil.example/sign-in HTTP/1.1\r\nHost: {served.server.domain}"

    answers = [await raw(served, f"{each}\r\n\r\n") for each in (asked, foreign)]

    assert [each.split()[1] for each in answers] == [b"421", b"421"]


async def test_a_probe_may_call_this_machine_what_it_likes(wire):
    answers = [
        (await wire.get(path, headers={"Host": "10.0.0.7:8000"})).status
        for path in ("/healthz", "/readyz", "/health")
    ]
    told = await (await wire.get("/health", headers={"Host": "10.0.0.7:8000"})).text()

    assert answers == [200, 200, 200]
    assert told == "OK"


@pytest.mark.parametrize(
    "head",
    [
        "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
        "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nContent-Length: 6",
        "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: xchunked",
        "GET /sign-in HTTP/1.1\r\nHost: {host}\r\nHost: evil.example",
        "GET /sign-in HTTP/1.1\r\nHost: {host}\r\n X: folded",
        "GET /sign-in HTTP/1.1\r\nHost: {host}\rX: bare",
        "GET /sign-in HTTP/1.1\r\nHost : {host}",
        "GET /sign-in HTTP/1.1",
    ],
)
async def test_WEB_07_ambiguous_requests_are_refused(served, head):
    answer = await raw(served, head.format(host=served.server.domain) + "\r\n\r\nhello")

    assert answer.split()[1] in (b"400", b"421")


# Headers.


@pytest.mark.parametrize("accept", ["text/html", JSON])
async def test_WEB_04_every_answer_of_the_whole_table_carries_its_headers(wire, accept):
    for path in GETS:
        answer = await wire.get(filled(path), headers={"Accept": accept}, allow_redirects=False)

        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Referrer-Policy"] == "same-origin", path
        assert answer.headers["Server"] == "Rubric", path
        assert "Cookie" in answer.headers["Vary"], path
        assert answer.status < 500, path


async def test_ORG_22_nothing_breaks_on_a_name_longer_than_any_name(wire, remote, settle, browser):
    await browser.sign_in(await account_of(await settle("mei", role=Role.ADMIN)))
    ana, endless = remote.person("ana"), "a" * 1500
    base = settings().server.base_url
    named = {re.sub(r"\{[^{}]*\}", endless, path) for path in GETS if "{" in path}
    asked = [
        f"/.well-known/webfinger?resource=acct:{endless}@{settings().server.domain}",
        f"/.well-known/webfinger?resource={base}/u/{endless}",
        f"/oauth/authorize?client_id={endless}",
        f"/record?rule={endless}",
    ]

    broken = [path for path in (*named, *asked) if (await browser.get(path)).status >= 500]
    signed = [path for path in named if (await remote.get(base + path, ana))[0] >= 500]
    letter = await remote.send(f"{base}/u/{endless}/inbox", remote.activity("Like", ana, base), ana)

    assert broken == []
    assert signed == []
    assert letter == 404


async def test_WEB_04_errors_carry_them_too(wire):
    missing = await wire.get("/nowhere", headers={"Accept": "text/html"})
    unreadable = await raw(settings(), "nonsense\r\n\r\n")

    assert missing.status == 404
    assert "script-src 'self'" in missing.headers["Content-Security-Policy"]
    assert b"default-src 'none'" in unreadable
    assert b"aiohttp" not in unreadable


async def test_WEB_03_pages_are_in_no_frame_and_run_only_our_files(wire):
    answer = await wire.get("/sign-in", headers={"Accept": "text/html"})

    directives = dict(
        each.strip().split(" ", 1) for each in answer.headers["Content-Security-Policy"].split(";")
    )
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["form-action"] == "'self'"
    assert directives["base-uri"] == directives["object-src"] == "'none'"
    assert "<script>" not in await answer.text()


async def test_WEB_09_https_is_for_good(secure, wire):
    answer = await wire.get("/sign-in")

    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


async def test_WEB_09_pages_are_not_for_other_origins(wire):
    answer = await wire.get("/sign-in", headers={"Origin": "https://evil.example"})

    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


@pytest.mark.parametrize(
    ("path", "accept", "is_open"),
    [
        ("/u/mei", AS2, True),
        ("/actor", AS2, True),
        ("/u/mei/outbox", AS2, True),
        ("/u/nobody", AS2, True),
        ("/@mei", AS2, True),
        ("/@mei", "text/html", False),
        ("/n/{note}", AS2, True),
        ("/n/{note}", "text/html", False),
        ("/n/1", AS2, True),
        ("/nodeinfo/2.1", "application/json", True),
        ("/settings/profile", AS2, False),
        ("/mod", AS2, False),
        ("/", AS2, False),
    ],
)
async def test_WEB_09_documents_are_read_from_anywhere_and_pages_are_not(
    wire, settle, path, accept, is_open
):
    note = await noted(await settle("mei"), "<p>Hello</p>")
    at, said = path.format(note=note.id), {"Origin": "https://reader.example"}

    read = await wire.get(at, headers=said | {"Accept": accept}, allow_redirects=False)
    may = await wire.options(
        at,
        headers=said
        | {
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "accept, authorization",
        },
    )

    origin = read.headers.get("Access-Control-Allow-Origin")
    assert origin == ("*" if is_open else None)
    assert "Access-Control-Allow-Credentials" not in {*read.headers, *may.headers}
    if is_open:
        assert may.status == 204
        assert may.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    elif accept == AS2:
        assert "Access-Control-Allow-Origin" not in may.headers


async def test_WEB_09_no_other_origin_is_let_write_a_letter(wire):
    asks = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}

    answer = await wire.options("/inbox", headers=asks)

    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_WEB_08_what_one_reader_sees_is_kept_for_nobody(browser, wire, settle):
    await browser.sign_in(await account_of(await settle("mei")))

    mine = await browser.get("/settings/profile")
    anyones = await wire.get("/sign-in", headers={"Accept": "text/html"})

    for answer in (mine, anyones):
        assert answer.headers["Cache-Control"] == "private, no-store"


async def test_static_files_are_kept_for_good_by_their_content(wire):
    plain = await wire.get("/static/rubric.css")
    named = await wire.get("/static/rubric.css?v=abc")

    assert plain.headers["Cache-Control"] == "private, no-store"
    assert named.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"],
)
async def test_OPS_02_static_files_lie_in_their_folder(served, path):
    answer = await raw(served, f"GET {path} HTTP/1.1\r\nHost: {served.server.domain}\r\n\r\n")

    assert answer.split()[1] in (b"400", b"403", b"404")


# Errors. A little application with our middlewares and handlers that fail.


async def say_what_would_be_logged(request: web.Request) -> web.Response:
    return web.json_response({"error": get_contextvars()["request"]})


@pytest.fixture
async def failing(here: Settings):
    """Our application with addresses that raise what they are named for."""
    errors = {
        "missing": Missing("x"),
        "not-allowed": NotAllowed("x"),
        "malformed": Malformed("x"),
        "too-large": TooLarge("x"),
        "unbelievable": Unbelievable("x"),
        "gone": Gone("x"),
        "unreachable": Unreachable("x"),
        "broken": ZeroDivisionError("a canary in a mine"),
    }

    def raising(error: Exception):
        async def handler(request: web.Request) -> web.Response:
            raise error

        return handler

    app = build_app()
    for name, error in errors.items():
        app.router.add_get(f"/fail/{name}", raising(error))
    app.router.add_get("/fail/said", say_what_would_be_logged)
    async with listening(app, here), ClientSession(f"http://{here.server.bind}") as session:
        yield session


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("missing", 404),
        ("not-allowed", 403),
        ("malformed", 400),
        ("too-large", 413),
        ("unbelievable", 401),
        ("gone", 410),
        ("unreachable", 503),
        ("broken", 500),
    ],
)
async def test_errors_are_answered_by_the_table(failing, name, status):
    page = await failing.get(f"/fail/{name}", headers={"Accept": "text/html"})
    json = await failing.get(f"/fail/{name}", headers={"Accept": JSON})

    assert (page.status, json.status) == (status, status)
    assert page.content_type == "text/html"
    assert set(await json.json()) == {"error", "code", "request_id"}


async def test_OPS_06_a_fault_of_ours_tells_only_its_number(failing):
    page = await failing.get("/fail/broken", headers={"Accept": "text/html"})
    json = await failing.get("/fail/broken", headers={"Accept": JSON})

    text = await page.text() + await json.text()
    assert page.headers["X-Request-Id"] in text
    assert not any(word in text for word in ("canary", "ZeroDivision", "Traceback", "aiohttp"))


async def test_what_is_logged_of_a_request_carries_its_number_and_faults_are_counted(failing):
    told = REGISTRY.get_sample_value
    count = {"route": "GET /fail/broken"}
    before = told("rubric_failures_total", count) or 0

    said = await failing.get("/fail/said", headers={"Accept": JSON})
    for name in ("broken", "unreachable", "missing"):
        await failing.get(f"/fail/{name}")

    assert (await said.json())["error"] == said.headers["X-Request-Id"]
    assert get_contextvars() == {}
    assert told("rubric_failures_total", count) == before + 1
    assert told("rubric_failures_total", {"route": "GET /fail/unreachable"})
    assert told("rubric_failures_total", {"route": "GET /fail/missing"}) is None


async def test_a_wrong_method_is_told_the_right_ones(wire):
    answer = await wire.delete("/sign-in", headers={"Accept": JSON})

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET,HEAD,POST".replace(",", ", ")


async def test_a_head_is_a_get_without_its_body(wire):
    answer = await wire.head("/sign-in", headers={"Accept": "text/html"})

    assert (answer.status, await answer.read()) == (200, b"")


# Who asks, and how often.


@pytest.mark.usefixtures("early")
async def test_DOS_11_only_a_proxy_of_ours_may_say_where_one_comes_from(browser, settle):
    await settle("mei")
    await browser.get("/sign-in")

    statuses = []
    for number in range(11):
        browser.address = f"192.0.2.{number}"
        fields = {"login": f"nobody{number}", "password": "wrong wrong"}
        statuses.append((await browser.post("/sign-in", fields)).status)

    assert statuses == [422] * 10 + [429]


@pytest.mark.usefixtures("early")
async def test_DOS_11_what_came_before_our_proxy_does_not_count(proxied, browser):
    await browser.get("/sign-in")

    statuses = []
    for number in range(11):
        browser.address = f"198.51.100.{number}, 192.0.2.1, 127.0.0.1"
        fields = {"login": f"nobody{number}", "password": "wrong wrong"}
        statuses.append((await browser.post("/sign-in", fields)).status)

    assert statuses == [422] * 10 + [429]


async def test_DOS_11_requests_have_a_limit_by_address(stingy, wire):
    statuses = [(await wire.get(path)).status for path in ("/sign-in", "/join", "/nowhere", "/x")]

    assert statuses == [200, 200, 404, 429]
    assert (await wire.get("/healthz")).status == 200


async def test_DOS_11_documents_have_a_limit_of_their_own(stingy, wire):
    documents = ["/actor", "/.well-known/nodeinfo", "/nodeinfo/2.1"]
    as2 = {"Accept": "application/activity+json"}

    statuses = [(await wire.get(path, headers=as2)).status for path in documents]

    assert statuses == [200, 200, 429]
    assert (await wire.get("/sign-in", headers={"Accept": "text/html"})).status == 200


async def test_an_instance_for_trying_out_does_not_count_its_own_machine(forgiving, wire):
    as2 = {"Accept": "application/activity+json"}

    statuses = [(await wire.get("/actor", headers=as2)).status for _ in range(5)]

    assert statuses == [200] * 5


# Slow ones.


async def test_DOS_06_an_endless_head_is_cut_off(hurried):
    reader, writer = await hurried.connect()
    writer.write(b"GET /healthz HTTP/1.1\r\n")

    ended = await _trickle(reader, writer, b"X-More: x\r\n")

    assert ended


async def test_DOS_06_the_second_head_is_cut_off_too(hurried):
    reader, writer = await hurried.connect()
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    first = await reader.readuntil(b"ok\n")
    writer.write(b"GET /healthz HTTP/1.1\r\n")

    ended = await _trickle(reader, writer, b"X-More: x\r\n")

    assert b"200" in first
    assert ended


async def test_DOS_06_a_trickling_body_is_cut_off(hurried):
    reader, writer = await hurried.connect()
    head = f"POST /sign-in HTTP/1.1\r\nHost: {hurried.domain}\r\nContent-Length: 100000\r\n"
    writer.write(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode())

    ended = await _trickle(reader, writer, b"x")

    assert ended


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/apps"])
async def test_DOS_06_a_body_that_comes_at_the_least_speed_for_ever_has_an_end(
    hurried, monkeypatch, path
):
    monkeypatch.setattr(forms, "PATIENCE_S", hurried.deadline)
    monkeypatch.setattr(forms, "SLOWEST", 1e9)
    reader, writer = await hurried.connect()
    head = f"POST {path} HTTP/1.1\r\nHost: {hurried.domain}\r\nContent-Length: 100000\r\n"
    writer.write(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode())

    async def feed() -> None:
        while True:
            writer.write(b"x" * 1000)
            await asyncio.sleep(hurried.deadline / 5)

    feeding = asyncio.create_task(feed())
    answer = await reader.readline()
    feeding.cancel()

    assert b" 408 " in answer


async def test_DOS_06_a_body_that_takes_its_time_but_comes_is_read(hurried):
    reader, writer = await hurried.connect()
    head = f"POST /sign-in HTTP/1.1\r\nHost: {hurried.domain}\r\nContent-Length: 40000\r\n"
    writer.write(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode())
    for _ in range(20):
        writer.write(b"x" * 2000)
        await asyncio.sleep(hurried.deadline / 5)

    answer = await reader.readline()

    assert b"403" in answer


async def test_DOS_06_many_slow_ones_do_not_stop_the_others(hurried):
    slow = [await hurried.connect() for _ in range(150)]
    for _, writer in slow:
        writer.write(b"GET /healthz HTTP/1.1\r\nX-Slow:")

    async with ClientSession(f"http://{hurried.domain}") as session:
        async with asyncio.timeout(5):
            answer = await session.get("/healthz")

    assert answer.status == 200
    for reader, _ in slow:
        assert await _read_or_reset(reader) == b""


async def test_DOS_06_one_address_has_only_so_many_connections(few_connections):
    opened = [await few_connections.connect() for _ in range(4)]
    reader, writer = opened[-1]
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    refused = await _read_or_reset(reader)
    opened[0][1].write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    served = await opened[0][0].readuntil(b"ok\n")

    assert refused == b""
    assert b"200" in served


async def _trickle(reader, writer, piece: bytes) -> bool:
    """Write a little, again and again; tell whether the other side hung up."""
    async with asyncio.timeout(20):
        while not reader.at_eof():
            try:
                writer.write(piece)
                await writer.drain()
            except ConnectionError:
                return True
            try:
                async with asyncio.timeout(0.05):
                    await _read_or_reset(reader)
            except TimeoutError:
                continue
    return True


async def _read_or_reset(reader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        reader.feed_eof()
        return b""


# Secrets.


async def test_OPS_05_no_secret_gets_into_the_log(browser, settle, capfd, caplog):
    caplog.set_level("DEBUG")
    await settle("mei")
    await browser.get("/sign-in")
    await browser.post("/sign-in", {"login": "mei", "password": "a canary in a mine"})
    await browser.post("/sign-in", {"login": "mei", "password": PASSWORD})
    token = browser.cookie("session")
    await browser.get("/confirm/a-secret-of-a-letter")
    await browser.get("/settings/profile")

    written = capfd.readouterr()
    logged = written.out + written.err + caplog.text
    for secret in ("a canary in a mine", PASSWORD, token, "a-secret-of-a-letter"):
        assert secret not in logged


@pytest.mark.parametrize(
    "lines",
    [
        "GET /api/v1/timelines/home HTTP/1.1\r\nAuthorization: Bearer \udce9",
        "GET /api/v1/timelines/public HTTP/1.1\r\nAuthorization: Bearer \udce9",
        "GET /api/v1/instance HTTP/1.1\r\nAccept-Language: \udce9",
        "GET /api/v1/tags/\udce9 HTTP/1.1",
        "GET /api/v1/timelines/public?q=\udce9 HTTP/1.1",
        "GET /sign-in HTTP/1.1\r\nCookie: session=\udce9",
        "GET /@mei HTTP/1.1\r\nUser-Agent: \udce9",
        "GET /u/mei HTTP/1.1\r\nSignature: \udce9",
    ],
)
async def test_bytes_that_are_no_text_are_refused_and_break_nothing(served, lines):
    answer = await raw(served, f"{lines}\r\nHost: {served.server.domain}\r\n\r\n")

    assert answer.partition(b" ")[2].startswith(b"400 ")


@pytest.mark.parametrize("name", ["User-Agent", "Accept-Language", "X-Anything"])
async def test_text_in_any_language_may_stand_in_a_header(served, name):
    lines = f"GET /api/v1/instance HTTP/1.1\r\n{name}: 茶 café"

    answer = await raw(served, f"{lines}\r\nHost: {served.server.domain}\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("path", ["/inbox", "/api/v1/statuses", "/sign-in"])
async def test_DOS_12_a_body_that_is_no_gzip_leaves_no_trace_of_calls_in_the_log(
    wire, caplog, path
):
    async with wire.post(path, data=b"no gzip", headers={"Content-Encoding": "gzip"}) as answer:
        await answer.read()
    async with wire.get("/healthz") as alive:
        assert alive.status == 200

    assert answer.status == 415
    assert [each for each in caplog.records if each.exc_info] == []


def answered() -> float:
    """How many requests were answered so far, in this process."""
    return sum(
        each.value
        for metric in REGISTRY.collect()
        for each in metric.samples
        if each.name == "rubric_requests_total"
    )


@pytest.mark.parametrize("path", ["/sign-in", "/compose", "/api/v1/statuses"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json"])
async def test_DOS_12_a_connection_that_breaks_leaves_no_trace_of_calls_in_the_log(
    served, path, kind
):
    host, _, port = served.server.bind.rpartition(":")
    head = f"POST {path} HTTP/1.1\r\nHost: {served.server.domain}\r\nContent-Type: {kind}\r\n"
    part = '--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
    before = answered()

    with capture_logs() as logged:
        _reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"{head}Content-Length: 900000\r\n\r\n{part}".encode() + bytes(400_000))
        await writer.drain()
        await shut(writer)
        async with asyncio.timeout(20):
            while answered() == before:  # noqa: ASYNC110  counters have no bell
                await asyncio.sleep(0.01)

    assert [each for each in logged if "exc_info" in each] == []
