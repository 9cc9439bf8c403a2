"""What a decision does, and that all of it is undone."""

from datetime import timedelta

import pytest

from actors.accounts import Account, Role, is_functional
from actors.actor import Actor
from core.clock import now
from core.paging import Page
from inbox.reading import local, of_author
from moderation import appealing, deciding, drafting, finishing, handling, hearing, on_servers
from moderation.appeals import Appeal
from moderation.audit import StaffAct
from moderation.cases import Case, ProvisionalHide
from moderation.decisions import Decision
from moderation.due import settle_due
from moderation.effects import EFFECTS
from moderation.gate import measures_for
from moderation.policy import current, put_in_force
from moderation.provisional_hides import hide_for_now
from moderation.record import EntryKind, RecordEntry, faults
from moderation.redacting import redact
from moderation.reports import Report
from moderation.states import MEASURES, Inadmissible, Thing
from moderation.vocabulary import Measure
from notes.note import Note
from notes.visibility import may_see
from outbox.create import publish
from outbox.draft import Draft
from outbox.refusals import NotAllowed, NotValid
from outbox.sent import Sent
from tests.conftest import account_of
from tests.moderation.deciding import again, appeal_of, decided, in_days, taken, written
from tests.moderation.drafts import policy_of
from tests.moderation.rows import note_by, stranger


@pytest.fixture
async def house(here, settle):
    """A moderator, another one, an author who lives here with a note, and who reports it."""
    put_in_force(policy_of())
    mod = await settle("mod", role=Role.MODERATOR)
    other = await settle("other", role=Role.ADMIN)
    mei, jo = await settle("mei"), await settle("jo")
    note = await publish(mei, Draft(text="Buy my watches PRIVATEWORD"))
    return mod, other, mei, jo, note


async def fresh(note) -> Note:
    return await Note.get(id=note.id).select_related("author")


async def notices() -> list[str]:
    """What this server wrote to people about decisions."""
    found = await Sent.filter(kind="Create", actor__kind="Application")
    return [text for each in found if "/d/" in (text := bytes(each.body).decode())]


async def make_old(decision):
    """Let the window of a decision have ended."""
    await Appeal.filter(decision_id=decision.id).update(window_ends_at=now() - timedelta(seconds=1))


def test_every_measure_there_is_has_its_effect():
    assert set(EFFECTS) == {(thing, each) for thing in Thing for each in MEASURES[thing]}


async def test_a_decision_answers_reports_is_published_and_audited_at_once(house):
    mod, _, mei, jo, note = house
    case = await taken(jo, mei, mod, note)

    decision = await decided(case, mod, "hide", note_id=note.id)

    report = await Report.get(case_id=case.id)
    entry = await RecordEntry.get(decision_id=decision.id)
    assert (report.state, report.outcome, report.answer) == ("answered", "upheld", "Thank you.")
    assert (await Case.get(id=case.id)).state == "decided"
    assert entry.document["ground"]["policy_version"] == 1
    assert entry.document["ground"]["rule_sha256"] == decision.rule_sha256
    assert entry.document["reports"] == "<3"
    assert await faults() == []
    acts = [each.act for each in await StaffAct.all().order_by("id")]
    assert acts == ["case.claim", "decision.issue", "case.decide"]
    assert (await appeal_of(decision)).state == "open_window"


async def test_MOD_01_02_the_record_names_no_reporter_and_quotes_nothing(house):
    mod, _, mei, jo, note = house

    await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)

    said = str([each.document for each in await RecordEntry.all()])
    for secret in ("PRIVATEWORD", "SECRET", "privately", "mei", '"jo"', "@jo"):
        assert secret not in said


async def test_what_is_wrong_with_a_decision_leaves_nothing_behind(house):
    mod, _, mei, jo, note = house
    case = await taken(jo, mei, mod, note)

    for lack in ({"facts": ""}, {"rule_id": ""}, {"rule_id": "nope"}, {"no_end_because": ""}):
        with pytest.raises(NotValid):
            await decided(case, mod, "hide", note_id=note.id, **lack)

    assert not await Decision.exists()
    assert not await RecordEntry.exists()
    assert (await fresh(note)).hidden_at is None


async def test_only_who_has_the_case_decides(house):
    mod, other, mei, jo, note = house
    case = await taken(jo, mei, mod, note)

    with pytest.raises(NotAllowed, match="Take this case"):
        await decided(case, other, "hide", note_id=note.id)


