"""The pages in a real browser: nothing sticks out, nothing jumps, everything can be hit."""

import gettext
import re
import shutil
from collections.abc import Iterator, Mapping
from itertools import islice

import pytest
from playwright.sync_api import Frame, Route, sync_playwright
from playwright.sync_api import Page as BrowserPage

from tests.web.gallery import PAGES, in_language, written
from tests.web.test_templates import contrast
from web import cards as written_cards
from web import render, texts
from web.render import STATIC

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; manifest-src 'self'"
)
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="1200"/>'

SLOWLY = 90_000  # milliseconds; machines that test are busy
AT_ONCE = 20  # pages in frames; a window for each takes three times as long

ONE_OF_EACH = list({each.template: each for each in PAGES}.values())
# Nothing has to be pulled into sight: tabs and ways to narrow a list wrap, and wide tables stack.
PULLED = """[...document.querySelectorAll(".tabs ul, .view-bar ul, .table.stacks")]
  .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.outerHTML)"""
STICKING_OUT = "document.documentElement.scrollWidth - innerWidth"
# Links within text, and boxes with a label beside them, are as large as their line.
TOO_SMALL = """() => [...document.querySelectorAll("button, summary, select, textarea, input, a[href]")]
  .filter(each => !each.closest(".prose, p, dd, td, th, h1, h2, h3, .dots, .skip, b, header, small"))
  .filter(each => !each.matches("[type=checkbox], [type=radio], [type=hidden]"))
  .filter(each => each.checkVisibility() && !each.closest("details:not([open]) > :not(summary)"))
  .map(each => [each.outerHTML.slice(0, 120), each.getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 || box.width < 23.5)
  .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""  # noqa: E501
JUMPED = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(each => sum += each.value))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 300);
})"""


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: no page was looked at")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages():
    made = {}
    for tag in texts.LOCALES:
        with in_language(tag):
            made |= {(tag, each.name): written(each) for each in PAGES}
    return made


class Window:
    """A browser window that is shown pages as our server sends them: our policy, our files."""

    def __init__(self, page: BrowserPage) -> None:
        self.page = page
        self.html = ""
        self.next = ""
        self.framed: dict[str, str] = {}
        page.route("**/*", self._answer)

    def show(self, html: str) -> BrowserPage:
        self.html = html
        self.page.goto("https://lantern.example/")
        return self.page

    def frames(self, pages: Mapping[str, str]) -> Iterator[tuple[str, Frame]]:
        """Show pages many at a time, each in a frame as large as the window."""
        width, height = self.page.viewport_size.values()
        named = iter(pages.items())
        while some := dict(islice(named, AT_ONCE)):
            self.framed = {f"/framed/{name}": html for name, html in some.items()}
            self.framed["/framed"] = "".join(
                f"<iframe name={name} src=/framed/{name} width={width} height={height}></iframe>"
                for name in some
            )
            self.page.goto("https://lantern.example/framed")
            yield from ((name, self.page.frame(name)) for name in some)

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix("https://lantern.example").partition("?")[0]
        file = STATIC / path.removeprefix("/static/")
        headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html"}
        if path == "/framed":
            route.fulfill(body=self.framed[path], content_type="text/html")
        elif path in self.framed:
            route.fulfill(body=self.framed[path], headers=headers)
        elif path == "/":
            body = self.next if "max_id" in route.request.url else self.html
            route.fulfill(body=body, headers=headers)
        elif path.startswith("/static/"):
            route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
        elif path.startswith("/pictures/"):
            route.fulfill(body=DRAWN, content_type="image/svg+xml")
        else:
            route.fulfill(status=204)


@pytest.fixture
def looking(chromium):
    """Open windows of some width."""
    contexts = []

    def opened(width: int, **more: object) -> Window:
        context = chromium.new_context(viewport={"width": width, "height": 800}, **more)
        context.set_default_timeout(SLOWLY)
        contexts.append(context)
        return Window(context.new_page())

    yield opened
    for each in contexts:
        each.close()


