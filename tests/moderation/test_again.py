"""Decisions that are written anew, cases of one's own, and words taken out of the record."""

import pytest

from actors.accounts import Role
from actors.actor import Actor
from moderation import appealing, deciding, drafting, handling, hearing
from moderation.audit import StaffAct
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.indiscretions import Slip, slips_in
from moderation.policy import current, put_in_force
from moderation.record import EntryKind, RecordEntry, faults
from moderation.redacting import redact, words_of
from moderation.reports import Report
from notes.note import Audience, Note
from outbox.create import publish
from outbox.draft import Draft
from outbox.refusals import NotAllowed, NotValid
from tests.moderation.deciding import again, appeal_of, decided, in_days, taken, written
from tests.moderation.drafts import policy_of


@pytest.fixture
async def house(here, settle):
    """A moderator, an admin, an author who lives here with a note, and who reports it."""
    put_in_force(policy_of())
    mod = await settle("mod", role=Role.MODERATOR)
    other = await settle("other", role=Role.ADMIN)
    mei, jo = await settle("mei"), await settle("jo", title="Josephine")
    note = await publish(mei, Draft(text="Buy my watches"))
    return mod, other, mei, jo, note


async def instead(old: Decision, moderator: Actor, measure: str, **more) -> Decision:
    """Put another decision in the place of one."""
    case = await Case.get(id=old.case_id)
    new = await drafting.draft(case, moderator, written(measure, settles=False, **more))
    await deciding.replace(old, new, case, moderator)
    return await again(new)


# One decision in the place of another.


async def test_a_decision_takes_the_place_of_another_and_each_names_the_other(house):
    mod, other, mei, jo, note = house
    old = await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)

    new = await instead(old, other, "label", note_id=note.id, label="Advertising")

    old = await again(old)
    shown = await Note.get(id=note.id)
    assert (old.state, old.replaced_by_id) == ("amended", new.id)
    assert (new.state, new.supersedes_id) == ("in_force", old.id)
    assert (shown.hidden_at, shown.summary) == (None, "Advertising")
    entry = await RecordEntry.get(decision_id=new.id, kind=EntryKind.DECISION)
    stamp = await RecordEntry.get(decision_id=old.id, kind=EntryKind.AMENDED)
    assert stamp.document["replaced_by"] == entry.document["id"]
    assert entry.document["supersedes"] == stamp.document["about"]
    assert await faults() == []
    assert await StaffAct.exists(act="decision.replace", about=f"decision:{old.id}")


async def test_what_both_decisions_do_stays_in_force_throughout(house):
    mod, other, mei, jo, note = house
    old = await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)

    new = await instead(old, other, "hide", note_id=note.id, until=in_days(3))

    assert (await Note.get(id=note.id)).hidden_at is not None
    await deciding.lift(new, mod, "Enough.")
    assert (await Note.get(id=note.id)).hidden_at is None


async def test_another_content_note_stands_in_the_place_of_the_first_and_all_of_it_goes(house):
    mod, other, mei, jo, note = house
    case = await taken(jo, mei, mod, note)
    old = await decided(case, mod, "label", note_id=note.id, label="Adverts")

    new = await instead(old, other, "label", note_id=note.id, label="Advertising")

    assert (await Note.get(id=note.id)).summary == "Advertising"
    await deciding.lift(new, mod, "Enough.")
    assert (await Note.get(id=note.id)).summary == ""


async def test_the_same_measure_about_a_server_stays_in_the_policy(house):
    mod, other, *_ = house
    case = await handling.open_own(mod, target=None, host="far.example", because="Spam.")
    old = await decided(case, mod, "limit")

    new = await instead(old, other, "limit", until=in_days(9))

    (entry,) = current().sections.federation.entries
    assert (entry.domain, entry.until is not None) == ("far.example", True)
    await deciding.lift(new, mod, "They mended it.")
    assert current().sections.federation.entries == ()


