"""Reading forms: only with their token, only so much, only what is one."""

import re

import pytest
from aiohttp import FormData

from tests.conftest import account_of
from web.paths import safe_path, to_sign_in
from web.routes import PAGES

FORM = "application/x-www-form-urlencoded"
POSTS = sorted({path for method, path, _ in PAGES if method == "POST"})


def filled(path: str) -> str:
    """A path with something in its places."""
    return re.sub(r"\{[^{}]*\}", "1", path)


async def test_WEB_01_no_form_of_the_whole_table_works_without_its_token(browser, settle):
    await browser.sign_in(await account_of(await settle("mei")))

    answered = {
        (path, token): (await browser.post(filled(path), {"csrf": token})).status
        for path in POSTS
        for token in ("", "abc.def", ".")
    }

    # Where the address names nothing, there is nothing to change either.
    assert len(POSTS) > 20
    # 412: an upload in pieces wants a header that no form can send.
    refused = (403, 404, 412)
    assert {each: status for each, status in answered.items() if status not in refused} == {}


async def test_WEB_01_the_token_of_another_is_none(browser, browsers, settle):
    eve = browsers()
    await eve.sign_in(await account_of(await settle("eve")))
    await browser.sign_in(await account_of(await settle("mei")))

    answer = await browser.post("/settings/sessions/end", {"csrf": eve.token})

    assert answer.status == 403


async def test_WEB_01_the_token_of_a_visit_is_none_after_signing_in(browser, settle):
    await browser.get("/sign-in")
    before = browser.token
    await browser.sign_in(await account_of(await settle("mei")))

    answer = await browser.post("/settings/sessions/end", {"csrf": before})

    assert answer.status == 403


async def test_each_page_has_another_token_and_all_of_them_work(browser, settle):
    await browser.sign_in(await account_of(await settle("mei")))
    first = browser.token
    await browser.get("/settings/sessions")
    second = browser.token

    answers = [
        (await browser.post("/settings/sessions/end", {"csrf": token})).status
        for token in (first, second)
    ]

    assert first != second
    assert answers == [303, 303]


@pytest.mark.parametrize(
    ("site", "status"),
    [("cross-site", 403), ("same-site", 403), ("same-origin", 303), ("none", 303)],
)
async def test_WEB_01_forms_of_other_sites_are_refused(browser, settle, site, status):
    await browser.sign_in(await account_of(await settle("mei")))

    answer = await browser.post("/settings/sessions/end", {}, Sec_Fetch_Site=site)

    assert answer.status == status


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", '{"csrf": "x"}'),
        ("application/json", '{"csrf": "x"}'),
        ("", "csrf=x"),
    ],
)
async def test_WEB_01_what_is_no_form_is_not_read(browser, settle, content_type, body):
    await browser.sign_in(await account_of(await settle("mei")))

    answer = await browser.send("/settings/sessions/end", body.encode(), content_type)

    assert answer.status == 415


async def test_a_form_has_an_end(browser):
    await browser.get("/sign-in")

    within = await browser.post("/sign-in", {"login": "x" * 200_000})
    beyond = await browser.post("/sign-in", {"login": "x" * 300_000})

    assert (within.status, beyond.status) == (422, 413)
    assert re.search(r"At most \d+ kB can be sent at once", await beyond.text())


async def test_a_form_that_does_not_say_how_long_it_is_has_an_end_too(browser):
    async def chunks():
        for _ in range(10):
            yield b"a=" + b"x" * 65_536 + b"&"

    answer = await browser.send("/sign-in", chunks(), FORM)

    assert answer.status == 413


async def test_a_form_has_only_so_many_fields(browser):
    await browser.get("/sign-in")

    answer = await browser.send("/sign-in", b"&".join(b"a=1" for _ in range(600)), FORM)

    assert answer.status == 400


async def test_DOS_03_a_packed_form_is_not_unpacked(browser):
    answer = await browser.send("/sign-in", b"x", FORM, Content_Encoding="gzip")

    assert answer.status in (400, 415)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x",
        b"--x\r\n",
        b"--x\r\n\r\n",
        b"--x\r\nnonsense\r\n\r\na\r\n--x--\r\n",
        b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\na',
        b"--x\r\nContent-Disposition: \xff\xfe\r\n\r\na\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\xfe\r\n--x--\r\n',
        b"--x\r\nContent-Length: -1\r\n\r\na\r\n--x--\r\n",
        b"--x\r\nContent-Length: abc\r\n\r\na\r\n--x--\r\n",
        b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n--x--\r\n",
        b"--x\r\nContent-Transfer-Encoding: nonsense\r\n\r\na\r\n--x--\r\n",
        b"--x\r\nA: b\r\n" + b"C: d\r\n" * 200 + b"\r\na\r\n--x--\r\n",
        b"--x\r\n" + b"A" * 20_000 + b": b\r\n\r\na\r\n--x--\r\n",
    ],
)
async def test_broken_parts_are_refused_not_our_fault(browser, settle, body):
    await browser.sign_in(await account_of(await settle("mei")))

    answer = await browser.send("/settings/profile", body, "multipart/form-data; boundary=x")

    assert answer.status in (400, 403)


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=" + "x" * 100]
)
async def test_parts_without_a_usable_border_are_refused(browser, settle, content_type):
    await browser.sign_in(await account_of(await settle("mei")))

    answer = await browser.send("/settings/profile", b"--x--", content_type)

    assert answer.status == 400


async def test_WEB_01_no_file_is_read_before_the_token_is_right(browser, settle):
    await browser.sign_in(await account_of(await settle("mei")))
    form = FormData()
    form.add_field("avatar", b"x" * 1000, filename="me.png")
    form.add_field("csrf", browser.token)

    answer = await browser.upload("/settings/profile", form)

    assert answer.status == 403


ZOO = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "https://evil.example",
    "https:evil.example",
    "http:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "/%2f%2fevil.example",
    "/web/%2f%2fevil.example",
    "/%5cevil.example",
    "/a//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/%0d%0aLocation: https://evil.example",
    "/%09/evil.example",
    " /a",
    "",
    "/" + "a" * 5000,
    "/a\x00b",
    "/ä",
]


@pytest.mark.parametrize("path", ZOO)
def test_WEB_06_no_path_leads_elsewhere(path):
    assert safe_path(path) == "/"
    assert to_sign_in(path) == "/sign-in"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/@ana@remote.example",
        "/n/113/replies?max_id=9&q=%2F%2Fx",
        "/tags/%E7%8C%AB",
        "/settings/profile",
    ],
)
def test_WEB_06_our_own_paths_are_kept(path):
    assert safe_path(path) == path


async def test_WEB_06_a_form_goes_nowhere_else(browser):
    await browser.get("/sign-in")

    went = [
        (await browser.post("/look", {"theme": "dark", "next": path})).headers["Location"]
        for path in ZOO
    ]

    assert set(went) == {"/", "/a", "/ab"}


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/%2f%2fevil.example/", "/%5cevil.example/", "//sign-in/", "/x//"]
)
async def test_ORG_04_no_address_of_ours_sends_elsewhere(browser, path):
    answer = await browser.get_raw(path)

    assert answer.status in (400, 404, 421)
    assert "Location" not in answer.headers


async def test_a_slash_too_many_is_forgiven(browser):
    answer = await browser.get("/sign-in/?next=/settings")

    assert (answer.status, answer.headers["Location"]) == (308, "/sign-in?next=/settings")
