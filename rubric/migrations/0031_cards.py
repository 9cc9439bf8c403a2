from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0030_decisions')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Card',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('url', fields.CharField(unique=True, max_length=1000)),
                ('title', fields.CharField(default='', max_length=500)),
                ('description', fields.CharField(default='', max_length=1000)),
                ('language', fields.CharField(default='', max_length=20)),
                ('author_name', fields.CharField(default='', max_length=200)),
                ('author_url', fields.CharField(default='', max_length=2000)),
                ('provider_name', fields.CharField(default='', max_length=200)),
                ('image_url', fields.CharField(default='', max_length=2000)),
                ('image_alt', fields.CharField(default='', max_length=1500)),
                ('width', fields.IntField(default=0)),
                ('height', fields.IntField(default=0)),
                ('published_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('attachment_id', fields.BigIntField(null=True)),
                ('fetched_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'card', 'app': 'rubric', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Note',
            name='app',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Note',
            name='card_id',
            field=fields.BigIntField(null=True),
        ),
        ops.AddIndex(
            model_name='Note',
            index=Index(fields=['card_id', 'id']),
        ),
    ]
