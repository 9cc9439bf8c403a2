"""The words of the house in the languages it speaks: English in the source, others in locale/."""

import gettext as gnu
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent / "locale"
SOURCE = "en"
LOCALES = {"en": "English", "zh-Hans": "简体中文"}

_current: ContextVar[str] = ContextVar("locale", default=SOURCE)


def locale() -> str:
    """Return the language of this request as a BCP 47 tag, one of LOCALES."""
    return _current.get()


def babel_locale() -> Locale:
    """Return the language of this request as Babel wants it, for dates and numbers."""
    return _parsed(locale())


def use_locale(tag: str) -> None:
    """Speak this language (English if we do not know it) for the rest of this request."""
    _current.set(tag if tag in LOCALES else SOURCE)


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Speak another language for a while, as in a letter to someone else."""
    token = _current.set(tag if tag in LOCALES else SOURCE)
    try:
        yield
    finally:
        _current.reset(token)


def choose(account: str = "", cookie: str = "", accept: str = "") -> str:
    """Pick one of LOCALES: what the member set, what the visitor chose, what the browser asks."""
    for wanted in (account, cookie, *_by_weight(accept)):
        if tag := _known(wanted):
            return tag
    return SOURCE


def _known(wanted: str) -> str:
    """Find the locale for a tag: `zh-CN` and plain `zh` are read in simplified characters."""
    lowered = wanted.strip().lower()
    for tag in LOCALES:
        if lowered == tag.lower():
            return tag
    return {each.split("-")[0]: each for each in LOCALES}.get(lowered.split("-")[0], "")


def _by_weight(accept: str) -> list[str]:
    weighed = []
    for part in accept[:500].split(","):
        tag, _, weight = part.partition(";q=")
        try:
            weighed.append((float(weight or 1), tag))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighed, key=lambda each: -each[0]) if weight > 0]


def _(message: str, **values: object) -> str:
    """Say a message of the source in the language of this request, with its %(names)s filled."""
    return _filled(said(message), values)


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    """Say a message that depends on a number; `%(num)s` is the number."""
    return _filled(said_of(singular, plural, n), {"num": n, **values})


def said(message: str) -> str:
    """Translate, leaving the %(names)s for Jinja to escape and fill."""
    return _translations(locale()).gettext(message)


def said_of(singular: str, plural: str, n: int) -> str:
    """Translate what depends on a number, leaving the %(names)s for Jinja."""
    return _translations(locale()).ngettext(singular, plural, n)


class Lazy:
    """A message of a constant, said in the language of whoever reads it."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __str__(self) -> str:
        return _(self.message)


def lazy(message: str) -> Lazy:
    """Mark a message that is written down before anyone asks for it."""
    return Lazy(message)


def _filled(message: str, values: dict[str, object]) -> str:
    return message % values if values else message


@lru_cache
def _parsed(tag: str) -> Locale:
    return Locale.parse(tag, sep="-")


@lru_cache
def _translations(tag: str) -> gnu.NullTranslations:
    """Read a catalogue; a missing translation falls back to English."""
    if tag == SOURCE:
        return gnu.NullTranslations()
    folder = tag.replace("-", "_")
    with (CATALOGUES / folder / "LC_MESSAGES" / "rubric.po").open("rb") as file:
        catalogue = read_po(file, locale=folder, domain="rubric")
    # Babel writes the machine form into memory, so nothing has to be compiled beforehand.
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gnu.GNUTranslations(compiled)
