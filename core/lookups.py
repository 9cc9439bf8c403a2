"""Which lookups a filter may end in: those that some query here uses.

Tortoise keeps a dictionary for each of some thirty lookups of each field, 4 MiB of an idle server
(architecture.md 5).
"""

from typing import Any

from tortoise import models
from tortoise.fields import BooleanField, CharField, JSONField, TextField
from tortoise.filters import get_filters_for_field

KEPT = frozenset({"not", "in", "not_in", "isnull", "not_isnull"})
OF_ORDER = frozenset({"gt", "gte", "lt", "lte"})
OF_TEXT = frozenset({"contains", "startswith", "endswith", "iexact"})


def keep_few_lookups() -> None:
    """Have models know no other lookups; call before the first is made.

    `Model.filter` raises FieldError for the others, in tests as well. Nor are the comments beside
    fields read, for which the source of every model would be read again at each start.
    """
    models.get_filters_for_field = _kept_of  # type: ignore[attr-defined]
    models._get_comments = lambda cls: {}


def _kept_of(field_name: str, field: Any, source_field: str) -> dict[str, Any]:
    every = get_filters_for_field(field_name=field_name, field=field, source_field=source_field)
    kept = KEPT | _of_its_kind(field)
    return {key: value for key, value in every.items() if _lookup(key, field_name) in kept}


def _of_its_kind(field: Any) -> frozenset[str]:
    if isinstance(field, CharField | TextField):
        return OF_ORDER | OF_TEXT
    return frozenset() if isinstance(field, BooleanField | JSONField) else OF_ORDER


def _lookup(key: str, field_name: str) -> str:
    return key.removeprefix(field_name).removeprefix("__") or "in"