async def test_where_a_second_person_is_needed_the_old_one_stands_until_they_agree(house):
    mod, other, mei, jo, note = house
    old = await decided(await taken(jo, mei, mod, note), mod, "read_only")

    new = await instead(old, mod, "suspend")

    assert (new.state, (await again(old)).state) == ("needs_second", "in_force")
    with pytest.raises(NotAllowed):
        await deciding.confirm(await again(new), mod)
    await deciding.confirm(await again(new), other)
    assert ((await again(new)).state, (await again(old)).state) == ("in_force", "amended")
    person = await Actor.get(id=mei.id)
    assert (person.read_only_at, person.suspended_at is not None) == (None, True)


async def test_what_is_no_longer_in_force_or_appealed_against_is_not_replaced(house):
    mod, other, mei, jo, note = house
    old = await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)
    await appealing.file(old, "It was a joke.")

    with pytest.raises(NotAllowed, match="An appeal"):
        await instead(old, other, "label", note_id=note.id, label="Advertising")
    await hearing.take_up(await appeal_of(old), other)
    await hearing.settle(await appeal_of(old), other, "overturned", "A joke.")
    with pytest.raises(NotAllowed, match="no longer in force"):
        await instead(await again(old), other, "label", note_id=note.id, label="Advertising")
    assert await Decision.all().count() == 1


async def test_it_has_to_be_about_the_same_thing_and_by_nobody_who_is_part(house):
    mod, other, mei, jo, note = house
    old = await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)

    with pytest.raises(NotValid, match="the same thing"):
        await instead(old, other, "warn")
    with pytest.raises(NotAllowed, match="part of this case"):
        await instead(old, jo, "quiet", note_id=note.id)
    assert (await again(old)).state == "in_force"
    assert await Decision.all().count() == 1


# A draft that was returned.


async def test_a_returned_draft_is_written_anew_and_issued(house):
    mod, other, mei, jo, note = house
    case = await taken(jo, mei, mod, note)
    made = await decided(case, mod, "suspend")
    await deciding.give_back(made, other, "Too hard.")
    case = await Case.get(id=case.id)

    anew = await drafting.rework(await again(made), case, mod, written("warn", facts="Milder."))
    await deciding.issue(anew, case, mod)

    kept = await again(made)
    assert (kept.state, kept.measure, kept.facts) == ("in_force", "warn", "Milder.")
    assert (await Case.get(id=case.id)).state == "decided"
    assert await Decision.all().count() == 1


async def test_only_a_draft_of_ones_own_is_written_anew(house):
    mod, other, mei, jo, note = house
    case = await taken(jo, mei, mod, note)
    made = await decided(case, mod, "suspend")

    with pytest.raises(NotAllowed, match="Only who drafted"):
        await drafting.rework(made, case, mod, written("warn"))
    await deciding.give_back(made, other, "Too hard.")
    with pytest.raises(NotAllowed, match="Only who drafted"):
        await drafting.rework(await again(made), case, other, written("warn"))


# A case of one's own.


async def test_a_case_of_ones_own_has_the_note_as_evidence_and_says_how_it_began(house):
    mod, _, mei, _, note = house

    case = await handling.open_own(mod, target=mei, note=note, because="I saw it.")
    made = await decided(case, mod, "hide", note_id=note.id)

    entry = await RecordEntry.get(decision_id=made.id)
    assert (case.source, case.notes, case.state) == ("own_initiative", [note.id], "claimed")
    assert (entry.document["source"], entry.document["reports"]) == ("own_initiative", 0)


async def test_nobody_opens_a_case_about_a_thread_they_wrote_in_or_about_another_ones_note(house):
    mod, other, mei, jo, note = house
    await publish(mod, Draft(text="No.", in_reply_to=note))

    with pytest.raises(NotAllowed, match="part of this case"):
        await handling.open_own(mod, target=mei, note=note, because="I saw it.")
    with pytest.raises(NotValid, match="not by the person"):
        await handling.open_own(other, target=jo, note=note, because="I saw it.")
    assert not await Case.exists()


# Words taken out of the record.


