"""Quote: one note shows another, and whether the other's author agreed (FEP-044f).

`stamp_uri` is the author's authorization: one of ours answers at `/stamps/{id}`. `is_legacy` marks
quotes by servers that know no asking: they are shown only where the author has agreed all the same.
"""

from enum import StrEnum

from tortoise import fields
from tortoise.expressions import Q
from tortoise.indexes import Index
from tortoise.models import Model

from core import sql
from core.broker import Topic, publish
from core.clock import now
from core.ids import new_id
from core.jobs import Lane, put
from core.rows import load, load_one
from core.settings import settings
from notes.note import Note
from notes.note_document import NoteDocument

VERIFY = "inbox.verify_quote"


class State(StrEnum):
    """Where a quote stands between the two authors, in the client API's words."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REVOKED = "revoked"


class Quote(Model):
    """One note quotes one other, which may not have come here yet."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    note: fields.OneToOneRelation[Note] = fields.OneToOneField("rubric.Note", related_name=False)
    note_id: int
    quoted: fields.ForeignKeyNullableRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    quoted_id: int | None
    quoted_uri = fields.CharField(max_length=1000)
    state = fields.CharEnumField(State, max_length=10, default=State.PENDING)
    is_legacy = fields.BooleanField(default=False)
    request_uri = fields.CharField(max_length=1000, default="")
    stamp_uri = fields.CharField(max_length=1000, default="")
    created_at = fields.DatetimeField(default=now)
    checked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "note_quote"
        indexes = [
            Index(fields=("quoted_id", "note_id")),
            Index(fields=("quoted_uri",)),
            Index(fields=("stamp_uri",)),
            Index(fields=("request_uri",)),
            Index(fields=("state", "checked_at")),
        ]

    @property
    def own_stamp(self) -> str:
        """The id of our authorization, should the quoted author live here."""
        return settings().url(f"/stamps/{self.id}")


async def quote_in(note_id: int) -> Quote | None:
    """Return what a note quotes."""
    return await load_one(Quote, "note_id = ?", [note_id])


async def settle(quote: Quote, state: State, *, stamp: str | None = None) -> bool:
    """Write where a quote stands now and count anew; False where it stood so already."""
    stamp = quote.stamp_uri if stamp is None else stamp
    changed = (
        await Quote.filter(id=quote.id)
        .filter(~Q(state=state, stamp_uri=stamp))
        .update(state=state, stamp_uri=stamp, quoted_id=quote.quoted_id, checked_at=now())
    )
    quote.state, quote.stamp_uri = state, stamp
    if not changed:
        await Quote.filter(id=quote.id).update(checked_at=now())
        return False
    await count_quotes(quote.quoted_id)
    await publish(Topic.EDIT, id=quote.note_id)
    return True


async def count_quotes(quoted_id: int | None) -> None:
    """Count how many open notes quote a note with its author's consent (PRIV-03)."""
    if quoted_id is None:
        return
    await sql.rows(
        "UPDATE note SET quotes_count = (SELECT COUNT(*) FROM note_quote q JOIN note n"
        " ON n.id = q.note_id WHERE q.quoted_id = ? AND q.state = 'accepted'"
        " AND n.audience IN ('public', 'quiet') AND n.deleted_at IS NULL AND n.held_at IS NULL)"
        " WHERE id = ?",
        [quoted_id, quoted_id],
    )


async def count_for(note: Note) -> None:
    """Count anew what a note quotes, after it became visible to fewer or more."""
    if note.quote_uri and (quote := await quote_in(note.id)):
        await count_quotes(quote.quoted_id)


async def keep_quote(note: Note, read: NoteDocument) -> None:
    """Keep what a note from elsewhere says it quotes, and queue the look whether it may.

    Call in a transaction. What was settled is not unsettled by a document that says the same.
    """
    found = await quote_in(note.id) if note.quote_uri else None
    if found and found.quoted_uri != read.quote:
        await Quote.filter(id=found.id).delete()
        await count_quotes(found.quoted_id)
        found = None
    if note.quote_uri != (read.quote or ""):
        note.quote_uri = read.quote or ""
        await Note.filter(id=note.id).update(quote_uri=note.quote_uri)
    if read.quote is None:
        return
    stamp = read.quote_authorization or ""
    quote = found or await _begun(note, read, stamp)
    if found and not await _is_newly_stamped(found, stamp):
        return
    await put(VERIFY, {"quote": quote.id}, lane=Lane.USUAL)


async def forget_quotes(notes: list[int]) -> None:
    """Forget what deleted notes quoted; call in a transaction."""
    found = await load(Quote, f"note_id IN ({sql.marks(notes)})", notes)
    await Quote.filter(id__in=[each.id for each in found]).delete()
    for quoted in {each.quoted_id for each in found}:
        await count_quotes(quoted)


async def _begun(note: Note, read: NoteDocument, stamp: str) -> Quote:
    quoted = await load_one(Note, "uri = ?", [read.quote])
    return await Quote.create(
        note_id=note.id,
        quoted_id=quoted.id if quoted else None,
        quoted_uri=read.quote,
        is_legacy=read.is_legacy_quote,
        stamp_uri=stamp,
    )


async def _is_newly_stamped(quote: Quote, stamp: str) -> bool:
    """Take over another stamp; those for notes of ours we give ourselves."""
    if stamp == quote.stamp_uri or quote.stamp_uri == quote.own_stamp:
        return False
    await Quote.filter(id=quote.id).update(stamp_uri=stamp)
    quote.stamp_uri = stamp
    if quote.state is State.ACCEPTED and not stamp:
        await settle(quote, State.PENDING)
    return bool(stamp)
