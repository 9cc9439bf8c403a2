"""What languages call themselves, as Babel's copy of the CLDR has it: `python -m` this writes it.

Babel keeps every locale that was ever asked for, of about a megabyte each, with its calendars and
currencies. The server wants the names alone, so they are written down once.
"""

import json

from babel import Locale, UnknownLocaleError
from babel.localedata import locale_identifiers

from core.languages import NAMES


def own_names() -> dict[str, str]:
    """Collect them by tag, with and without the script where it goes without saying."""
    names = {}
    for identifier in locale_identifiers():
        locale = Locale.parse(identifier)
        name = locale.get_display_name(locale)
        if name and not locale.variant:
            parts = (locale.language, locale.script, locale.territory)
            names["-".join(filter(None, parts))] = name[:1].title() + name[1:]
            short = "-".join(filter(None, (locale.language, locale.territory)))
            if locale.script and _is_understood(short, locale):
                names[short] = name[:1].title() + name[1:]
    return dict(sorted(names.items()))


def _is_understood(tag: str, locale: Locale) -> bool:
    try:
        return Locale.parse(tag, sep="-") == locale
    except (UnknownLocaleError, ValueError):
        return False


if __name__ == "__main__":
    NAMES.write_text(json.dumps(own_names(), ensure_ascii=False, indent=0) + "\n", "utf-8")
