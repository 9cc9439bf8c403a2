"""What the policy says of a note that someone here is about to post."""

from dataclasses import replace

from moderation.gate import Verdict, judge
from moderation.languages import said_in
from moderation.matching import Facts
from moderation.policy import current
from moderation.vocabulary import Then
from notes.attachments import Attachment
from notes.note import Audience
from notes.text import render, tags_in
from outbox.draft import MOST_SUMMARY, Draft
from outbox.refusals import NotAllowed


async def check_local(draft: Draft) -> Verdict:
    """Ask the filters about a note that someone here is about to post, its pictures included."""
    alts = await Attachment.filter(id__in=list(draft.attachments)).values_list("alt", flat=True)
    options = draft.poll.options if draft.poll else ()
    return judge(
        Facts(
            text=render(draft.text, tag_url=lambda _: ""),
            title=draft.title,
            summary=draft.summary,
            alts=(*map(str, alts), *options),
            tags=tuple(tags_in(draft.text)),
        ),
        local=True,
    )


def as_allowed(draft: Draft, verdict: Verdict, *, language: str) -> Draft:
    """Return what may be posted after a verdict: labelled, or kept out of public lists.

    Raises NotAllowed with the explanation where the filter rejects or holds: what was written here
    goes out at once or not at all. A nudge changes nothing; whoever asks shows it first.
    """
    words, counts = verdict.words, current().sections.language
    match verdict.action:
        case Then.REJECT | Then.HOLD:
            raise NotAllowed(said_in(words, language, counts).text)
        case Then.LABEL:
            label = said_in(words, draft.language or language, counts).text
            return replace(draft, summary=draft.summary or label[:MOST_SUMMARY])
        case Then.LIMIT if draft.audience is Audience.PUBLIC:
            return replace(draft, audience=Audience.QUIET)
    return draft
