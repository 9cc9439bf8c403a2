"""Every page of the gallery, in every language: what holds for all of them."""

import gzip
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader
from selectolax.lexbor import LexborHTMLParser

from moderation.policy import open_shelf
from tests.moderation.drafts import policy_of
from tests.web.gallery import PAGES, in_language, written
from web.compiled import Compiled
from web.extract import path_of
from web.render import STATIC, compile_all
from web.texts import LOCALES

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"
SHARED = {"base.html", "feed.html", "settings/base.html"}  # others extend them
CASES = [(tag, each) for tag in LOCALES for each in PAGES]


@pytest.fixture(scope="module")
def pages():
    open_shelf(policy_of())
    made = {}
    for tag in LOCALES:
        with in_language(tag):
            made |= {(tag, each.name): written(each) for each in PAGES}
    return made


@pytest.fixture(scope="module")
def trees(pages):
    return {key: LexborHTMLParser(text) for key, text in pages.items()}


def test_every_template_is_in_the_gallery():
    files = {str(each.relative_to(TEMPLATES)) for each in TEMPLATES.rglob("*.html")}
    own = {each for each in files if not each.startswith("parts/")} - SHARED

    assert own == {each.template for each in PAGES}


def test_every_template_can_be_compiled():
    compile_all()


def kept(folder, number=1):
    """Write a template there, look at it, and tell what was kept of it."""
    made = Environment(  # noqa: S701  nothing is shown
        loader=FileSystemLoader(folder), bytecode_cache=Compiled(folder)
    )
    (folder / "page.html").write_text(f"number {number}")
    return made.get_template("page.html").render(), list(folder.rglob("*.cache"))