async def test_a_note_of_somebody_else_is_not_decided_about(house):
    mod, _, mei, jo, note = house
    case = await taken(mei, jo, mod)

    with pytest.raises(NotValid, match="not by the person"):
        await decided(case, mod, "hide", note_id=note.id)


# Notes.


@pytest.mark.parametrize("measure", ["hide", "remove"])
async def test_what_is_hidden_is_seen_by_nobody_counts_nowhere_and_comes_back_whole(house, measure):
    mod, other, mei, jo, note = house
    answer = await publish(mei, Draft(text="more", in_reply_to=await fresh(note)))
    before = (await Actor.get(id=mei.id)).notes_count, (await fresh(note)).replies_count

    decision = await decided(await taken(jo, mei, mod, answer), mod, measure, note_id=answer.id)

    assert not await may_see(jo, await fresh(answer))
    assert not await may_see(mei, await fresh(answer))
    assert (await Actor.get(id=mei.id)).notes_count == before[0] - 1
    assert (await fresh(note)).replies_count == before[1] - 1
    assert not await Sent.exists(kind="Delete")
    await deciding.lift(decision, other, "It was fine.")
    assert await may_see(jo, await fresh(answer))
    after = (await Actor.get(id=mei.id)).notes_count, (await fresh(note)).replies_count
    assert after == before
    assert (await again(decision)).state == "lifted"
    with pytest.raises(NotAllowed):
        await deciding.lift(await again(decision), other, "Again.")


async def test_the_delete_goes_out_when_the_window_has_passed_and_the_purge_later(house):
    mod, _, mei, jo, note = house
    decision = await decided(await taken(jo, mei, mod, note), mod, "remove", note_id=note.id)

    await settle_due()
    assert not await Sent.exists(kind="Delete")
    await make_old(decision)
    await settle_due()
    await settle_due()

    assert await Sent.filter(kind="Delete").count() == 1
    assert (await fresh(note)).content
    await Decision.filter(id=decision.id).update(final_at=now() - timedelta(days=15))
    await settle_due()
    await settle_due()
    assert (await fresh(note)).deleted_at is not None
    assert (await fresh(note)).content == ""
    assert await Sent.filter(kind="Delete").count() == 1


async def test_a_hide_with_an_end_ends_by_itself_and_is_deleted_nowhere(house):
    mod, _, mei, jo, note = house
    decision = await decided(
        await taken(jo, mei, mod, note), mod, "hide", note_id=note.id, until=in_days(1)
    )
    await make_old(decision)
    await settle_due()
    assert not await Sent.exists(kind="Delete")

    await Decision.filter(id=decision.id).update(until=now())
    await settle_due()

    assert (await again(decision)).state == "expired"
    assert await may_see(jo, await fresh(note))
    assert await RecordEntry.exists(kind=EntryKind.EXPIRED, decision_id=decision.id)


async def test_everywhere_now_sends_the_delete_and_what_comes_back_has_a_new_id(house):
    mod, other, mei, jo, note = house
    decision = await decided(
        await taken(jo, mei, mod, note),
        mod,
        "remove",
        note_id=note.id,
        everywhere_now=True,
        everywhere_because="It names a child.",
    )
    assert await Sent.filter(kind="Delete").count() == 1

    await deciding.lift(decision, other, "It did not.")

    restored = await Note.get(id=(await again(decision)).restored_as).select_related("author")
    assert restored.content == note.content
    assert restored.uri != note.uri
    assert await may_see(jo, restored)
    assert (await fresh(note)).deleted_at is not None
    assert (await Actor.get(id=mei.id)).notes_count == 1
    assert await Sent.exists(kind="Create", object_uri=restored.uri)


async def test_what_the_policy_lists_is_purged_at_once_and_not_described(house):
    mod, _, mei, jo, note = house

    decision = await decided(
        await taken(jo, mei, mod, note),
        mod,
        "remove",
        note_id=note.id,
        purge_now="court_order",
        rule_id="",
        law="Civil code",
        law_reference="1 C 23/26",
    )

    kept = await fresh(note)
    entry = await RecordEntry.get(decision_id=decision.id)
    assert kept.deleted_at is not None
    assert entry.document["facts_summary"] == entry.document["explanation"] == ""
    assert len(entry.document["object"]["sha256"]) == 64
    assert await Sent.filter(kind="Delete").count() == 1


