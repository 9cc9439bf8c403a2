from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('rubric', '0028_quotes_and_emojis')]

    initial = False

    operations = [
        ops.AddField(
            model_name='SavedDraft',
            name='group_id',
            field=fields.BigIntField(null=True),
        ),
    ]
