"""Pictures for the README and docs/: a server of its own, the demo's people, and a browser."""

import io
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from rubric.demo_pictures import painted

HOUSE = Path(__file__).parent.parent
PICTURES = HOUSE / "docs" / "pictures"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DOMAIN = "lantern.test"
READERS = {"en": "jonas", "zh-CN": "mei"}
NOTE = "The loaf that finally opened"
PATIENCE_S = 60
MOST_BYTES, MOST_BYTES_EACH = 300_000, 110_000
PLAYS = """new Promise((go) => {
  const video = document.querySelector("video");
  video.addEventListener("timeupdate", () => video.currentTime > 1 && go());
})"""

DESKTOP, PHONE = (1280, 860), (390, 844)
PASSWORD = re.compile(r"with the password: (\S+)")


@dataclass(frozen=True)
class Shot:
    """One picture: of which page, for whom, on what."""

    name: str
    path: str
    size: tuple[int, int] = DESKTOP
    is_dark: bool = False
    is_signed_in: bool = False
    language: str = "en"


SHOTS = (
    Shot("front-desktop-light", "/"),
    Shot("front-desktop-dark", "/", is_dark=True),
    Shot("front-phone-light", "/", PHONE),
    Shot("front-desktop-chinese", "/", language="zh-CN"),
    Shot("home-desktop-light", "/", is_signed_in=True),
    Shot("note-desktop-light", "a note"),
    Shot("note-phone-dark", "a note", PHONE, is_dark=True, is_signed_in=True),
    Shot("profile-desktop-light", "/@amara", is_signed_in=True),
    Shot("profile-phone-light", "/@tomas", PHONE),
    Shot("policy-desktop-light", "/policy"),
    Shot("policy-phone-dark", "/policy", PHONE, is_dark=True),
    Shot("compose-desktop-light", "/compose", is_signed_in=True),
    Shot("compose-phone-light", "/compose", PHONE, is_signed_in=True),
)

# What has to look right everywhere: each on a wide and a narrow screen, by day and by night, in
# both languages.
EVERYWHERE = {"grid": "/local", "note": "a note", "watch": "/watch?from=local", "write": "/compose"}
WIDE, NARROW = (1280, 860), (360, 740)
MATRIX = tuple(
    Shot(
        f"all/{name}-{size[0]}-{'dark' if is_dark else 'light'}-{language[:2]}",
        path,
        size,
        is_dark=is_dark,
        is_signed_in=True,
        language=language,
    )
    for name, path in EVERYWHERE.items()
    for size in (WIDE, NARROW)
    for is_dark in (False, True)
    for language in ("en", "zh-CN")
)


def main() -> None:
    """Take every picture anew, or those whose names hold one of the words of the command."""
    if CHROMIUM is None:
        sys.exit("no chromium was found: install it, then try again")
    (PICTURES / "all").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        config, port = _written(Path(folder))
        password = _furnished(config)
        with _serving(config, port), _browser(port) as browser:
            _take(browser, password)


def _written(folder: Path) -> tuple[Path, int]:
    """Write the shipped settings with another name and a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    text = (HOUSE / "config.toml").read_text("utf-8")
    for key, value in (
        ("domain", DOMAIN),
        ("name", "Lantern"),
        ("bind", f"127.0.0.1:{port}"),
    ):
        text = re.sub(rf'^{key} = "[^"]*"', f'{key} = "{value}"', text, count=1, flags=re.MULTILINE)
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    return file, port


def _rubric(config: Path, verb: str) -> list[str]:
    return [sys.executable, "-m", "rubric", "--config", str(config), verb]


def _furnished(config: Path) -> str:
    """Fill the instance, and return the password of everyone in it."""
    said = subprocess.run(  # noqa: S603  our own command
        _rubric(config, "demo"), check=True, capture_output=True, text=True, cwd=HOUSE
    ).stdout
    found = PASSWORD.search(said)
    if found is None:
        sys.exit(f"the demo said no password:\n{said}")
    return found[1]


@contextmanager
def _serving(config: Path, port: int) -> Iterator[None]:
    server = subprocess.Popen(_rubric(config, "serve"), cwd=HOUSE)  # noqa: S603
    try:
        _wait_for(f"http://127.0.0.1:{port}/readyz")
        yield
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(url: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    sys.exit(f"{url} never answered")


@contextmanager
def _browser(port: int) -> Iterator[Browser]:
    """Open a browser that finds the instance under its name."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                f"--host-resolver-rules=MAP {DOMAIN} 127.0.0.1:{port}",
            ],
        )
        yield browser
        browser.close()