async def test_two_decisions_hide_a_note_until_both_have_ended(house):
    mod, other, mei, jo, note = house
    case = await taken(jo, mei, mod, note)
    first = await decided(case, mod, "hide", note_id=note.id, settles=False)
    second = await decided(case, mod, "remove", note_id=note.id)

    await deciding.lift(first, other, "One is enough.")
    assert not await may_see(jo, await fresh(note))
    await deciding.lift(second, other, "None is needed.")

    assert await may_see(jo, await fresh(note))


@pytest.mark.parametrize("measure", ["quiet", "age"])
async def test_a_mark_keeps_a_note_from_some_lists_until_it_is_lifted(house, measure):
    mod, other, mei, jo, note = house
    decision = await decided(await taken(jo, mei, mod, note), mod, measure, note_id=note.id)

    if measure == "quiet":
        assert (await local(None, Page())).rows == []
        assert await may_see(None, await fresh(note))
    else:
        assert not await may_see(None, await fresh(note))
        assert await may_see(jo, await fresh(note))
    await deciding.lift(decision, other, "Fine.")

    assert [each.id for each in (await local(None, Page())).rows] == [note.id]


async def test_a_label_is_put_before_a_note_sent_and_taken_away_again(house):
    mod, other, mei, jo, note = house
    decision = await decided(
        await taken(jo, mei, mod, note), mod, "label", note_id=note.id, label="Advertising"
    )

    assert ((await fresh(note)).summary, (await fresh(note)).is_sensitive) == ("Advertising", True)
    assert await Sent.filter(kind="Update").count() == 1
    await deciding.lift(decision, other, "Fine.")

    assert ((await fresh(note)).summary, (await fresh(note)).is_sensitive) == ("", False)
    assert await Sent.filter(kind="Update").count() == 2


async def test_a_closed_note_takes_no_answers(house):
    mod, other, mei, jo, note = house
    decision = await decided(await taken(jo, mei, mod, note), mod, "close", note_id=note.id)

    with pytest.raises(NotAllowed, match="closed the answers"):
        await publish(jo, Draft(text="But", in_reply_to=await fresh(note)))
    await deciding.lift(decision, other, "Fine.")

    await publish(jo, Draft(text="But", in_reply_to=await fresh(note)))


async def test_a_slowed_note_takes_one_answer_of_each_in_so_many_minutes(house):
    mod, _, mei, jo, note = house
    await decided(await taken(jo, mei, mod, note), mod, "close", note_id=note.id, minutes=30)

    await publish(jo, Draft(text="One", in_reply_to=await fresh(note)))
    with pytest.raises(NotAllowed, match="closed the answers"):
        await publish(jo, Draft(text="Two", in_reply_to=await fresh(note)))


# People.


async def test_a_suspension_needs_a_second_person_and_ends(house):
    mod, other, mei, jo, note = house
    case = await taken(jo, mei, mod)

    decision = await decided(case, mod, "suspend")

    assert decision.state == "needs_second"
    assert (await Actor.get(id=mei.id)).suspended_at is None
    assert (await Report.get(case_id=case.id)).state == "in_case"
    with pytest.raises(NotAllowed):
        await deciding.confirm(decision, mod)
    await deciding.confirm(await again(decision), other)
    assert (await Actor.get(id=mei.id)).suspended_at is not None
    assert (await Report.get(case_id=case.id)).state == "answered"
    assert not is_functional(await account_of(mei))
    assert not await may_see(jo, await fresh(note))
    await deciding.lift(await again(decision), other, "Enough.")
    assert is_functional(await account_of(mei))
    assert await may_see(jo, await fresh(note))


async def test_a_returned_draft_does_nothing(house):
    mod, other, mei, jo, _ = house
    decision = await decided(await taken(jo, mei, mod), mod, "suspend")

    await deciding.give_back(decision, other, "Too hard.")

    kept = await again(decision)
    assert (kept.state, kept.returned_because) == ("draft", "Too hard.")
    assert (await Actor.get(id=mei.id)).suspended_at is None
    assert not await RecordEntry.exists()


@pytest.mark.parametrize(
    ("measure", "sentence"), [("read_only", "not post now"), ("slow", "now and then")]
)
async def test_who_is_slowed_or_silenced_does_not_post_until_it_ends(house, measure, sentence):
    mod, other, mei, jo, _ = house
    decision = await decided(await taken(jo, mei, mod), mod, measure, minutes=30)

    with pytest.raises(NotAllowed, match=sentence):
        await publish(await Actor.get(id=mei.id), Draft(text="Again"))
    await deciding.lift(decision, other, "Fine.")

    await publish(await Actor.get(id=mei.id), Draft(text="Again"))


