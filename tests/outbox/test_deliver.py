"""From an activity to the letterboxes it goes to."""

import msgspec
import pytest
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.blocks import Block
from actors.domains import NEVER, Domain, set_rejected, standings
from actors.follows import Follow
from core.clock import now
from core.ids import new_id
from core.jobs import Job, done, take
from core.settings import use
from federation.errors import Refused
from federation.write import dumps
from outbox import fan_out as fan_out_module
from outbox.block import block
from outbox.carry import Carrier
from outbox.deliver import BULK, FEW, FIRM, SOON, Reach, deliver, pass_on
from outbox.fan_out import fan_out, servers_following
from outbox.letters import UNAVAILABLE, reached
from outbox.sent import Delivery, Sent, State
from outbox.sweeping import sweep
from tests.outbox.conftest import letter, letters, send, spread
from tests.sinks import Reply


async def test_followers_of_one_server_share_a_letter(settle, someone, sinks):
    mei = await settle("mei")
    for name in ("ana", "ben", "cyn"):
        await someone(0, name, follows=mei)
    await someone(1, "dan", follows=mei)

    sent = await send("Create", mei, Reach(followers_of=mei))

    assert [each.inbox for each in await letters(sent)] == [sinks.inbox(0), sinks.inbox(1)]


async def test_who_follows_without_being_accepted_gets_nothing(settle, someone):
    mei = await settle("mei")
    ana = await someone(0, "ana")
    await Follow.create(uri="http://x.test/1", follower=ana, followed=mei)

    sent = await send("Create", mei, Reach(followers_of=mei))

    assert await letters(sent) == []


async def test_personal_letters_go_to_personal_letterboxes(settle, someone):
    mei = await settle("mei")
    people = [await someone(0, "ana"), await someone(0, "ben")]

    sent = await send("Create", mei, Reach(actors=people, personal=True))

    assert {each.inbox for each in await letters(sent)} == {person.inbox for person in people}


async def test_those_who_live_here_get_no_letter_but_are_told(settle, someone):
    mei, ben = await settle("mei"), await settle("ben")

    sent = await send("Create", mei, Reach(actors=[ben]))
    jobs = await Job.filter(name="inbox.handle")

    assert await letters(sent) == []
    assert len(jobs) == 1


async def test_named_people_come_before_the_crowd(settle, someone):
    mei = await settle("mei")
    ana = await someone(0, "ana")
    await someone(1, "ben", follows=mei)

    sent = await send("Create", mei, Reach(followers_of=mei, actors=[ana]))

    assert {each.host: each.lane for each in await letters(sent)} == {
        ana.host: SOON,
        (await Actor.get(name="ben")).host: BULK,
    }


async def test_many_named_people_are_written_later_and_all(settle, someone):
    mei = await settle("mei")
    people = [await someone(number % 12, f"ana{number}") for number in range(30)]

    sent = await send("Create", mei, Reach(actors=people, personal=True))

    assert len(await letters(sent)) == 30


async def test_an_activity_is_delivered_once(settle, someone):
    mei, ana = await settle("mei"), await someone()
    document = {"id": f"{mei.uri}#x", "type": "Update", "actor": mei.uri, "object": mei.uri}

    first = await deliver(document, mei, Reach(actors=[ana]))
    second = await deliver(document, mei, Reach(actors=[ana]))

    assert first.id == second.id
    assert await Delivery.all().count() == 1


async def test_rows_and_letters_stand_or_fall_together(settle, someone):
    mei, ana = await settle("mei"), await someone()

    async def die_half_way():
        async with in_transaction():
            await send("Create", mei, Reach(actors=[ana], followers_of=mei), fans_out=False)
            raise RuntimeError("the process dies here")

    with pytest.raises(RuntimeError):
        await die_half_way()

    assert not await Sent.exists()
    assert not await Delivery.exists()
    assert not await Job.exists(name__in=["outbox.fanout", "inbox.handle"])


async def test_ORG_21_the_suspended_send_nothing_but_their_farewell(settle, someone):
    mei, ana = await settle("mei", suspended_at=now()), await someone()

    with pytest.raises(Refused):
        await send("Create", mei, Reach(actors=[ana]))
    sent = await send("Delete", mei, Reach(actors=[ana]))

    assert len(await letters(sent)) == 1