def _take(browser: Browser, password: str) -> None:
    context = browser.new_context(locale="en")
    page = context.new_page()
    note = _address_of_note(page)
    cookies = {}
    for language, reader in READERS.items():
        cookies[language] = _signed_in(page, reader, password)
        page.context.clear_cookies()
    wanted = [
        each
        for each in (*SHOTS, *MATRIX)
        if not sys.argv[1:] or any(word in each.name for word in sys.argv[1:])
    ]
    for shot in wanted:
        path = note if shot.path == "a note" else shot.path
        _save(shot, _looked_at(browser, shot, path, cookies[shot.language]))


def _address_of_note(page: Page) -> str:
    page.goto(f"http://{DOMAIN}/local")
    link = page.get_by_role("link", name=NOTE).first
    return str(link.get_attribute("href"))


def _signed_in(page: Page, reader: str, password: str) -> object:
    page.goto(f"http://{DOMAIN}/sign-in")
    page.locator("main [autocomplete=username]").fill(reader)
    page.locator("main [type=password]").fill(password)
    page.locator("main .send .primary").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page.context.storage_state()


def _looked_at(browser: Browser, shot: Shot, path: str, cookies: object) -> bytes:
    context = browser.new_context(
        viewport={"width": shot.size[0], "height": shot.size[1]},
        device_scale_factor=2 if shot.size == PHONE else 1,
        color_scheme="dark" if shot.is_dark else "light",
        # A video is looked at while it plays, with what is said in it.
        reduced_motion="no-preference" if "/watch" in path else "reduce",
        locale=shot.language,
        storage_state=cookies if shot.is_signed_in else None,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(f"http://{DOMAIN}{path}", wait_until="networkidle")
    if path == "/compose":
        _write(page)
    if "/watch" in path:
        page.evaluate(PLAYS)
    picture = page.screenshot()
    if path == "/compose":
        _throw_away(page)
    context.close()
    return picture


def _write(page: Page) -> None:
    """Begin a note, so that the form is not empty."""
    picture = {"name": "bread.jpg", "mimeType": "image/jpeg", "buffer": painted("bread", 3)}
    page.locator("input[name='files']").set_input_files([picture])  # type: ignore[list-item]
    page.wait_for_selector("[data-item][data-state=ready]")
    page.locator("[data-item] textarea").fill("Two loaves on a linen cloth, one cut open")
    page.locator("main [name=title]").fill("Rye, second try")
    page.locator("main [name=text]").fill("Less water, more patience. #bread")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


def _throw_away(page: Page) -> None:
    """Leave no draft that the next picture would show."""
    page.goto(f"http://{DOMAIN}/drafts")
    while page.locator(".draft .destructive").count():
        page.locator(".draft .destructive").first.click()
        page.wait_for_load_state()


def _save(shot: Shot, picture: bytes) -> None:
    """Keep it as a JPEG, of the best quality that is small enough."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for quality in (86, 78, 68, 58):
        made = io.BytesIO()
        image.save(made, "JPEG", quality=quality, optimize=True, progressive=True)
        if made.tell() < (MOST_BYTES_EACH if shot in MATRIX else MOST_BYTES):
            break
    (PICTURES / f"{shot.name}.jpg").write_bytes(made.getvalue())
    print(f"{shot.name}.jpg  {made.tell() // 1000} kB", flush=True)


if __name__ == "__main__":
    main()
