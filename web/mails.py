"""E-mails to members: plain text, in their language, from templates of their own."""

from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from core.names import quiet_name
from core.settings import settings
from web.render import day, moment
from web.texts import said, said_of, speaking


@dataclass(frozen=True)
class Mail:
    """A subject in one line, and the text."""

    subject: str
    text: str


def mail(name: str, locale: str = "", **context: object) -> Mail:
    """Write an e-mail in the language of who will read it; the first line is its subject.

    No line break can get from a name into the subject (XSS-08).
    """
    with speaking(locale):
        template = _environment().get_template(f"{name}.txt")
        written = template.render(site=settings().server, **context)
    subject, _, text = written.strip().partition("\n")
    return Mail(subject=quiet_name(subject), text=text.strip() + "\n")


@lru_cache
def _environment() -> Environment:
    # Nothing is escaped, because nothing here is HTML: this environment sees only mail/*.txt.
    made = Environment(
        loader=PackageLoader("web", "templates/mail"),
        autoescape=False,  # noqa: S701
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=said, ngettext=said_of, newstyle=True
    )
    made.filters |= {"day": day, "moment": moment}
    return made
