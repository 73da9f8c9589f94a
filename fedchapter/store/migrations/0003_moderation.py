from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

# What was held before there was a queue is put into it by a job (moderation.queue.arrival).
ADOPT_HELD = """
INSERT INTO job (name, key, payload, state, attempts, error, created_at, due_at)
SELECT 'adopt-held', 'adopt-held', '{}', 'due', 0, '', '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00'
WHERE EXISTS (SELECT 1 FROM known_object WHERE state = 'held')
"""
FORGET_HELD = "DELETE FROM job WHERE key = 'adopt-held'"


class Migration(migrations.Migration):
    dependencies = [('fedchapter', '0002_people')]

    initial = False

    operations = [
        ops.CreateModel(
            name='DeskClaim',
            fields=[
                ('group_key', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=128)),
                ('account_id', fields.CharField(max_length=26)),
                ('claimed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'desk_claim', 'app': 'fedchapter', 'indexes': [Index(fields=['account_id']), Index(fields=['claimed_at'])], 'pk_attr': 'group_key', 'table_description': 'Who looks at a group just now. An old one counts as none.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DeskFine',
            fields=[
                ('uri', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=1024)),
                ('exact_hash', fields.CharField(max_length=64)),
                ('made_by', fields.CharField(default='', description='account id', max_length=26)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'desk_fine', 'app': 'fedchapter', 'indexes': [Index(fields=['made_at'])], 'pk_attr': 'uri', 'table_description': 'A post that was found to be fine: as long as its text is this one, nobody is asked about it again.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DeskItem',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('sort', fields.CharField(description='held report appeal', max_length=6)),
                ('subject_uri', fields.CharField(description='the post, or the id of the report or appeal', max_length=1024)),
                ('actor_uri', fields.CharField(default='', description='who wrote it or is reported', max_length=1024)),
                ('host', fields.CharField(default='', max_length=255)),
                ('gravity', fields.IntField(description='0 to 100, gravest first')),
                ('group_key', fields.CharField(description='wave:, text:, actor: or own id', max_length=128)),
                ('rule', fields.CharField(default='', description='the rule that held it', max_length=64)),
                ('reason', fields.TextField(default='', description='why it waits, in words of the catalogs', unique=False)),
                ('evidence', fields.TextField(default='', description='JSON: title, note, html, pictures, links', unique=False)),
                ('state', fields.CharField(default='open', description='open closed expired', max_length=7)),
                ('outcome', fields.CharField(default='', description='what was decided, a name of audit.WORDS', max_length=16)),
                ('text_hash', fields.CharField(default='', description='of the words alone: copies share it', max_length=64)),
                ('exact_hash', fields.CharField(default='', description='of all that its author can change', max_length=64)),
                ('opened_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(null=True, description='unseen after that it is gone', auto_now=False, auto_now_add=False)),
                ('closed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'desk_item', 'app': 'fedchapter', 'unique_together': (('sort', 'subject_uri'),), 'indexes': [Index(fields=['state', 'group_key', 'gravity', 'opened_at']), Index(fields=['state', 'sort']), Index(fields=['text_hash', 'state']), Index(fields=['state', 'expires_at']), Index(fields=['actor_uri', 'state']), Index(fields=['host', 'state'])], 'pk_attr': 'id', 'table_description': 'One thing to decide. Items of one group_key are decided together.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DeskNote',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('group_key', fields.CharField(max_length=128)),
                ('account_id', fields.CharField(max_length=26)),
                ('text', fields.TextField(unique=False)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'desk_note', 'app': 'fedchapter', 'indexes': [Index(fields=['group_key']), Index(fields=['made_at'])], 'pk_attr': 'id', 'table_description': 'What one moderator wrote down for the others about a group.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Judged',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('uri', fields.CharField(description='of the object, or of the activity', max_length=1024)),
                ('actor_uri', fields.CharField(description='who wrote it', max_length=1024)),
                ('host', fields.CharField(max_length=255)),
                ('what', fields.CharField(description='reply post share event proposal message …', max_length=8)),
                ('decision', fields.CharField(description='show hold refuse', max_length=6)),
                ('rule', fields.CharField(max_length=64)),
                ('rule_name', fields.CharField(default='', max_length=200)),
                ('wave_id', fields.CharField(default='', max_length=26)),
                ('digest', fields.CharField(default='', description='of the words alone', max_length=32)),
                ('sketch', fields.CharField(default='', description='eight numbers that variations share', max_length=80)),
                ('hosts', fields.TextField(default='', description='of its links, one a line', unique=False)),
                ('facts', fields.TextField(description='JSON', unique=False)),
                ('comparable', fields.BooleanField(default=False)),
                ('judged_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'judged', 'app': 'fedchapter', 'indexes': [Index(fields=['judged_at']), Index(fields=['comparable', 'id']), Index(fields=['uri']), Index(fields=['wave_id'])], 'pk_attr': 'id', 'table_description': 'One decision of the rules about something that came in, without its text.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Pause',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('sort', fields.CharField(description='object follow', max_length=6)),
                ('subject', fields.CharField(description='URI of the object, or id of the follow', max_length=1024)),
                ('actor_uri', fields.CharField(description='the suspended actor, or one of the host', max_length=1024)),
                ('host', fields.CharField(max_length=255)),
                ('before', fields.CharField(description='the state that comes back', max_length=9)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'pause', 'app': 'fedchapter', 'unique_together': (('sort', 'subject'),), 'indexes': [Index(fields=['actor_uri', 'id']), Index(fields=['host', 'id'])], 'pk_attr': 'id', 'table_description': "One object that is hidden, or one follow that rests, because its actor or that actor's host is suspended."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PolicyRule',
            fields=[
                ('key', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ('position', fields.IntField(description='smallest first')),
                ('name', fields.CharField(description="what it does, empty: the built-in rule's own words", max_length=200)),
                ('words', fields.CharField(default='', description='why, as the log says it', max_length=200)),
                ('decision', fields.CharField(description='show hold refuse', max_length=6)),
                ('conditions', fields.TextField(description='JSON list of fact, operator, values', unique=False)),
                ('enabled', fields.BooleanField(default=True)),
                ('expiring', fields.BooleanField(default=False, description='what it holds goes by itself when unseen')),
                ('score', fields.IntField(default=0, description='0 to 100, how grave')),
                ('changed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'policy_rule', 'app': 'fedchapter', 'pk_attr': 'key', 'table_description': 'One rule, a row with the key of a built-in rule stands in its place.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PolicyState',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('version', fields.BigIntField(default=0)),
                ('storm_from_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('storm_until_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('storm_by', fields.CharField(default='', description='account id', max_length=26)),
            ],
            options={'table': 'policy_state', 'app': 'fedchapter', 'pk_attr': 'id', 'table_description': 'One row with id 1, version grows with every change of what is held in memory.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PrivateText',
            fields=[
                ('uri', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=1024)),
                ('words_hash', fields.CharField(default='', max_length=64)),
                ('copy_of', fields.CharField(default='', description='the post it repeats or shows', max_length=1024)),
                ('made_by', fields.CharField(default='', description='account id', max_length=26)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'private_text', 'app': 'fedchapter', 'indexes': [Index(fields=['words_hash']), Index(fields=['copy_of'])], 'pk_attr': 'uri', 'table_description': 'A post that gave somebody away: it stays hidden whatever its origin says, and so does each copy of its words.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RemotePicture',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('sort', fields.CharField(description='post or face', max_length=4)),
                ('owner_uri', fields.CharField(max_length=1024)),
                ('author_uri', fields.CharField(max_length=1024)),
                ('url', fields.TextField(description='at its origin', unique=False)),
                ('url_hash', fields.CharField(description='SHA-256 of url', max_length=64)),
                ('host', fields.CharField(description='of url', max_length=255)),
                ('state', fields.CharField(default='wanted', description='wanted kept away failed', max_length=6)),
                ('reason', fields.CharField(default='', description='code of the last failure', max_length=40)),
                ('attempts', fields.IntField(default=0)),
                ('file_name', fields.CharField(default='', max_length=64)),
                ('size_bytes', fields.IntField(default=0)),
                ('width', fields.IntField(default=0, description='pixels')),
                ('height', fields.IntField(default=0, description='pixels')),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('fetched_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'remote_picture', 'app': 'fedchapter', 'unique_together': (('owner_uri', 'url_hash'),), 'indexes': [Index(fields=['state', 'due_at']), Index(fields=['state', 'used_at']), Index(fields=['author_uri'])], 'pk_attr': 'id', 'table_description': 'One picture of a post, or the face of an actor: owner_uri is the post or actor, author_uri always the actor.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SweepRow',
            fields=[
                ('name', fields.CharField(primary_key=True, unique=True, db_index=True, description='of a store.retention.Kept', max_length=32)),
                ('began_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('erased', fields.IntField(default=0, description='rows, since began_at')),
                ('erased_ever', fields.BigIntField(default=0)),
            ],
            options={'table': 'sweep', 'app': 'fedchapter', 'pk_attr': 'name', 'table_description': 'How far the erasing of one thing that is kept for a while has come, and what it erased (jobs.sweep).'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Wave',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('merged_into', fields.CharField(default='', max_length=26)),
                ('posts', fields.IntField(default=0)),
                ('opened_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'wave', 'app': 'fedchapter', 'indexes': [Index(fields=['last_at']), Index(fields=['merged_into'])], 'pk_attr': 'id', 'table_description': 'The like of one another from several unknown actors, one that became part of another names it.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Decision',
            name='batch',
            field=fields.CharField(default='', description='decided in one go, and taken back in one go', db_default='', max_length=26),
        ),
        ops.AddField(
            model_name='Decision',
            name='before',
            field=fields.TextField(null=True, description='JSON: what undoing needs to put back', unique=False),
        ),
        ops.AddField(
            model_name='Decision',
            name='evidence',
            field=fields.CharField(default='', description='path of ours where the evidence is', db_default='', max_length=1024),
        ),
        ops.AddField(
            model_name='Decision',
            name='public',
            field=fields.BooleanField(default=False, description='every member sees it, with its reason', db_default=False),
        ),
        ops.AddField(
            model_name='Decision',
            name='rule',
            field=fields.CharField(default='', description='what decided without a person', db_default='', max_length=64),
        ),
        ops.AddIndex(
            model_name='Decision',
            index=Index(fields=['batch', 'id']),
        ),
        ops.AddIndex(
            model_name='Decision',
            index=Index(fields=['actor_uri', 'id']),
        ),
        ops.AddIndex(
            model_name='Decision',
            index=Index(fields=['made_by', 'id']),
        ),
        ops.AddField(
            model_name='InboxItem',
            name='body_bytes',
            field=fields.IntField(default=0, description='of the body, a guess for rows from before this column', db_default=2048),
        ),
        ops.AddField(
            model_name='InboxItem',
            name='has_body',
            field=fields.BooleanField(default=True, description='until the body is erased', db_default=True),
        ),
        ops.AddIndex(
            model_name='InboxItem',
            index=Index(fields=['object_uri']),
        ),
        ops.AddIndex(
            model_name='InboxItem',
            index=Index(fields=['has_body', 'id', 'body_bytes']),
        ),
        ops.AddField(
            model_name='KnownObject',
            name='locked',
            field=fields.BooleanField(default=False, description='takes no more comments', db_default=False),
        ),
        ops.AddField(
            model_name='KnownObject',
            name='sensitive',
            field=fields.BooleanField(default=False, description='moderators put it behind a warning', db_default=False),
        ),
        ops.AddField(
            model_name='Mark',
            name='expires_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Mark',
            name='obfuscate',
            field=fields.BooleanField(default=False, description='the public page masks the name', db_default=False),
        ),
        ops.AddField(
            model_name='Mark',
            name='public_reason',
            field=fields.TextField(default='', description='for everybody', db_default='', unique=False),
        ),
        ops.AddField(
            model_name='Mark',
            name='reject_media',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Mark',
            name='reject_reports',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Mark',
            name='sensitive',
            field=fields.BooleanField(default=False, description='what comes is behind a warning', db_default=False),
        ),
        ops.AddField(
            model_name='Mark',
            name='source',
            field=fields.CharField(default='', description='empty: by hand, else list:ID or file:NAME', db_default='', max_length=255),
        ),
        ops.AddIndex(
            model_name='Mark',
            index=Index(fields=['expires_at']),
        ),
        ops.AddField(
            model_name='Proposal',
            name='poll_language',
            field=fields.CharField(default='', description='of the poll, as it was opened', db_default='', max_length=16),
        ),
        ops.AddField(
            model_name='Subscriber',
            name='refusals',
            field=fields.IntField(default=0, description='letters refused since one was taken', db_default=0),
        ),
        ops.AddField(
            model_name='Subscriber',
            name='refused_at',
            field=fields.DatetimeField(null=True, description='the first of those', auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL(ADOPT_HELD, reverse_sql=FORGET_HELD),
    ]
