"""Posting as the policy allows it: the one road for pages, apps and what was scheduled."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actors.actor import Actor
from moderation.evidence import digests_of, with_author
from moderation.first_days import check_first_days
from moderation.gate import BLOCKED_TAG, Verdict, gate, judge
from moderation.hits import write_hits
from moderation.languages import said_in
from moderation.matching import Facts
from moderation.policy import current
from moderation.vocabulary import AltText, Then
from notes.attachments import Attachment, State
from notes.note import Audience, Note
from notes.text import render, tags_in
from outbox.create import publish
from outbox.draft import MOST_SUMMARY, Draft
from outbox.refusals import NotAllowed, NotValid

TAG_WORDS = {
    "en": "By the rules of this place #{tag} stays out of public lists. If you post this as it is,"
    " those who follow you see it, and whoever has its address.",
    "zh": "按照本站规则，带有 #{tag} 标签的笔记不进入公开列表。"
    "照此发布，只有关注者和知道链接的人能看到。",
}


class Nudge(Exception):
    """The policy asks the author to think again; posting once more goes on."""


class LacksDescriptions(NotValid):
    """The policy wants pictures described; `media` names those that are not."""

    def __init__(self, media: Sequence[int]) -> None:
        super().__init__("media", "Describe your pictures first: the rules ask for it.")
        self.media = media


class NotReady(NotValid):
    """A picture or video is still being worked on; pages wait for it, apps try again."""

    def __init__(self) -> None:
        super().__init__("attachments", "The pictures and videos are not ready yet.")


async def post(
    author: Actor,
    draft: Draft,
    *,
    language: str,
    is_nudged: bool = False,
    thought_over: str = "",
) -> Note:
    """Publish a note if the policy lets it; `language` is that of the author's pages.

    `thought_over` is a nudge that they have seen. Raises NotValid, LacksDescriptions, NotReady,
    NotAllowed, or Nudge with words of the policy.
    """
    await check_descriptions(author, draft)
    await check_ready(author, draft)
    await check_first_days(author, draft)
    verdict = await check_local(draft, author)
    if nudge_of(verdict) not in ("", thought_over) and not is_nudged:
        raise Nudge(verdict.explanation)
    if verdict.action == Then.REJECT:
        await write_hits(verdict, author=author.full_handle, about="", is_local=True)
    note = await publish(author, as_allowed(draft, verdict, language=language))
    await write_hits(verdict, author=author.full_handle, about=note.uri, is_local=True)
    return note


async def check_ahead(author: Actor, draft: Draft, *, language: str, is_nudged: bool) -> str:
    """Ask the policy about a note that is published later; return the nudge that was gone over.

    Raises what `post` does, but NotReady.
    """
    await check_descriptions(author, draft)
    await check_first_days(author, draft)
    verdict = await check_local(draft, author)
    nudge = nudge_of(verdict)
    if nudge and not is_nudged:
        raise Nudge(nudge)
    as_allowed(draft, verdict, language=language)
    return nudge


def nudge_of(verdict: Verdict) -> str:
    """Return what an author is asked to think about, or nothing."""
    is_asked = verdict.action == Then.NUDGE or verdict.filter_id == BLOCKED_TAG
    return verdict.explanation if is_asked else ""


async def check_descriptions(author: Actor, draft: Draft) -> None:
    """Raise LacksDescriptions where the policy requires descriptions and some are missing."""
    if current().sections.content.alt_text is not AltText.REQUIRE:
        return
    if bare := await undescribed(author, draft.attachments):
        raise LacksDescriptions(bare)


async def check_ready(author: Actor, draft: Draft) -> None:
    """Raise NotReady while media are worked on, NotValid where that failed."""
    rows = await Attachment.filter(id__in=list(draft.attachments), owner_id=author.id)
    states = {each.state for each in rows}
    if State.FAILED in states:
        raise NotValid("attachments", "One of the pictures could not be worked on. Remove it.")
    if states & {State.WAITING, State.WORKING}:
        raise NotReady


async def undescribed(author: Actor, media: Sequence[int]) -> list[int]:
    """Return which of someone's uploads have no description and are not only decoration."""
    rows = await Attachment.filter(id__in=list(media), owner_id=author.id, is_decorative=False)
    bare = {each.id for each in rows if not each.alt.strip()}
    return [number for number in media if number in bare]


