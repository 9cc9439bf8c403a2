from tortoise import migrations
from tortoise.migrations import operations as ops
from core.ids import new_id
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0019_threads')]

    initial = False

    operations = [
        ops.CreateModel(
            name='DismissedSuggestion',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('reader', fields.ForeignKeyField('rubric.Actor', source_field='reader_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('rubric.Actor', source_field='person_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
            ],
            options={'table': 'dismissed_suggestion', 'app': 'rubric', 'unique_together': [('reader', 'person')], 'indexes': [Index(fields=['person_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='TrendingNote',
            fields=[
                ('rank', fields.IntField(primary_key=True, unique=True, db_index=True, generated=False)),
                ('note', fields.ForeignKeyField('rubric.Note', source_field='note_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('score', fields.FloatField()),
                ('people', fields.IntField()),
                ('saves', fields.IntField()),
                ('comments', fields.IntField()),
                ('boosts', fields.IntField()),
                ('likes', fields.IntField()),
            ],
            options={'table': 'trending_note', 'app': 'rubric', 'indexes': [Index(fields=['note_id'])], 'pk_attr': 'rank'},
            bases=['Model'],
        ),
    ]
