"""In which word somebody elsewhere asked to follow: the answer takes it up."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('rubric', '0044_sealed_ballots')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Follow',
            name='verb',
            field=fields.CharField(default='Follow', db_default='Follow', max_length=10),
        ),
    ]
