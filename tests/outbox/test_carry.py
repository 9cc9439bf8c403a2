"""Carrying: what goes where, in which order, and what happens when it does not arrive."""

import asyncio
import json
from email.utils import formatdate
from hashlib import sha256

import msgspec
import pytest

from actors.actor import Actor
from actors.domains import DOUBTFUL, NEVER, Domain, heard_from
from actors.follows import Follow, address
from core.clock import milliseconds
from core.jobs import Job, Wake
from federation.client import Client, client, use_client
from federation.letter import Letter
from federation.signatures import signed_by, verify
from outbox import carry
from outbox.carry import Carrier
from outbox.deliver import BULK, FIRM, SOON, Reach
from outbox.letters import UNAVAILABLE, use_bell
from outbox.readdress import confirm_gone, readdress
from outbox.sent import Delivery, State
from outbox.visits import LEASE, LETTERS, MOST_CRASHES, free_leases, take
from tests.outbox.conftest import letter, letters, send, until
from tests.sinks import Reply, Sinks

AS2 = {"Content-Type": "application/activity+json"}


async def many(author, someone, count, *, host=0, **more):
    """Write letters about as many notes to one server."""
    ana = await someone(host, "ana")
    return [await send("Create", author, Reach(actors=[ana]), **more) for _ in range(count)]


async def test_a_letter_is_carried_and_signed(settle, someone, sinks, carrier):
    mei, ana = await settle("mei"), await someone()
    sent = await send("Create", mei, Reach(actors=[ana]))

    assert await carrier.carry_due() == 1

    (receipt,) = sinks.receipts
    got = Letter(
        "POST", "/inbox", list(receipt.headers.items()), receipt.body, receipt.host, ana.uri
    )
    signed = signed_by(got)
    verify(got, signed, mei.public_key)
    assert signed.key_id == mei.key_id
    assert receipt.body == bytes(sent.body)
    row = await letter(sent)
    assert (row.state, row.code, row.attempts) == (State.DONE, 202, 1)
    assert (await Domain.get(host=ana.host)).reached_at > 0


async def test_nothing_is_carried_twice(settle, someone, sinks, carrier):
    mei = await settle("mei")
    await many(mei, someone, 20)

    assert await carrier.carry_due() == 20
    assert await carrier.carry_due() == 0

    assert len(sinks.receipts) == 20
    assert (await Domain.get(host=sinks.host())).next_at == NEVER


@pytest.mark.parametrize("status", [400, 403, 405, 406, 409, 413, 415, 422, 501])
async def test_a_final_answer_stops_the_letter(settle, someone, sinks, carrier, status):
    mei = await settle("mei")
    sinks.on(0, Reply(status, body="never"))
    (sent,) = await many(mei, someone, 1)

    await carrier.carry_due()

    row = await letter(sent)
    assert (row.state, row.code, row.error) == (State.STOPPED, status, "never")
    assert (await Domain.get(host=row.host)).failures == 0


@pytest.mark.parametrize(
    "reply", [Reply(500), Reply(503), Reply(408), Reply(425), Reply(hangs_up=True)]
)
async def test_a_passing_failure_is_tried_again(settle, someone, sinks, carrier, clock, reply):
    mei = await settle("mei")
    sinks.on(0, reply, Reply(202))
    (sent,) = await many(mei, someone, 1)

    await carrier.carry_due()
    row = await letter(sent)
    assert (row.state, row.attempts) == (State.WAITING, 1)
    assert 11_000 < row.due - clock() <= 18_000

    clock.pass_(minutes=1)
    await carrier.carry_due()

    assert (await letter(sent)).state == State.DONE
    assert len({receipt.sha256 for receipt in sinks.receipts}) == 1


async def test_a_server_that_says_nothing_is_given_up_in_time(settle, someone, sinks, carrier):
    mei = await settle("mei")
    sinks.on(0, Reply(delay=30))
    (sent,) = await many(mei, someone, 1)

    async with Client(private_ok=True, timeout_s=0.3) as impatient:
        use_client(impatient)
        await carrier.carry_due()

    row = await letter(sent)
    assert (row.state, row.code, row.attempts) == (State.WAITING, 0, 1)


