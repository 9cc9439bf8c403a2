"""`rubric index`: making what was written before there was an index findable."""

from tortoise.transactions import in_transaction

from notes.search import NoteWords, index_older


async def index_all() -> str:
    """Index all notes that have no words yet, batch by batch; it may be stopped and begun again."""
    reached: int | None = 0
    while reached is not None:
        async with in_transaction():
            reached = await index_older(reached)
    return f"{await NoteWords.all().count()} notes can be found by their words"
