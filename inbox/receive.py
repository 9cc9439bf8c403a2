"""From a POST to a job: believe it, admit it, queue it once."""

import asyncio
import hashlib
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

from tortoise.transactions import in_transaction

from actors.actor import Actor, by_uri
from actors.domains import heard_from
from actors.follows import Follow
from actors.remote import sender_again, sender_of
from core import jobs, sql
from core.ids import new_id
from core.settings import settings
from federation.activity import Activity, Transient, activity_from
from federation.errors import FederationError, Gone, NotFound, TooLarge, Unbelievable
from federation.littleboxes import check
from federation.read import loads
from federation.signatures import Letter, Signed, signed_by, verify
from federation.urls import host_of
from moderation.gate import admit_host


class Flooded(Exception):
    """This host has more letters waiting here than we take; it may try again in five minutes."""


@dataclass(frozen=True)
class _Admitted:
    mark: str
    job: str
    payload: bytes
    host: str


class Mailroom:
    """Stores letters in groups, one transaction for all that came meanwhile."""

    def __init__(self) -> None:
        self.waiting: Counter[str] = Counter()
        self._pending: list[_Admitted] = []
        self._next: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()

    async def store(self, letter: _Admitted) -> None:
        """Return once the letter is safely in the database, or was before (reliability.md 4)."""
        self._pending.append(letter)
        if self._next is None:
            self._next = asyncio.create_task(self._write())
        # Who hangs up must not take the others' letters away.
        await asyncio.shield(self._next)

    def settled(self, hosts: Iterable[str]) -> None:
        """Count letters that wait no more; those of before a restart were never counted."""
        self.waiting.subtract(hosts)
        self.waiting = +self.waiting

    async def _write(self) -> None:
        async with self._writing:
            letters, self._pending, self._next = self._pending, [], None
            await self._keep(letters)

    async def _keep(self, letters: list[_Admitted]) -> None:
        async with in_transaction():
            fresh = await _unseen(letters)
            await sql.run_many(
                "INSERT INTO received (id, mark, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [(new_id(), letter.mark, int(time.time())) for letter in fresh],
            )
            for name in {letter.job for letter in fresh}:
                await jobs.put_many(name, [each.payload for each in fresh if each.job == name])
        self.waiting.update(letter.host for letter in fresh)


_mailroom: ContextVar[Mailroom] = ContextVar("mailroom")


def mailroom() -> Mailroom:
    """Return the mailroom of this instance."""
    return _mailroom.get()


def use_mailroom(chosen: Mailroom) -> None:
    """Set the mailroom of everything that is started from here on."""
    _mailroom.set(chosen)


async def receive(letter: Letter, *, owner: Actor | None = None) -> None:
    """Take a letter for one person (`owner`) or for all here; raises what says why it is refused.

    Nothing is fetched for a sender we know, and nothing written before the signature is believed.
    """
    signed = signed_by(letter, window=timedelta(seconds=settings().federation.signature_window_s))
    host = host_of(signed.key_id)
    await admit_host(host)
    if mailroom().waiting[host] >= settings().limits.inbox_queue_per_host:
        raise Flooded(host)
    try:
        activity = activity_from(loads(letter.body))
        check(activity.document)
    except Transient:
        return
    if await _is_farewell_of_a_stranger(activity):
        return
    signer = await _believed(letter, signed)
    await _check_size(letter, host)
    await heard_from(host)
    job = "inbox.handle" if signer.uri == activity.actor else "inbox.forwarded"
    payload = _payload(signer, owner, letter.body)
    await mailroom().store(_Admitted(_mark(signer.uri, activity.id), job, payload, host))


async def _believed(letter: Letter, signed: Signed) -> Actor:
    """Return who signed; a key that fails once is fetched again, for it may be new (SIG-12)."""
    try:
        signer, key = await sender_of(signed.key_id)
    except (Gone, NotFound) as error:
        raise Unbelievable(f"{signed.key_id} cannot be found") from error
    if signer.is_local:
        raise Unbelievable(f"{signed.key_id} is a key of ours")
    try:
        verify(letter, signed, key)
    except Unbelievable:
        signer, key = await _again(signed.key_id, key)
        verify(letter, signed, key)
    if not signer.is_present:
        raise Unbelievable(f"{signer.uri} is suspended or gone")
    return signer


async def _again(key_id: str, tried: str) -> tuple[Actor, str]:
    try:
        signer, key = await sender_again(key_id)
    except FederationError as error:
        raise Unbelievable(f"the signature is not made with the key {key_id}") from error
    if key == tried:
        raise Unbelievable(f"the signature is not made with the key {key_id}")
    return signer, key


async def _is_farewell_of_a_stranger(activity: Activity) -> bool:
    # Mastodon sends Delete for actors we never met; fetching them would answer 410 (SIG-13).
    if activity.type not in ("Delete", "Update") or activity.object_id != activity.actor:
        return False
    return await by_uri(activity.actor) is None


async def _check_size(letter: Letter, host: str) -> None:
    most = settings().limits.inbox_stranger_kb * 1024
    if len(letter.body) > most and not await _is_followed(host):
        raise TooLarge(f"{host} is followed by nobody here and sent more than {most} bytes")


async def _is_followed(host: str) -> bool:
    return await Follow.filter(
        followed__host=host, followed__local_name=None, is_accepted=True
    ).exists()


def _payload(signer: Actor, owner: Actor | None, body: bytes) -> bytes:
    # The body is JSON, weighed and parsed a moment ago: it is not encoded a second time.
    to = str(owner.id) if owner else "null"
    return b'{"signer":%s,"owner":%s,"activity":%s}' % (
        str(signer.id).encode(),
        to.encode(),
        body,
    )


def _mark(signer: str, activity: str) -> str:
    return b64encode(hashlib.sha256(f"{signer} {activity}".encode()).digest()).decode()


async def _unseen(letters: list[_Admitted]) -> list[_Admitted]:
    marks = [letter.mark for letter in letters]
    found = await sql.rows(
        f"SELECT mark FROM received WHERE mark IN ({sql.marks(marks)})",  # noqa: S608
        marks,
    )
    seen = {row["mark"] for row in found}
    fresh = {letter.mark: letter for letter in letters if letter.mark not in seen}
    return list(fresh.values())
