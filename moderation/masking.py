"""Small numbers, shown as "<3": where one or two are counted, somebody might be recognised."""

from typing import Any

FEW = "<3"
# How many somebodies run the place, and how much there is, is told elsewhere as well.
PLAIN = ("moderators_active", "totals")


def masked(document: dict[str, Any]) -> dict[str, Any]:
    """Mask the counts of figures, at whatever depth; hours are no counts."""
    return {
        key: value if key in PLAIN else _hours(value) if _is_hours(value) else _masked(value)
        for key, value in document.items()
    }


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _masked(each) for key, each in value.items()}
    return FEW if isinstance(value, int) and 0 < value < 3 else value


def _is_hours(value: Any) -> bool:
    return isinstance(value, dict) and "ninth" in value


def _hours(value: dict[str, Any]) -> dict[str, Any]:
    """Name the ninth tenth as everyone does."""
    return {"median": value.get("median"), "p90": value.get("ninth")}
