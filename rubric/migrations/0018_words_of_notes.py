from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor

POSTGRES = "CREATE INDEX note_words_index ON note_words USING gin (to_tsvector('simple', words))"
# The index holds no text of its own. It is told of every change, and to take something out, what
# stood there: which SQLite before 3.43 cannot do without the row.
SQLITE = (
    "CREATE VIRTUAL TABLE note_words_index USING fts5(words, content='note_words',"
    " content_rowid='id', columnsize=0,"
    " tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\")",
    "CREATE TRIGGER note_words_added AFTER INSERT ON note_words BEGIN"
    " INSERT INTO note_words_index(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER note_words_gone AFTER DELETE ON note_words BEGIN"
    " INSERT INTO note_words_index(note_words_index, rowid, words)"
    " VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER note_words_changed AFTER UPDATE ON note_words BEGIN"
    " INSERT INTO note_words_index(note_words_index, rowid, words)"
    " VALUES ('delete', old.id, old.words);"
    " INSERT INTO note_words_index(rowid, words) VALUES (new.id, new.words); END",
)


async def make_index(apps: object, editor: BaseSchemaEditor) -> None:
    if editor.client.capabilities.dialect == "postgres":
        await editor.client.execute_query(POSTGRES)
        return
    for statement in SQLITE:
        await editor.client.execute_query(statement)


async def drop_index(apps: object, editor: BaseSchemaEditor) -> None:
    if editor.client.capabilities.dialect == "postgres":
        await editor.client.execute_query("DROP INDEX note_words_index")
        return
    for name in ("added", "gone", "changed"):
        await editor.client.execute_query(f"DROP TRIGGER note_words_{name}")
    await editor.client.execute_query("DROP TABLE note_words_index")


class Migration(migrations.Migration):
    dependencies = [('rubric', '0017_references')]

    initial = False

    operations = [
        ops.CreateModel(
            name='NoteWords',
            fields=[
                ('id', fields.BigIntField(primary_key=True, unique=True, db_index=True, generated=False)),
                ('words', fields.TextField(unique=False)),
            ],
            options={'table': 'note_words', 'app': 'rubric', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.RunPython(make_index, drop_index),
    ]
