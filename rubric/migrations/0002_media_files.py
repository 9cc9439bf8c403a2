from core import sql
from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from notes.attachments import State
from notes.media_files import Role
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

SMALL_WIDTH = 480


async def forward(apps, editor):
    """Make a row of every file that an attachment named."""
    found = await sql.rows(
        "SELECT id, media, file, small_file, media_type, small_type, width, height, size, created_at"
        " FROM attachment WHERE file <> '' OR small_file <> ''"
    )
    rows = []
    for each in found:
        role = "image" if each["media"] == "image" else "video"
        whole = (each["file"], each["media_type"], each["width"], each["height"], each["size"])
        width = min(each["width"], SMALL_WIDTH)
        height = round(each["height"] * width / each["width"]) if each["width"] else 0
        small = (each["small_file"], each["small_type"], width, height, 0)
        for kind, values in ((role, whole), ("image" if role == "image" else "poster", small)):
            if values[0]:
                rows.append((new_id(), each["id"], kind, *values, "", each["created_at"]))
    await sql.run_many(
        "INSERT INTO media_file (id, attachment_id, role, key, media_type, width, height, size,"
        " language, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


async def backward(apps, editor):
    """Name the two files that an attachment had room for."""
    found = await sql.rows(
        "SELECT attachment_id, role, key, media_type FROM media_file"
        " WHERE role IN ('image', 'video', 'poster') ORDER BY width, id"
    )
    large, small = {}, {}
    for each in found:
        number = each["attachment_id"]
        if each["role"] != "poster":
            large[number] = (each["key"], number)
        if each["role"] != "video":
            small.setdefault(number, (each["key"], each["media_type"], number))
    await sql.run_many("UPDATE attachment SET file = ? WHERE id = ?", list(large.values()))
    await sql.run_many(
        "UPDATE attachment SET small_file = ?, small_type = ? WHERE id = ?", list(small.values())
    )


class Migration(migrations.Migration):
    dependencies = [('rubric', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='MediaFile',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('attachment', fields.ForeignKeyField('rubric.Attachment', source_field='attachment_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('role', fields.CharEnumField(description='', enum_type=Role, max_length=10)),
                ('key', fields.CharField(max_length=200)),
                ('media_type', fields.CharField(max_length=100)),
                ('width', fields.IntField(default=0)),
                ('height', fields.IntField(default=0)),
                ('size', fields.BigIntField(default=0)),
                ('language', fields.CharField(default='', max_length=35)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'media_file', 'app': 'rubric', 'indexes': [Index(fields=['attachment_id']), Index(fields=['key'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        # SQLite loses indexes where it rebuilds a table: they go first, and come again last.
        ops.RemoveIndex(
            model_name='Attachment',
            name=None, fields=['note_id', 'position'],
        ),
        ops.RemoveIndex(
            model_name='Attachment',
            name=None, fields=['owner_id'],
        ),
        ops.RemoveIndex(
            model_name='Attachment',
            name=None,
            fields=['file'],
        ),
        ops.RemoveIndex(
            model_name='Attachment',
            name=None,
            fields=['small_file'],
        ),
        ops.AddField(
            model_name='Attachment',
            name='cached_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Attachment',
            name='cover_at',
            field=fields.FloatField(null=True),
        ),
        ops.AddField(
            model_name='Attachment',
            name='crop',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Attachment',
            name='failure',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
        ops.AddField(
            model_name='Attachment',
            name='progress',
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Attachment',
            name='seen_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Attachment',
            name='state',
            field=fields.CharEnumField(default=State.READY, description='', db_default='ready', enum_type=State, max_length=10),
        ),
        ops.AddField(
            model_name='Attachment',
            name='tries',
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Attachment',
            name='turn',
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.RunPython(forward, backward),
        ops.AlterField(
            model_name='Attachment',
            name='file',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
        ops.AlterField(
            model_name='Attachment',
            name='small_file',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
        ops.AlterField(
            model_name='Attachment',
            name='small_type',
            field=fields.CharField(default='', db_default='', max_length=100),
        ),
        ops.RemoveField(model_name='Attachment', name='file'),
        ops.RemoveField(model_name='Attachment', name='small_file'),
        ops.RemoveField(model_name='Attachment', name='small_type'),
        ops.AddIndex(
            model_name='Attachment',
            index=Index(fields=['note_id', 'position']),
        ),
        ops.AddIndex(
            model_name='Attachment',
            index=Index(fields=['owner_id']),
        ),
    ]