async def test_the_gate_stops_letters_to_where_we_do_not_call(settle, carrier, someone):
    mei = await settle("mei")
    metadata = await someone(0, inbox="http://169.254.169.254/inbox", shared_inbox="")
    sent = await send("Create", mei, Reach(actors=[metadata]))

    await carrier.carry_due()

    row = await letter(sent)
    assert (row.state, row.code) == (State.STOPPED, 0)
    assert "169.254.169.254" in row.error


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_SIG_19_a_redirect_of_a_letter_is_not_followed(
    settle, someone, sinks, carrier, status
):
    mei = await settle("mei")
    sinks.on(0, Reply(status, {"Location": sinks.inbox(1)}))
    (sent,) = await many(mei, someone, 1)

    await carrier.carry_due()

    assert sinks.got(1) == []
    assert (await letter(sent)).state == State.WAITING
    assert [job.name for job in await Job.filter(name="outbox.readdress")] == ["outbox.readdress"]


async def test_SIG_20_a_server_that_always_says_401_hears_two_knocks_a_try(
    settle, someone, sinks, carrier, clock
):
    mei = await settle("mei")
    sinks.on(0, Reply(401))
    (sent,) = await many(mei, someone, 1)

    for tries in (1, 2, 3):
        await carrier.carry_due()
        clock.pass_(hours=2)
        assert len(sinks.receipts) == 2 * tries

    forms = ["signature-input" in receipt.headers for receipt in sinks.receipts]
    assert forms[:2] == [False, True]
    assert all("signature" in receipt.headers for receipt in sinks.receipts)
    assert (await letter(sent)).state == State.WAITING


async def test_SIG_20_the_form_that_was_taken_is_remembered(settle, someone, sinks, carrier):
    mei = await settle("mei")
    sinks.on(0, Reply(401), Reply(202))
    await many(mei, someone, 2)
    await carrier.carry_due()
    knocks = len(sinks.receipts)

    assert (await Domain.get(host=sinks.host())).form == "rfc9421"
    await send("Create", mei, Reach(actors=[await Actor.get(name="ana")]))
    await Carrier().carry_due()

    assert len(sinks.receipts) == knocks + 1
    assert "signature-input" in sinks.receipts[-1].headers


async def test_dependent_letters_keep_their_order(settle, someone, sinks, carrier, clock):
    mei, ana = await settle("mei"), await someone()
    note = f"{mei.uri}/1"
    create = await send("Create", mei, Reach(actors=[ana]), about=note)
    sinks.on(0, Reply(500), Reply(202))
    await carrier.carry_due()
    await send("Update", mei, Reach(actors=[ana]), about=note, lane=FIRM)
    other = await send("Create", mei, Reach(actors=[ana]))

    await carrier.carry_due()
    clock.pass_(minutes=1)
    await carrier.carry_due()

    told = [json.loads(receipt.body) for receipt in sinks.receipts]
    assert [each["type"] for each in told if each["object"]["id"] == note] == [
        "Create",
        "Create",
        "Update",
    ]
    assert told[1]["id"] == other.uri, "what is not about the note does not wait for it"
    assert (await letter(create)).attempts == 2


async def test_a_letter_that_is_refused_lets_the_next_one_go(settle, someone, sinks, carrier):
    mei, ana = await settle("mei"), await someone()
    note = f"{mei.uri}/1"
    sinks.on(0, Reply(422), Reply(202))
    for kind in ("Create", "Update"):
        await send(kind, mei, Reach(actors=[ana]), about=note)

    await carrier.carry_due()

    assert [each.status for each in sinks.receipts] == [422, 202]