async def test_a_warning_changes_nothing_but_is_told_and_kept(house):
    mod, _, mei, jo, note = house

    decision = await decided(await taken(jo, mei, mod), mod, "warn")

    assert decision.is_in_force
    assert await may_see(jo, await fresh(note))
    assert (await appeal_of(decision)).state == "open_window"


async def test_a_quiet_account_is_out_of_public_lists_and_on_its_own_page(house):
    mod, _, mei, jo, note = house

    await decided(await taken(jo, mei, mod), mod, "quiet")

    author = await Actor.get(id=mei.id)
    assert (await local(jo, Page())).rows == []
    assert [each.id for each in (await of_author(author, jo, Page())).rows] == [note.id]


async def test_an_account_is_closed_for_good_when_nobody_appealed(house):
    mod, other, mei, jo, _ = house
    decision = await decided(await taken(jo, mei, mod), mod, "close_account")
    await deciding.confirm(decision, other)
    assert (await Account.get(actor_id=mei.id)).closed_at is None

    await make_old(decision)
    await settle_due()

    assert (await Account.get(actor_id=mei.id)).closed_at is not None


# Servers.


async def test_a_server_is_limited_by_a_version_of_the_policy_and_freed_by_another(here, settle):
    mod, other = await settle("mod", role=Role.ADMIN), await settle("two", role=Role.ADMIN)
    before = current().version
    case = await handling.open_own(mod, target=None, host="loud.example", because="Spam.")

    decision = await decided(
        case, mod, "limit", rule_id="", law="House", law_reference="1", summary="It sends spam."
    )

    assert measures_for("loud.example").limit
    assert current().version == before + 1
    assert current().summary == {"en": "loud.example is limited.", "zh": "限制 loud.example。"}
    assert not await Appeal.exists(decision_id=decision.id)
    await deciding.lift(decision, other, "It stopped.")
    assert not measures_for("loud.example").limit
    assert current().version == before + 2
    assert current().summary["en"] == "loud.example is no longer limited."


def test_every_measure_about_a_server_is_said_when_it_begins_and_when_it_ends():
    measures = set(MEASURES[Thing.SERVER]) - {Measure.NONE}

    for words in (on_servers._BEGINS, on_servers._ENDS):
        for said in words.values():
            assert set(said) == measures
            assert all("{}" in each for each in said.values())


async def test_we_are_not_refused_by_ourselves(here, settle):
    mod = await settle("mod", role=Role.ADMIN)
    case = await handling.open_own(mod, target=None, host=here.server.domain, because="Odd.")

    with pytest.raises(NotValid, match="the server we live on"):
        await decided(case, mod, "limit", rule_id="", law="House", law_reference="1")


# Cases.


async def test_a_provisional_hide_ends_by_itself_and_is_counted(house, settle_down):
    mod, _, mei, jo, note = house
    case = await taken(jo, mei, mod, note)

    hidden = await hide_for_now(case, mod, await fresh(note), reason="Now.", hours=72)
    assert not await may_see(jo, await fresh(note))
    with pytest.raises(NotAllowed, match="hidden already"):
        await hide_for_now(case, mod, await fresh(note), reason="Now.", hours=1)
    await ProvisionalHide.filter(id=hidden.id).update(until=now())
    await settle_due()
    await settle_due()

    assert await may_see(jo, await fresh(note))
    assert (await ProvisionalHide.get(id=hidden.id)).ended_at is not None
    await settle_down()
    told = [each.content for each in await Note.filter(mentions__actor_id=mei.id).order_by("id")]
    assert "have hidden a note of yours" in told[0]
    assert "is shown again" in told[1]
    assert len(told) == 2


async def test_a_case_without_a_breach_is_settled_with_the_reason(house):
    mod, _, mei, jo, note = house
    case = await taken(jo, mei, mod, note)
    await hide_for_now(case, mod, await fresh(note), reason="Now.", hours=10)

    await handling.decide(
        case, mod, outcome="not_upheld", to_reporters="Satire.", no_breach="It is satire."
    )

    assert await may_see(jo, await fresh(note))
    assert (await Report.get(case_id=case.id)).outcome == "not_upheld"
    assert not await RecordEntry.exists()


