from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from moderation.states import Choice, IdeaKind, IdeaState, ProposalState
from moderation.vocabulary import Reserved
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0032_policy')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Idea',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('revision', fields.IntField(default=0)),
                ('kind', fields.CharEnumField(description='', enum_type=IdeaKind, max_length=10)),
                ('state', fields.CharEnumField(default=IdeaState.OPEN, description='', enum_type=IdeaState, max_length=10)),
                ('author', fields.ForeignKeyField('rubric.Actor', source_field='author_id', db_constraint=True, to_field='id', related_name='ideas', on_delete=OnDelete.CASCADE)),
                ('title', fields.CharField(max_length=200)),
                ('text', fields.TextField(default='', unique=False)),
                ('language', fields.CharField(default='en', max_length=20)),
                ('supports', fields.IntField(default=0)),
                ('answer', fields.TextField(default='', unique=False)),
                ('release', fields.CharField(default='', max_length=40)),
                ('answered_by', fields.ForeignKeyField('rubric.Actor', source_field='answered_by_id', null=True, db_constraint=True, to_field='id', related_name='ideas_answered', on_delete=OnDelete.CASCADE)),
                ('answered_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('proposal_id', fields.BigIntField(null=True)),
                ('thread', fields.ForeignKeyField('rubric.Note', source_field='thread_id', null=True, db_constraint=True, to_field='id', related_name='ideas', on_delete=OnDelete.SET_NULL)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'idea', 'app': 'rubric', 'indexes': [Index(fields=['state', 'id']), Index(fields=['kind', 'id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='IdeaSupport',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('idea', fields.ForeignKeyField('rubric.Idea', source_field='idea_id', db_constraint=True, to_field='id', related_name='supporters', on_delete=OnDelete.CASCADE)),
                ('actor', fields.ForeignKeyField('rubric.Actor', source_field='actor_id', db_constraint=True, to_field='id', related_name='ideas_supported', on_delete=OnDelete.CASCADE)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'idea_support', 'app': 'rubric', 'unique_together': [('idea_id', 'actor_id')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Proposal',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('revision', fields.IntField(default=0)),
                ('state', fields.CharEnumField(default=ProposalState.DRAFT, description='', enum_type=ProposalState, max_length=20)),
                ('proposer', fields.ForeignKeyField('rubric.Actor', source_field='proposer_id', db_constraint=True, to_field='id', related_name='proposals', on_delete=OnDelete.CASCADE)),
                ('title', fields.CharField(max_length=200)),
                ('summary', fields.TextField(default='', unique=False)),
                ('reason', fields.TextField(default='', unique=False)),
                ('language', fields.CharField(default='en', max_length=20)),
                ('document', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('based_on', fields.IntField()),
                ('text_number', fields.IntField(default=1)),
                ('is_wording', fields.BooleanField(default=False)),
                ('simulation', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('numbers', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('idea_id', fields.BigIntField(null=True)),
                ('is_suggested', fields.BooleanField(default=False)),
                ('thread', fields.ForeignKeyField('rubric.Note', source_field='thread_id', null=True, db_constraint=True, to_field='id', related_name='proposals', on_delete=OnDelete.SET_NULL)),
                ('due_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('opened_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('discussed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('frozen_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('vote_began_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('vote_ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('in_force_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('electorate', fields.IntField(default=0)),
                ('quorum', fields.IntField(default=0)),
                ('tally', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('ballot_reasons', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('receipts', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('answer', fields.TextField(default='', unique=False)),
                ('departing', fields.TextField(default='', unique=False)),
                ('answered_by', fields.ForeignKeyField('rubric.Actor', source_field='answered_by_id', null=True, db_constraint=True, to_field='id', related_name='proposals_answered', on_delete=OnDelete.CASCADE)),
                ('ended_because', fields.TextField(default='', unique=False)),
                ('veto_ground', fields.CharEnumField(null=True, description='', enum_type=Reserved, max_length=20)),
                ('version', fields.IntField(null=True)),
                ('review_by', fields.DateField(null=True)),
                ('review_suggested_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('is_emergency', fields.BooleanField(default=False)),
                ('expires_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('emergency', fields.ForeignKeyField('rubric.Proposal', source_field='emergency_id', null=True, db_constraint=True, to_field='id', related_name='made_lasting', on_delete=OnDelete.CASCADE)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'proposal', 'app': 'rubric', 'indexes': [Index(fields=['state', 'due_at']), Index(fields=['proposer_id', 'id']), Index(fields=['emergency_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Ballot',
            fields=[
                ('voter', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64, generated=False)),
                ('proposal', fields.ForeignKeyField('rubric.Proposal', source_field='proposal_id', db_constraint=True, to_field='id', related_name='ballots', on_delete=OnDelete.CASCADE)),
                ('choice', fields.CharEnumField(description='', enum_type=Choice, max_length=10)),
                ('reason', fields.TextField(default='', unique=False)),
            ],
            options={'table': 'ballot', 'app': 'rubric', 'indexes': [Index(fields=['proposal_id'])], 'pk_attr': 'voter'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Elector',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('proposal', fields.ForeignKeyField('rubric.Proposal', source_field='proposal_id', db_constraint=True, to_field='id', related_name='electors', on_delete=OnDelete.CASCADE)),
                ('actor', fields.ForeignKeyField('rubric.Actor', source_field='actor_id', db_constraint=True, to_field='id', related_name='votes_open_to', on_delete=OnDelete.CASCADE)),
            ],
            options={'table': 'elector', 'app': 'rubric', 'unique_together': [('proposal_id', 'actor_id')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ProposalText',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('proposal', fields.ForeignKeyField('rubric.Proposal', source_field='proposal_id', db_constraint=True, to_field='id', related_name='texts', on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('document', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('summary', fields.TextField(default='', unique=False)),
                ('why', fields.TextField(default='', unique=False)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'proposal_text', 'app': 'rubric', 'unique_together': [('proposal_id', 'number')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Sponsor',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('proposal', fields.ForeignKeyField('rubric.Proposal', source_field='proposal_id', db_constraint=True, to_field='id', related_name='sponsors', on_delete=OnDelete.CASCADE)),
                ('actor', fields.ForeignKeyField('rubric.Actor', source_field='actor_id', db_constraint=True, to_field='id', related_name='sponsored', on_delete=OnDelete.CASCADE)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'proposal_sponsor', 'app': 'rubric', 'unique_together': [('proposal_id', 'actor_id')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
