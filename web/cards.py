"""Cards of the waterfall, written once for everybody who is shown the same.

A card is kept by all that is in it: what its reader did with the note, their language and how their
notes stand are parts of the key, so nobody is given a card that was written for another.
"""

from collections.abc import Sequence
from functools import lru_cache

from jinja2 import Environment, pass_environment
from markupsafe import Markup

from web.framing import framed
from web.texts import locale
from web.views.notes import NoteCard

MOST_CARDS = 3000  # of some two or three kilobytes


@pass_environment
def cards(
    environment: Environment,
    notes: Sequence[NoteCard],
    *,
    eager: int,
    layout: str,
    saves_data: bool = False,
) -> Markup:
    """Write cards in the language of this request; the pictures of the first few load at once, and
    are small ones for who saves data."""
    language = locale()
    written = (
        _written(environment, language, note, number >= eager, layout, saves_data)
        for number, note in enumerate(notes)
    )
    return Markup("\n".join(written))  # noqa: S704  each is escaped already


@lru_cache(MOST_CARDS)
def _written(
    environment: Environment,
    language: str,
    note: NoteCard,
    lazy: bool,
    layout: str,
    saves_data: bool,
) -> Markup:
    template = environment.get_template("parts/card.html")
    with framed(None):  # or what belongs to one reader could be kept for others
        # Jinja escaped what is in it.
        written = template.render(note=note, lazy=lazy, layout=layout, saves_data=saves_data)
    return Markup(written)  # noqa: S704