async def test_ORG_21_letters_of_someone_suspended_meanwhile_are_stopped(
    settle, someone, carrier, sinks
):
    mei, ana = await settle("mei"), await someone()
    create = await send("Create", mei, Reach(actors=[ana]))
    delete = await send("Delete", mei, Reach(actors=[ana]))
    await Actor.filter(id=mei.id).update(suspended_at=now())

    await carrier.carry_due()

    assert (await letter(create)).state == State.STOPPED
    assert (await letter(delete)).state == State.DONE
    assert len(sinks.receipts) == 1


async def test_ORG_21_a_suspended_stranger_hears_nothing_more(settle, someone):
    mei = await settle("mei")
    ana = await someone(0, follows=mei, suspended_at=now())

    sent = await send("Create", mei, Reach(actors=[ana], followers_of=mei))

    assert await letters(sent) == []


async def test_PRIV_07_who_is_blocked_gets_no_mention(settle, someone):
    mei, ana = await settle("mei"), await someone()
    await Block.create(id=new_id(), uri="http://x.test/b", blocker_id=mei.id, blocked_id=ana.id)

    create = await send("Create", mei, Reach(actors=[ana]))
    block = await send("Block", mei, Reach(actors=[ana]), lane=FIRM)

    assert await letters(create) == []
    assert len(await letters(block)) == 1


@pytest.mark.parametrize("spelling", ["{}", "127.0.1.1"])
async def test_PRIV_07_nothing_is_written_to_a_rejected_server(settle, someone, sinks, spelling):
    mei = await settle("mei")
    await set_rejected(spelling.format(sinks.host(0)), is_rejected=True)
    await someone(0, "ana", follows=mei)
    await someone(1, "ben", follows=mei)

    sent = await send("Create", mei, Reach(followers_of=mei))

    assert [each.host for each in await letters(sent)] == [sinks.host(1)]


async def test_PRIV_10_a_block_stops_letters_that_wait(settle, someone, sinks, carrier):
    mei = await settle("mei")
    await someone(0, "ana", follows=mei)
    sent = await send("Create", mei, Reach(followers_of=mei))

    await set_rejected(sinks.host(0), is_rejected=True)
    await carrier.carry_due()

    assert (await letter(sent)).state == State.STOPPED
    assert sinks.receipts == []


async def test_SIG_17_what_lies_below_a_rejected_domain_is_rejected_when_first_met(here):
    await set_rejected("evil.example", is_rejected=True)

    standing = await standings(["deep.sub.evil.example:8443", "notevil.example"])

    assert standing["deep.sub.evil.example:8443"].is_rejected
    assert not standing["notevil.example"].is_rejected


async def test_an_unavailable_server_is_counted_as_not_reached(settle, someone, sinks):
    mei = await settle("mei")
    await someone(0, "ana", follows=mei)
    await someone(1, "ben", follows=mei)
    await Domain.create(host=sinks.host(0), is_unavailable=True)

    sent = await send("Create", mei, Reach(followers_of=mei))
    await Carrier().carry_due()

    assert [each.error for each in await letters(sent)] == [UNAVAILABLE, ""]
    assert (await reached([sent]))[sent.id] == (2, 1, 0)


async def test_a_crowd_is_written_in_batches_that_miss_nobody(settle, someone, monkeypatch):
    monkeypatch.setattr(fan_out_module, "BATCH", 4)
    mei = await settle("mei")
    for number in range(30):
        await someone(number % 11, f"ana{number}", follows=mei)

    sent = await send("Create", mei, Reach(followers_of=mei))

    assert len(await letters(sent)) == 11
    assert (await Sent.get(id=sent.id)).is_spread


async def test_a_fan_out_that_died_half_way_resumes(settle, someone, monkeypatch):
    monkeypatch.setattr(fan_out_module, "BATCH", 3)
    mei = await settle("mei")
    for number in range(11):
        await someone(number, f"ana{number}", follows=mei)
    sent = await send("Create", mei, Reach(followers_of=mei), fans_out=False)

    (job,) = await take(1, only="outbox.fanout")
    await fan_out(job.read())  # and the process dies before the job is ended
    await fan_out(job.read())
    await done([job.id])
    await spread()

    assert len(await letters(sent)) == 11


