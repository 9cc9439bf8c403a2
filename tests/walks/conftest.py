"""What the stories about other servers share."""

from collections.abc import Callable, Iterable

import pytest

from core.settings import Settings
from tests.remote import Remote
from tests.walks.wire import Envelope, Wire, everything


@pytest.fixture
def wire(served: Settings) -> Wire:
    """The running instance, reached by a bare socket."""
    return Wire(served)


@pytest.fixture
def refused(wire: Wire, remote: Remote) -> Callable:
    """Send letters that must all be refused with one of these statuses, unread and unfetched."""

    async def send(envelopes: Iterable[Envelope], *statuses: int, fetches: int = 0) -> None:
        before, asked = await everything(), len(remote.fetches)
        for envelope in envelopes:
            answer = await wire.send(envelope)
            assert answer.status in statuses, (answer, envelope)
        assert await everything() == before
        assert len(remote.fetches) - asked == fetches, remote.fetches

    return send