async def test_urgent_letters_go_first(settle, someone, sinks, carrier):
    mei = await settle("mei")
    ana = await someone(0, "ana", follows=mei)
    for lane, reach in ((BULK, Reach(followers_of=mei)), (FIRM, Reach(actors=[ana]))):
        for _ in range(3):
            await send("Create", mei, reach, lane=lane)
    urgent = await send("Create", mei, Reach(actors=[ana]), lane=SOON)

    await carrier.carry_due()

    first = {json.loads(each.body)["id"] for each in sinks.receipts[:2]}
    assert urgent.uri in first
    assert [each.lane for each in await Delivery.filter(state=State.DONE).order_by("lane")] == [
        *(SOON, FIRM, FIRM, FIRM, BULK, BULK, BULK)
    ]


async def test_no_server_has_more_than_two_callers(settle, someone, sinks, carrier):
    mei = await settle("mei")
    for number in range(2):
        sinks.on(number, Reply(delay=0.01))
        await many(mei, someone, 20, host=number)

    await carrier.carry_due()

    assert set(sinks.most_at_once.values()) == {2}


async def test_R6_one_dead_server_among_fifty_holds_up_nobody(settle, someone, here):
    mei, stop = await settle("mei"), asyncio.Event()
    async with Sinks(50) as fifty, Client(private_ok=True, timeout_s=60) as patient:
        use_client(patient)
        fifty.on(7, Reply(delay=60))
        for number in range(50):
            base = f"http://{fifty.host(number)}"
            ana = await Actor.create(
                uri=base, name="a", host=fifty.host(number), inbox=fifty.inbox(number)
            )
            await Follow.create(uri=base, follower=ana, followed=mei, is_accepted=True)
            await address(ana.id)
        for _ in range(6):
            await send("Create", mei, Reach(followers_of=mei))
        running = asyncio.create_task(Carrier().run(stop))

        async def all_others_have_theirs():
            return await Delivery.filter(state=State.DONE).count() == 49 * 6

        await until(all_others_have_theirs, seconds=30)

        assert fifty.at_once[fifty.host(7)] == len(fifty.got(7)) == 2
        stop.set()
    await running


async def test_bulk_leaves_room_for_the_urgent(settle, someone, sinks, here):
    assert carry.SHARES[BULK] == 0.7
    assert carry.SHARES[DOUBTFUL] == 0.25
    mei, runner = await settle("mei"), Carrier()
    runner._hands = 4
    for number in range(6):
        await someone(number, "ana", follows=mei)
        sinks.on(number, Reply(delay=0.3))
    await send("Create", mei, Reach(followers_of=mei))
    stop = asyncio.Event()
    running = asyncio.create_task(runner.run(stop))
    await until(busy(sinks, 3))
    assert sum(sinks.at_once.values()) == 3, "seven tenths of four hands are busy with bulk"

    sent = await send("Create", mei, Reach(actors=[await someone(11, "ben")]))
    await until(done(sent))

    assert sinks.got(11)
    stop.set()
    await running


async def test_five_failures_open_the_circuit_and_the_rest_waits_free_of_charge(
    settle, someone, sinks, carrier, clock
):
    mei = await settle("mei")
    sinks.on(0, Reply(502))
    sent = await many(mei, someone, 20)

    await carrier.carry_due()
    clock.pass_(minutes=4)
    await carrier.carry_due()

    assert len(sinks.receipts) == 5
    domain = await Domain.get(host=sinks.host())
    assert (domain.failures, domain.next_lane) == (5, DOUBTFUL)
    assert sum([(await letter(each)).attempts for each in sent]) == 5


async def test_an_open_circuit_is_probed_with_one_letter_more_and_more_rarely(
    settle, someone, sinks, carrier, clock
):
    mei = await settle("mei")
    sinks.on(0, Reply(502))
    sent = await many(mei, someone, 20)
    await carrier.carry_due()

    probes = []
    for _ in range(12):
        clock.pass_(minutes=6.1)
        await carrier.carry_due()
        probes.append(len(sinks.receipts) - 5)

    assert probes[0] == 1
    assert probes[-1] in (3, 4), "after 5, 10, 20 and 40 minutes"
    assert sum([(await letter(each)).attempts for each in sent]) == 5

    sinks.on(0, Reply(202))
    clock.pass_(hours=2)
    await carrier.carry_due()

    assert {(await letter(each)).state for each in sent} == {State.DONE}
    assert (await Domain.get(host=sinks.host())).failures == 0