async def test_everyone_is_every_server_we_know(settle, someone):
    mei = await settle("mei")
    for number in range(5):
        await someone(number, "ana")

    sent = await send("Delete", mei, Reach(followers_of=mei, everyone=True))

    assert len(await letters(sent)) == 5


async def test_a_delete_overtakes_what_still_waits(settle, someone, carrier, sinks):
    mei, ana = await settle("mei"), await someone()
    create = await send("Create", mei, Reach(actors=[ana]), about=f"{mei.uri}/1")
    update = await send("Update", mei, Reach(actors=[ana]), about=f"{mei.uri}/1")
    delete = await send("Delete", mei, Reach(actors=[ana]), about=f"{mei.uri}/1")

    await carrier.carry_due()

    assert [(await letter(each)).state for each in (create, update, delete)] == [
        State.STOPPED,
        State.STOPPED,
        State.DONE,
    ]
    assert len(sinks.receipts) == 1


async def test_a_delete_stops_a_fan_out_that_has_not_begun(settle, someone, sinks):
    mei = await settle("mei")
    await someone(0, follows=mei)
    reach = Reach(followers_of=mei)
    create = await send("Create", mei, reach, about=f"{mei.uri}/1", fans_out=False)

    delete = await send("Delete", mei, reach, about=f"{mei.uri}/1")

    assert await letters(create) == []
    assert len(await letters(delete)) == 1


async def test_a_delete_goes_where_the_note_once_was(settle, someone, carrier, sinks):
    mei, ben = await settle("mei"), await settle("ben")
    ana, cyn = await someone(0, "ana"), await someone(1, "cyn")
    note = f"{mei.uri}/1"
    await send("Create", mei, Reach(actors=[ana]), about=note)
    await send("Announce", ben, Reach(actors=[cyn]), about=note, key="boost")
    await send("Create", mei, Reach(actors=[await someone(2, "dan")]), about=f"{mei.uri}/2")
    await carrier.carry_due()

    delete = await send("Delete", mei, Reach(hosts_that_had=note), about=note)

    assert {each.host for each in await letters(delete)} == {ana.host, cyn.host}


async def test_a_delete_goes_where_the_note_was_before_letters_were_swept(
    settle, someone, carrier, monkeypatch
):
    mei, ana = await settle("mei"), await someone()
    note = f"{mei.uri}/1"
    create = await send("Create", mei, Reach(actors=[ana]), about=note)
    await carrier.carry_due()
    monkeypatch.setattr("outbox.sweeping.KEPT", -60_000)

    await sweep()
    delete = await send("Delete", mei, Reach(hosts_that_had=note), about=note)

    assert await letters(create) == []
    create = await Sent.get(id=create.id)
    assert (await reached([create]))[create.id] == (1, 1, 0)
    assert (await letter(delete)).inbox == ana.shared_inbox


async def test_sweeping_leaves_what_waits(settle, someone, monkeypatch):
    mei, ana = await settle("mei"), await someone()
    sent = await send("Create", mei, Reach(actors=[ana]))
    monkeypatch.setattr("outbox.sweeping.KEPT", -60_000)

    await sweep()

    assert len(await letters(sent)) == 1


async def test_an_update_waits_for_letters_of_the_create_to_be_written(settle, someone):
    mei = await settle("mei")
    await someone(0, follows=mei)
    reach = Reach(followers_of=mei)
    create = await send("Create", mei, reach, about=f"{mei.uri}/1", fans_out=False)
    (create_job,) = await take(1, only="outbox.fanout")

    update = await send("Update", mei, reach, about=f"{mei.uri}/1")
    early = await letters(update)
    await fan_out(create_job.read())
    (waiting,) = await Job.filter(name="outbox.fanout").exclude(id=create_job.id)
    await fan_out(msgspec.json.decode(waiting.payload))

    assert early == []
    assert len(await letters(create)) == len(await letters(update)) == 1


async def test_what_is_passed_on_keeps_its_bytes_and_does_not_go_back(
    settle, someone, sinks, carrier
):
    mei = await settle("mei")
    for number in (0, 1):
        await someone(number, follows=mei)
    body = dumps({"id": f"http://{sinks.host(0)}/a/1", "type": "Create", "object": "  x "})

    await pass_on(body, mei, Reach(followers_of=mei), uri=f"http://{sinks.host(0)}/a/1")
    await spread()
    await carrier.carry_due()

    (receipt,) = sinks.receipts
    assert (receipt.host, receipt.body) == (sinks.host(1), body)
    assert await Job.filter(name="inbox.handle").count() == 0


