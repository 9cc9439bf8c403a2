"""Answering with a page: what is escaped, what is believed, how numbers and days are written."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request
from markupsafe import Markup

from core.clock import now
from core.html import shown
from core.settings import use
from tests.web import samples
from web import render
from web.icons import drawings, icon
from web.texts import speaking
from web.views.frame import ErrorPage, Frame, Site
from web.views.notes import MediaView

TEMPLATES = Path(render.__file__).parent / "templates"
ERROR = ErrorPage(404, "Nothing here", "There is no such page.")


@pytest.fixture
def house():
    """Be the sample instance."""
    use(samples.SETTINGS)


def shown_with(frame_name="Lantern Street", **changes):
    error = ErrorPage(404, changes.get("title", "Nothing here"), changes.get("text", "Gone."))
    return render.page("error.html", Frame(Site(frame_name, "lantern.example")), error=error)


def test_XSS_07_every_template_escapes_whatever_its_name():
    environment = render.environment()

    assert environment.autoescape is True
    assert environment.from_string("{{ it }}").render(it="<b>") == "&lt;b&gt;"


@pytest.mark.parametrize(
    "hostile", ["{{7777*7}}", "<script>alert(1)</script>", '" onload="x', "%(a)s"]
)
def test_XSS_07_what_people_write_is_text_in_a_page(house, hostile):
    written = shown_with(title=hostile, text=hostile, frame_name=hostile)

    assert str(Markup.escape(hostile)) in written
    assert "54439" not in written
    assert "<script>x" not in written
    assert 'onload="x' not in written


def test_XSS_07_only_what_the_sanitiser_made_is_shown_as_html():
    assert render.html(shown("<p>Bread</p>")) == Markup("<p>Bread</p>")

    with pytest.raises(TypeError, match="never made safe"):
        render.html("<p>Bread</p>")  # type: ignore[arg-type]


def test_XSS_07_no_template_calls_anything_safe():
    for file in TEMPLATES.rglob("*.html"):
        text = file.read_text("utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape|Markup", text), file.name


def test_XSS_07_a_name_in_a_translated_sentence_is_escaped(house):
    person = samples.replace(samples.MEI, name="<i>Mei</i>")
    written = render.page(
        "follows.html",
        Frame(Site("Lantern Street", "lantern.example")),
        person=person,
        kind="followers",
        faces=(),
        is_hidden=True,
        people=(),
    )

    assert "Followers of &lt;i&gt;Mei&lt;/i&gt;" in written
    assert "<i>Mei" not in written


async def test_a_page_is_rendered_in_the_frame_of_its_request(house):
    request = make_mocked_request("GET", "/nowhere?x=1")
    request[render.FRAME] = Frame(
        Site("Lantern Street", "lantern.example"), theme="dark", path="/nowhere?x=1"
    )

    answer = render.render(request, "error.html", status=404, error=ERROR)

    assert answer.status == 404
    assert answer.content_type == "text/html"
    assert answer.charset == "utf-8"
    assert 'data-theme="dark"' in answer.text


async def test_an_error_before_there_was_a_frame_still_has_a_page(house):
    request = make_mocked_request("GET", "/nowhere")

    answer = render.render(request, "error.html", status=404, error=ERROR)

    assert "Lantern Street" in answer.text


def test_files_of_ours_have_their_content_in_their_address():
    assert re.fullmatch(r"/static/rubric\.css\?v=[0-9a-f]{12}", render.static_url("rubric.css"))


def test_numbers_and_days_follow_the_language(house):
    assert render.short(999) == "999"
    assert render.short(12_345) == "12.3K"
    assert render.number(12_345) == "12,345"
    assert render.day(date(2026, 11, 24)) == "Nov 24, 2026"
    with speaking("zh-Hans"):
        assert render.short(12_345) == "1.2万"
        assert render.day(date(2026, 11, 24)) == "2026年11月24日"


def test_moments_are_told_from_now_and_with_their_zone():
    at = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)

    assert render.ago(now() - timedelta(hours=3, minutes=2)) == "3 hours ago"
    assert render.moment(at).endswith("UTC")
    assert render.iso(at) == "2026-11-24T14:02:00Z"
    assert render.iso(date(2026, 11, 24)) == "2026-11-24"
    assert render.clock(245) == "4:05"


def test_a_query_leaves_out_what_is_empty():
    assert render.query("/compose", reply_to=5, to="") == "/compose?reply_to=5"
    assert render.query("/compose") == "/compose"


def test_addresses_are_made_absolute_from_the_settings(house):
    assert render.absolute("/n/1") == "https://lantern.example/n/1"
    assert render.absolute("https://pixel.example/1") == "https://pixel.example/1"
    assert render.host("https://pixel.example/n/1") == "pixel.example"


def test_html_is_described_in_a_line_of_text():
    assert render.plain(shown("<p>Bread</p><p>and <b>butter</b></p>")) == "Bread and butter"


def test_an_icon_is_silent_unless_it_is_named():
    assert 'aria-hidden="true"' in icon("heart")
    assert 'aria-label="&lt;x&gt;"' in icon("heart", "<x>")


WANTED = (  # product.md 8
    "home compass plus bell person people circle-people group heart comment boost quote bookmark "
    "board share link lock lock-open eye eye-off globe house-server clock calendar image images "
    "video captions alt crop rotate pin place tag star flag shield scales seal pilcrow diff "
    "decision appeal megaphone search filter sun moon translate download trash check cross warning"
)


def test_every_icon_of_the_specification_is_drawn_small():
    assert set(WANTED.split()) <= set(drawings())
    assert all(len(icon(name).encode()) <= 600 for name in drawings())


@pytest.mark.parametrize(
    ("size", "cover"),
    [((800, 2000), (800, 1067)), ((2000, 800), (2000, 1500)), ((100, 100), (100, 100))],
)
def test_a_cover_is_never_taller_than_3_to_4_nor_wider_than_4_to_3(size, cover):
    assert MediaView("/m", width=size[0], height=size[1]).cover_size == cover


def test_a_picture_shows_its_colour_before_it_comes():
    assert MediaView("/m", blurhash="LGF5?xYk^6#M@-5c,1J5@[or[Q6.").colour == "#837d98"
    assert MediaView("/m", blurhash="short").colour == "#dcd1c3"
    assert MediaView("/m", blurhash='L"><script>').colour == "#dcd1c3"


def test_the_focal_point_becomes_a_class():
    assert MediaView("/m").focus == "fx2 fy2"
    assert MediaView("/m", focus_x=-1, focus_y=1).focus == "fx0 fy0"
