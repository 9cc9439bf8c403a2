"""The frame that macros see: that of the page being written, of no other, and none in a card."""

import gc
import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from jinja2.runtime import Context, Macro

from tests.web.gallery import PAGES, in_language, written
from web import render
from web.framing import framed
from web.views.frame import Frame, Site

TEMPLATES = Path(render.__file__).parent / "templates"
FORM = '{% from "parts/forms.html" import hidden %}{{ hidden() }}'


def frame(csrf):
    return Frame(site=Site(name="Lantern Street", domain="lantern.example"), csrf=csrf, path="/")


def hidden_fields():
    return render.environment().from_string(FORM).render()


def test_macros_see_the_frame_of_the_page_that_is_written():
    with framed(frame("first")):
        before = hidden_fields()
        with framed(frame("second")):
            inside = hidden_fields()
        after = hidden_fields()

    assert 'value="first"' in before
    assert 'value="second"' in inside
    assert after == before


def test_WEB_08_where_no_frame_stands_it_is_an_error_to_ask_for_it():
    with framed(frame("first")), framed(None), pytest.raises(UndefinedError):
        hidden_fields()


def test_macros_stand_in_parts_and_are_imported_without_the_context_of_a_page():
    for file in TEMPLATES.rglob("*.html"):
        text = file.read_text()
        assert not re.search(r"{%.*\bwith context\b.*%}", text), file
        assert file.parent.name == "parts" or not re.search(r"{%-? macro\b", text), file


@pytest.mark.parametrize("name", ["about.html", "home.html", "note.html", "notifications.html"])
def test_a_page_leaves_nothing_for_the_collector(name):
    page = next(each for each in PAGES if each.template == name)
    with in_language("en"):
        written(page)  # what is made once
        gc.collect()
        gc.disable()
        try:
            written(page)
            gc.set_debug(gc.DEBUG_SAVEALL)
            gc.collect()
            left = [each for each in gc.garbage if isinstance(each, Context | Macro)]
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
            gc.enable()

    assert left == []