async def test_PRIV_10_an_author_can_ask_how_many_servers_will_have_it(settle, someone):
    mei = await settle("mei")
    for number in (0, 0, 1, 2):
        await someone(number, f"ana{new_id()}", follows=mei)

    assert await servers_following(mei.id) == 3


async def test_without_federation_nothing_leaves(settle, someone, here):
    mei, ana = await settle("mei"), await someone()
    closed = msgspec.structs.replace(here.federation, enabled=False)
    use(msgspec.structs.replace(here, federation=closed))

    sent = await send("Create", mei, Reach(actors=[ana], followers_of=mei))

    assert await letters(sent) == []
    assert await Job.filter(name="inbox.handle").exists()


async def test_a_forgotten_server_is_called_up(settle, someone, sinks, carrier):
    mei, ana = await settle("mei"), await someone()
    sent = await send("Create", mei, Reach(actors=[ana]))
    await Domain.all().update(next_at=NEVER)

    await sweep()
    await carrier.carry_due()

    assert (await letter(sent)).state == State.DONE


async def test_letterboxes_that_are_no_addresses_are_left_out(settle, someone):
    mei = await settle("mei")
    ana = await someone(0, "ana", inbox="acct:ana", shared_inbox="")
    ben = await someone(1, "ben", inbox="", shared_inbox="", follows=mei)

    sent = await send("Create", mei, Reach(actors=[ana, ben], followers_of=mei))

    assert await letters(sent) == []


async def test_the_body_is_the_same_for_all_and_for_ever(settle, someone, carrier, clock, sinks):
    mei = await settle("mei")
    await someone(0, follows=mei)
    await someone(1, follows=mei)
    sinks.on(0, Reply(500), Reply(503), Reply(202))

    sent = await send("Create", mei, Reach(followers_of=mei))
    for _ in range(3):
        await carrier.carry_due()
        clock.pass_(minutes=10)

    assert len(sinks.receipts) == 4
    assert {receipt.body for receipt in sinks.receipts} == {bytes(sent.body)}


async def test_PRIV_07_a_block_stops_what_waits_for_a_letterbox_of_their_own(settle, someone):
    mei, tea = await settle("mei"), await settle("tea")
    ana, bob = await someone(0, "ana"), await someone(0, "bob")
    shared = await someone(1, "cai", inbox="http://127.0.9.9:9/in", shared_inbox="")
    one = await someone(2, "dan")
    await Actor.filter(id=one.id).update(inbox=one.shared_inbox)
    told = await send("Create", mei, Reach(actors=[ana, bob, shared, one], personal=True))
    of_all = await send("Update", mei, Reach(actors=[ana]))
    firm = await send("Reject", mei, Reach(actors=[ana], personal=True))
    of_another = await send("Create", tea, Reach(actors=[ana], personal=True))

    for each in (ana, shared, await Actor.get(id=one.id)):
        await block(mei, each)

    waiting = await Delivery.filter(sent_id=told.id, state=State.WAITING)
    assert {each.for_actor_id for each in waiting} == {bob.id, one.id}
    for sent in (of_all, firm, of_another):
        assert (await letter(sent)).state == State.WAITING


async def test_PRIV_07_who_is_blocked_before_the_letters_are_written_gets_none(settle, someone):
    mei = await settle("mei")
    crowd = [await someone(number % 9, f"p{number}") for number in range(FEW + 3)]
    blocked, other, silenced = crowd[:3]
    reach = Reach(actors=crowd, personal=True)
    sent = await send("Create", mei, reach, fans_out=False)
    undone = await send("Undo", mei, reach, fans_out=False)

    await Block.create(uri="http://x.test/b", blocker=mei, blocked=blocked)
    await Block.create(uri="http://x.test/c", blocker=other, blocked=mei)
    await Actor.filter(id=silenced.id).update(suspended_at=now())
    await spread()

    everyone = {each.inbox for each in crowd}
    assert {each.inbox for each in await letters(sent)} == {each.inbox for each in crowd[3:]}
    assert {each.inbox for each in await letters(undone)} == everyone
