"""Anything an address takes by its description, and much that it does not: nothing breaks.

schemathesis makes up requests from the OpenAPI document; half of the ids in their addresses are of
things that are there.
"""

import asyncio
import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from requests import Session
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from web.api.openapi import document
from web.api.schemas import closed
from web.api.table import CALLS

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = int(os.environ.get("RUBRIC_EXAMPLES", "3"))
# Streams have no end, and the last would end the app that asks.
LEFT_OUT = ("/api/v1/streaming",)
LARGEST = 1 << 63
PATIENCE_S = 120  # a machine that is busy with other things is no fault of an address


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda each: each.value)
async def test_no_request_breaks_anything(village, here, mode):
    described = from_dict(closed(document(CALLS)))
    known = sorted({*village.ids.values(), "0", str(LARGEST), "-1"})
    knocker = Knocker(f"http://{here.server.bind}", village.app.token, known)

    wrong = await asyncio.to_thread(knocker.knock_everywhere, described, mode)

    assert wrong == [], "\n".join(wrong)


class Knocker:
    """Asks at every address what is made up for it, with the token of an admin's app."""

    def __init__(self, base: str, token: str, known: list[str]) -> None:
        self.base = base
        self.session = Session()
        self.session.headers["Authorization"] = f"Bearer {token}"
        self.ids = st.sampled_from(known)

    def knock_everywhere(self, described: Any, mode: GenerationMode) -> list[str]:
        """Return what went wrong, by address."""
        wrong = []
        for found in described.get_all_operations():
            operation = found.ok()
            if operation.path.startswith(LEFT_OUT):
                continue
            try:
                self._knock(operation, mode)
            except Unsatisfiable:
                continue  # nothing can be wrong where nothing can be said
            except Exception as error:  # whatever it is, the other addresses are tried too
                parts = getattr(error, "exceptions", ())  # hypothesis hides what it saw once alone
                said = " / ".join(map(str, (error, *parts)))
                wrong.append(f"{operation.method} {operation.path}: {said}"[:3000])
        return wrong

    def _knock(self, operation: Any, mode: GenerationMode) -> None:
        strategy = operation.as_strategy(generation_mode=mode)

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy, number=st.one_of(st.none(), self.ids))
        def ask(case: schemathesis.Case, number: str | None) -> None:
            for name in case.path_parameters or {}:
                if number is not None and name == "id":
                    case.path_parameters[name] = number
            case.call_and_validate(
                self.base, session=self.session, checks=CHECKS, timeout=PATIENCE_S
            )

        ask()
