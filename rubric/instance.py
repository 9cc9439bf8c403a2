"""An instance with everything set up around it: settings, secret, database, way out, files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from actors.instance import ensure_instance_actor
from actors.speaker import ensure_speaker
from core.broker import open_broker, use_broker
from core.jobs import Wake, use_wake
from core.release import VERSION
from core.secret import ensure_secret
from core.settings import Settings, SettingsError, use
from core.storage import Storage, open_storage, storage_in, use_storage
from core.stores import s3_problems, s3_store
from federation.client import Client, use_client
from inbox.mailroom import Mailroom, use_mailroom
from moderation.adopting import ensure_policy
from moderation.policy import current
from notes.workshop import Workshop, use_workshop
from outbox.letters import use_bell
from rubric.alone import setting_up
from rubric.database import open_database
from rubric.migrating import migrate


@asynccontextmanager
async def opened(chosen: Settings) -> AsyncIterator[Wake]:
    """Open an instance for the running task and its children; an empty one is set up first.

    Raises SettingsError when it cannot be.
    """
    use(chosen)
    ensure_secret()
    await migrate()
    wake = Wake()
    use_wake(wake)
    use_bell(Wake())
    use_mailroom(Mailroom())
    use_storage(place_for_files(chosen))
    shop = Workshop(chosen.data("workshop"))
    use_workshop(shop)
    context = await open_database()
    events = open_broker()
    use_broker(events)
    try:
        async with way_out(chosen) as client:
            use_client(client)
            async with setting_up(chosen):
                await ensure_instance_actor()
                await ensure_policy()
                await ensure_speaker(language=current().sections.language)
            yield wake
    finally:
        await shop.close()
        # What listens holds a connection, for which closing them all would wait.
        await events.close()
        await context.close_connections()


def place_for_files(chosen: Settings) -> Storage:
    """Open the storage that the settings name. Raises SettingsError when it is not told whole."""
    if chosen.media.storage == "local":
        return open_storage(chosen.data("media"))
    if problems := s3_problems(chosen.media.s3, chosen.folder):
        raise SettingsError("; ".join(problems))
    return storage_in(s3_store(chosen.media.s3, chosen.folder), chosen.data("incoming"))


def way_out(chosen: Settings) -> Client:
    """Make the one client of this process that may call other servers."""
    return Client(
        own_hosts={
            chosen.server.domain,
            urlsplit(chosen.server.base_url).netloc,
            urlsplit(chosen.media.base_url).netloc or chosen.server.domain,
        },
        private_ok=chosen.federation.allow_private_addresses,
        user_agent=f"Rubric/{VERSION} (+{chosen.server.base_url}/)",
        timeout_s=chosen.federation.timeout_s,
        neighbour=chosen.translate.endpoint,
    )