def test_a_compiled_template_is_kept_and_made_anew_where_it_was_changed(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr("sys.pycache_prefix", None)

    said, files = kept(tmp_path)
    said_anew, same_files = kept(tmp_path, number=2)

    assert (said, said_anew) == ("number 1", "number 2")
    assert len(files) == 1
    assert same_files == files
    assert files[0].parent == tmp_path / "__pycache__"


def test_where_nothing_may_be_kept_templates_work_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.pycache_prefix", None)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    assert kept(tmp_path) == ("number 1", [])

    monkeypatch.setattr("sys.dont_write_bytecode", False)
    (tmp_path / "__pycache__").symlink_to(tmp_path / "nowhere")
    assert kept(tmp_path) == ("number 1", [])


def test_WEB_04_no_page_has_a_style_or_a_script_of_its_own(pages):
    for key, text in pages.items():
        assert not re.search(r"<style|<[^>]+\s(?:style|on[a-z]+)\s*=\s*[\"']", text), key
        assert re.findall(r"<script(?! type=\"module\" src=\"/static/)", text) == [], key
        assert "javascript:" not in text, key


def test_WEB_01_every_form_that_changes_something_carries_the_token(trees):
    for key, tree in trees.items():
        for form in tree.css("form"):
            if (form.attributes.get("method") or "get").lower() == "post":
                token = form.css_first('input[name="csrf"]')
                assert token is not None, (key, form.attributes)
                assert token.attributes["value"] == "token-of-the-session"


def test_every_page_says_its_language_and_has_one_first_heading(trees):
    for key, tree in trees.items():
        assert tree.css_first("html").attributes["lang"] == key[0]
        assert len(tree.css("h1")) == 1, key
        assert tree.css_first("title").text().strip(), key
        assert tree.css_first('meta[name="description"]').attributes["content"], key


def test_what_is_shared_has_one_picture_and_one_description(trees):
    for key, tree in trees.items():
        for name in ("og:title", "og:description", "og:image", "og:type"):
            (meta,) = tree.css(f'meta[property="{name}"]')
            assert meta.attributes["content"], (key, name)
        picture = tree.css_first('meta[property="og:image"]').attributes["content"]
        assert picture.startswith("https://"), key
        assert len(tree.css('meta[name="description"]')) == 1, key


def test_every_picture_has_its_size_and_a_description_or_none_on_purpose(trees):
    for key, tree in trees.items():
        for picture in tree.css("img"):
            attributes = picture.attributes
            assert "alt" in attributes, (key, picture.html)
            assert attributes.get("width"), (key, picture.html)
            assert attributes.get("height"), (key, picture.html)


def test_every_button_and_link_has_a_name(trees):
    for key, tree in trees.items():
        for each in tree.css("button, a[href], summary"):
            if not each.css_matches("[aria-hidden=true] *"):
                named = each.css_first("[aria-label], img[alt]:not([alt=''])")
                name = each.attributes.get("aria-label") or each.text().strip() or named
                assert name, (key, each.html)


def test_every_field_has_a_label(trees):
    for key, tree in trees.items():
        for field in tree.css("input:not([type=hidden]):not([hidden]), textarea, select"):
            label = tree.css_first(f'label[for="{field.attributes.get("id")}"]') or field.parent
            assert label.tag == "label", (key, field.html)
            assert label.text().strip(), (key, field.html)


def test_no_name_of_a_place_is_given_twice(trees):
    for key, tree in trees.items():
        ids = [each.attributes["id"] for each in tree.css("[id]")]
        assert len(ids) == len(set(ids)), (key, sorted(ids))


def test_what_describes_a_field_is_there(trees):
    for key, tree in trees.items():
        for each in tree.css("[aria-describedby], [aria-labelledby]"):
            names = each.attributes.get("aria-describedby") or each.attributes["aria-labelledby"]
            for name in names.split():
                assert tree.css_first(f"#{name}") is not None, (key, name)


def test_the_browser_repairs_nothing(pages, trees):
    """A stray end tag makes a second element, as a form inside a paragraph does."""
    for key, tree in trees.items():
        for tag in ("p", "li", "ul", "ol", "form", "details", "section", "h2", "dl"):
            opened = len(re.findall(rf"<{tag}[\s>]", pages[key]))
            inside = sum(len(re.findall(rf"<{tag}[\s>]", t.html)) for t in tree.css("template"))
            assert len(tree.css(tag)) == opened - inside, (key, tag)


def test_no_english_is_left_in_the_chinese_pages(trees):
    with path_of("zh-Hans").open("rb") as file:
        words = {each.id for each in read_po(file) if isinstance(each.id, str) and each.id}

    for key, tree in trees.items():
        if key[0] == "zh-Hans":
            said = {node.text(deep=False).strip() for node in tree.css("body *")}
            assert said & words == set(), key


def test_links_lead_to_paths_or_to_the_web(trees):
    for key, tree in trees.items():
        for link in tree.css("a[href]"):
            assert re.match(r"/(?!/)|https?://|#|\?|mailto:", link.attributes["href"]), (
                key,
                link.html,
            )


def test_every_list_says_where_it_ends_or_goes_on(trees):
    for key, tree in trees.items():
        if tree.css_first(".waterfall:not(.samples)") is not None:
            assert tree.css_first(".end, a[rel=next]") is not None, key


def test_the_empty_faces_offer_one_action(trees):
    for key, tree in trees.items():
        for empty in tree.css(".empty"):
            assert len(empty.css("a")) <= 1, key


def test_the_budgets_are_kept(pages):
    style = packed((STATIC / "rubric.css").read_bytes())
    scripts = sum(packed(each.read_bytes()) for each in STATIC.glob("*.js"))

    assert style <= 30_000
    assert scripts <= 20_000
    for name in ("front", "home", "explore", "note", "watch", "board"):
        assert packed(pages["en", name].encode()) + style + scripts <= 60_000


def packed(content):
    return len(gzip.compress(content))


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_colours_can_be_read(scheme):
    style = (STATIC / "rubric.css").read_text()
    found = re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", style)
    token = {name: pair[scheme] for name, *pair in found}

    grounds = [token[each] for each in ("paper", "card", "sunk")]
    for text in ("ink", "ink-2", "ink-3", "rubric", "rubric-strong"):
        assert all(contrast(token[text], ground) >= 4.5 for ground in grounds), text
    for text in ("ink", "ink-2", "rubric"):
        assert contrast(token[text], token["wash"]) >= 4.5, text
    for tone in ("green", "blue", "amber"):
        assert contrast(token[tone], token[f"{tone}-wash"]) >= 4.5, tone
    assert contrast(token["on-rubric"], token["rubric"]) >= 4.5
    assert all(contrast(token["control"], ground) >= 3 for ground in grounds)