async def test_reports_about_one_person_are_one_case_and_merged_cases_take_theirs_along(house):
    mod, _, mei, jo, note = house
    case = await taken(jo, mei, mod, note)
    ana = await stranger("ana", "far.example")
    second = await taken(jo, ana, mod)

    await handling.merge(second, case, mod)

    assert await Report.filter(case_id=case.id).count() == 2
    with pytest.raises(NotAllowed):
        await handling.claim(second, mod)


async def test_two_moderators_do_not_take_one_case(house):
    mod, other, mei, jo, note = house
    report = (await taken(jo, mei, mod, note)).id
    one, two = await handling.case_with(report), await handling.case_with(report)

    await handling.note_down(one, mod, "Mine.")
    await handling.claim(one, mod)

    with pytest.raises(NotAllowed):
        await handling.claim(two, other)
    with pytest.raises(NotAllowed, match="meanwhile"):
        await handling.claim(two, mod)


async def test_an_idle_case_is_free_again(house):
    mod, other, mei, jo, _ = house
    case = await taken(jo, mei, mod)
    await Case.filter(id=case.id).update(touched_at=now() - timedelta(hours=49))

    await settle_due()

    assert (await Case.get(id=case.id)).state == "open"
    await handling.claim(await handling.case_with(case.id), other)


# Appeals.


async def test_an_appeal_is_heard_by_someone_else_and_restores_everything(house):
    mod, other, mei, jo, note = house
    decision = await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)

    appeal = await appealing.file(decision, "It was a joke.")
    assert (await Case.get(id=decision.case_id)).state == "reopened"
    with pytest.raises(NotAllowed, match="You decided this"):
        await hearing.take_up(appeal, mod)
    await hearing.take_up(appeal, other)
    await hearing.settle(appeal, other, "overturned", "A joke indeed.")

    assert await may_see(jo, await fresh(note))
    assert (await again(decision)).state == "overturned"
    assert (await Case.get(id=decision.case_id)).state == "decided"
    report = await Report.get(case_id=decision.case_id)
    assert (report.outcome, report.revision) == ("not_upheld", 1)
    stamp = await RecordEntry.get(kind=EntryKind.APPEAL)
    assert stamp.document["appeal"]["outcome"] == "overturned"
    assert await faults() == []
    with pytest.raises(NotAllowed):
        await hearing.settle(await appeal_of(decision), other, "upheld", "Again.")


async def test_an_appeal_that_fails_sends_the_delete_and_the_delete_waits_for_it(house):
    mod, other, mei, jo, note = house
    decision = await decided(await taken(jo, mei, mod, note), mod, "remove", note_id=note.id)
    appeal = await appealing.file(decision, "No.")
    await make_old(decision)
    await settle_due()
    assert not await Sent.exists(kind="Delete")

    await hearing.take_up(appeal, other)
    await hearing.settle(appeal, other, "upheld", "Yes.")

    assert await Sent.filter(kind="Delete").count() == 1


async def test_an_appeal_changes_the_decision_to_a_milder_one(house):
    mod, other, mei, jo, note = house
    decision = await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)
    appeal = await appealing.file(decision, "Too hard.")
    await hearing.take_up(appeal, other)
    case = await Case.get(id=decision.case_id)
    milder = await drafting.draft(
        case, other, written("label", note_id=note.id, label="Ad", settles=False)
    )

    await hearing.settle(appeal, other, "amended", "A label is enough.", instead=milder)

    old, new = await again(decision), await Decision.get(id=milder.id)
    assert (old.state, old.replaced_by_id, new.supersedes_id) == ("amended", new.id, old.id)
    assert await may_see(jo, await fresh(note))
    assert (await fresh(note)).summary == "Ad"
    assert await faults() == []


async def test_an_appeal_that_only_insults_is_not_heard_and_a_second_needs_new_facts(house):
    mod, other, mei, jo, note = house
    decision = await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)
    appeal = await appealing.file(decision, "You fools.")

    await hearing.refuse(appeal, other, "abusive", "Please be civil.")

    with pytest.raises(NotValid):
        await appealing.file(decision, "Sorry.")
    second = await appealing.file(decision, "Sorry.", new_facts="The watch was a gift.")
    assert (second.number, second.state) == (2, "filed")


