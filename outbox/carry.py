"""Carrying letters: who is visited when, by how many at once, and how it stops."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence

import structlog
from tortoise.transactions import in_transaction

from actors.domains import DOUBTFUL
from actors.followers_of_server import PATH, followers_at
from core import sql
from core.clock import milliseconds
from core.metrics import letters_out
from core.settings import settings
from federation.answers import Answer, Form
from federation.client import client
from federation.errors import FederationError
from federation.follower_sync import HEADER, header_of, sum_of
from outbox.letters import BULK, FIRM, SOON, bell
from outbox.outcomes import PAUSES, Outcome, outcome_of
from outbox.parcels import Parcel, Parcels
from outbox.recording import record
from outbox.sent import State
from outbox.visits import Letter, Visit, free_leases, load, take

log = structlog.get_logger()

AT_ONE_SERVER = 2
# Of all hands: bulk never takes more than 70 %, and servers that failed no more than a quarter.
SHARES = {SOON: 1.0, FIRM: 1.0, BULK: 0.7, DOUBTFUL: 0.25}
# Servers taken in hand for each hand, so that no hand waits for the database.
IN_HAND = 4
# Writing what was answered waits so long for more of it: one commit for many letters.
PACE_S = 0.02
POLL_S = 1.0
# A visit is not continued when its lease is nearly over.
LEASE_MARGIN = 20_000
LONGEST_GOODBYE_S = 12.0
CRASHES = 3


class Carrier:
    """Carries what is due, until stopped; `counts` tells what became of how many letters."""

    def __init__(self, *, clock: Callable[[], int] = milliseconds) -> None:
        self.counts: Counter[str] = Counter()
        self._wake = bell()
        self._clock = clock
        self._hands = max(settings().federation.delivery_workers, 4)
        self._lines: dict[int, deque[Visit]] = {line: deque() for line in SHARES}
        self._busy: Counter[int] = Counter()
        self._in_hand: Counter[int] = Counter()
        self._ended: list[Visit] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._parcels = Parcels()
        self._crashes: Counter[int] = Counter()
        self._is_stopping = False

    async def run(self, stop: asyncio.Event) -> None:
        """Carry until `stop` is set; finish what is under way, and hand back the rest (R7)."""
        ringing = asyncio.create_task(self._ring_at(stop))
        try:
            if not sql.is_postgres():
                await free_leases(self._clock())
            while not stop.is_set():
                await self._safe_turn()
                await self._rest()
        finally:
            ringing.cancel()
            await self._say_goodbye()

    async def carry_due(self) -> int:
        """Carry until nothing is due any more; return how many letters were answered for."""
        before = self.counts.total()
        while await self._turn() or self._tasks:
            await asyncio.gather(*self._tasks)
        return self.counts.total() - before

    async def _ring_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._is_stopping = True
        self._wake.call()

    async def _safe_turn(self) -> None:
        """Take a turn; what the database could not take now is written at the next."""
        try:
            await self._turn()
        except sql.trouble():
            log.exception("carry.database")
            await asyncio.sleep(POLL_S)

    async def _turn(self) -> bool:
        """Write down what was answered and take servers in hand; tell whether any did either."""
        ended = list(self._ended)
        now = self._clock()
        async with in_transaction():
            if ended:
                await record(ended, now)
            visits = await self._take(now)
        del self._ended[: len(ended)]
        self._count(ended)
        await load(visits, self._parcels, now)
        for visit in visits:
            self._in_hand[visit.line] += 1
            self._begin(visit)
        self._start()
        return bool(ended or visits)

    async def _take(self, now: int) -> list[Visit]:
        visits: list[Visit] = []
        for line, share in SHARES.items():
            room = int(self._hands * IN_HAND * share) - self._in_hand[line]
            if room > 0 and not self._is_stopping:
                visits += await take(line, room, now)
        return visits

    def _count(self, ended: Sequence[Visit]) -> None:
        states = Counter(str(outcome.state) for visit in ended for _, outcome in visit.outcomes)
        self.counts += states
        for state, many in states.items():
            letters_out.labels(state).inc(many)
        for visit in ended:
            self._in_hand[visit.line] -= 1

    def _begin(self, visit: Visit) -> None:
        if visit.letters:
            self._lines[visit.line].append(visit)
        else:
            self._ended.append(visit)

    def _start(self) -> None:
        """Give every free hand something to do."""
        while visit := self._next():
            visit.hands += 1
            self._busy[visit.line] += 1
            if visit.hands < AT_ONE_SERVER and len(visit.letters) > 1:
                self._lines[visit.line].append(visit)
            hand = asyncio.create_task(self._visit(visit))
            self._tasks.add(hand)
            hand.add_done_callback(self._tasks.discard)

    def _next(self) -> Visit | None:
        if self._busy.total() >= self._hands:
            return None
        for line, share in SHARES.items():
            waiting = self._lines[line]
            while waiting and self._busy[line] < self._hands * share:
                visit = waiting.popleft()
                if visit.letters and not visit.is_ended:
                    return visit
        return None

    async def _visit(self, visit: Visit) -> None:
        """Send the letters of a visit one after another, while all goes well."""
        try:
            while visit.letters and not visit.is_ended:
                if self._is_stopping or self._clock() > visit.lease_until - LEASE_MARGIN:
                    visit.is_ended = True
                    break
                letter = visit.letters.popleft()
                outcome = await self._send(letter, visit)
                visit.note(letter, outcome, self._clock())
        finally:
            visit.hands -= 1
            self._busy[visit.line] -= 1
            if not visit.hands:
                self._ended.append(visit)
                self._wake.call()
            if not self._is_stopping:
                self._start()

    async def _send(self, letter: Letter, visit: Visit) -> Outcome:
        parcel, began = visit.parcels[letter.sent_id], self._clock()
        answer: Answer | FederationError
        try:
            answer = await client().post(
                letter.inbox,
                parcel.body,
                parcel.signer,
                form=_form(visit.form),
                digest=parcel.digest,
                beside=await _beside(parcel, letter),
            )
        except FederationError as error:
            answer = error
        except Exception as error:
            # As in the runner of jobs: whatever this letter does to us, the others must go on.
            return self._crashed(letter, visit, error)
        if isinstance(answer, Answer) and answer.is_done:
            visit.form = answer.form
        age = self._clock() - (letter.id >> 16)
        outcome = outcome_of(answer, attempts=letter.attempts, age=age)
        say = log.debug if outcome.state == State.DONE else log.info
        say(
            "carry.done" if outcome.state == State.DONE else "carry.not_done",
            host=visit.host,
            activity=letter.sent_id,
            code=outcome.code,
            state=outcome.state,
            milliseconds=self._clock() - began,
        )
        return outcome

    def _crashed(self, letter: Letter, visit: Visit, error: Exception) -> Outcome:
        """Try a letter that trips us up again later, and park it the third time."""
        log.exception("carry.crashed", host=visit.host, letter=letter.id)
        self._crashes[letter.id] += 1
        if self._crashes[letter.id] < CRASHES:
            return Outcome(State.WAITING, error=repr(error)[:500], pause=PAUSES[0])
        del self._crashes[letter.id]
        return Outcome(State.PARKED, error=repr(error)[:500])

    async def _rest(self) -> None:
        """Sleep until there is something to write down or to take."""
        is_busy = bool(self._tasks or self._ended)
        await self._wake.wait(POLL_S)
        if is_busy and not self._is_stopping:
            await asyncio.sleep(PACE_S)

    async def _say_goodbye(self) -> None:
        """Let what is under way end, and leave all servers to whoever comes next."""
        self._is_stopping = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=LONGEST_GOODBYE_S)
            for hand in late:
                hand.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for waiting in self._lines.values():
            self._ended += [visit for visit in waiting if visit not in self._ended]
            waiting.clear()
        await self._safe_turn()


async def _beside(parcel: Parcel, letter: Letter) -> dict[str, str]:
    """Tell a server whom there we take for followers, beside what is for them (FEP-8fcf)."""
    if not parcel.followers:
        return {}
    there = await followers_at(parcel.author_id, "/".join(letter.inbox.split("/", 3)[:3]))
    if there is None:
        return {}
    url = f"{parcel.followers.rpartition('/')[0]}/{PATH}"
    return {HEADER: header_of(parcel.followers, url, sum_of(there))}


def _form(remembered: str) -> Form | None:
    match remembered:
        case "cavage" | "rfc9421":
            return remembered
        case _:
            return None
