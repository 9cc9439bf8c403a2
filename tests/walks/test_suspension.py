"""A suspension: what other servers are told, and what the suspended can still do."""

import pytest

from actors.accounts import Role
from moderation import deciding
from moderation.decisions import Decision
from moderation.policy import put_in_force
from outbox.create import publish
from outbox.draft import Draft
from tests.moderation.deciding import again, decided, taken
from tests.moderation.drafts import policy_of
from tests.walks.people import fan_of


@pytest.fixture
async def suspend(here, settle):
    """Suspend somebody whom jo reports, by a decision that two agree upon."""
    put_in_force(policy_of())
    mod = await settle("mod", role=Role.MODERATOR)
    other = await settle("other", role=Role.ADMIN)
    jo = await settle("jo")

    async def act(person) -> Decision:
        made = await decided(await taken(jo, person, mod), mod, "suspend")
        await deciding.confirm(made, other)
        return await again(made)

    act.mod = mod
    return act


async def test_other_servers_are_told_of_a_suspension_and_of_its_end(
    remote, settle, settle_down, suspend, wire
):
    mei = await settle("mei", title="Mei of the harbour", about="<p>Boats</p>")
    ana, _ = await fan_of(mei, remote)
    await settle_down()
    remote.letters.clear()

    decision = await suspend(mei)
    await settle_down()
    told = remote.last("Update")["object"]
    read = (await wire.get("/u/mei", ana)).json
    await deciding.lift(decision, suspend.mod, "Enough.")
    await settle_down()
    back = remote.last("Update")["object"]

    assert (told["id"], told["suspended"], told["name"]) == (mei.uri, True, "")
    assert read == told | {"@context": read["@context"]}
    assert "Boats" not in str(told)
    assert (back["name"], "suspended" in back) == ("Mei of the harbour", False)


async def test_nothing_else_goes_out_for_the_suspended(remote, settle, settle_down, suspend):
    mei = await settle("mei")
    await fan_of(mei, remote)
    await publish(mei, Draft(text="on its way"))
    await suspend(mei)

    await settle_down()

    kinds = remote.types()
    assert "Update" in kinds
    assert set(kinds) == {"Update"}
