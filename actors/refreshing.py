"""Asking again who an actor is, after a letter to them came back."""

from collections.abc import Mapping
from typing import Any

from actors.actor import by_uri
from actors.remote import fetch
from federation.errors import FederationError, Unreachable


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
