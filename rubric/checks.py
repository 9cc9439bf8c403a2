"""`rubric doctor` and `rubric config check`: is this instance set up as it should be?"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tortoise.exceptions import DoesNotExist

from actors.accounts import Account, Role
from actors.instance import instance_actor, instance_signer
from core import sql
from core.clock import now
from core.jobs import Job
from core.mail import server_in
from core.secret import secret_path
from core.settings import Settings, SettingsError, settings
from core.storage import StorageTrouble, storage
from core.stores import s3_problems
from federation.errors import FederationError
from federation.keys import public_key
from federation.signatures import Letter, sign, signed_by, verify
from moderation.reading import BadPolicy, draft_from
from notes.orders import Probe
from notes.workshop import Broken, workshop
from outbox.sent import Delivery, State
from rubric.database import config as database_config
from rubric.database import sqlite_file
from rubric.vigil import LARGEST_WAL, wal_bytes

LEAST_FREE_BYTES = 500_000_000
START = "see why in the line workshop.broken of the log; often memory is short"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: good, or what is wrong and how to mend it."""

    name: str
    problem: str = ""
    mend: str = ""

    @property
    def is_problem(self) -> bool:
        """Whether something must be done."""
        return bool(self.problem)

    def __str__(self) -> str:
        if not self.problem:
            return f"good     {self.name}"
        return f"PROBLEM  {self.name}: {self.problem}\n         to mend it: {self.mend}"


def config_problems(chosen: Settings) -> list[str]:
    """Name what config.toml promises and this machine does not keep."""
    problems = []
    try:
        draft_from(chosen.policy)
    except BadPolicy as error:
        problems.append(str(error))
    if chosen.security.secret_file and not Path(chosen.security.secret_file).exists():
        problems.append(f"security.secret_file: {chosen.security.secret_file} does not exist")
    if chosen.mail.url and not chosen.mail.sender:
        problems.append("mail.from: needed where mail.url is set")
    if chosen.media.storage == "s3":
        problems += s3_problems(chosen.media.s3, chosen.folder)
    for ask in (database_config, server_in) if chosen.mail.url else (database_config,):
        try:
            ask(chosen)
        except SettingsError as error:
            problems.append(str(error))
    return problems


async def look() -> list[Finding]:
    """Look at everything; the database is open."""
    return [await each() for each in LOOKS]


async def _config() -> Finding:
    problems = config_problems(settings())
    return Finding("config.toml", "; ".join(problems), "correct the key that is named")


async def _secret() -> Finding:
    mode = secret_path().stat().st_mode & 0o077
    problem = "others on this machine can read the secret" if mode else ""
    return Finding("secret", problem, f"chmod 600 {secret_path()}")


async def _keys() -> Finding:
    """Sign and verify with the instance's own key, as a peer would (security.md OPS-04)."""
    actor, url = await instance_actor(), f"{settings().server.base_url}/inbox"
    try:
        headers = sign("POST", url, b"{}", await instance_signer())
    except (SettingsError, DoesNotExist) as error:
        mend = f"put back the {secret_path()} that was saved with this database"
        return Finding("keys", f"the instance cannot sign: {error}", mend)
    letter = Letter(
        "POST",
        "/inbox",
        list(headers.items()),
        b"{}",
        settings().server.domain,
        settings().server.base_url,
    )
    try:
        public_key(actor.public_key)
        verify(letter, signed_by(letter), actor.public_key)
    except FederationError as error:
        mend = "restore a backup of the database: private and public key are no pair"
        return Finding("keys", f"nobody could verify what it signs: {error}", mend)
    return Finding("keys")


async def _disk() -> Finding:
    free = shutil.disk_usage(settings().data()).free
    problem = f"{free // 1_000_000} MB are free" if free < LEAST_FREE_BYTES else ""
    return Finding("disk", problem, "free some space, or move paths.data to a larger disk")


async def _files() -> Finding:
    """Write, read and delete a file where the pictures are."""
    try:
        await storage().check()
    except StorageTrouble as error:
        where = "paths.data" if settings().media.storage == "local" else "media.s3"
        return Finding("files", str(error), f"correct what {where} names, or the rights there")
    return Finding("files")


async def _database() -> Finding:
    file = sqlite_file(settings())
    if file is None:
        await sql.rows("SELECT 1 AS one")
        return Finding("database")
    result = (await sql.rows("PRAGMA quick_check"))[0]
    answer = str(next(iter(result.values())))
    problem = "" if answer == "ok" else answer
    mend = f"stop the server, move {file} away, and put back a backup by `rubric restore`"
    return Finding("database", problem, mend)


async def _admin() -> Finding:
    has_one = await Account.filter(role=Role.ADMIN, disabled_at=None, closed_at=None).exists()
    problem = "" if has_one else "nobody may change the policy"
    return Finding("admin", problem, "rubric user create NAME --email E --password P --role admin")


async def _parked() -> Finding:
    count = await Job.filter(parked=True).count()
    problem = f"{count} jobs failed every try" if count else ""
    return Finding(
        "jobs", problem, "see why at /admin/work, mend the cause, and have them tried again there"
    )


async def _letters() -> Finding:
    count = await Delivery.filter(state=State.PARKED).count()
    problem = f"{count} letters to other servers are parked" if count else ""
    mend = "see why at /admin/deliveries?show=parked, and have them tried again, or drop them there"
    return Finding("letters", problem, mend)


async def _log_of_writes() -> Finding:
    """Look whether SQLite can fold its write-ahead log into the file (reliability.md 5)."""
    size = wal_bytes()
    problem = f"it has grown to {size // 2**20} MiB" if size > LARGEST_WAL else ""
    mend = "end what reads the database without end, such as a backup that hangs; then restart"
    return Finding("write-ahead log", problem, mend)


async def _clock() -> Finding:
    year = now().year
    problem = f"it is said to be {year}" if not 2026 <= year < 2100 else ""
    return Finding("clock", problem, "set the clock; signatures depend on it")


async def _workshop() -> Finding:
    """Try, in the process that works on files of strangers, what it must not be able to do."""
    name, ours = "workshop", str(settings().data().resolve())
    try:
        async with workshop().work(Probe((ours, "/etc/passwd")), _bring_nothing) as work:
            possible = set(work.done.possible) - {"read the source", "write what is made"}
    except Broken as error:
        return Finding(name, f"no process can be started for it: {error}", START)
    problem = f"a file somebody uploads could {', '.join(sorted(possible))}" if possible else ""
    return Finding(name, problem, "run a Linux 5.13 or newer with Landlock and seccomp switched on")


async def _bring_nothing(path: Path) -> None:
    await asyncio.to_thread(path.write_bytes, b"")


LOOKS: tuple[Callable[[], Awaitable[Finding]], ...] = (
    _config,
    _secret,
    _clock,
    _database,
    _keys,
    _disk,
    _files,
    _workshop,
    _log_of_writes,
    _admin,
    _parked,
    _letters,
)
