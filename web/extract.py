"""Gathering the words to translate: `python -m web.extract` brings the catalogues up to date."""

from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from web.texts import CATALOGUES, LOCALES, SOURCE

ROOT = Path(__file__).parent
METHODS = [("**/templates/**", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**": {"trimmed": "false", "silent": "false"}}
HEADER = "# Rubric. `python -m web.extract` brings this file up to date; translations are kept."
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "lazy": None, "ngettext": (1, 2)}


def gathered() -> Catalog:
    """Read every message of web/ from the templates and the code, with where it stands."""
    found = Catalog(project="Rubric", charset="utf-8", header_comment=HEADER)
    for file, line, message, comments, context in extract_from_dir(
        ROOT, METHODS, OPTIONS, KEYWORDS, comment_tags=("translators:",)
    ):
        found.add(message, None, [(f"web/{file}", line)], auto_comments=comments, context=context)
    return found


def updated(tag: str, source: Catalog) -> Catalog:
    """Take over new messages and keep what is translated; messages no longer used are dropped."""
    folder = tag.replace("-", "_")
    path = path_of(tag)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=folder, domain="rubric")
    else:
        known = Catalog(locale=folder, domain="rubric", project="Rubric", charset="utf-8")
    known.update(source, no_fuzzy_matching=True)
    known.obsolete.clear()
    known.fuzzy = False
    known.header_comment = HEADER
    return known


def path_of(tag: str) -> Path:
    """Name the catalogue of a language."""
    return CATALOGUES / tag.replace("-", "_") / "LC_MESSAGES" / "rubric.po"


def main() -> None:
    """Write rubric.pot and each rubric.po, and say what is still to be translated."""
    source = gathered()
    source.creation_date = datetime(2026, 1, 1, tzinfo=UTC)  # a date of its own would be noise
    _write(CATALOGUES / "rubric.pot", source)
    for tag in LOCALES:
        if tag != SOURCE:
            catalogue = updated(tag, source)
            _write(path_of(tag), catalogue)
            missing = [each.id for each in catalogue if each.id and not all_said(each.string)]
            print(f"{tag}: {len(catalogue)} messages, {len(missing)} to translate")
            for message in missing:
                print(f"  {message!r}")


def all_said(string: object) -> bool:
    """Tell whether a translation, or every plural form of it, is there."""
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _write(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, include_lineno=False)


if __name__ == "__main__":
    main()
