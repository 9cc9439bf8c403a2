from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from inbox.markers import Line
from inbox.sieve import Verdict
from inbox.subscriptions import Whose
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0015_uploads')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Marker',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('reader', fields.ForeignKeyField('rubric.Actor', source_field='reader_id', db_constraint=True, to_field='id', related_name='markers', on_delete=OnDelete.CASCADE)),
                ('line', fields.CharEnumField(description='', enum_type=Line, max_length=20)),
                ('last_read', fields.BigIntField()),
                ('version', fields.IntField(default=0)),
                ('moved_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'marker', 'app': 'rubric', 'unique_together': [('reader', 'line')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Permission',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('reader', fields.ForeignKeyField('rubric.Actor', source_field='reader_id', db_constraint=True, to_field='id', related_name='notification_permissions', on_delete=OnDelete.CASCADE)),
                ('actor', fields.ForeignKeyField('rubric.Actor', source_field='actor_id', db_constraint=True, to_field='id', related_name='notification_permitted', on_delete=OnDelete.CASCADE)),
            ],
            options={'table': 'notification_permission', 'app': 'rubric', 'unique_together': [('reader', 'actor')], 'indexes': [Index(fields=['actor_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PushSubscription',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('token', fields.OneToOneField('rubric.Token', source_field='token_id', db_constraint=True, to_field='id', related_name='subscription', on_delete=OnDelete.CASCADE)),
                ('endpoint', fields.CharField(max_length=2000)),
                ('p256dh', fields.CharField(max_length=100)),
                ('auth', fields.CharField(max_length=40)),
                ('is_standard', fields.BooleanField(default=False)),
                ('alerts', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('policy', fields.CharEnumField(default=Whose.ALL, description='', enum_type=Whose, max_length=10)),
                ('sealed', fields.BinaryField()),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'push_subscription', 'app': 'rubric', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SetAside',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('notification', fields.OneToOneField('rubric.Notification', source_field='notification_id', db_constraint=True, to_field='id', related_name='aside', on_delete=OnDelete.CASCADE)),
                ('reader', fields.ForeignKeyField('rubric.Actor', source_field='reader_id', db_constraint=True, to_field='id', related_name='set_aside', on_delete=OnDelete.CASCADE)),
                ('actor', fields.ForeignKeyField('rubric.Actor', source_field='actor_id', db_constraint=True, to_field='id', related_name='put_aside', on_delete=OnDelete.CASCADE)),
            ],
            options={'table': 'set_aside', 'app': 'rubric', 'indexes': [Index(fields=['reader_id', 'actor_id']), Index(fields=['actor_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Sieve',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('reader', fields.OneToOneField('rubric.Actor', source_field='reader_id', db_constraint=True, to_field='id', related_name='sieve', on_delete=OnDelete.CASCADE)),
                ('for_not_following', fields.CharEnumField(default=Verdict.ACCEPT, description='', enum_type=Verdict, max_length=10)),
                ('for_not_followers', fields.CharEnumField(default=Verdict.ACCEPT, description='', enum_type=Verdict, max_length=10)),
                ('for_new_accounts', fields.CharEnumField(default=Verdict.ACCEPT, description='', enum_type=Verdict, max_length=10)),
                ('for_private_mentions', fields.CharEnumField(default=Verdict.ACCEPT, description='', enum_type=Verdict, max_length=10)),
                ('for_limited_accounts', fields.CharEnumField(default=Verdict.ACCEPT, description='', enum_type=Verdict, max_length=10)),
                ('for_bots', fields.CharEnumField(default=Verdict.ACCEPT, description='', enum_type=Verdict, max_length=10)),
            ],
            options={'table': 'notification_policy', 'app': 'rubric', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
