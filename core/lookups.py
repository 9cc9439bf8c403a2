"""Which lookups a filter may end in: those that some query here uses.

Tortoise keeps a dictionary for each of some thirty lookups of each field, 4 MiB of an idle server
(architecture.md 5).
"""

from typing import Any

from tortoise import models
from tortoise.filters import get_filters_for_field

KEPT = frozenset(
    {"not", "in", "not_in", "isnull", "not_isnull", "gt", "gte", "lt", "lte"}
    | {"contains", "startswith", "endswith", "iexact"}
)


def keep_few_lookups() -> None:
    """Have models know no other lookups; call before the first is made.

    `Model.filter` raises FieldError for the others, in tests as well.
    """
    models.get_filters_for_field = _kept_of  # type: ignore[attr-defined]


def _kept_of(field_name: str, field: Any, source_field: str) -> dict[str, Any]:
    every = get_filters_for_field(field_name=field_name, field=field, source_field=source_field)
    return {key: value for key, value in every.items() if _is_kept(key, field_name)}


def _is_kept(key: str, field_name: str) -> bool:
    lookup = key.removeprefix(field_name).removeprefix("__")
    return not lookup or lookup in KEPT
