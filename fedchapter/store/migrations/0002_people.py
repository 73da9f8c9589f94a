from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

from typing import Any

from fedchapter.text import fold

ROLES_TO_OFFICES = (
    "INSERT INTO office (id, account_id, role, group_id, begins_at, given_by, ended_by, why_ended) "
    "SELECT id, id, role, '', created_at, invited_by, '', '' FROM account WHERE role <> 'member' AND state = 'active'"
)
OFFICES_TO_ROLES = (
    "UPDATE account SET role = COALESCE((SELECT MIN(office.role) FROM office WHERE office.account_id = account.id "
    "AND office.group_id = '' AND office.ended_at IS NULL AND office.role IN ('admin', 'moderator')), 'member')"
)
async def fold_names(apps: Any, editor: Any) -> None:
    # Neither engine folds as we do.
    rows = await editor.client.execute_query_dict("SELECT id, display_name FROM account")
    mark = ("$1", "$2") if editor.client.capabilities.dialect == "postgres" else ("?", "?")
    update = f"UPDATE account SET sort_name = {mark[0]} WHERE id = {mark[1]}"
    for row in rows:
        await editor.client.execute_query(update, [fold(row["display_name"]), row["id"]])


INDEX = "CREATE INDEX IF NOT EXISTS idx_account_email ON account (email)"


