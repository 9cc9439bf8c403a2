from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('rubric', '0026_group_titles')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Mention',
            name='is_blind',
            field=fields.BooleanField(default=False, db_default=False),
        ),
    ]
