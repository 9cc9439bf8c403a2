from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0007_boards')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Once',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('author', fields.ForeignKeyField('rubric.Actor', source_field='author_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('key', fields.CharField(max_length=64)),
                ('note', fields.ForeignKeyField('rubric.Note', source_field='note_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('made_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'once', 'app': 'rubric', 'unique_together': [('author', 'key')], 'indexes': [Index(fields=['note_id']), Index(fields=['made_at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
