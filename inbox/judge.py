"""What the policy says of a note that comes in."""

from actors.actor import Actor
from federation.errors import Refused
from moderation.evidence import with_author
from moderation.gate import judge, measures_of
from moderation.hits import write_hits
from moderation.matching import Facts
from notes.note_document import NoteDocument
from notes.prepared import Verdict


async def judged(read: NoteDocument, author: Actor) -> Verdict:
    """Ask the measures for the author's server and the filters; raises Refused to keep it out."""
    measures = measures_of(author)
    if measures.reject:
        raise Refused(f"{author.host} is not let in")
    found = judge(await with_author(facts_of(read), author), local=False)
    kept = "" if found.action == "reject" else read.id
    await write_hits(found, author=author.full_handle, about=kept, is_local=False)
    if found.action == "reject":
        raise Refused(f"filter {found.filter_id} keeps {read.id} out")
    return Verdict(
        is_held=measures.hold or found.action == "hold",
        held_because=found.explanation if found.action == "hold" else "",
        is_quiet=measures.limit or found.action == "limit",
        has_no_media=measures.no_media,
        label=found.explanation if found.action == "label" else "",
    )


def _asked(read: NoteDocument) -> list[str]:
    return [title for title, _ in read.poll.options] if read.poll else []


def facts_of(read: NoteDocument) -> Facts:
    """Gather what filters look at."""
    return Facts(
        text=read.content,
        title=read.title,
        summary=read.summary,
        alts=(*(each.alt for each in read.attachments), *_asked(read)),
        tags=tuple(read.hashtags),
    )