@pytest.mark.parametrize("tag", texts.LOCALES)
def test_nothing_sticks_out_of_a_narrow_window_and_all_can_be_hit(looking, pages, tag):
    window = looking(320)

    for name, page in window.frames({each.name: pages[tag, each.name] for each in PAGES}):
        assert page.evaluate("innerWidth") == 320
        assert page.evaluate(STICKING_OUT) <= 0, name
        assert page.evaluate(PULLED) == [], name
        assert page.evaluate(TOO_SMALL) == [], name


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_longer_words_and_the_other_direction_break_nothing(looking, monkeypatch, direction):
    monkeypatch.setattr(texts, "_translations", lambda tag: Longer())
    # What was said is kept for the next reader: neither may the longer words stay, nor the others.
    monkeypatch.setattr(render, "_words", render._words.__wrapped__)
    monkeypatch.setattr(written_cards, "_written", written_cards._written.__wrapped__)
    with in_language("en"):
        longer = {each.name: written(each) for each in ONE_OF_EACH}
    turned = {
        name: html.replace('dir="ltr"', f'dir="{direction}"', 1) for name, html in longer.items()
    }

    for name, page in looking(360).frames(turned):
        assert page.evaluate("document.dir") == direction, name
        assert page.evaluate(STICKING_OUT) <= 0, name