class Migration(migrations.Migration):
    dependencies = [('fedchapter', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Application',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('display_name', fields.CharField(max_length=100)),
                ('email', fields.CharField(default='', max_length=254)),
                ('actor_uri', fields.CharField(default='', max_length=1024)),
                ('handle', fields.CharField(default='', max_length=300)),
                ('host', fields.CharField(default='', max_length=255)),
                ('answers', fields.TextField(default='[]', description='JSON, pairs of question and answer', unique=False)),
                ('language', fields.CharField(default='', max_length=16)),
                ('state', fields.CharField(default='waiting', description='waiting approved refused', max_length=8)),
                ('message', fields.TextField(default='', description='what the organizer wrote to them', unique=False)),
                ('account_id', fields.CharField(default='', description='whom it became', max_length=26)),
                ('decided_by', fields.CharField(default='', max_length=26)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'application', 'app': 'fedchapter', 'indexes': [Index(fields=['state', 'created_at']), Index(fields=['email']), Index(fields=['actor_uri'])], 'pk_attr': 'id', 'table_description': 'Somebody who wants to join, reached at email or at the fediverse account actor_uri, which their server proved.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Authenticator',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('account_id', fields.CharField(max_length=26)),
                ('kind', fields.CharField(description='totp or passkey', max_length=7)),
                ('label', fields.CharField(max_length=60)),
                ('secret', fields.TextField(default='', description='of a totp, sealed', unique=False)),
                ('credential', fields.CharField(default='', description='of a passkey, its id in base64url', max_length=1400)),
                ('public_key', fields.TextField(default='', description='of a passkey, SPKI in base64url', unique=False)),
                ('counter', fields.BigIntField(default=0, description="last code's step, or the passkey's count")),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'authenticator', 'app': 'fedchapter', 'indexes': [Index(fields=['account_id']), Index(fields=['credential'])], 'pk_attr': 'id', 'table_description': 'A second step of signing in: an app that shows codes (totp) or a passkey.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='BoardAnswer',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('uri', fields.CharField(unique=True, max_length=1024)),
                ('entry_id', fields.CharField(max_length=26)),
                ('account_id', fields.CharField(default='', max_length=26)),
                ('owner_uri', fields.CharField(description='the chapter it comes from', max_length=1024)),
                ('text', fields.TextField(unique=False)),
                ('reply', fields.TextField(default='', unique=False)),
                ('reply_uri', fields.CharField(default='', max_length=1024)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('replied_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'board_answer', 'app': 'fedchapter', 'indexes': [Index(fields=['entry_id']), Index(fields=['account_id'])], 'pk_attr': 'id', 'table_description': 'What somebody wrote to the one who posted an entry, and what came back, account_id is empty for one from afar.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='BoardEntry',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('uri', fields.CharField(unique=True, max_length=1024)),
                ('owner_uri', fields.CharField(max_length=1024)),
                ('account_id', fields.CharField(default='', max_length=26)),
                ('sort', fields.CharField(description='need or offer', max_length=5)),
                ('title', fields.CharField(max_length=120)),
                ('text', fields.TextField(default='', description='Markdown, ours only', unique=False)),
                ('html', fields.TextField(default='', unique=False)),
                ('category', fields.CharField(max_length=10)),
                ('named', fields.BooleanField(default=False)),
                ('shared', fields.BooleanField(default=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'board_entry', 'app': 'fedchapter', 'indexes': [Index(fields=['expires_at']), Index(fields=['account_id']), Index(fields=['owner_uri']), Index(fields=['created_at', 'id'])], 'pk_attr': 'id', 'table_description': 'A need or an offer. account_id is empty for one of a sister chapter, whose actor is owner_uri.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CareEvent',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('kind', fields.CharField(description='backup drill upgrade or restore', max_length=8)),
                ('ok', fields.BooleanField()),
                ('words', fields.TextField(default='', description='what failed, or what was done', unique=False)),
                ('file_name', fields.CharField(default='', max_length=200)),
                ('size_bytes', fields.BigIntField(default=0)),
                ('began_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'care_event', 'app': 'fedchapter', 'indexes': [Index(fields=['kind', 'ended_at'])], 'pk_attr': 'id', 'table_description': 'One backup, drill, upgrade or restore, and how it ended. words is for people, never a traceback.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ChapterGroup',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('kind', fields.CharField(description='precinct or working', max_length=8)),
                ('name', fields.CharField(max_length=100)),
                ('slug', fields.CharField(unique=True, max_length=30)),
                ('about', fields.TextField(default='', description='Markdown', unique=False)),
                ('actor_uri', fields.CharField(default='', max_length=1024)),
                ('joining', fields.CharField(default='open', description='open or asked', max_length=5)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('closed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'chapter_group', 'app': 'fedchapter', 'indexes': [Index(fields=['actor_uri'])], 'pk_attr': 'id', 'table_description': 'A precinct or working group. One with an actor_uri is public and can be followed, and stays so.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Detail',
            fields=[
                ('account_id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('legal_name', fields.CharField(default='', max_length=200)),
                ('phone', fields.CharField(default='', max_length=40)),
                ('skills_for', fields.CharField(default='organizers', description='organizers or groups', max_length=10)),
                ('changed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'detail', 'app': 'fedchapter', 'pk_attr': 'account_id', 'table_description': "One member's own additions, the row is missing when there are none."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Errand',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('notice_id', fields.CharField(max_length=26)),
                ('account_id', fields.CharField(max_length=26)),
                ('channel', fields.CharField(description='mail digest message', max_length=7)),
                ('attempts', fields.IntField(default=0, description='-1 is a message that was sent, kept until it was seen')),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'errand', 'app': 'fedchapter', 'unique_together': (('account_id', 'notice_id', 'channel'),), 'indexes': [Index(fields=['channel', 'due_at']), Index(fields=['notice_id'])], 'pk_attr': 'id', 'table_description': 'A notice on its way to one reader by one channel, deleted once it is there.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Gap',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('lost_from_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('restored_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('letters_dropped', fields.IntField(default=0)),
                ('told_at', fields.DatetimeField(null=True, description='when members were told of it', auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'gap', 'app': 'fedchapter', 'indexes': [Index(fields=['restored_at'])], 'pk_attr': 'id', 'table_description': 'A time of which this chapter knows nothing any more: from the backup to the restore.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='GroupMember',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('group_id', fields.CharField(max_length=26)),
                ('account_id', fields.CharField(max_length=26)),
                ('state', fields.CharField(description='asked or member', max_length=6)),
                ('asked_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('joined_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'group_member', 'app': 'fedchapter', 'unique_together': (('group_id', 'account_id'),), 'indexes': [Index(fields=['account_id', 'state'])], 'pk_attr': 'id', 'table_description': 'A member of the chapter in one of its groups, or somebody who asks to be.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='GroupNote',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('group_id', fields.CharField(max_length=26)),
                ('account_id', fields.CharField(default='', max_length=26)),
                ('title', fields.CharField(max_length=200)),
                ('text', fields.TextField(default='', description='Markdown', unique=False)),
                ('meets_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('place', fields.CharField(default='', max_length=200)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'group_note', 'app': 'fedchapter', 'indexes': [Index(fields=['group_id', 'id']), Index(fields=['group_id', 'meets_at'])], 'pk_attr': 'id', 'table_description': 'Something for the members of one group alone. With meets_at it is a meeting.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Holder',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('thing', fields.CharField(unique=True, description='domain server backups kit-1 kit-2 or mail', max_length=20)),
                ('about', fields.CharField(default='', description='which one, where', max_length=200)),
                ('who', fields.CharField(max_length=200)),
                ('since_on', fields.CharField(default='', description='YYYY-MM-DD', max_length=10)),
                ('changed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('changed_by', fields.CharField(default='', max_length=26)),
            ],
            options={'table': 'holder', 'app': 'fedchapter', 'pk_attr': 'id', 'table_description': 'Who holds a thing that the chapter cannot do without, in the words of an admin.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Identity',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('account_id', fields.CharField(max_length=26)),
                ('actor_uri', fields.CharField(unique=True, max_length=1024)),
                ('handle', fields.CharField(description='name@host, as shown when it was linked', max_length=300)),
                ('host', fields.CharField(description='the server that vouches for it', max_length=255)),
                ('moved_to_uri', fields.CharField(default='', max_length=1024)),
                ('linked_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'identity', 'app': 'fedchapter', 'indexes': [Index(fields=['account_id'])], 'pk_attr': 'id', 'table_description': "A fediverse account with which a member signs in, moved_to_uri is set while a move waits for the member's yes."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='News',
            fields=[
                ('uri', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=1024)),
                ('kind', fields.CharField(description='announcement event', max_length=12)),
                ('change', fields.CharField(default='', description='changed cancelled, empty is new', max_length=9)),
                ('start_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('end_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('zone', fields.CharField(default='', max_length=64)),
                ('place', fields.CharField(default='', max_length=600)),
                ('calendar', fields.TextField(default='', description='of an event, as iCalendar', unique=False)),
                ('offered_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'news', 'app': 'fedchapter', 'indexes': [Index(fields=['offered_at'])], 'pk_attr': 'uri', 'table_description': 'Something public that subscribers are told. Its words are those of known_object with the same uri.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='NoticeManner',
            fields=[
                ('account_id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('zone', fields.CharField(default='', max_length=64)),
                ('quiet_from', fields.CharField(default='', description='HH:MM, empty is no quiet hours', max_length=5)),
                ('quiet_to', fields.CharField(default='', max_length=5)),
                ('paused_until', fields.DateField(null=True, description='no letters before that day')),
                ('digest_every', fields.CharField(description='day or week', max_length=4)),
                ('digest_hour', fields.IntField()),
                ('digest_weekday', fields.IntField(description='0 is Monday')),
            ],
            options={'table': 'notice_manner', 'app': 'fedchapter', 'pk_attr': 'account_id', 'table_description': "When a member wants to be told. Hours are theirs, in the zone (empty is the chapter's)."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='NoticeRow',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('kind', fields.CharField(max_length=16)),
                ('key', fields.CharField(unique=True, max_length=160)),
                ('text', fields.TextField(unique=False)),
                ('details', fields.TextField(default='{}', description='JSON, what stands in the places of the text', unique=False)),
                ('detail_words', fields.TextField(default='[]', description='JSON, names of details that are texts of the catalogs', unique=False)),
                ('path', fields.CharField(max_length=255)),
                ('made_by', fields.CharField(default='', max_length=26)),
                ('everybody', fields.BooleanField(default=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'notice', 'app': 'fedchapter', 'pk_attr': 'id', 'table_description': 'One notice. everybody means all members at the time it was told. Erased after half a year.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='NoticeWish',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('account_id', fields.CharField(max_length=26)),
                ('kind', fields.CharField(max_length=16)),
                ('page', fields.BooleanField()),
                ('mail', fields.CharField(description='once digest none', max_length=6)),
                ('message', fields.BooleanField()),
            ],
            options={'table': 'notice_wish', 'app': 'fedchapter', 'unique_together': (('account_id', 'kind'),), 'pk_attr': 'id', 'table_description': 'By which channels a member wants one kind, where they chose otherwise than the default.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='OAuthApp',
            fields=[
                ('host', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=255)),
                ('client_id', fields.CharField(max_length=500)),
                ('secret', fields.TextField(unique=False)),
                ('scope', fields.CharField(max_length=20)),
                ('redirect_url', fields.CharField(max_length=400)),
                ('server', fields.TextField(description='the endpoints, as JSON', unique=False)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'oauth_app', 'app': 'fedchapter', 'pk_attr': 'host', 'table_description': 'Our application at one host, with the addresses as they were when it was made, secret is sealed.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Office',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('account_id', fields.CharField(max_length=26)),
                ('role', fields.CharField(max_length=9)),
                ('group_id', fields.CharField(default='', max_length=26)),
                ('begins_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ends_at', fields.DatetimeField(null=True, description='when the term is over, empty is without end', auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('given_by', fields.CharField(default='', description='empty is the shell of the server', max_length=26)),
                ('ended_by', fields.CharField(default='', max_length=26)),
                ('why_ended', fields.CharField(default='', max_length=40)),
            ],
            options={'table': 'office', 'app': 'fedchapter', 'indexes': [Index(fields=['account_id', 'ended_at']), Index(fields=['role', 'ended_at'])], 'pk_attr': 'id', 'table_description': 'One person in one role for one term. group_id is set for a role inside a group of the chapter.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Person',
            fields=[
                ('uri', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=1024)),
                ('source', fields.TextField(default='', description='Markdown', unique=False)),
            ],
            options={'table': 'person', 'app': 'fedchapter', 'pk_attr': 'uri', 'table_description': "A member's public side. Whose it is stands in account.handle only."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Recall',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('office_id', fields.CharField(max_length=26)),
                ('account_id', fields.CharField(description='whose office it is', max_length=26)),
                ('successor_id', fields.CharField(default='', description='who becomes admin if nobody else is', max_length=26)),
                ('reason', fields.TextField(unique=False)),
                ('asked_by', fields.CharField(max_length=26)),
                ('asked_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('state', fields.CharField(description='asked voting passed failed', max_length=8)),
                ('needed', fields.IntField(description='supporters that open the vote')),
                ('opens_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('closes_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('roll', fields.IntField(default=0)),
                ('yes', fields.IntField(default=0)),
                ('no', fields.IntField(default=0)),
                ('abstain', fields.IntField(default=0)),
            ],
            options={'table': 'recall', 'app': 'fedchapter', 'indexes': [Index(fields=['state', 'closes_at'])], 'pk_attr': 'id', 'table_description': 'Members ask for a vote on ending an office, then vote. The counts are written when it closes.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RecallBallot',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('recall_id', fields.CharField(max_length=26)),
                ('choice', fields.CharField(max_length=7)),
            ],
            options={'table': 'recall_ballot', 'app': 'fedchapter', 'indexes': [Index(fields=['recall_id'])], 'pk_attr': 'id', 'table_description': 'One ballot: how, never who. The id is random, so that no order leads back to a voter.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RecallVoice',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('recall_id', fields.CharField(max_length=26)),
                ('account_id', fields.CharField(max_length=26)),
                ('part', fields.CharField(description='support, roll or voted', max_length=7)),
            ],
            options={'table': 'recall_voice', 'app': 'fedchapter', 'unique_together': (('recall_id', 'account_id', 'part'),), 'pk_attr': 'id', 'table_description': 'Somebody who supports the vote, or who has voted: who, never how. Erased when the recall is over.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('account_id', fields.CharField(max_length=26)),
                ('code', fields.CharField(unique=True, max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'recovery_code', 'app': 'fedchapter', 'indexes': [Index(fields=['account_id'])], 'pk_attr': 'id', 'table_description': 'A code on paper for whoever lost the authenticator, code is its SHA-256, the row goes when it is used.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Removal',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('office_id', fields.CharField(max_length=26)),
                ('account_id', fields.CharField(description='whose office it is', max_length=26)),
                ('reason', fields.CharField(max_length=500)),
                ('asked_by', fields.CharField(max_length=26)),
                ('asked_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('state', fields.CharField(description='waiting confirmed withdrawn expired', max_length=9)),
                ('decided_by', fields.CharField(default='', max_length=26)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'removal', 'app': 'fedchapter', 'indexes': [Index(fields=['state', 'asked_at'])], 'pk_attr': 'id', 'table_description': 'One officer asks that an office ends, another must agree within a week.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RollExport',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('reason', fields.CharField(max_length=300)),
                ('state', fields.CharField(description='waiting approved refused taken', max_length=8)),
                ('asked_by', fields.CharField(max_length=26)),
                ('asked_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('decided_by', fields.CharField(default='', max_length=26)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('taken_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'roll_export', 'app': 'fedchapter', 'indexes': [Index(fields=['state', 'asked_at'])], 'pk_attr': 'id', 'table_description': 'One request for a copy of the roll.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Skill',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('account_id', fields.CharField(max_length=26)),
                ('sort', fields.CharField(description='skill or interest', max_length=8)),
                ('words', fields.CharField(max_length=60)),
                ('folded', fields.CharField(max_length=120)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'skill', 'app': 'fedchapter', 'unique_together': (('account_id', 'sort', 'folded'),), 'indexes': [Index(fields=['folded'])], 'pk_attr': 'id', 'table_description': 'One thing that a member can do (skill) or cares about (interest), folded is how it is searched for.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Subscriber',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('email', fields.CharField(unique=True, max_length=254)),
                ('announcements', fields.BooleanField(default=True)),
                ('events', fields.BooleanField(default=True)),
                ('how', fields.CharField(description='once daily weekly', max_length=6)),
                ('language', fields.CharField(default='', max_length=16)),
                ('confirmed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('until_at', fields.DatetimeField(description='what was offered up to then was sent, or is older than their wish', auto_now=False, auto_now_add=False)),
                ('due_at', fields.DatetimeField(null=True, description='when the next letter is written, if anything is new', auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'subscriber', 'app': 'fedchapter', 'indexes': [Index(fields=['due_at'])], 'pk_attr': 'id', 'table_description': 'Somebody who is no member and gets news by mail, erased when they want no more. No row before they confirmed.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Ticket',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('token', fields.CharField(unique=True, max_length=64)),
                ('purpose', fields.CharField(max_length=16)),
                ('account_id', fields.CharField(default='', max_length=26)),
                ('data', fields.TextField(unique=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ends_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'ticket', 'app': 'fedchapter', 'indexes': [Index(fields=['account_id']), Index(fields=['ends_at'])], 'pk_attr': 'id', 'table_description': 'Something to be shown back once and soon, token is a SHA-256 and data can only be read with the token itself.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Told',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26)),
                ('notice_id', fields.CharField(max_length=26)),
                ('account_id', fields.CharField(max_length=26)),
                ('on_page', fields.BooleanField(default=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('seen_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'told', 'app': 'fedchapter', 'unique_together': (('account_id', 'notice_id'),), 'indexes': [Index(fields=['account_id', 'seen_at']), Index(fields=['notice_id'])], 'pk_attr': 'id', 'table_description': 'One notice for one reader, seen_at is when it was on a page they opened.'},
            bases=['Model'],
        ),
        ops.AlterField(
            model_name='Account',
            name='state',
            field=fields.CharField(default='active', description='active left erased', max_length=8),
        ),
        ops.AddField(
            model_name='Account',
            name='good_until',
            field=fields.DateField(null=True, description='last day of good standing, empty is unlimited'),
        ),
        ops.AddField(
            model_name='Account',
            name='handle',
            field=fields.CharField(null=True, unique=True, description='public username', max_length=64),
        ),
        ops.AddField(
            model_name='Account',
            name='left_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Account',
            name='sort_name',
            field=fields.CharField(default='', description='the name as it is searched and sorted (text.fold)', db_default='', max_length=250),
        ),
        ops.AddField(
            model_name='Account',
            name='votes_from_at',
            field=fields.DatetimeField(null=True, description='empty is from the beginning', auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Actor',
            name='discoverable',
            field=fields.BooleanField(default=False, description='of a person of ours, who chose it', db_default=False),
        ),
        ops.AddField(
            model_name='Actor',
            name='indexable',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Announcement',
            name='shared',
            field=fields.BooleanField(default=False, description='the chapter passes on what a group says', db_default=False),
        ),
        ops.AlterModelOptions(
            name='PollVoter',
            options={'table': 'poll_voter', 'app': 'fedchapter', 'unique_together': (('proposal_id', 'actor_uri'),), 'pk_attr': 'id', 'table_description': 'An account that answered a poll from another server, kept until it closes. What it answered is not kept.'},
        ),
        ops.AddField(
            model_name='Session',
            name='how',
            field=fields.CharField(default='', description='password fediverse link', db_default='', max_length=9),
        ),
        ops.AddField(
            model_name='Session',
            name='second_at',
            field=fields.DatetimeField(null=True, description='when the second step was given', auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Waiting',
            name='subscriber_id',
            field=fields.CharField(default='', description='whose it is', db_default='', max_length=26),
        ),
        ops.AddIndex(
            model_name='Waiting',
            index=Index(fields=['subscriber_id']),
        ),
        # Roles move from the account to offices; the default is what a row gets back on the way down.
        ops.AlterField(model_name='Account', name='role', field=fields.CharField(max_length=9, db_default='member', description='member moderator admin')),
        ops.RunSQL(ROLES_TO_OFFICES, reverse_sql=OFFICES_TO_ROLES),
        ops.RemoveField(model_name='Account', name='role'),
        # On SQLite the table was rebuilt, which loses this index.
        ops.RunSQL(INDEX, reverse_sql=INDEX),
        ops.AddIndex(
            model_name='Account',
            index=Index(fields=['state', 'sort_name', 'id', 'email']),
        ),
        ops.RunPython(fold_names, ops.RunPython.noop),
    ]