async def test_MOD_02_redaction_takes_words_out_and_is_an_entry_of_its_own(house):
    mod, other, mei, jo, note = house
    made = await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)
    entry = await RecordEntry.get(decision_id=made.id)
    sealed = entry.hash

    told = await redact(entry, other, fields=["facts_summary", "measure"], reason="It named him.")

    entry = await RecordEntry.get(id=entry.id)
    assert "facts_summary" not in entry.document
    assert (entry.document["redacted"], entry.document["measure"]) == (["facts_summary"], "hide")
    assert (entry.hash, await faults()) == (sealed, [])
    assert (told.kind, told.about_id, told.document["reason"]) == (
        "redaction",
        entry.id,
        "It named him.",
    )
    assert await StaffAct.exists(act="record.redact", about=f"entry:{entry.id}")


async def test_the_reasons_of_an_appeal_can_go_while_its_outcome_stays(house):
    mod, other, mei, jo, note = house
    made = await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)
    await appealing.file(made, "It was a joke.")
    await hearing.take_up(await appeal_of(made), other)
    await hearing.settle(await appeal_of(made), other, "upheld", "No joke.")
    stamp = await RecordEntry.get(kind=EntryKind.APPEAL)

    await redact(stamp, other, fields=["appeal.reasons"], reason="It named him.")

    stamp = await RecordEntry.get(id=stamp.id)
    assert (stamp.document["appeal"]["outcome"], words_of(stamp)) == ("upheld", {})
    assert await faults() == []


async def test_nothing_is_taken_out_without_a_reason_twice_or_of_what_tells_of_it(house):
    mod, other, mei, jo, note = house
    made = await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)
    entry = await RecordEntry.get(decision_id=made.id)

    with pytest.raises(NotValid, match="Say why"):
        await redact(entry, other, fields=["explanation"], reason=" ")
    with pytest.raises(NotValid, match="Choose"):
        await redact(entry, other, fields=["measure"], reason="It named him.")
    told = await redact(entry, other, fields=["explanation"], reason="It named him.")
    entry = await RecordEntry.get(id=entry.id)
    with pytest.raises(NotValid, match="Choose"):
        await redact(entry, other, fields=["explanation"], reason="It named him.")
    with pytest.raises(NotAllowed, match="stays as it is"):
        await redact(told, other, fields=["reason"], reason="It named him.")
    assert await RecordEntry.filter(kind=EntryKind.REDACTION).count() == 1


# What a moderator may have written.


@pytest.mark.parametrize(
    ("field", "words", "found"),
    [
        ("summary", "A note that sold things was hidden.", ()),
        ("summary", "Reported by @jo.", (Slip.REPORTER,)),
        ("explanation", "As JOSEPHINE told us.", (Slip.REPORTER,)),
        ("explanation", "It says: this secret of the reporter is true.", (Slip.REPORTER,)),
        ("explanation", "You wrote: meet me behind the old barn.", (Slip.QUOTE,)),
        ("summary", "写道：我们今晚在老地方见面", (Slip.QUOTE,)),
        ("summary", "Mei sold things.", (Slip.PERSON,)),
        ("explanation", "Mei, you sold things.", ()),
        ("summary", "The meiosis of a joke.", ()),
    ],
)
async def test_MOD_02_names_of_reporters_and_quotes_of_what_is_private_are_noticed(
    house, settle, field, words, found
):
    mod, _, mei, jo, _ = house
    text = "Meet me behind the old barn at nine 我们今晚在老地方见面 @jo"
    private = await publish(mei, Draft(text=text, audience=Audience.PEOPLE))
    case = await taken(jo, mei, mod, private)
    await _say(case, "This SECRET of the reporter is true")

    made = await drafting.draft(case, mod, written("hide", note_id=private.id, **{field: words}))

    assert await slips_in(made, case) == found


async def test_what_everyone_could_read_may_be_quoted(house):
    mod, _, mei, jo, _ = house
    note = await publish(mei, Draft(text="Buy all of my fine old watches"))
    case = await taken(jo, mei, mod, note)
    words = "It says: buy all of my fine old watches."

    made = await drafting.draft(case, mod, written("hide", note_id=note.id, explanation=words))

    assert await slips_in(made, case) == ()


async def _say(case: Case, words: str) -> None:
    await Report.filter(case_id=case.id).update(comment=words)
