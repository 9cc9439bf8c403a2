"""Where proposals and ideas are talked about: a public note of whoever made them, and its answers.

Whoever answers from another server is heard like everyone else; only members vote.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from tortoise.expressions import F

from actors.accounts import Account, is_functional
from core.settings import settings
from moderation.ideas import Idea
from moderation.posting import post
from moderation.proposals import Proposal
from notes.note import Note
from notes.once import Repeated, note_made_with
from outbox.draft import MOST_TITLE, Draft
from outbox.refusals import NotAllowed, NotValid

MOST_WORDS = 1_500

log = structlog.get_logger()


async def open_thread(payload: Mapping[str, Any]) -> None:
    """Post the note that a proposal or an idea is talked about under; job `moderation.open_thread`.

    The key of the note keeps a second run from posting it twice.
    """
    if "proposal" in payload:
        proposal = await Proposal.get(id=payload["proposal"])
        if proposal.thread_id is None:
            note = await _posted(proposal, proposal.proposer_id, proposal.summary)
            await _tie(Proposal, proposal.id, note)
        return
    idea = await Idea.get(id=payload["idea"])
    if idea.thread_id is None:
        note = await _posted(idea, idea.author_id, idea.text)
        await _tie(Idea, idea.id, note)


async def _tie(kind: type[Proposal] | type[Idea], number: int, note: Note | None) -> None:
    """Let it point to its note; who read the row before has to read it again to write it."""
    if note is not None:
        await kind.filter(id=number).update(thread_id=note.id, revision=F("revision") + 1)


async def _posted(about: Proposal | Idea, author_id: int, words: str) -> Note | None:
    """Post it as its maker, by the rules that hold for them; None where those do not let them."""
    account = await Account.get(actor_id=author_id).select_related("actor")
    key = f"{about._meta.db_table}:{about.id}"
    if not is_functional(account):
        return None
    draft = Draft(
        title=about.title[:MOST_TITLE],
        text=f"{words[:MOST_WORDS]}\n\n{settings().url(about.page)}",
        language=about.language,
        key=key,
    )
    try:
        return await post(account.actor, draft, language=account.locale, is_nudged=True)
    except Repeated:
        number = await note_made_with(account.actor, key)
        return await Note.get_or_none(id=number)
    except (NotAllowed, NotValid) as error:
        log.info("thread.is_not_posted", about=key, why=str(error))
        return None
