"""`rubric media`: what is kept of pictures and videos, and taking it away."""

from actors.actor import by_handle
from core.storage import storage
from moderation.audit import SHELL, write_down
from moderation.exhibits import kept
from notes.forgotten import missing
from notes.purging import purge_account, purge_domain, purge_hash
from notes.remote_cache import held, oldest_seen
from rubric.people import Impossible


async def report() -> str:
    """Say what is kept of other servers and of appeals, and whether a file of ours is missing."""
    lines = [
        f"{each.kind:<8} {each.files:>8} files {each.size / 1_000_000:>12.1f} MB"
        for each in await held()
    ]
    oldest = await oldest_seen()
    seen = f"{oldest:%Y-%m-%d}" if oldest else "never"
    files, size = await kept()
    lost = await missing({key async for key, _ in storage().files()})
    return "\n".join(
        [
            "Copies of other servers' pictures:",
            *(lines or ["none"]),
            f"The oldest was last seen: {seen}",
            f"Pictures of appeals: {files} files, {size / 1_000_000:.1f} MB",
            f"Rows without a file: {len(lost)}",
            *lost[:20],
        ]
    )


async def purge(*, domain: str, account: str, digest: str, reason: str) -> str:
    """Take files away. Raises Impossible when it is not said whose."""
    if sum(map(bool, (domain, account, digest))) != 1:
        raise Impossible("name one of --domain, --account and --hash")
    if domain:
        count = await purge_domain(domain)
    elif account:
        count = await _purge_account(account)
    else:
        count = await _purge_hash(digest, reason)
    about = f"media:{domain or account or digest}"
    await write_down(
        None, "media.purge", about, after={"count": count}, reason=reason, address=SHELL
    )
    return f"{count} pictures and videos are taken away; their files go within a minute"


async def _purge_account(handle: str) -> int:
    name, _, host = handle.lstrip("@").partition("@")
    actor = await by_handle(name, host or None)
    if actor is None:
        raise Impossible(f"nobody is known as {handle}")
    return await purge_account(actor)


async def _purge_hash(digest: str, reason: str) -> int:
    try:
        return await purge_hash(digest, reason=reason)
    except ValueError as error:
        raise Impossible(str(error)) from error
