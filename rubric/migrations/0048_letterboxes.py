"""Where letters to followers go is kept beside their follows, to be read along an index."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0047_flair_of_drafts')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Follow',
            name='host',
            field=fields.CharField(default='', db_default='', max_length=255),
        ),
        ops.AddField(
            model_name='Follow',
            name='letterbox',
            field=fields.CharField(default='', db_default='', max_length=1000),
        ),
        ops.RunSQL(
            "UPDATE follow SET letterbox = a.box, host = a.host FROM (SELECT id, host,"
            " CASE WHEN shared_inbox = '' THEN inbox ELSE shared_inbox END AS box"
            " FROM actor WHERE local_name IS NULL) AS a WHERE a.id = follow.follower_id",
            ops.RunSQL.noop,
        ),
        ops.AddIndex(
            model_name='Follow',
            index=Index(fields=['followed_id', 'is_accepted', 'letterbox', 'host']),
        ),
    ]
