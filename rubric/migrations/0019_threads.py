from tortoise import migrations
from tortoise.migrations import operations as ops
from core.ids import new_id
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('rubric', '0018_words_of_notes')]

    initial = False

    operations = [
        ops.CreateModel(
            name='MutedThread',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('reader', fields.ForeignKeyField('rubric.Actor', source_field='reader_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('thread_id', fields.BigIntField()),
            ],
            options={'table': 'muted_thread', 'app': 'rubric', 'unique_together': [('reader', 'thread_id')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ThreadMark',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('reader', fields.ForeignKeyField('rubric.Actor', source_field='reader_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('thread_id', fields.BigIntField()),
                ('read_to', fields.BigIntField(default=0)),
                ('gone_to', fields.BigIntField(default=0)),
            ],
            options={'table': 'thread_mark', 'app': 'rubric', 'unique_together': [('reader', 'thread_id')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
