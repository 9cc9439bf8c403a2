"""What `rubric doctor` finds, and what it tells an operator to do about each."""

import os

import pytest

from actors.accounts import Role
from actors.instance import instance_actor
from actors.keys import ActorKey
from core.ids import new_id
from core.jobs import Job
from core.secret import secret_path
from federation.keys import new_rsa
from outbox.sent import Delivery, Sent, State
from rubric.checks import Finding, look
from rubric.vigil import LARGEST_WAL, wal_bytes


async def found(name: str) -> Finding:
    [finding] = [each for each in await look() if each.name == name]
    return finding


@pytest.fixture
async def admin(settle):
    return await settle("ada", role=Role.ADMIN)


async def test_all_is_well_where_nothing_is_wrong(admin):
    assert [str(each) for each in await look() if each.is_problem] == []


async def test_what_is_parked_leads_to_the_pages_of_admins(admin):
    await Job.create(id=new_id(), name="inbox.complete", payload=b"{}", due=1, parked=True)
    sent = await Sent.create(uri="https://x.example", actor_id=admin.id, kind="Create", body=b"{}")
    await Delivery.create(sent_id=sent.id, inbox="x", host="x", state=State.PARKED, due=1)

    jobs, letters = await found("jobs"), await found("letters")

    assert (jobs.problem, letters.problem) == (
        "1 jobs failed every try",
        "1 letters to other servers are parked",
    )
    assert "/admin/work" in str(jobs)
    assert "/admin/deliveries?show=parked" in str(letters)


async def test_keys_that_are_no_pair_or_cannot_be_opened_are_found(admin):
    actor = await instance_actor()
    own, actor.public_key = actor.public_key, new_rsa()[1]
    await actor.save()
    pair = await found("keys")
    actor.public_key = own
    await actor.save()
    assert not (await found("keys")).is_problem
    actor.public_key = new_rsa()[1]
    await actor.save()
    await ActorKey.filter(actor_id=actor.id).delete()

    gone = await found("keys")

    assert "nobody could verify" in pair.problem
    assert "restore a backup" in pair.mend
    assert "cannot sign" in gone.problem
    assert str(secret_path()) in gone.mend


async def test_a_secret_that_others_can_read_is_found(admin):
    secret_path().chmod(0o644)

    assert (await found("secret")).mend == f"chmod 600 {secret_path()}"


async def test_a_write_ahead_log_that_grows_is_found(admin, here):
    file = here.data("rubric.db-wal")
    if not file.exists():
        pytest.skip("only SQLite has such a log")
    assert 0 < wal_bytes() < LARGEST_WAL
    size = file.stat().st_size
    os.truncate(file, LARGEST_WAL + 1)  # what stands behind the last commit counts for nothing
    try:
        assert "256 MiB" in (await found("write-ahead log")).problem
    finally:
        os.truncate(file, size)


def test_each_finding_says_what_to_do():
    said = str(Finding("disk", "5 MB are free", "free some space"))

    assert said.splitlines() == [
        "PROBLEM  disk: 5 MB are free",
        "         to mend it: free some space",
    ]
