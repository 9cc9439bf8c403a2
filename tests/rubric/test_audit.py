"""What the command does stands in the audit log too, and `rubric audit` lists it (ADM-02)."""

from datetime import timedelta

import pytest
import time_machine

from actors.accounts import Role
from core.clock import now
from moderation.audit import StaffAct, write_down
from rubric import audit_command, media_command, people, policy_command
from tests.conftest import PASSWORD
from tests.moderation.drafts import RULE
from tests.moderation.rows import stranger
from tests.rubric.test_policy_command import with_policy


async def listed(**wanted) -> str:
    asked = {"who": "", "kind": "", "since": None, "until": None, "most": 100}
    return await audit_command.listed(**(asked | wanted))


async def acts() -> list[str]:
    return [each.act for each in await StaffAct.all().order_by("id")]


async def test_ADM_02_each_act_at_the_shell_is_written_down(here):
    await people.create("ana", "ana@example.org", PASSWORD, Role.ADMIN)
    await people.create("bo", "bo@example.org", PASSWORD, Role.MEMBER)
    await people.change_role("bo", Role.MODERATOR)
    await people.change_password("bo", "another secret of bo")
    await people.drop_second_factor("bo")
    secret = await people.create_token("bo", ["read"])
    await people.announce("Tea at four.", "en", None, None)
    await stranger("zoe", "far.example")
    await media_command.purge(domain="", account="zoe@far.example", digest="", reason="spam")

    assert await acts() == [
        *("account.create", "account.create", "account.role", "account.password"),
        *("account.second_factor", "account.token", "announcement.make", "media.purge"),
    ]
    kept = await StaffAct.all().order_by("id")
    assert {each.address for each in kept} == {"shell"}
    assert (kept[2].before, kept[2].after) == ({"role": "member"}, {"role": "moderator"})
    said = "".join(f"{each.before}{each.after}{each.reason}{each.about}" for each in kept)
    assert secret not in said
    assert "secret of bo" not in said


async def test_what_the_shell_could_not_do_is_not_written_down(here):
    await people.create("ana", "ana@example.org", PASSWORD, Role.ADMIN)

    with pytest.raises(people.Impossible, match="last admin"):
        await people.change_role("ana", Role.MEMBER)
    with pytest.raises(people.Impossible):
        await people.create("ana", "other@example.org", PASSWORD, Role.ADMIN)

    assert await acts() == ["account.create"]


async def test_a_version_that_the_shell_published_is_written_down(here):
    await policy_command.apply(with_policy(here, rules=[RULE]), "Less noise.")

    act = await StaffAct.get(act="policy.publish")
    assert (act.about, act.address, act.after["version"]) == ("policy:2", "shell", 2)


async def test_the_command_lists_the_newest_first_and_narrows(here, settle):
    mei = await settle("mei", role=Role.ADMIN)
    with time_machine.travel(now() - timedelta(days=3)):
        await write_down(mei.id, "case.open", "case:1", reason="OLD\nreason")
    await write_down(mei.id, "policy.publish", "policy:2", after={"en": "WHY"})
    await write_down(None, "case.idle", "case:1")
    await write_down(None, "account.role", "account:bo", address="shell")

    lines = (await listed()).splitlines()

    assert [each.split("  ")[1] for each in lines] == ["(shell)", "(clock)", "@mei", "@mei"]
    assert "OLD reason" in lines[3]
    assert '{"to": {"en": "WHY"}}' in lines[2]
    assert len((await listed(kind="case")).splitlines()) == 2
    assert len((await listed(who="@mei")).splitlines()) == 2
    day_ago = (now() - timedelta(days=1)).replace(tzinfo=None)
    assert len((await listed(since=day_ago)).splitlines()) == 3
    assert "OLD" in await listed(until=day_ago)
    assert len((await listed(most=1)).splitlines()) == 1
    assert await listed(kind="idea") == "nothing like that was done"
    with pytest.raises(people.Impossible, match="nobody is known"):
        await listed(who="nobody")
