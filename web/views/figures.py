"""Figures of moderation: what a page of a month or half a year shows."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup


@dataclass(frozen=True)
class FigureGroup:
    """Counts of one kind, as names and how many, with a chart of the same."""

    title: str
    rows: tuple[tuple[str, str], ...]
    chart: Markup


@dataclass(frozen=True)
class Correction:
    """What was found to be otherwise after a period was closed."""

    at: datetime
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FigurePage:
    """A period that is over."""

    name: str
    closed: datetime
    singles: tuple[tuple[str, str], ...]
    hours: tuple[tuple[str, str, str], ...]
    """What, the middle and nine in ten, in hours."""
    groups: tuple[FigureGroup, ...]
    totals: tuple[tuple[str, int], ...]
    corrections: tuple[Correction, ...] = ()
