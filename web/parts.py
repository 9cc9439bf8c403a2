"""The parts of a form: words and small files in memory, large files on the disk until the answer.

Whatever happens to the request, `put_away` ends what it left there; after a crash the sweeper of
arrivals does.
"""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from aiohttp import BodyPartReader, web

from core.storage import storage
from web.errors import BodyTooLarge

MOST_WORDS = 1024 * 1024  # all fields of a form together
MOST_IN_MEMORY = 1024 * 1024  # all files of a form together; the rest lies on the disk
MOST_ON_DISK = 64
PIECE = 256 * 1024

LEFT: web.RequestKey[AsyncExitStack] = web.RequestKey("left", AsyncExitStack)


@dataclass(frozen=True)
class Upload:
    """A file that came with a form; name and type are what the sender says, and not believed.

    A large one lies at `path` until the request is answered.
    """

    name: str
    size: int
    held: bytes = b""
    path: Path | None = None

    @property
    def data(self) -> bytes:
        """All of it, read from the disk if need be: for what has bounds that fit in memory."""
        return self.held if self.path is None else self.path.read_bytes()


class Budget:
    """How many bytes a form may still have, and how many of them in memory."""

    def __init__(self, most: int, announced: int) -> None:
        self._most = most
        self._left = most
        self.words = MOST_WORDS
        self.room = MOST_IN_MEMORY
        self.places = MOST_ON_DISK
        if announced > most:
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
        return self.spend(chunk)

    def _refuse(self, size: int) -> None:
        raise BodyTooLarge(self._most, size)


async def words_of(part: BodyPartReader, budget: Budget) -> str:
    """Read a field. Raises UnicodeDecodeError and BodyTooLarge."""
    body = bytearray()
    while chunk := await part.read_chunk():
        body += budget.say(chunk)
    return body.decode()


async def file_of(request: web.Request, part: BodyPartReader, budget: Budget) -> Upload:
    """Read a file. Raises BodyTooLarge, and ValueError for too many large ones."""
    held = bytearray()
    while chunk := await part.read_chunk(PIECE):
        held += budget.spend(chunk)
        if len(held) > budget.room:
            return await _on_disk(request, part, budget, held)
    budget.room -= len(held)
    return Upload(part.filename or "", len(held), bytes(held))


async def put_away(request: web.Request) -> None:
    """Remove the files that lie on the disk for a request, which is over."""
    if LEFT in request:
        await request[LEFT].aclose()


async def _on_disk(
    request: web.Request, part: BodyPartReader, budget: Budget, piece: bytearray
) -> Upload:
    budget.places -= 1
    if budget.places < 0:
        raise ValueError("too many large files")
    if LEFT not in request:
        request[LEFT] = AsyncExitStack()
    arrival = await request[LEFT].enter_async_context(storage().arriving())
    while piece:
        await arrival.write(bytes(piece))
        piece = bytearray()
        while len(piece) < PIECE and (chunk := await part.read_chunk(PIECE)):
            piece += budget.spend(chunk)
    return Upload(part.filename or "", arrival.size, path=await arrival.settled())
