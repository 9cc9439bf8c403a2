"""Filters that look at patterns, files, the pace and the age of an author; and those on trial."""

import time
from datetime import date, timedelta

import pytest

from actors.actor import Actor
from core.clock import now
from core.storage import key_for
from moderation.filters import Rate, When
from moderation.gate import Facts, judge
from moderation.hits import FilterHit, counts_of, sweep
from moderation.matching import Seen, Wanted
from moderation.policy import open_shelf
from moderation.posting import post
from notes.attachments import Attachment
from notes.media_files import MediaFile, Role
from outbox.draft import Draft
from outbox.refusals import NotAllowed, NotValid
from tests.moderation.drafts import in_force, policy_of

DIGEST = "ab" * 32


def filter_of(when: dict[str, object], then: str = "reject", **more: object) -> dict[str, object]:
    explanation = {"en": "Not here."}
    return {
        "id": "f",
        "rule": "no-ads",
        "then": then,
        "when": when,
        "where": "local",
        "explanation": explanation,
        **more,
    }


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"\b[a-z]{2}\d{6}\b", "<p>Code AB123456 now</p>", True),
        (r"\b[a-z]{2}\d{6}\b", "<p>Code ABC123456</p>", False),
        (r"加.{0,3}信", "<p>加我微信</p>", True),
        (r"ｆｒｅｅ", "<p>free</p>", False),
        (r"free (pills|coins)", "<p>ＦＲＥＥ coins</p>", True),
    ],
)
def test_patterns_are_found_in_what_words_are_found_in(pattern, text, found):
    wanted = Wanted(When(regex=(pattern,)))

    assert wanted.is_in(Seen(Facts(text=text))) is found


def test_no_pattern_takes_longer_than_the_text_is_long():
    wanted = Wanted(When(regex=(r"(a+)+$", r"(x?){50}x{50}")))
    seen = Seen(Facts(text="a" * 99_000 + "!"))

    begin = time.perf_counter()
    assert not wanted.is_in(seen)

    assert time.perf_counter() - begin < 2


def test_how_new_an_author_is_narrows_what_else_is_asked():
    wanted = Wanted(When(words=("pills",), account_days=3))

    assert wanted.is_in(Seen(Facts(text="pills", account_days=2)))
    assert not wanted.is_in(Seen(Facts(text="pills", account_days=3)))
    assert not wanted.is_in(Seen(Facts(text="pills")))
    assert not wanted.is_in(Seen(Facts(text="tea", account_days=2)))
    assert Wanted(When(account_days=3)).is_in(Seen(Facts(text="tea", account_days=0)))


def test_a_pace_is_too_much_above_its_number():
    wanted = Wanted(When(rate=Rate(notes=5, minutes=10)))

    assert not wanted.is_in(Seen(Facts(lately={10: 5})))
    assert wanted.is_in(Seen(Facts(lately={10: 6})))


async def test_who_writes_too_much_is_told_why(here, settle):
    mei: Actor = await settle("mei")
    open_shelf(policy_of(filters=[filter_of({"rate": {"notes": 2, "minutes": 60}})]))
    for number in range(2):
        await post(mei, Draft(text=f"note {number}"), language="en")

    with pytest.raises(NotAllowed, match=r"Not here\."):
        await post(mei, Draft(text="one more"), language="en")
    hit = await FilterHit.get()
    assert (hit.filter_id, hit.then, hit.was_trial, hit.about) == ("f", "reject", False, "")


async def test_a_file_is_known_by_what_it_holds(here, settle):
    mei: Actor = await settle("mei")
    open_shelf(policy_of(filters=[filter_of({"media": [DIGEST]})]))
    picture = await Attachment.create(owner_id=mei.id)
    key = key_for(DIGEST, "avif")
    await MediaFile.create(
        attachment_id=picture.id, role=Role.IMAGE, key=key, media_type="image/avif"
    )

    with pytest.raises(NotAllowed, match=r"Not here\."):
        await post(mei, Draft(text="a picture", attachments=[picture.id]), language="en")


async def test_a_filter_on_trial_is_counted_and_does_nothing(here, settle):
    mei: Actor = await settle("mei")
    until = date.today() + timedelta(days=9)  # noqa: DTZ011  the day of this machine will do
    open_shelf(policy_of(filters=[filter_of({"words": ["pills"]}, shadow_until=until)]))

    note = await post(mei, Draft(text="pills"), language="en")

    hit = await FilterHit.get()
    assert (hit.was_trial, hit.then, hit.about) == (True, "reject", note.uri)
    assert await counts_of(["f", "g"]) == {"f": {"notes": 1, "authors": 1, "trials": 1, "local": 1}}


def test_a_filter_on_trial_does_not_hide_one_that_acts():
    until = now().date() + timedelta(days=9)
    trial = filter_of({"words": ["pills"]}, shadow_until=until)
    in_force(filters=[trial, {**filter_of({"words": ["pills"]}, "label"), "id": "g"}])

    verdict = judge(Facts(text="pills"), local=True)

    assert verdict.action == "label"
    assert [each.id for each in verdict.trials] == ["f"]


async def test_old_hits_are_forgotten(here):
    open_shelf(policy_of(retention={"logs_days": 5}))
    old = {"filter_id": "f", "then": "hold", "was_trial": False, "is_local": True}
    await FilterHit.create(id=1, **old)
    kept = await FilterHit.create(**old)

    await sweep()

    assert await FilterHit.all().values_list("id", flat=True) == [kept.id]


async def test_a_tag_kept_out_of_lists_makes_a_note_quiet(here, settle):
    mei: Actor = await settle("mei")
    open_shelf(policy_of(content={"blocked_tags": ["Spoiler"]}))

    note = await post(mei, Draft(text="#spoiler the end"), language="en", is_nudged=True)

    assert note.audience == "quiet"
    assert judge(Facts(tags=("SPOILER",)), local=False).action == "limit"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://a.example https://b.example", "at most 1 links"),
        ("@a@x.example @b@x.example", "at most 1 people who do not follow you"),
    ],
)
async def test_newcomers_have_few_links_and_name_few_strangers(here, settle, text, said):
    mei: Actor = await settle("mei")
    open_shelf(policy_of(accounts={"first_days": {"days": 3, "links": 1, "mentions": 1}}))

    with pytest.raises(NotValid, match=said):
        await post(mei, Draft(text=text), language="en")


async def test_after_their_first_days_nobody_counts_links(here, settle):
    mei: Actor = await settle("mei", created_at=now() - timedelta(days=4))
    open_shelf(policy_of(accounts={"first_days": {"days": 3, "links": 1, "mentions": 1}}))

    await post(mei, Draft(text="https://a.example https://b.example"), language="en")