async def test_an_overdue_appeal_lifts_where_the_policy_says_so(house):
    mod, _, mei, jo, note = house
    put_in_force(policy_of(appeals={"on_overdue": "lift"}))
    decision = await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)
    await appealing.file(decision, "No.")
    await Appeal.filter(decision_id=decision.id).update(decide_by=now() - timedelta(days=1))

    await settle_due()

    assert (await appeal_of(decision)).state == "overdue"
    assert (await again(decision)).state == "lifted"
    assert await may_see(jo, await fresh(note))


async def test_closing_windows_twice_finishes_once(house):
    mod, _, mei, jo, note = house
    decision = await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)
    await make_old(decision)

    await finishing.close_windows()
    await finishing.close_windows()

    assert await Sent.filter(kind="Delete").count() == 1


async def test_MOD_03_the_record_shows_what_was_changed_behind_its_back(house):
    mod, _, mei, jo, note = house
    decision = await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)
    entry = await RecordEntry.get(decision_id=decision.id)
    assert await faults() == []

    await RecordEntry.filter(id=entry.id).update(document=entry.document | {"measure": "none"})

    assert await faults() == [1]


async def test_a_remote_note_is_hidden_here_and_its_author_written_to(house, settle_down):
    mod, _, _, jo, _ = house
    ana = await stranger("ana", "far.example")
    note = await note_by(ana)

    decision = await decided(await taken(jo, ana, mod, note), mod, "remove", note_id=note.id)
    await settle_down()
    await make_old(decision)
    await settle_due()

    (create,) = await notices()
    assert f"/d/{decision.id}." in create
    assert "free of advertising" in create
    assert "watches" not in create
    assert not await Sent.exists(kind="Delete")
    assert not await may_see(jo, await fresh(note))


@pytest.mark.parametrize("why", ["rejected", "spam", "policy"])
async def test_rejected_servers_and_spammers_are_not_written_to(house, settle_down, why):
    mod, _, _, jo, _ = house
    if why == "policy":
        put_in_force(policy_of(moderation={"notify_remote": False}))
    if why == "rejected":
        entry = {"domain": "far.example", "severity": "reject", "reason": {"en": "Spam."}}
        put_in_force(policy_of(federation={"entries": [entry]}))
    ana = await stranger("ana", "far.example")
    note = await note_by(ana)

    case = await taken(jo, ana, mod, note)
    await decided(case, mod, "hide", note_id=note.id, is_spam=why == "spam")
    await settle_down()

    assert await notices() == []


async def test_MOD_01_who_reported_does_not_hear_the_appeal_and_who_decided_only_where_alone(house):
    mod, other, mei, _, note = house
    decision = await decided(await taken(other, mei, mod, note), mod, "hide", note_id=note.id)
    appeal = await appealing.file(decision, "Too hard.")

    with pytest.raises(NotAllowed, match="part of this case"):
        await hearing.take_up(appeal, other)
    with pytest.raises(NotAllowed, match="part of this case"):
        await hearing.refuse(appeal, other, Inadmissible.ABUSIVE, "It insults.")
    with pytest.raises(NotAllowed, match="after a day"):
        await hearing.take_up(appeal, mod)
    appeal.filed_at = now() - timedelta(days=2)
    await hearing.take_up(appeal, mod)

    assert (appeal.reviewer_id, appeal.is_same_person) == (mod.id, True)


async def test_ADM_01_an_appeal_makes_nothing_graver_that_takes_two(house):
    mod, other, mei, jo, note = house
    decision = await decided(await taken(jo, mei, mod, note), mod, "warn")
    appeal = await appealing.file(decision, "Too hard.")
    await hearing.take_up(appeal, other)
    case = await Case.get(id=decision.case_id)
    graver = await drafting.draft(case, other, written("suspend", settles=False))

    with pytest.raises(NotAllowed, match="has to agree"):
        await hearing.settle(appeal, other, "amended", "Go.", instead=graver)

    assert (await Actor.get(id=mei.id)).suspended_at is None
    assert (await again(decision)).state == "in_force"
    assert (await appeal_of(decision)).state == "in_review"


async def test_MOD_02_an_admin_takes_no_words_out_of_an_entry_about_themselves(house):
    mod, admin, _, jo, _ = house
    decision = await decided(await taken(jo, admin, mod), mod, "warn")
    entry = await RecordEntry.get(decision_id=decision.id)

    with pytest.raises(NotAllowed, match="part of this case"):
        await redact(entry, admin, fields=["facts_summary"], reason="I do not like it.")

    assert (await RecordEntry.get(id=entry.id)).redacted_at is None
