"""The parts of a form: words and small files in memory, large files on the disk until the answer.

Whatever happens to the request, `put_away` ends what it left there; after a crash the sweeper of
arrivals does.
"""

from contextlib import AsyncExitStack
from dataclasses import dataclass

import structlog
from aiohttp import BodyPartReader, web

from core.storage import Arrival, StorageTrouble, storage
from notes.orders import TooHeavy
from web.errors import BodyTooLarge
from web.turns import take_turn

MOST_WORDS = 1024 * 1024  # all fields of a form together
MOST_IN_MEMORY = 256 * 1024  # all files of a form together; the rest lies on the disk
MOST_ON_DISK = 64
PIECE = 256 * 1024
READ_PAST = 7  # times as much as a form may have; beyond that nothing is read at all
LET_GO = (
    "More than {n} MB came at once, so this file was let go. What you wrote is kept;"
    " choose a smaller file."
)
NO_ROOM = "There is no room for this file just now. What you wrote is kept; add it again later."

log = structlog.get_logger()

LEFT: web.RequestKey[AsyncExitStack] = web.RequestKey("left", AsyncExitStack)


@dataclass(frozen=True)
class Upload:
    """A file that came with a form; name and type are what the sender says, and not believed.

    A large one lies on the disk until the request is answered. One that was more than its form may
    have, or than the disk has room for, was read past and let go: nothing of it is here, and `lost`
    is a sentence that says why.
    """

    name: str
    size: int
    held: bytes = b""
    arrival: Arrival | None = None
    lost: str = ""

    @property
    def whole(self) -> bytes | Arrival:
        """All of it, in memory or where it lies. Raises TooHeavy for one that was let go."""
        if self.lost:
            raise TooHeavy(self.lost)
        return self.held if self.arrival is None else self.arrival

    @property
    def data(self) -> bytes:
        """All of it, read from the disk if need be: for what has bounds that fit in memory.

        Raises TooHeavy for one that was let go.
        """
        whole = self.whole
        return whole if isinstance(whole, bytes) else whole.path.read_bytes()


class Budget:
    """How many bytes a form may still have, and how many of them in memory.

    Of a form of a page, files that do not fit are read past, so that its words are not lost: a
    browser shows no answer to what it has not sent to the end. That has an end as well.
    """

    def __init__(self, most: int, announced: int, *, lets_go: bool = False) -> None:
        self._most = most
        self._left = most
        self._past = READ_PAST * most if lets_go else 0
        self.lets_go = lets_go
        self.words = MOST_WORDS
        self.room = MOST_IN_MEMORY
        self.places = MOST_ON_DISK
        if announced > most + self._past:
            self._refuse(announced)

    def spend(self, chunk: bytes) -> bytes:
        """Pass a chunk on, or raise BodyTooLarge."""
        self._left -= len(chunk)
        if self._left < 0:
            self._refuse(self._most - self._left)
        return chunk

    def say(self, chunk: bytes) -> bytes:
        """Pass a chunk of words on, which stay in memory; raises BodyTooLarge."""
        self.words -= len(chunk)
        if self.words < 0:
            self._refuse(MOST_WORDS - self.words)
        return chunk if self.lets_go else self.spend(chunk)

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return self._left

    def skip(self, size: int) -> None:
        """Count what is read past; raises BodyTooLarge, as at once where nothing may be."""
        self._past -= size
        if self._past < 0:
            self._refuse(self._most + size)

    def undo(self, left: int) -> None:
        """Have as many bytes left as before a file, and count what came of it as read past."""
        self.skip(left - self._left)
        self._left = left

    def _refuse(self, size: int) -> None:
        raise BodyTooLarge(self._most, size)


async def words_of(part: BodyPartReader, budget: Budget) -> str:
    """Read a field. Raises UnicodeDecodeError and BodyTooLarge."""
    body = bytearray()
    while chunk := await part.read_chunk():
        body += budget.say(chunk)
    return body.decode()


async def file_of(request: web.Request, part: BodyPartReader, budget: Budget) -> Upload:
    """Read a file, or past it. Raises BodyTooLarge, and ValueError for too many large ones;
    StorageTrouble only where nothing may be read past."""
    before = budget.left
    try:
        return await _kept(request, part, budget)
    except BodyTooLarge as error:
        lost = LET_GO.replace("{n}", str(max(1, error.most // 2**20)))
    except StorageTrouble as error:
        if not budget.lets_go:
            raise
        log.error("there is no room for an upload", problem=str(error))
        lost = NO_ROOM
    size = before - budget.left
    budget.undo(before)
    while chunk := await _next(request, part):
        budget.skip(len(chunk))
        size += len(chunk)
    return Upload(part.filename or "", size, lost=lost)


async def put_away(request: web.Request) -> None:
    """Remove the files that lie on the disk for a request, which is over."""
    if LEFT in request:
        await request[LEFT].aclose()


async def _kept(request: web.Request, part: BodyPartReader, budget: Budget) -> Upload:
    held = bytearray()
    while chunk := await _next(request, part):
        held += budget.spend(chunk)
        if len(held) > budget.room:
            return await _on_disk(request, part, budget, bytes(held))
    budget.room -= len(held)
    return Upload(part.filename or "", len(held), bytes(held))


async def _on_disk(
    request: web.Request, part: BodyPartReader, budget: Budget, begun: bytes
) -> Upload:
    budget.places -= 1
    if budget.places < 0:
        raise ValueError("too many large files")
    if LEFT not in request:
        request[LEFT] = AsyncExitStack()
    async with AsyncExitStack() as until:
        arrival = await until.enter_async_context(storage().arriving())
        await arrival.write(begun)
        while chunk := await _next(request, part):
            await arrival.write(budget.spend(chunk))
        await arrival.settled()
        request[LEFT].push_async_exit(until.pop_all())
    return Upload(part.filename or "", arrival.size, arrival=arrival)


async def _next(request: web.Request, part: BodyPartReader) -> bytes:
    """Return the next piece: some 256 kB, or the rest, or nothing at the end."""
    chunks, size = list[bytes](), 0
    while size < PIECE and (chunk := await part.read_chunk(PIECE)):
        chunks.append(chunk)
        size += len(chunk)
        await take_turn(request)
    return b"".join(chunks)
