"""What was decided before in similar cases, beside a case: to decide alike."""

from actors.accounts import Role
from moderation.filing import file_report
from moderation.policy import put_in_force
from moderation.record import RecordEntry
from outbox.create import publish
from outbox.draft import Draft
from tests.moderation.deciding import decided, taken
from tests.moderation.drafts import policy_of
from tests.web.test_decisions import ENGLISH, staff


async def test_similar_decisions_are_of_the_same_rule_and_kind_with_their_record(
    browser, settle, here
):
    put_in_force(policy_of())
    mod = await staff(browser, settle, "mod")
    mei, jo, bo = await settle("mei"), await settle("jo"), await settle("bo")
    note = await publish(bo, Draft(text="Buy my watches"))
    alike = await decided(await taken(jo, bo, mod, note), mod, "hide", note_id=note.id)
    account = await decided(await taken(jo, bo, mod), mod, "warn")
    lawful = await decided(
        await taken(mei, bo, mod), mod, "warn", rule_id="", law="The law", law_reference="1"
    )
    ada = await settle("ada", role=Role.ADMIN)
    own = await decided(await taken(jo, mod, ada), ada, "warn")
    other = await publish(mei, Draft(text="Buy my clocks"))
    report = await file_report(jo, mei, notes=[other], rules=["no-ads"])

    page = await (await browser.get(f"/mod/cases/{report.case_id}", **ENGLISH)).text()

    similar = page.split("Decided before under the same rule")[1]
    entry = await RecordEntry.get(decision_id=alike.id)
    assert f"/record/{entry.id}" in similar
    assert similar.index(f"/mod/decisions/{account.id}") < similar.index(
        f"/mod/decisions/{alike.id}"
    )
    assert f"/mod/decisions/{lawful.id}" not in similar
    assert f"/mod/decisions/{own.id}" not in similar
