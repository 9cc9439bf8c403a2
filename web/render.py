"""Jinja: the environment, its filters, and answering with a page."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlencode

from aiohttp import web
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_compact_decimal, format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from core.clock import now
from core.emojis import named_with_emojis
from core.html import Sanitised, quiet_name, to_text
from core.settings import settings
from web.building.measure_words import treated_words
from web.cards import cards
from web.compiled import Compiled
from web.framing import AROUND, framed
from web.icons import icon
from web.texts import LOCALES, babel_locale, locale, said, said_of
from web.views.frame import Frame, Site

FRAME: web.RequestKey[Frame] = web.RequestKey("frame", Frame)
STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
DESCRIPTION = 200  # characters a search page or a link card shows


def render(
    request: web.Request,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **context: object,
) -> web.Response:
    """Answer with a page in the frame that a middleware put into `request[FRAME]`."""
    return web.Response(
        text=page(template, frame_of(request), **context),
        status=status,
        headers=headers,
        content_type="text/html",
    )


def frame_of(request: web.Request) -> Frame:
    """Return the frame of a request; a plain one where something failed before it was made."""
    if FRAME in request:
        return request[FRAME]
    server = settings().server
    return Frame(site=Site(name=server.name, domain=server.domain), path=request.path_qs)


def page(template: str, frame: Frame, **context: object) -> str:
    """Write a page in the language of this request."""
    with framed(frame):
        return environment().get_template(template).render(frame=frame, lang=locale(), **context)


@lru_cache
def environment() -> Environment:
    """Build the one environment of the pages: everything is escaped, unknown names are errors."""
    made = Environment(
        loader=PackageLoader("web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=Compiled(TEMPLATES),
    )
    made.filters |= {
        "html": html,
        "day": day,
        "moment": moment,
        "ago": ago,
        "iso": iso,
        "number": number,
        "short": short,
        "treated": treated_words,
        "clock": clock,
        "host": host,
        "plain": plain,
        "emojis": emojis,
        "absolute": absolute,
    }
    made.globals |= {
        "_": words,
        "cards": cards,
        "ngettext": counted,
        "direction": direction,
        "frame": AROUND,
        "icon": icon,
        "locales": LOCALES,
        "query": query,
        "static_url": static_url,
    }
    return made


def compile_all() -> None:
    """Compile every template; where they are kept, whoever comes first waits for none."""
    for file in TEMPLATES.rglob("*.html"):
        environment().get_template(str(file.relative_to(TEMPLATES)))


def words(message: str, **values: object) -> Markup:
    """Say a message, with its %(names)s filled and what fills them escaped."""
    if values:
        return Markup(said(message)) % values  # noqa: S704 - our own words
    return _words(locale(), message)


def counted(singular: str, plural: str, num: int, **values: object) -> Markup:
    """Say a message that depends on a number; `%(num)s` is the number."""
    return Markup(said_of(singular, plural, num)) % {"num": num, **values}  # noqa: S704 - our own


@lru_cache(2000)
def _words(language: str, message: str) -> Markup:
    return Markup(said(message)) % {}  # noqa: S704 - our own words


def html(value: Sanitised) -> Markup:
    """Show HTML that core.html made safe; anything else is refused (XSS-07)."""
    if not isinstance(value, Sanitised):
        raise TypeError(f"{type(value).__name__} was never made safe to show")
    return Markup(value)  # noqa: S704 - the one place where safe HTML meets a template


def emojis(text: str, pictures: Iterable[tuple[str, str]]) -> Markup:
    """Draw emojis in plain words, which are escaped."""
    return html(named_with_emojis(text, dict(pictures)))


def plain(value: Sanitised) -> str:
    """Write the beginning of some HTML as one line of text, for descriptions."""
    return quiet_name(to_text(value), DESCRIPTION)


def absolute(path: str) -> str:
    """Make an address that works elsewhere; one of another server stays as it is."""
    return settings().url(path) if path.startswith("/") else path


def day(value: date) -> str:
    """Write a date: 24 Nov 2026."""
    return format_date(value, "medium", locale=babel_locale())


def moment(value: datetime) -> str:
    """Write a date and time of day, with its zone."""
    at = value.astimezone(UTC)
    return f"{format_datetime(at, 'medium', locale=babel_locale())} UTC"


def ago(value: datetime) -> str:
    """Write how long ago (or how soon) something is: 3 hours ago."""
    return format_timedelta(
        value - now(), add_direction=True, granularity="minute", locale=babel_locale()
    )


def iso(value: date | datetime) -> str:
    """Write a moment for machines."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat()


def number(value: int) -> str:
    """Write a whole number with its separators."""
    return format_decimal(value, locale=babel_locale())


def short(value: int) -> str:
    """Write a number in little room: 1.2K, 1.2万."""
    if value < 1000:
        return str(value)
    return format_compact_decimal(value, locale=babel_locale(), fraction_digits=1)


def clock(seconds: int) -> str:
    """Write the length of a video: 4:05."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02}"


def direction() -> str:
    """Tell which way the language of this request is written: ltr or rtl."""
    return babel_locale().text_direction


def host(url: str) -> str:
    """Name the server of an address."""
    return url.partition("://")[2].partition("/")[0]


def query(path: str, **values: object) -> str:
    """Add a query to a path, without the values that are empty."""
    kept = {name: str(value) for name, value in values.items() if value}
    return f"{path}?{urlencode(kept, quote_via=quote)}" if kept else path


@lru_cache
def static_url(name: str) -> str:
    """Name a file of ours with its content in the address, so that it may be kept for good."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"
