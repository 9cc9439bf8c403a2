"""Indexes of the few rows that have something in a column which most leave empty."""

from typing import Any

from tortoise.indexes import Index


class FilledIndex(Index):
    """Holds the rows alone in which `filled` is not NULL; others cost nothing."""

    def __init__(
        self,
        *expressions: Any,
        fields: tuple[str, ...] | list[str] | None = None,
        name: str | None = None,
        filled: str = "",
    ) -> None:
        super().__init__(*expressions, fields=fields, name=name)
        self.filled = filled
        self.extra = f" WHERE {filled} IS NOT NULL"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how a migration writes it."""
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"filled": self.filled}