async def test_new_letters_to_an_open_circuit_wait_for_the_probe(
    settle, someone, sinks, carrier, clock
):
    mei = await settle("mei")
    sinks.on(0, Reply(502))
    await many(mei, someone, 6)
    await carrier.carry_due()

    await send("Create", mei, Reach(actors=[await Actor.get(name="ana")]), lane=SOON)
    await carrier.carry_due()

    assert len(sinks.receipts) == 5


async def test_a_verified_request_closes_the_circuit_at_once(
    settle, someone, sinks, carrier, clock
):
    mei = await settle("mei")
    sinks.on(0, Reply(502))
    sent = await many(mei, someone, 10)
    await heard_from(sinks.host())
    await carrier.carry_due()
    sinks.on(0, Reply(202))

    await heard_from(sinks.host())
    clock.pass_(minutes=4)
    await carrier.carry_due()

    assert {(await letter(each)).state for each in sent} == {State.DONE}


async def test_hearing_from_a_server_costs_one_write_a_minute(here, sinks):
    await heard_from("new.example")
    await Domain.filter(host="new.example").update(heard_at=None)

    await heard_from("new.example")

    assert (await Domain.get(host="new.example")).heard_at is None


async def test_eight_days_of_silence_make_a_server_unavailable_until_it_speaks(
    settle, someone, sinks, carrier, clock
):
    mei = await settle("mei")
    sinks.on(0, Reply(hangs_up=True))
    sent = await many(mei, someone, 8)
    ana = await Actor.get(name="ana")
    await Follow.create(uri="http://x.test/f", follower=ana, followed=mei, is_accepted=True)
    await address(ana.id)
    for _ in range(45):
        await carrier.carry_due()
        clock.pass_(hours=5)

    assert (await Domain.get(host=ana.host)).is_unavailable
    assert {(await letter(each)).state for each in sent} == {State.STOPPED}
    assert UNAVAILABLE in {(await letter(each)).error for each in sent}
    assert await Follow.all().count() == 1
    ignored = await send("Create", mei, Reach(followers_of=mei))
    assert (await letter(ignored)).state == State.STOPPED

    sinks.on(0, Reply(202))
    await heard_from(ana.host)
    heard = await send("Create", mei, Reach(followers_of=mei))
    await Carrier().carry_due()

    assert (await letter(heard)).state == State.DONE


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_retry_after_holds_for_the_whole_server(
    settle, someone, sinks, carrier, clock, status, form
):
    mei = await settle("mei")
    said = "3600" if form == "seconds" else formatdate(clock() / 1000 + 3600, usegmt=True)
    sinks.on(0, Reply(status, {"Retry-After": said}), Reply(202))
    await many(mei, someone, 1)
    await carrier.carry_due()
    await send("Create", mei, Reach(actors=[await Actor.get(name="ana")]), lane=SOON)

    clock.pass_(minutes=58)
    await carrier.carry_due()
    assert len(sinks.receipts) == 1

    await heard_from(sinks.host())
    await carrier.carry_due()
    assert len(sinks.receipts) == 1, "speaking with us does not take it back"

    clock.pass_(minutes=3)
    await carrier.carry_due()
    assert len(sinks.receipts) == 3


async def test_letters_of_a_dead_process_are_carried_when_its_lease_ends(
    settle, someone, sinks, carrier, clock
):
    mei = await settle("mei")
    sent = await many(mei, someone, 3)
    (dead,) = await take(SOON, 10, clock())  # and nothing comes of it

    await carrier.carry_due()
    assert dead.host == sinks.host()
    assert sinks.receipts == []

    clock.by += LEASE + 1
    await carrier.carry_due()

    assert {(await letter(each)).state for each in sent} == {State.DONE}
    assert (await Domain.get(host=sinks.host())).crashes == 0


