import core.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0005_exports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=12)),
                ('what', models.JSONField(default=dict)),
                ('before', models.JSONField(default=dict)),
                ('count', models.PositiveIntegerField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('undone_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'bulk change',
                'verbose_name_plural': 'bulk changes',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ColumnChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('columns', models.JSONField(default=list, verbose_name='columns')),
            ],
            options={
                'verbose_name': 'choice of columns',
                'verbose_name_plural': 'choices of columns',
            },
        ),
        migrations.CreateModel(
            name='Distinct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'different people',
                'verbose_name_plural': 'different people',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Domain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=253, unique=True, verbose_name='domain')),
                ('retired_on', models.CharField(blank=True, max_length=10, verbose_name='until')),
            ],
            options={
                'verbose_name': 'domain',
                'verbose_name_plural': 'domains',
                'ordering': ['retired_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True)),
                ('sealed_text', core.fields.SealedField(blank=True, default='', editable=False)),
                ('due_on', models.DateField(verbose_name='when')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'reminder',
                'verbose_name_plural': 'reminders',
                'ordering': ['due_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='FormerName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='former name')),
                ('name_key', models.CharField(db_index=True, editable=False, max_length=400)),
                ('until', models.CharField(blank=True, max_length=10, verbose_name='until')),
            ],
            options={
                'verbose_name': 'former name',
                'verbose_name_plural': 'former names',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='FormerSurname',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('surname', models.CharField(max_length=100, verbose_name='former surname')),
                ('until', models.CharField(blank=True, max_length=4, verbose_name='until')),
            ],
            options={
                'verbose_name': 'former surname',
                'verbose_name_plural': 'former surnames',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dropped', models.PositiveBigIntegerField(db_index=True)),
                ('dropped_name', models.CharField(max_length=200)),
                ('record', core.fields.SealedField(blank=True, default='', editable=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('undone_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'merge',
                'verbose_name_plural': 'merges',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PersonName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=2, verbose_name='language')),
                ('surname', models.CharField(blank=True, max_length=100, verbose_name='surname')),
                ('given_name', models.CharField(blank=True, max_length=100, verbose_name='given name')),
                ('patronymic', models.CharField(blank=True, max_length=100, verbose_name='patronymic')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='form of address')),
                ('address_checked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'name in a language',
                'verbose_name_plural': 'names in languages',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='name')),
                ('kind', models.CharField(choices=[('rule', 'by a rule'), ('list', 'a list of people')], default='rule', max_length=4, verbose_name='kind')),
                ('rule', models.JSONField(blank=True, default=dict, verbose_name='rule')),
                ('colour', models.CharField(choices=[('accent', 'blue'), ('gold', 'saffron'), ('info', 'teal'), ('plum', 'plum'), ('ok', 'green')], default='accent', max_length=6, verbose_name='colour')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'segment',
                'verbose_name_plural': 'segments',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='SegmentMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'member of a list',
                'verbose_name_plural': 'members of lists',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='StopRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True)),
                ('sealed_text', core.fields.SealedField(blank=True, default='', editable=False)),
                ('scope', models.CharField(choices=[('everything', 'Everything'), ('bulk', 'Mailings to many; letters to one person may go'), ('greetings', 'Greetings'), ('invitations', 'Invitations'), ('topic', 'A topic'), ('channel', 'A way of reaching')], max_length=12, verbose_name='what not')),
                ('channel', models.CharField(blank=True, choices=[('email', 'E-mail'), ('phone', 'Telephone'), ('telegram', 'Telegram'), ('whatsapp', 'WhatsApp'), ('viber', 'Viber'), ('imo', 'IMO')], max_length=10, verbose_name='way of reaching')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('set_at', models.DateTimeField(auto_now_add=True)),
                ('lifted_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'stop rule',
                'verbose_name_plural': 'stop rules',
                'ordering': ['-set_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='StopRuleKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(db_index=True, max_length=64)),
            ],
            options={
                'verbose_name': 'key of a stop rule',
                'verbose_name_plural': 'keys of stop rules',
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('key', models.CharField(editable=False, max_length=120, unique=True)),
            ],
            options={
                'verbose_name': 'tag',
                'verbose_name_plural': 'tags',
                'ordering': ['key'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('key', models.CharField(editable=False, max_length=120, unique=True)),
            ],
            options={
                'verbose_name': 'topic',
                'verbose_name_plural': 'topics',
                'ordering': ['key'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Touch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True)),
                ('sealed_text', core.fields.SealedField(blank=True, default='', editable=False)),
                ('kind', models.CharField(choices=[('call', 'Call'), ('meeting', 'Meeting'), ('note', 'Note'), ('messenger', 'Message'), ('move', 'Change of post'), ('merge', 'Merged')], max_length=10, verbose_name='what it was')),
                ('messenger', models.CharField(blank=True, choices=[('telegram', 'Telegram'), ('whatsapp', 'WhatsApp'), ('viber', 'Viber'), ('imo', 'IMO')], max_length=10, verbose_name='messenger')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
            ],
            options={
                'verbose_name': 'touch',
                'verbose_name_plural': 'touches',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Unread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(choices=[('email', 'E-mail'), ('phone', 'Telephone'), ('birthday', 'Birthday'), ('basis_on', 'Date of the basis')], max_length=10, verbose_name='what it is')),
                ('typed', models.CharField(blank=True, max_length=300, verbose_name='as typed')),
                ('sealed', core.fields.SealedField(blank=True, default='', editable=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'to repair',
                'verbose_name_plural': 'to repair',
                'ordering': ['pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='position',
            name='crm_position_once_per_organisation',
        ),
        migrations.AddField(
            model_name='contact',
            name='archived_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='put away'),
        ),
        migrations.AddField(
            model_name='contact',
            name='basis_proof',
            field=models.CharField(blank=True, max_length=300, verbose_name='proof of the basis'),
        ),
        migrations.AddField(
            model_name='contact',
            name='birth_day',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='birthday: day'),
        ),
        migrations.AddField(
            model_name='contact',
            name='birth_month',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='birthday: month'),
        ),
        migrations.AddField(
            model_name='contact',
            name='gender',
            field=models.CharField(blank=True, choices=[('f', 'woman'), ('m', 'man')], max_length=1, verbose_name='woman or man'),
        ),
        migrations.AddField(
            model_name='contact',
            name='is_post',
            field=models.BooleanField(default=False, verbose_name='a post, not a person'),
        ),
        migrations.AddField(
            model_name='contact',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who keeps in touch'),
        ),
        migrations.AddField(
            model_name='contact',
            name='photo',
            field=models.FileField(blank=True, upload_to='photos/', verbose_name='photo'),
        ),
        migrations.AddField(
            model_name='contact',
            name='preferred_way',
            field=models.CharField(blank=True, choices=[('email', 'E-mail'), ('phone', 'Telephone'), ('telegram', 'Telegram'), ('whatsapp', 'WhatsApp'), ('viber', 'Viber'), ('imo', 'IMO')], max_length=10, verbose_name='best reached by'),
        ),
        migrations.AddField(
            model_name='contact',
            name='region',
            field=models.CharField(blank=True, choices=[('dushanbe', 'Dushanbe'), ('districts', 'Districts of republican subordination'), ('sughd', 'Sughd'), ('khatlon', 'Khatlon'), ('badakhshan', 'Mountainous Badakhshan'), ('abroad', 'Abroad')], max_length=12, verbose_name='region'),
        ),
        migrations.AddField(
            model_name='contact',
            name='revision',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='emailaddress',
            name='position',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='%(class)s_set', to='crm.position'),
        ),
        migrations.AddField(
            model_name='emailaddress',
            name='retired_on',
            field=models.DateField(blank=True, null=True, verbose_name='not used since'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='city',
            field=models.CharField(blank=True, max_length=100, verbose_name='city'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='frequency',
            field=models.CharField(blank=True, choices=[('continuous', 'all day long'), ('daily', 'daily'), ('weekly', 'weekly'), ('monthly', 'monthly'), ('rarer', 'less often than monthly')], max_length=10, verbose_name='how often it comes out'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='kind',
            field=models.CharField(blank=True, choices=[('agency', 'News agency'), ('newspaper', 'Newspaper'), ('magazine', 'Magazine'), ('tv', 'Television'), ('radio', 'Radio'), ('online', 'Online outlet'), ('regional', 'Regional outlet'), ('bureau', 'Bureau of a foreign outlet'), ('exile', 'Outlet in exile'), ('association', 'Association of journalists'), ('state_body', 'State body'), ('member', 'Member of the coalition'), ('public', 'Public organisation'), ('international', 'International organisation'), ('donor', 'Donor'), ('venue', 'Venue')], max_length=15, verbose_name='what it is'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='languages',
            field=models.CharField(blank=True, max_length=30, verbose_name='languages'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='note',
            field=models.TextField(blank=True, verbose_name='note'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='ownership',
            field=models.CharField(blank=True, choices=[('state', 'State'), ('private', 'Private'), ('public', 'Public organisation'), ('foreign', 'Foreign')], max_length=8, verbose_name='whose it is'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='parts', to='crm.organisation', verbose_name='part of'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='press_day',
            field=models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Monday'), (2, 'Tuesday'), (3, 'Wednesday'), (4, 'Thursday'), (5, 'Friday'), (6, 'Saturday'), (7, 'Sunday')], null=True, verbose_name='day it comes out'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='press_unit',
            field=models.CharField(blank=True, max_length=200, verbose_name='press unit'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='region',
            field=models.CharField(blank=True, choices=[('dushanbe', 'Dushanbe'), ('districts', 'Districts of republican subordination'), ('sughd', 'Sughd'), ('khatlon', 'Khatlon'), ('badakhshan', 'Mountainous Badakhshan'), ('abroad', 'Abroad')], max_length=12, verbose_name='region'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='status',
            field=models.CharField(choices=[('active', 'Active'), ('merged', 'Merged into another'), ('closed', 'Closed')], default='active', max_length=8, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='status_on',
            field=models.CharField(blank=True, max_length=10, verbose_name='since'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='successor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='predecessors', to='crm.organisation', verbose_name='merged into'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='website',
            field=models.URLField(blank=True, verbose_name='website'),
        ),
        migrations.AddField(
            model_name='phone',
            name='messengers',
            field=models.CharField(blank=True, max_length=40, verbose_name='messengers'),
        ),
        migrations.AddField(
            model_name='phone',
            name='position',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='%(class)s_set', to='crm.position'),
        ),
        migrations.AddField(
            model_name='phone',
            name='retired_on',
            field=models.DateField(blank=True, null=True, verbose_name='not used since'),
        ),
        migrations.AddField(
            model_name='position',
            name='ended_on',
            field=models.CharField(blank=True, max_length=10, verbose_name='until'),
        ),
        migrations.AddField(
            model_name='position',
            name='post',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='holders', to='crm.contact'),
        ),
        migrations.AddField(
            model_name='position',
            name='started_on',
            field=models.CharField(blank=True, max_length=10, verbose_name='since'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['', 'agency', 'newspaper', 'magazine', 'tv', 'radio', 'online', 'regional', 'bureau', 'exile', 'association', 'state_body', 'member', 'public', 'international', 'donor', 'venue'])), name='crm_organisation_kind'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('ownership__in', ['', 'state', 'private', 'public', 'foreign'])), name='crm_organisation_ownership'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('frequency__in', ['', 'continuous', 'daily', 'weekly', 'monthly', 'rarer'])), name='crm_organisation_frequency'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('press_day', None), ('press_day__in', [1, 2, 3, 4, 5, 6, 7]), _connector='OR'), name='crm_organisation_press_day'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('region__in', ['', 'dushanbe', 'districts', 'sughd', 'khatlon', 'badakhshan', 'abroad'])), name='crm_organisation_region'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['active', 'merged', 'closed'])), name='crm_organisation_status'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('successor', None), ('status', 'merged'), _connector='OR'), name='crm_only_a_merged_one_has_a_successor'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('parent', models.F('pk')), _negated=True), models.Q(('successor', models.F('pk')), _negated=True)), name='crm_organisation_is_not_its_own_parent'),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_on', '')), fields=('contact', 'organisation'), name='crm_position_once_per_organisation'),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.CheckConstraint(condition=models.Q(('ended_on', ''), ('started_on__lte', models.F('ended_on')), ('started_on__startswith', models.F('ended_on')), _connector='OR'), name='crm_position_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.CheckConstraint(condition=models.Q(('post', models.F('contact')), _negated=True), name='crm_post_is_not_its_own_holder'),
        ),
        migrations.AddField(
            model_name='bulkchange',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='columnchoice',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='contact_columns', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='distinct',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='distinct',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='crm.contact'),
        ),
        migrations.AddField(
            model_name='distinct',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='crm.contact'),
        ),
        migrations.AddField(
            model_name='domain',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='domains', to='crm.organisation'),
        ),
        migrations.AddField(
            model_name='followup',
            name='assignee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to=settings.AUTH_USER_MODEL, verbose_name='whom to remind'),
        ),
        migrations.AddField(
            model_name='followup',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='crm.contact'),
        ),
        migrations.AddField(
            model_name='followup',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='formername',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_names', to='crm.organisation'),
        ),
        migrations.AddField(
            model_name='formersurname',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_surnames', to='crm.contact'),
        ),
        migrations.AddField(
            model_name='merge',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='merge',
            name='kept',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges', to='crm.contact'),
        ),
        migrations.AddField(
            model_name='merge',
            name='undone_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='personname',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='crm.contact'),
        ),
        migrations.AddField(
            model_name='segment',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='segmentmember',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='segmentmember',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='crm.contact'),
        ),
        migrations.AddField(
            model_name='segmentmember',
            name='segment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='crm.segment'),
        ),
        migrations.AddField(
            model_name='segment',
            name='members',
            field=models.ManyToManyField(related_name='segments', through='crm.SegmentMember', to='crm.contact'),
        ),
        migrations.AddField(
            model_name='stoprule',
            name='contact',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='stop_rules', to='crm.contact'),
        ),
        migrations.AddField(
            model_name='stoprule',
            name='lifted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='stoprule',
            name='set_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='stoprulekey',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='crm.stoprule'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='crm_tag_has_a_name'),
        ),
        migrations.AddField(
            model_name='contact',
            name='tags',
            field=models.ManyToManyField(blank=True, related_name='contacts', to='crm.tag', verbose_name='tags'),
        ),
        migrations.AddConstraint(
            model_name='topic',
            constraint=models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='crm_topic_has_a_name'),
        ),
        migrations.AddField(
            model_name='stoprule',
            name='topic',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.topic', verbose_name='topic'),
        ),
        migrations.AddField(
            model_name='contact',
            name='topics',
            field=models.ManyToManyField(blank=True, related_name='contacts', to='crm.topic', verbose_name='topics'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('gender__in', ['', 'f', 'm'])), name='crm_contact_gender'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('region__in', ['', 'dushanbe', 'districts', 'sughd', 'khatlon', 'badakhshan', 'abroad'])), name='crm_contact_region'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('preferred_way__in', ['', 'email', 'phone', 'telegram', 'whatsapp', 'viber', 'imo'])), name='crm_contact_preferred_way'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('birth_day', None), ('birth_month', None)), models.Q(('birth_day__gte', 1), models.Q(models.Q(('birth_day__lte', 31), ('birth_month__in', [1, 3, 5, 7, 8, 10, 12])), models.Q(('birth_day__lte', 30), ('birth_month__in', [4, 6, 9, 11])), models.Q(('birth_day__lte', 29), ('birth_month', 2)), _connector='OR')), _connector='OR'), name='crm_contact_birthday_is_a_day'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sensitivity', 'sealed'), _negated=True), ('photo', ''), _connector='OR'), name='crm_sealed_has_no_photo'),
        ),
        migrations.AddField(
            model_name='touch',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='touch',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='touches', to='crm.contact'),
        ),
        migrations.AddField(
            model_name='unread',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unread', to='crm.contact'),
        ),
        migrations.AddConstraint(
            model_name='distinct',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='crm_distinct_once'),
        ),
        migrations.AddConstraint(
            model_name='distinct',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='crm_distinct_in_order'),
        ),
        migrations.AddConstraint(
            model_name='domain',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='crm_domain_has_a_name'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(fields=['assignee', 'done_at', 'due_on'], name='crm_follow_up_due'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(('sealed_text', ''), ('text', ''), _negated=True), name='crm_follow_up_says_what'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), ('sealed_text', ''), _connector='OR'), name='crm_follow_up_plain_or_sealed'),
        ),
        migrations.AddConstraint(
            model_name='formername',
            constraint=models.UniqueConstraint(fields=('organisation', 'name_key'), name='crm_former_name_once'),
        ),
        migrations.AddConstraint(
            model_name='formername',
            constraint=models.CheckConstraint(condition=models.Q(('name_key', ''), _negated=True), name='crm_former_name_has_a_key'),
        ),
        migrations.AddConstraint(
            model_name='formersurname',
            constraint=models.UniqueConstraint(fields=('contact', 'surname'), name='crm_former_surname_once'),
        ),
        migrations.AddConstraint(
            model_name='formersurname',
            constraint=models.CheckConstraint(condition=models.Q(('surname', ''), _negated=True), name='crm_former_surname_is_there'),
        ),
        migrations.AddConstraint(
            model_name='personname',
            constraint=models.UniqueConstraint(fields=('contact', 'language'), name='crm_name_once_per_language'),
        ),
        migrations.AddConstraint(
            model_name='personname',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ('ru', 'tg', 'en'))), name='crm_name_language'),
        ),
        migrations.AddConstraint(
            model_name='personname',
            constraint=models.CheckConstraint(condition=models.Q(('address', ''), ('given_name', ''), ('patronymic', ''), ('surname', ''), _negated=True), name='crm_name_says_something'),
        ),
        migrations.AddConstraint(
            model_name='segmentmember',
            constraint=models.UniqueConstraint(fields=('segment', 'contact'), name='crm_segment_member_once'),
        ),
        migrations.AddConstraint(
            model_name='segment',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='crm_segment_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='segment',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['rule', 'list'])), name='crm_segment_kind'),
        ),
        migrations.AddConstraint(
            model_name='segment',
            constraint=models.CheckConstraint(condition=models.Q(('colour__in', ['accent', 'gold', 'info', 'plum', 'ok'])), name='crm_segment_colour'),
        ),
        migrations.AddConstraint(
            model_name='stoprulekey',
            constraint=models.UniqueConstraint(fields=('rule', 'key'), name='crm_stop_key_once'),
        ),
        migrations.AddConstraint(
            model_name='stoprulekey',
            constraint=models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='crm_stop_key_is_there'),
        ),
        migrations.AddConstraint(
            model_name='stoprule',
            constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['everything', 'bulk', 'greetings', 'invitations', 'topic', 'channel'])), name='crm_stop_scope'),
        ),
        migrations.AddConstraint(
            model_name='stoprule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('scope', 'topic'), ('topic__isnull', False)), models.Q(models.Q(('scope', 'topic'), _negated=True), ('topic', None)), _connector='OR'), name='crm_stop_topic'),
        ),
        migrations.AddConstraint(
            model_name='stoprule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel__in', ['email', 'phone', 'telegram', 'whatsapp', 'viber', 'imo']), ('scope', 'channel')), models.Q(models.Q(('scope', 'channel'), _negated=True), ('channel', '')), _connector='OR'), name='crm_stop_channel'),
        ),
        migrations.AddConstraint(
            model_name='stoprule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifted_by', None)), ('lifted_at__isnull', False), _connector='OR'), name='crm_stop_lifted_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='stoprule',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), ('sealed_text', ''), _connector='OR'), name='crm_stop_reason_plain_or_sealed'),
        ),
        migrations.AddIndex(
            model_name='touch',
            index=models.Index(fields=['contact', '-at'], name='crm_touch_of_contact'),
        ),
        migrations.AddConstraint(
            model_name='touch',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['call', 'meeting', 'note', 'messenger', 'move', 'merge'])), name='crm_touch_kind'),
        ),
        migrations.AddConstraint(
            model_name='touch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'messenger'), ('messenger__in', ['telegram', 'whatsapp', 'viber', 'imo'])), models.Q(models.Q(('kind', 'messenger'), _negated=True), ('messenger', '')), _connector='OR'), name='crm_touch_messenger'),
        ),
        migrations.AddConstraint(
            model_name='touch',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), ('sealed_text', ''), _connector='OR'), name='crm_touch_plain_or_sealed'),
        ),
        migrations.AddConstraint(
            model_name='unread',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('typed', ''), _negated=True), ('sealed', '')), models.Q(('typed', ''), models.Q(('sealed', ''), _negated=True)), _connector='OR'), name='crm_unread_plain_or_sealed'),
        ),
        migrations.AddConstraint(
            model_name='unread',
            constraint=models.CheckConstraint(condition=models.Q(('field__in', ['email', 'phone', 'birthday', 'basis_on'])), name='crm_unread_field'),
        ),
    ]
