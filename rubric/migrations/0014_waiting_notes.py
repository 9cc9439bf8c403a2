from tortoise import migrations
from tortoise.migrations import operations as ops
from core.ids import new_id
from notes.note import Audience
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('rubric', '0013_followed_tags')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Waiting',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('note', fields.OneToOneField('rubric.Note', source_field='note_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('audience', fields.CharEnumField(description='', enum_type=Audience, max_length=10)),
            ],
            options={'table': 'waiting_note', 'app': 'rubric', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
