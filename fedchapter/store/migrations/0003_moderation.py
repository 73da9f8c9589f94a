from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('fedchapter', '0002_people')]

    initial = False

    operations = [
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
                ('claimed_by', fields.CharField(default='', description='account id', max_length=26)),
                ('claimed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('opened_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(null=True, description='unseen after that it is gone', auto_now=False, auto_now_add=False)),
                ('closed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'desk_item', 'app': 'fedchapter', 'unique_together': (('sort', 'subject_uri'),), 'indexes': [Index(fields=['state', 'gravity', 'group_key']), Index(fields=['state', 'group_key', 'opened_at']), Index(fields=['state', 'expires_at']), Index(fields=['actor_uri', 'state']), Index(fields=['host', 'state'])], 'pk_attr': 'id', 'table_description': 'One thing to decide. Items of one group_key are decided together.'},
            bases=['Model'],
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
    ]
