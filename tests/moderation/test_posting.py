"""What the policy says of what people here are about to post."""

import pytest

from actors.actor import Actor
from moderation.gate import Verdict
from moderation.policy import open_shelf
from moderation.posting import Nudge, as_allowed, check_local, nudge_of, post
from notes.attachments import Attachment
from notes.note import Audience
from outbox.draft import Draft, PollDraft
from outbox.refusals import NotAllowed, NotValid
from tests.moderation.drafts import in_force, policy_of

WORDS = {"en": "Looks like advertising.", "zh": "疑似广告。"}
SAID = {"filter_id": "f", "rule_id": "no-ads", "explanation": WORDS["en"], "words": WORDS}


def pills(then: str = "reject", where: str = "both") -> dict[str, object]:
    when = {"words": ["pills"], "links": ["pills.example"]}
    return {"id": "f", "rule": "no-ads", "then": then, "where": where, "when": when}


@pytest.mark.parametrize(
    "draft",
    [
        Draft(text="buy pills"),
        Draft(text="buy pi**lls**"),
        Draft(text="a [link](https://pills.example/x)"),
        Draft(text="see https://pills.example"),
        Draft(text="#pills"),
        Draft(title="Pills"),
        Draft(summary="pills"),
        Draft(text="?", poll=PollDraft(["yes", "pills"], 600)),
    ],
)
async def test_every_part_of_a_draft_is_looked_at(here, draft):
    open_shelf(policy_of(filters=[pills()]))

    assert (await check_local(draft)).action == "reject"


async def test_the_words_of_its_pictures_are_looked_at(here, settle):
    mei: Actor = await settle("mei")
    picture = await Attachment.create(owner_id=mei.id, alt="a box of pills")
    open_shelf(policy_of(filters=[pills()]))

    verdict = await check_local(Draft(text="new", attachments=[picture.id]))

    assert verdict.action == "reject"


async def test_a_filter_for_elsewhere_leaves_drafts_alone(here):
    open_shelf(policy_of(filters=[pills(where="remote")]))

    assert (await check_local(Draft(text="buy pills"))).action == ""


@pytest.mark.parametrize(("language", "said"), [("zh-Hans", WORDS["zh"]), ("de", WORDS["en"])])
def test_what_is_kept_out_is_explained_in_the_authors_language(language, said):
    in_force()

    with pytest.raises(NotAllowed, match=said.rstrip(".")):
        as_allowed(Draft(text="x"), Verdict("reject", **SAID), language=language)
    held = as_allowed(Draft(text="x"), Verdict("hold", **SAID), language=language)
    assert held.held_because == said


def test_a_label_becomes_the_content_note_unless_there_is_one():
    in_force()
    verdict = Verdict("label", **SAID)

    assert as_allowed(Draft(text="x"), verdict, language="zh").summary == WORDS["zh"]
    assert as_allowed(Draft(text="x", summary="Mine"), verdict, language="en").summary == "Mine"


def test_a_limit_takes_a_note_out_of_public_lists_and_widens_nothing():
    in_force()
    verdict = Verdict("limit", **SAID)

    assert as_allowed(Draft(text="x"), verdict, language="en").audience is Audience.QUIET
    private = Draft(text="x", audience=Audience.PEOPLE)
    assert as_allowed(private, verdict, language="en").audience is Audience.PEOPLE


@pytest.mark.parametrize("action", ["", "nudge"])
def test_nothing_and_a_nudge_change_nothing(action):
    in_force()
    draft = Draft(text="x")

    assert as_allowed(draft, Verdict(action), language="en") is draft


@pytest.mark.parametrize("field", ["text", "tags"])
async def test_a_note_has_no_more_tags_than_the_policy_lets_it(here, field):
    open_shelf(policy_of(content={"max_tags": 2}))
    three = {"text": Draft(text="#a #b #B #c"), "tags": Draft(text="x", tags=["a", "b", "c"])}
    two = {"text": Draft(text="#a #b #B"), "tags": Draft(text="#a", tags=["A", "b"])}

    with pytest.raises(NotValid, match="At most 2 tags in a note"):
        await check_local(three[field])
    assert (await check_local(two[field])).action == ""


async def test_the_policy_lets_a_note_have_thirty_tags_unless_it_says_otherwise(here):
    open_shelf(policy_of())

    with pytest.raises(NotValid, match="At most 30 tags"):
        await check_local(Draft(text=" ".join(f"#a{number}" for number in range(31))))


@pytest.mark.parametrize("text", ["a #Pills b", "#pills", "#ｐｉｌｌｓ"])
async def test_a_blocked_tag_is_explained_and_keeps_a_note_out_of_public_lists(here, settle, text):
    mei = await settle("mei")
    open_shelf(policy_of(content={"blocked_tags": ["#PILLS"]}))

    with pytest.raises(Nudge, match="stays out of public lists"):
        await post(mei, Draft(text=text), language="en")
    note = await post(mei, Draft(text=text), language="en", is_nudged=True)

    assert note.audience == Audience.QUIET


async def test_a_blocked_tag_says_nothing_of_other_tags_of_what_is_quiet_or_refused(here):
    open_shelf(policy_of(content={"blocked_tags": ["pills"]}))

    assert (await check_local(Draft(text="#pillse"))).action == ""
    quiet = await check_local(Draft(text="#pills", audience=Audience.QUIET))
    assert nudge_of(quiet) == ""
    open_shelf(policy_of(content={"blocked_tags": ["pills"]}, filters=[pills()]))
    assert (await check_local(Draft(text="#pills"))).action == "reject"
