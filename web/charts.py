"""Charts as inline SVG: bars, each with its number; the same numbers stand in a table beneath."""

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, ROW, BAR, NUMBER = 320, 24, 14, 44


def bars(title: str, values: Sequence[tuple[str, int, str]]) -> Markup:
    """Draw a bar for each label, number and how the number is written; no bar for what is masked.

    Nothing in it has a style of its own: colours come from the sheet, in light and dark.
    """
    most = max((number for _, number, _ in values), default=0) or 1
    drawn = Markup("").join(_bar(place, each, most) for place, each in enumerate(values))
    height = ROW * len(values)
    return Markup(
        '<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-label="{title}">'
        "{drawn}</svg>"
    ).format(width=WIDTH, height=height, title=title, drawn=drawn)


def _bar(place: int, value: tuple[str, int, str], most: int) -> Markup:
    label, number, written = value
    top, length = place * ROW, round((WIDTH - 132 - NUMBER) * number / most)
    return Markup(
        '<text x="0" y="{words}">{label}</text>'
        '<rect x="132" y="{top}" width="{length}" height="{bar}"/>'
        '<text class="value" x="{end}" y="{words}">{written}</text>'
    ).format(
        words=top + 15,
        label=_short(label),
        top=top + 4,
        length=max(length, 1 if number else 0),
        bar=BAR,
        end=136 + length,
        written=written,
    )


def _short(label: str) -> str:
    return label if len(label) < 22 else f"{label[:20]}…"