async def test_where_one_process_owns_the_rows_a_start_frees_its_leases(
    settle, someone, sinks, carrier
):
    mei = await settle("mei")
    await many(mei, someone, 3)
    await take(SOON, 10, milliseconds())

    await free_leases(milliseconds())
    await carrier.carry_due()

    assert len(sinks.receipts) == 3


async def test_what_was_answered_but_not_written_down_goes_again_with_the_same_bytes(
    settle, someone, sinks, clock
):
    mei = await settle("mei")
    (sent,) = await many(mei, someone, 1)
    dies = Carrier(clock=clock)
    await dies._turn()
    await asyncio.gather(*dies._tasks)  # the letter is answered, and the process dies

    clock.by += LEASE + 1
    await Carrier(clock=clock).carry_due()

    assert [each.sha256 for each in sinks.receipts] == [sha256(bytes(sent.body)).hexdigest()] * 2
    assert (await letter(sent)).state == State.DONE


async def test_a_letter_that_kills_the_process_again_and_again_is_parked(
    settle, someone, sinks, carrier, clock
):
    mei = await settle("mei")
    sent = await many(mei, someone, 2)
    leases = []
    for _ in range(MOST_CRASHES):
        (died,) = await take(SOON, 10, clock()) or await take(BULK, 10, clock())
        leases.append(died.lease_until - clock())
        clock.by = died.lease_until - milliseconds() + 1

    await carrier.carry_due()

    assert [(await letter(each)).state for each in sent] == [State.PARKED, State.DONE]
    assert leases[-1] > leases[1] > leases[0]
    assert len(sinks.receipts) == 1


async def test_a_letter_that_trips_us_up_three_times_is_parked(
    settle, someone, sinks, carrier, clock, monkeypatch
):
    mei = await settle("mei")
    bad, good = await many(mei, someone, 2)
    post = client().post

    async def stumble(inbox, body, *rest, **more):
        if bad.uri.encode() in body:
            raise KeyError("a mistake of ours")
        return await post(inbox, body, *rest, **more)

    monkeypatch.setattr(client(), "post", stumble)
    for _ in range(4):
        await carrier.carry_due()
        clock.pass_(minutes=2)

    row = await letter(bad)
    assert (row.state, row.attempts) == (State.PARKED, 3)
    assert "a mistake of ours" in row.error
    assert (await letter(good)).state == State.DONE


async def test_R7_stopping_ends_what_is_under_way_and_hands_back_the_rest(
    settle, someone, sinks, here
):
    mei = await settle("mei")
    sinks.on(0, Reply(delay=0.3))
    sent = await many(mei, someone, 10)
    stop = asyncio.Event()
    running = asyncio.create_task(Carrier().run(stop))
    await until(busy(sinks, 2))

    stop.set()
    await running

    states = [(await letter(each)).state for each in sent]
    assert states.count(State.DONE) == len(sinks.receipts) == 2
    domain = await Domain.get(host=sinks.host())
    assert (domain.lease_until, domain.crashes) == (0, 0)
    assert domain.next_at <= milliseconds()


async def test_new_letters_wake_the_carrier(settle, someone, sinks, here, monkeypatch):
    monkeypatch.setattr(carry, "POLL_S", 60.0)
    use_bell(Wake())
    mei, stop = await settle("mei"), asyncio.Event()
    running = asyncio.create_task(Carrier().run(stop))
    (first,) = await many(mei, someone, 1)
    await until(done(first))

    second = await send("Create", mei, Reach(actors=[await Actor.get(name="ana")]))

    await until(done(second))
    stop.set()
    await running


def busy(sinks, many):
    """So many letters are being read."""

    async def are_they() -> bool:
        return sum(sinks.at_once.values()) == many

    return are_they


def done(sent):
    """A letter arrived."""

    async def is_it() -> bool:
        return (await letter(sent)).state == State.DONE

    return is_it