class Longer(gettext.NullTranslations):
    """A language whose words are as long as German ones."""

    def gettext(self, message: str) -> str:
        return lengthened(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return lengthened(msgid1 if n == 1 else msgid2)


def lengthened(message: str) -> str:
    parts = re.split(r"(%\(\w+\)s|%%)", message)
    return "".join(
        part if part.startswith("%") else re.sub(r"(\w{4,})", r"\1unglaen", part) for part in parts
    )


def test_nothing_jumps_while_a_page_loads(looking, pages):
    for width in (360, 1280):
        for name in ("front", "home", "explore", "note"):
            window = looking(width)
            page = window.show(pages["en", name])
            assert page.evaluate(JUMPED) <= 0.02, (name, width)


def test_WEB_04_the_policy_refuses_nothing_of_ours(looking, pages):
    refused: list[str] = []
    window = looking(1280)
    window.page.on(
        "console", lambda said: refused.append(said.text) if said.type == "error" else None
    )
    window.page.on("pageerror", lambda error: refused.append(str(error)))

    for name, _ in window.frames({each.name: pages["en", each.name] for each in ONE_OF_EACH}):
        assert refused == [], name

    window.show("<p style='color: red'>That it is refused would be seen.")
    assert len(refused) == 1


def test_the_carousel_turns_by_button_and_by_key(looking, pages):
    window = looking(1280, reduced_motion="reduce")
    page = window.show(pages["en", "note"])

    page.get_by_role("button", name="Next picture").click()
    page.locator(".dots li:nth-child(2) [aria-current]").wait_for()
    page.locator(".note-media .strip").press("ArrowRight")
    page.locator(".dots li:nth-child(3) [aria-current]").wait_for()
    assert page.locator(".note-media .nth").inner_text() == "Picture 3 of 5"

    assert page.get_by_role("button", name="Picture before").is_visible()


SCALE = "new DOMMatrix(getComputedStyle(document.querySelector('#viewer img')).transform).a"


def test_a_picture_opens_in_the_whole_window_and_is_enlarged_by_keys_and_wheel(looking, pages):
    page = looking(1280, reduced_motion="reduce").show(pages["en", "note"])
    first = page.locator(".note-media [data-view]").first
    first.click()
    viewer = page.get_by_role("dialog", name="Picture, large")
    viewer.wait_for()

    assert viewer.get_by_role("img").get_attribute("src").endswith(first.get_attribute("href"))
    assert viewer.get_by_text("Layers of hills in morning mist").is_visible()
    page.keyboard.press("+")
    assert page.evaluate(SCALE) == pytest.approx(1.5)
    page.mouse.move(640, 300)
    page.mouse.wheel(0, -400)
    page.locator("#viewer img[style*='scale(4.0']").wait_for(state="attached")
    page.keyboard.press("0")
    assert page.evaluate(SCALE) == 1
    viewer.get_by_role("button", name="Larger").click()
    assert page.evaluate(SCALE) > 1
    viewer.get_by_role("button", name="Next picture").click()
    assert "harbour" in viewer.get_by_role("img").get_attribute("src")
    page.keyboard.press("ArrowLeft")
    assert "dawn" in viewer.get_by_role("img").get_attribute("src")
    page.keyboard.press("Escape")
    viewer.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.matches('[data-view]')")


RING = """() => {
  const ring = getComputedStyle(document.activeElement).outlineColor.match(/\\d+/g).map(Number);
  return "#" + ring.map(each => each.toString(16).padStart(2, "0")).join("");
}"""
ALWAYS_DARK = "#171311"


@pytest.mark.parametrize(
    ("name", "button"),
    [
        ("watch", ".sound"),
        ("note", ".stage .turn.on"),
        ("note", ".alt summary"),
        ("note", "#viewer"),
    ],
)
def test_where_one_is_can_be_seen_on_dark_grounds_by_day(looking, pages, name, button):
    page = looking(1280, color_scheme="light").show(pages["en", name])

    if button == "#viewer":
        page.locator("[data-view]").first.press("Enter")
        button = "#viewer [autofocus]"
    page.locator(button).first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.matches(':focus-visible')")
    assert contrast(page.evaluate(RING), ALWAYS_DARK) >= 3


def touch(hand, kind, *places):
    """Put fingers on the screen, move them, or lift them all."""
    points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
    hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


PLACE = (
    "(({e, f}) => [Math.round(e), Math.round(f)])"
    "(new DOMMatrix(getComputedStyle(document.querySelector('#viewer img')).transform))"
)


def test_a_large_picture_is_pinched_and_dragged_by_fingers(looking, pages):
    page = looking(360, reduced_motion="reduce", has_touch=True).show(pages["en", "note"])
    page.locator(".note-media [data-view]").first.tap()
    page.get_by_role("dialog", name="Picture, large").wait_for()
    hand = page.context.new_cdp_session(page)

    touch(hand, "touchStart", (170, 400), (190, 400))
    for apart in (20, 40, 60):
        touch(hand, "touchMove", (180 - apart, 400), (180 + apart, 400))
    touch(hand, "touchEnd")
    pinched, before = page.evaluate(SCALE), page.evaluate(PLACE)
    touch(hand, "touchStart", (180, 400))
    touch(hand, "touchMove", (150, 370))
    touch(hand, "touchMove", (120, 340))
    touch(hand, "touchEnd")
    after = page.evaluate(PLACE)

    assert pinched > 2
    assert after[0] < before[0]
    assert page.evaluate(SCALE) == pytest.approx(pinched)


def swipe(hand, across, y, begin=(180,)):
    """Move one finger to the left or right, and lift it."""
    touch(hand, "touchStart", (begin[0], y))
    for share in range(1, 9):
        touch(hand, "touchMove", (begin[0] + across * share / 8, y))
    touch(hand, "touchEnd")


def test_fingers_swipe_from_picture_to_picture_wherever_they_land(looking, pages):
    page = looking(360, reduced_motion="reduce", has_touch=True).show(pages["en", "note"])
    hand = page.context.new_cdp_session(page)
    strip = page.locator(".note-media .strip").bounding_box()
    middle = strip["y"] + strip["height"] / 2
    buttons = page.locator(".note-media .turn")

    # Further than half, so that it turns however fast the finger seems on a busy machine.
    swipe(hand, -270, middle, (315,))
    page.locator(".dots li:nth-child(2) [aria-current]").wait_for()
    for place, on in (("3", 1), ("2", 0)):
        box = buttons.nth(on).bounding_box()
        landed = (box["x"] + box["width"] / 2,)
        swipe(hand, 120 if not on else -120, box["y"] + 20, landed)
        page.locator(f".dots li:nth-child({place}) [aria-current]").wait_for()

    assert page.url == "https://lantern.example/"


def test_a_swipe_turns_the_large_picture_and_a_crooked_or_short_one_does_not(looking, pages):
    page = looking(360, reduced_motion="reduce", has_touch=True).show(pages["en", "note"])
    page.locator(".note-media [data-view]").first.tap()
    viewer = page.get_by_role("dialog", name="Picture, large")
    viewer.wait_for()
    hand = page.context.new_cdp_session(page)

    def seen():
        return viewer.get_by_role("img").get_attribute("src").rpartition("/")[2]

    first = seen()
    swipe(hand, -120, 300)
    second = seen()
    swipe(hand, -20, 300)
    touch(hand, "touchStart", (180, 300))
    touch(hand, "touchMove", (110, 450))
    touch(hand, "touchEnd")
    still = seen()
    swipe(hand, 120, 300)
    swipe(hand, 120, 300)

    assert second != first
    assert still == second
    assert seen() == first
    assert page.evaluate(PLACE) == [0, 0]


def test_an_open_description_leaves_its_button_where_it_was(looking, pages):
    page = looking(360).show(pages["en", "note"])
    button = page.locator(".note-media .alt summary").first
    before = button.bounding_box()

    button.click()

    words = page.locator(".note-media .alt p").first.bounding_box()
    assert button.bounding_box() == before
    assert words["y"] + words["height"] <= before["y"] + 1


PLAYS = """
const video = HTMLMediaElement.prototype;
video.play = function () { this.dataset.plays = "yes"; return Promise.resolve(); };
video.pause = function () { this.dataset.plays = "no"; };
Object.defineProperty(video, "paused", {get() { return this.dataset.plays !== "yes"; }});
"""
PLAYING = "[...document.querySelectorAll('video')].map(each => each.dataset.plays === 'yes')"


def test_the_video_on_the_screen_plays_muted_and_the_others_pause(looking, pages):
    window = looking(360)
    window.page.add_init_script(PLAYS)
    page = window.show(pages["en", "watch"])
    page.locator("#n17 [data-plays=yes]").wait_for(state="attached")
    assert page.evaluate("[...document.querySelectorAll('video')].every(each => each.muted)")
    # Drawn by the page: what the player draws is moved about while it is read.
    assert page.evaluate("document.querySelector('video').textTracks[0].mode") == "hidden"

    page.keyboard.press("ArrowDown")
    page.locator("#n18 [data-plays=yes]").wait_for(state="attached")
    page.locator("#n17 [data-plays=no]").wait_for(state="attached")
    page.locator("#n18").get_by_role("button", name="Sound").click()

    assert page.evaluate("[...document.querySelectorAll('video')].every(each => !each.muted)")
    assert page.locator("#n18 .sound").get_attribute("aria-pressed") == "true"


MUTED = "[...document.querySelectorAll('video')].map(each => each.muted)"


def test_a_tap_gives_sound_to_all_and_the_player_takes_it_back(looking, pages):
    window = looking(360)
    window.page.add_init_script(PLAYS)
    page = window.show(pages["en", "watch"])
    page.locator("#n17 [data-plays=yes]").wait_for(state="attached")
    video = page.locator("#n17 video")
    height = video.bounding_box()["height"]

    video.click(position={"x": 100, "y": height - 20})
    on_controls = page.evaluate(MUTED)
    video.click(position={"x": 100, "y": height / 3})
    tapped, button = page.evaluate(MUTED), page.locator("#n17 .sound").get_attribute("aria-pressed")
    video.evaluate("each => { each.muted = true; }")
    page.locator("#n18 .sound[aria-pressed=false]").wait_for()

    assert on_controls == [True] * len(on_controls)
    assert tapped == [False] * len(tapped)
    assert button == "true"
    assert page.evaluate(MUTED) == on_controls


def test_nothing_plays_by_itself_for_who_saves_data_or_wants_no_motion(looking, pages):
    saving = looking(360)
    still = looking(360, reduced_motion="reduce")
    for window, name in ((saving, "watch-visitor"), (still, "watch")):
        window.page.add_init_script(PLAYS)
        page = window.show(pages["en", name])
        page.wait_for_selector(".sound")
        assert page.evaluate(JUMPED) <= 0.02
        assert True not in page.evaluate(PLAYING)


def test_the_composer_counts_and_shows_what_was_picked(looking, pages):
    window = looking(1280)
    page = window.show(pages["en", "compose"])

    page.get_by_label("Text", exact=True).fill("Bread 🍞")
    page.locator("#files").set_input_files(STATIC / "icon-180.png")

    page.wait_for_selector(".item .cover canvas")
    assert page.locator("#f-text + .counted").inner_text() == "4,993"


def test_the_look_is_switched_at_once(looking, pages):
    window = looking(1280, color_scheme="light")
    page = window.show(pages["en", "front"])

    page.get_by_role("button", name="Dark").click()

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 19, 17)"


def test_the_pages_can_be_used_without_scripts(looking, pages):
    window = looking(360, java_script_enabled=False)

    page = window.show(pages["en", "note"])
    assert page.get_by_role("link", name="Picture 2 of 5").count() == 1
    assert page.locator("[data-view]").first.get_attribute("href") == "/pictures/dawn.jpg"
    page.locator(".alt summary").first.click()
    assert page.get_by_text("Layers of hills in morning mist").first.is_visible()
    page = window.show(pages["en", "compose"])
    assert page.locator("input[type=file]:visible").count() == 1
    assert page.get_by_role("button", name="Preview").is_visible()


def test_older_notes_are_added_below(looking, pages):
    window = looking(1280)
    window.next = pages["en", "profile"]
    page = window.show(pages["en", "home"])

    page.get_by_role("link", name="Load more").click()
    page.locator(".waterfall").nth(1).wait_for()

    assert page.get_by_role("link", name="Load more").count() == 0
    assert page.get_by_text("You have seen everything since yesterday.").is_visible()
    assert page.evaluate("document.activeElement.classList.contains('card')")
