"""Asking again who an actor is, as after a letter came back, or when they say they changed."""

from collections.abc import Mapping
from typing import Any

import msgspec

from actors.actor import by_uri
from actors.remote import fetch
from core.jobs import Lane, is_waiting, put
from federation.errors import FederationError, Unreachable

JOB = "actors.refresh"


async def want_refresh(uri: str) -> None:
    """Queue a look at an actor's own server; one that waits already is enough for all."""
    payload = msgspec.json.encode({"uri": uri})
    if not await is_waiting(JOB, payload):
        await put(JOB, payload, lane=Lane.USUAL)


async def refresh_by_uri(payload: Mapping[str, Any]) -> None:
    """Fetch an actor anew; one who is gone is marked so. Job `actors.refresh`."""
    actor = await by_uri(payload["uri"])
    if actor is None or actor.is_local:
        return
    try:
        await fetch(actor.uri)
    except Unreachable:
        raise
    except FederationError:
        # What their server refuses or spoils now is not mended by asking again.
        return