@pytest.mark.parametrize("status", [404, 410, 307])
async def test_a_letter_follows_its_owner_to_a_new_letterbox(
    settle, someone, sinks, carrier, clock, status
):
    mei = await settle("mei")
    (sent,) = await many(mei, someone, 1)
    ana = await Actor.get(name="ana")
    moved = document_of(ana) | {"endpoints": {"sharedInbox": f"http://{ana.host}/new"}}
    sinks.on(0, Reply(status), Reply(200, AS2, json.dumps(moved)), Reply(202))

    await carrier.carry_due()
    (job,) = await Job.filter(name="outbox.readdress")
    await readdress(msgspec.json.decode(job.payload))
    clock.pass_(minutes=1)
    await carrier.carry_due()

    assert [(each.method, each.path) for each in sinks.receipts] == [
        ("POST", "/inbox"),
        ("GET", "/u/ana"),
        ("POST", "/new"),
    ]
    assert (await letter(sent)).state == State.DONE


@pytest.mark.parametrize(("status", "left"), [(404, State.STOPPED), (308, State.WAITING)])
async def test_a_letterbox_that_is_said_to_be_right_is_not_tried_for_days(
    settle, someone, sinks, carrier, status, left
):
    mei = await settle("mei")
    (sent,) = await many(mei, someone, 1)
    ana = await Actor.get(name="ana")
    sinks.on(0, Reply(status), Reply(200, AS2, json.dumps(document_of(ana))))

    await carrier.carry_due()
    (job,) = await Job.filter(name="outbox.readdress")
    await readdress(msgspec.json.decode(job.payload))

    assert (await letter(sent)).state == left


async def test_a_letter_that_is_sent_to_and_fro_has_its_eight_days(
    settle, someone, sinks, carrier, clock
):
    mei = await settle("mei")
    (sent,) = await many(mei, someone, 1)
    ana = await Actor.get(name="ana")
    for turn in range(4):
        box = {"endpoints": {"sharedInbox": f"http://{ana.host}/{turn}"}}
        sinks.on(0, Reply(404), Reply(200, AS2, json.dumps(document_of(ana) | box)))
        await carrier.carry_due()
        (job,) = await Job.filter(name="outbox.readdress")
        await job.delete()
        await readdress(msgspec.json.decode(job.payload))
        assert await carrier.carry_due() == 0
        clock.pass_(hours=1)

    row = await letter(sent)
    assert (row.inbox, row.attempts) == (f"http://{ana.host}/3", 4)


async def test_a_follower_who_is_gone_is_given_up_after_three_days(settle, someone, sinks, carrier):
    mei = await settle("mei")
    ana = await someone(0, "ana", follows=mei)
    sent = await send("Create", mei, Reach(followers_of=mei))
    sinks.on(0, Reply(410))

    await carrier.carry_due()
    (job,) = await Job.filter(name="outbox.readdress")
    await readdress(msgspec.json.decode(job.payload))

    assert (await letter(sent)).state == State.STOPPED
    for _ in range(2):
        assert await Follow.all().count() == 1
        (job,) = await Job.filter(name="outbox.confirm_gone")
        assert job.due - milliseconds() > 86_000_000
        await Job.filter(id=job.id).delete()
        await confirm_gone(msgspec.json.decode(job.payload))

    assert await Follow.filter(follower_id=ana.id).count() == 0


def document_of(actor):
    """What a sink says of an actor."""
    return {
        "id": actor.uri,
        "type": "Person",
        "preferredUsername": actor.name,
        "inbox": actor.inbox,
        "outbox": f"{actor.uri}/outbox",
        "endpoints": {"sharedInbox": actor.shared_inbox},
    }


async def test_a_page_of_letters_is_no_limit(settle, someone, sinks, carrier):
    mei = await settle("mei")
    sent = await many(mei, someone, LETTERS * 3 + 1)

    await carrier.carry_due()

    assert {(await letters(each))[0].state for each in sent} == {State.DONE}