async def check_change(author: Actor, draft: Draft, alts: Mapping[int, str]) -> Verdict:
    """Ask the policy about what a note of someone here is changed to, with these descriptions.

    What was published without a description may stay so. Raises LacksDescriptions, NotValid.
    """
    if current().sections.content.alt_text is AltText.REQUIRE:
        rows = await Attachment.filter(id__in=list(draft.attachments), is_decorative=False)
        asked = [each for each in rows if each.note_id is None or each.alt.strip()]
        if bare := [each.id for each in asked if not alts.get(each.id, each.alt).strip()]:
            raise LacksDescriptions(bare)
    return await check_local(draft, author, alts)


async def check_local(
    draft: Draft, author: Actor | None = None, described: Mapping[int, str] | None = None
) -> Verdict:
    """Ask the policy about a note that someone here is about to post, its pictures included.

    Without its author, what a filter says of new accounts and of their pace is left out.
    `described` are new descriptions of pictures, by their ids.

    Raises NotValid where it has more tags than a note may have.
    """
    tags = tags_in(draft.source)
    if gate().has_too_many(tags):
        raise NotValid("text", f"At most {current().sections.content.max_tags} tags in a note.")
    rows = await Attachment.filter(id__in=list(draft.attachments)).values("id", "alt")
    alts = {row["id"]: str(row["alt"]) for row in rows} | dict(described or {})
    options = draft.poll.options if draft.poll else ()
    facts = Facts(
        text=render(draft.source, tag_url=lambda _: ""),
        title=draft.title,
        summary=draft.summary,
        alts=(*alts.values(), *options),
        tags=tuple(tags),
        media=await digests_of(draft.attachments),
    )
    if author is not None:
        facts = await with_author(facts, author)
    found = judge(facts, local=True)
    if found.filter_id == BLOCKED_TAG and Audience.PUBLIC in (draft.audience, draft.later):
        return _explained(found, gate().blocked_among(tags)[0])
    return found


def _explained(found: Verdict, tag: str) -> Verdict:
    """Add to a verdict what it means that a note has a tag that stays out of public lists."""
    words = {language: said.format(tag=tag) for language, said in TAG_WORDS.items()}
    said = said_in(words, current().sections.language).text
    return replace(found, explanation=said, words=words)


def as_allowed(draft: Draft, verdict: Verdict, *, language: str) -> Draft:
    """Return what may be posted after a verdict: labelled, kept out of public lists, or held.

    What is held is its author's alone until a moderator has looked (moderation/held.py). Raises
    NotAllowed with the explanation where the filter rejects. A nudge changes nothing; whoever asks
    shows it first.
    """
    words, counts = verdict.words, current().sections.language
    match verdict.action:
        case Then.HOLD:
            return replace(draft, held_because=said_in(words, language, counts).text)
        case Then.REJECT:
            raise NotAllowed(said_in(words, language, counts).text)
        case Then.LABEL:
            label = said_in(words, draft.language or language, counts).text
            return replace(draft, summary=draft.summary or label[:MOST_SUMMARY])
        case Then.LIMIT if draft.audience is Audience.PUBLIC:
            return replace(draft, audience=Audience.QUIET)
        case Then.LIMIT if draft.later is Audience.PUBLIC:
            return replace(draft, later=Audience.QUIET)
    return draft


def as_changed(note: Note, draft: Draft, verdict: Verdict, *, language: str) -> Draft:
    """Return what a note of someone here may be changed to, after a verdict on its new words.

    Raises NotAllowed with the explanation where the filter rejects, or would hold what is
    published already: that is sent back, for it cannot be called back from its readers.
    """
    if verdict.action == Then.HOLD and not note.held_because:
        counts = current().sections.language
        raise NotAllowed(said_in(verdict.words, language, counts).text)
    return as_allowed(draft, verdict, language=language)
